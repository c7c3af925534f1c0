// What people come to the counter for.
extension DemoOrg {
    static let harborviewFrontOffice = [permit, fee, question]

    private static let permit = DemoMatter(
        departments: ["Front Office"],
        serviceType: "Permit",
        weight: 34,
        months: [70, 80, 110, 130, 140, 130, 110, 100, 105, 95, 70, 60],
        urgency: .low,
        days: 9,
        quarterHours: 1...8,
        subjects: [
            "Permit for a street party on {street}",
            "Permit to place a container at {number} {street}",
            "Sidewalk seating at {number} {street}", "Resident parking permit, {street}",
            "Scaffolding permit for {number} {street}", "Permit for a market stall at {landmark}",
        ],
        openings: [
            "We would like to hold a street party on {street} with about {count} dozen guests.",
            "A container is to stand in front of {number} {street} for {days} days.",
            "We would like to put {count} tables on the sidewalk.",
            "I have moved to {number} {street} and need a parking permit.",
        ],
        details: [
            "The neighbors have been asked and agree.",
            "The form on the web did not accept my file.",
            "The wheelchair passage stays free.",
        ],
        resolutions: [
            "The permit was issued, with the usual conditions.",
            "The permit was issued for a shorter time, because of road works.",
            "The application was withdrawn.",
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
        subjects: [
            "Waste fee charged twice for {number} {street}",
            "Question about the water bill for {number} {street}",
            "Fee notice sent to the wrong address", "Refund of the container deposit",
            "Payment by installments, {number} {street}",
        ],
        openings: [
            "The waste fee for {number} {street} was charged twice.",
            "The water bill is {count} times as high as last year.",
            "The notice was sent to an address at which I have not lived for {count} years.",
        ],
        details: [
            "I have the receipts.", "There are only two of us in the household.",
            "Please tell me how to pay in installments.",
        ],
        resolutions: [
            "The amount was refunded.", "The meter was read again, and the bill corrected.",
            "The bill was right: the period was longer than usual. This was explained by phone.",
        ],
        notes: ["Accounting confirms the double booking."]
    )

    private static let question = DemoMatter(
        departments: ["Front Office"],
        serviceType: "General question",
        recordType: "Information",
        weight: 48,
        urgency: .low,
        days: 2,
        quarterHours: 1...2,
        subjects: [
            "When is the recycling center open?", "Which bin for coffee capsules?",
            "Collection days over the holidays in {area}", "Who looks after the trees on {street}?",
            "When will {street} be resurfaced?", "How do I become a block volunteer in {area}?",
            "Is the pool at {landmark} open?", "Where do I find the noise rules?",
        ],
        openings: [
            "Could you tell me when the collection days in {area} are moved over the holidays?",
            "I could not find it on your pages: who is responsible for {street}?",
            "Our association in {area} would like to know what is planned for {street}.",
            "I am new in {area} and have a question.",
        ],
        details: [
            "A link would be enough.", "The leaflet we have is three years old.",
            "I asked at the counter, and nobody knew.",
        ],
        resolutions: [
            "The answer was sent by email, with a link to the page.",
            "Explained by phone.", "The calendar for {area} was sent by mail.",
            "The question was passed to the planning office, which has answered it.",
        ]
    )
}
