extension DemoOrg {
    static let larkspurPhrases = DemoPhrases(
        words: ["Blue Mesa", "Chinook", "Copperleaf", "Pinecone", "Ridgeline", "Snowberry"],
        circumstances: [
            "It has been like this for {days} days.", "I am at home after five.",
            "The stairwell at {landmark} is affected, too.",
        ],
        wishes: ["Please send someone soon.", "Thank you.", "Please leave a note at the door."],
        answers: ["The caretaker will come on {weekday}.", "We have ordered the part."],
        farewells: ["This is settled now. Please tell us if it is not."],
        remarks: ["Tenant not at home.", "Contractor informed.", "Spare key is in the office."],
        deskAnswers: ["We are looking into it.", "The papers are ready at the office."],
        deskRemarks: ["Asked the owner.", "Papers filed."],
        unfounded: [
            "Nothing was found when the caretaker came; please call us if it happens again."
        ],
        calls: ["Call the tenant back", "Call the contractor"],
        errands: ["Order spare part", "Put a notice in the stairwell"],
        appointments: ["Visit at {street}", "Contractor at {landmark}"]
    )
}
