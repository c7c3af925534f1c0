extension DemoOrg {
    static let larkspurMatters = [leak, drain, courtyard, heating, rent, keys]

    private static let leak = DemoMatter(
        departments: ["Water"],
        serviceType: "Water leak",
        weight: 30,
        urgency: .high,
        type: "Mechanical",
        reason: "Breakdown",
        days: 3,
        quarterHours: 2...12,
        cost: 60...900,
        subjects: [
            "Water stain on the bathroom ceiling, apartment {number}", "Radiator leaking, {street}",
            "Kitchen tap drips in apartment {number}",
        ],
        openings: [
            "There is a wet stain on our bathroom ceiling, and it grows.",
            "The radiator in the living room leaks.",
            "The kitchen tap cannot be turned off any more.",
        ],
        details: ["We have put a bucket under it.", "The tenants above us are away."],
        resolutions: [
            "The pipe was repaired; the ceiling will be painted once it is dry.",
            "A seal was replaced.",
        ],
        notes: ["Plumber comes on {weekday}."]
    )

    private static let drain = DemoMatter(
        departments: ["Water"],
        serviceType: "Blocked drain",
        weight: 20,
        type: "Mechanical",
        days: 3,
        quarterHours: 1...6,
        cost: 40...350,
        subjects: [
            "Shower drain blocked, apartment {number}", "Laundry drain overflows in {landmark}",
        ],
        openings: [
            "The water in the shower does not drain.",
            "The drain of the washing machines overflows.",
        ],
        details: ["It is the third time this year.", "Household remedies did not help."],
        resolutions: ["The drain was cleared.", "The pipe was flushed from the cellar."]
    )

    private static let courtyard = DemoMatter(
        departments: ["Parks"],
        serviceType: "Public garden",
        weight: 14,
        months: DemoMatter.summer,
        urgency: .low,
        days: 10,
        quarterHours: 1...8,
        cost: 30...400,
        subjects: ["Bench broken at {landmark}", "Bicycle racks full at {landmark}"],
        openings: [
            "The bench at {landmark} wobbles.", "There is no room for bicycles at {landmark}.",
        ],
        details: ["Some of the bicycles have not moved for years."],
        resolutions: ["Repaired by the caretaker.", "Abandoned bicycles were tagged and removed."]
    )

    private static let heating = DemoMatter(
        departments: ["Front Office"],
        serviceType: "General question",
        weight: 24,
        months: DemoMatter.winter.map { $0 + 20 },
        urgency: .medium,
        type: "Mechanical",
        reason: "Breakdown",
        days: 2,
        quarterHours: 1...8,
        cost: 50...800,
        subjects: ["Heating stays cold in apartment {number}", "No hot water, {street}"],
        openings: [
            "Our heating has been cold since {weekday}.", "There is no hot water in the morning.",
        ],
        details: ["We have a small child.", "The neighbors have the same."],
        resolutions: ["The pump was replaced.", "The radiators were bled."]
    )

    private static let rent = DemoMatter(
        departments: ["Front Office"],
        serviceType: "Fee",
        recordType: "Information",
        weight: 16,
        urgency: .low,
        days: 5,
        subjects: [
            "Question about the heating statement, apartment {number}", "Rent receipt needed",
        ],
        openings: [
            "I do not understand the heating statement.", "I need a receipt for last year's rent.",
        ],
        details: ["A copy by email is enough."],
        resolutions: ["The statement was explained.", "The receipt was sent."]
    )

    private static let keys = DemoMatter(
        departments: ["Front Office"],
        serviceType: "Permit",
        weight: 12,
        urgency: .low,
        days: 4,
        cost: 15...60,
        subjects: ["Second key for apartment {number}", "Keeping a dog in apartment {number}"],
        openings: ["I would like to have a second key.", "We would like to keep a dog."],
        details: ["The lock is a new one."],
        resolutions: ["The key was handed over.", "Permission was given in writing."]
    )

    static let larkspurPhrases = DemoPhrases(
        words: ["Blue Mesa", "Chinook", "Copperleaf", "Pinecone", "Ridgeline", "Snowberry"],
        circumstances: [
            "It has been like this for {days} days.", "I am at home after five.",
            "The stairwell at {landmark} is affected, too.",
        ],
        wishes: ["Please send someone soon.", "Thank you.", "Please leave a note at the door."],
        answers: ["The caretaker will come on {weekday}.", "We have ordered the part."],
        remarks: ["Tenant not at home.", "Contractor informed.", "Spare key is in the office."],
        unfounded: [
            "Nothing was found when the caretaker came; please call us if it happens again."
        ],
        calls: ["Call the tenant back", "Call the contractor"],
        errands: ["Order spare part", "Put a notice in the stairwell"],
        appointments: ["Visit at {street}", "Contractor at {landmark}"]
    )
}
