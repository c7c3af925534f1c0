// What people come to the counter for.
extension DemoOrg {
    static let harborviewFrontOffice = [
        permit, fee, question,
    ]

    private static let permit = DemoMatter(
        departments: ["Front Office"],
        serviceType: "Permit",
        weight: 34,
        months: [70, 80, 110, 130, 140, 130, 110, 100, 105, 95, 70, 60],
        urgency: .low,
        days: 9,
        quarterHours: 1...8,
        isOnSite: false,
        stories: [
            DemoStory(
                subjects: ["Permit for a street party on {street}"],
                openings: [
                    "We would like to hold a street party on {street} with about {count} "
                        + "dozen guests."
                ],
                details: ["The neighbors have been asked and agree."],
                resolutions: [
                    "The permit was issued, with the usual conditions.",
                    "The application was withdrawn because of the weather.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Permit to place a container at {number} {street}",
                    "Scaffolding permit for {number} {street}",
                ],
                openings: [
                    "A container is to stand in front of {number} {street} for {days} days.",
                    "Scaffolding is to be put up in front of {number} {street} for {count} weeks.",
                ],
                details: ["The wheelchair passage stays free."],
                resolutions: [
                    "The permit was issued.",
                    "The permit was issued for a shorter time, because of road works.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Sidewalk seating at {number} {street}",
                    "Permit for a market stall at {landmark}",
                ],
                openings: [
                    "We would like to put {count} tables on the sidewalk in front of "
                        + "{number} {street}.",
                    "I would like to have a market stall at {landmark} on {weekday}.",
                ],
                details: ["The plan is attached."],
                resolutions: [
                    "The permit was issued for the season.",
                    "The permit was issued for {count} tables.",
                ]
            ),
            DemoStory(
                subjects: ["Resident parking permit, {street}"],
                openings: ["I have moved to {number} {street} and need a parking permit."],
                details: ["The form on the web did not accept my file."],
                resolutions: [
                    "The permit was sent by mail.",
                    "The permit is valid for two years.",
                ]
            ),
        ],
        notes: ["Fire department has no objection.", "Plan is missing; asked for it."]
    )

    private static let fee = DemoMatter(
        departments: ["Front Office"],
        serviceType: "Fee",
        weight: 22,
        urgency: .low,
        reason: "Feedback",
        days: 7,
        quarterHours: 1...5,
        isOnSite: false,
        stories: [
            DemoStory(
                subjects: ["Waste fee charged twice for {number} {street}"],
                openings: ["The waste fee for {number} {street} was charged twice."],
                details: ["I have the receipts."],
                resolutions: ["The amount was refunded."]
            ),
            DemoStory(
                subjects: ["Question about the water bill for {number} {street}"],
                openings: ["The water bill is {count} times as high as last year."],
                details: ["There are only two of us in the household."],
                resolutions: [
                    "The meter was read again, and the bill corrected.",
                    "The bill was right: the period was longer than usual. This was "
                        + "explained by phone.",
                ]
            ),
            DemoStory(
                subjects: ["Fee notice sent to the wrong address"],
                openings: [
                    "The notice was sent to an address at which I have not lived for "
                        + "{count} years."
                ],
                resolutions: ["The address was corrected, and the reminder fee canceled."]
            ),
            DemoStory(
                subjects: ["Payment by installments, {number} {street}"],
                openings: ["I cannot pay the fee for {number} {street} at once."],
                details: ["Please tell me how to pay in installments."],
                resolutions: ["Payment in {count} installments was agreed."]
            ),
            DemoStory(
                subjects: ["Refund of the container deposit, {number} {street}"],
                openings: [
                    "The container was taken away {count} weeks ago, and the deposit has "
                        + "not come back."
                ],
                resolutions: ["The deposit was paid back."]
            ),
        ],
        notes: ["Accounting confirms the double booking.", "Receipts received."]
    )

    private static let question = DemoMatter(
        departments: ["Front Office"],
        serviceType: "General question",
        recordType: "Information",
        weight: 48,
        urgency: .low,
        days: 2,
        quarterHours: 1...2,
        isOnSite: false,
        stories: [
            DemoStory(
                subjects: [
                    "When is the recycling center open?",
                    "Which bin for coffee capsules?",
                    "Where to take old batteries in {area}?",
                ],
                openings: [
                    "I could not find it on your pages.",
                    "The leaflet we have is {count} years old.",
                ],
                details: ["A link would be enough."],
                resolutions: [
                    "The answer was sent by email, with a link to the page.",
                    "Explained by phone.",
                ]
            ),
            DemoStory(
                subjects: ["Collection days over the holidays in {area}"],
                openings: [
                    "Could you tell me when the collection days in {area} are moved over "
                        + "the holidays?"
                ],
                details: ["The leaflet does not say."],
                resolutions: ["The calendar for {area} was sent by mail."]
            ),
            DemoStory(
                subjects: [
                    "Who looks after the trees on {street}?",
                    "When will {street} be resurfaced?",
                ],
                openings: [
                    "Our association in {area} would like to know what is planned for {street}.",
                    "I could not find it on your pages: who is responsible for {street}?",
                ],
                details: ["I asked at the counter, and nobody knew."],
                resolutions: [
                    "The question was passed to the planning office, which has answered it.",
                    "Explained by phone.",
                ]
            ),
            DemoStory(
                subjects: [
                    "How do I become a block volunteer in {area}?",
                    "Where do I find the noise rules?",
                ],
                openings: ["I am new in {area} and have a question."],
                details: ["A link would be enough."],
                resolutions: ["The answer was sent by email, with the form."]
            ),
        ]
    )
}
