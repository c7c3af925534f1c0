// What tenants ask for.
extension DemoOrg {
    static let larkspurMatters = [
        leak, drain, courtyard, heating, rent, keys,
    ]

    private static let leak = DemoMatter(
        departments: ["Water"],
        serviceType: "Water leak",
        weight: 30,
        urgency: .high,
        type: "Mechanical",
        reason: "Breakdown",
        days: 14,
        quarterHours: 2...12,
        cost: 60...900,
        stories: [
            DemoStory(
                subjects: ["Water stain on the bathroom ceiling, apartment {number}"],
                openings: ["There is a wet stain on our bathroom ceiling, and it grows."],
                details: ["The tenants above us are away."],
                resolutions: [
                    "The pipe was repaired; the ceiling will be painted once it is dry."
                ]
            ),
            DemoStory(
                subjects: ["Radiator leaking in apartment {number}"],
                openings: ["The radiator in the living room leaks."],
                details: ["We have put a bucket under it."],
                resolutions: ["The valve was replaced."]
            ),
            DemoStory(
                subjects: ["Kitchen tap drips in apartment {number}"],
                openings: ["The kitchen tap cannot be turned off any more."],
                resolutions: ["A seal was replaced."]
            ),
        ],
        notes: ["Plumber comes on {weekday}."]
    )

    private static let drain = DemoMatter(
        departments: ["Water"],
        serviceType: "Blocked drain",
        weight: 20,
        type: "Mechanical",
        days: 10,
        quarterHours: 1...6,
        cost: 40...350,
        stories: [
            DemoStory(
                subjects: ["Shower drain blocked, apartment {number}"],
                openings: ["The water in the shower does not drain."],
                details: ["It is the third time this year."],
                resolutions: ["The drain was cleared."]
            ),
            DemoStory(
                subjects: ["Laundry drain overflows, {street}"],
                openings: ["The drain under the washing machines overflows."],
                resolutions: ["The pipe was flushed from the cellar."]
            ),
        ]
    )

    private static let courtyard = DemoMatter(
        departments: ["Parks"],
        serviceType: "Public garden",
        weight: 14,
        months: DemoMatter.summer,
        urgency: .low,
        days: 30,
        quarterHours: 1...8,
        cost: 30...400,
        stories: [
            DemoStory(
                subjects: ["Bench broken at {landmark}"],
                openings: ["The bench at {landmark} wobbles."],
                resolutions: ["Repaired by the caretaker."]
            ),
            DemoStory(
                subjects: ["Bicycle racks full at {landmark}"],
                openings: ["There is no room for bicycles at {landmark}."],
                details: ["Some of the bicycles have not moved for years."],
                resolutions: ["Abandoned bicycles were tagged and removed."]
            ),
        ]
    )

    private static let heating = DemoMatter(
        departments: ["Front Office"],
        serviceType: "General question",
        weight: 24,
        months: DemoMatter.winter.map { $0 + 20 },
        type: "Mechanical",
        reason: "Breakdown",
        days: 8,
        quarterHours: 1...8,
        cost: 50...800,
        stories: [
            DemoStory(
                subjects: ["Heating stays cold in apartment {number}"],
                openings: ["Our heating has been cold since {weekday}."],
                details: ["We have a small child."],
                resolutions: ["The pump was replaced.", "The radiators were bled."]
            ),
            DemoStory(
                subjects: ["No hot water, {street}"],
                openings: ["There is no hot water in the morning."],
                details: ["The neighbors have the same."],
                resolutions: ["The boiler was set to start an hour earlier."]
            ),
        ]
    )

    private static let rent = DemoMatter(
        departments: ["Front Office"],
        serviceType: "Fee",
        recordType: "Information",
        weight: 16,
        urgency: .low,
        days: 20,
        isOnSite: false,
        stories: [
            DemoStory(
                subjects: ["Question about the heating statement, apartment {number}"],
                openings: ["I do not understand the heating statement."],
                resolutions: ["The statement was explained."]
            ),
            DemoStory(
                subjects: ["Rent receipt for apartment {number}"],
                openings: ["I need a receipt for last year's rent."],
                details: ["A copy by email is enough."],
                resolutions: ["The receipt was sent."]
            ),
        ]
    )

    private static let keys = DemoMatter(
        departments: ["Front Office"],
        serviceType: "Permit",
        weight: 12,
        urgency: .low,
        days: 25,
        cost: 15...60,
        isOnSite: false,
        stories: [
            DemoStory(
                subjects: ["Second key for apartment {number}"],
                openings: ["I would like to have a second key."],
                resolutions: ["The key was handed over."]
            ),
            DemoStory(
                subjects: ["Keeping a dog in apartment {number}"],
                openings: ["We would like to keep a dog."],
                details: ["It is a small and quiet one."],
                resolutions: ["Permission was given in writing."]
            ),
        ]
    )
}
