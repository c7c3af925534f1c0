// Trees, playgrounds and pipes.
extension DemoOrg {
    static let harborviewParksAndWater = [
        fallenTree, playground, publicGarden, waterLeak, waterQuality,
    ]

    private static let fallenTree = DemoMatter(
        departments: ["Streets", "Parks"],
        serviceType: "Fallen tree",
        weight: 30,
        months: DemoMatter.autumn,
        stormFactor: 12,
        urgency: .high,
        days: 3,
        quarterHours: 4...32,
        cost: 120...3_200,
        subjects: [
            "Fallen tree across {street}", "Branch hanging over {street}",
            "Tree on a parked car at {number} {street}", "Tree leaning towards {landmark}",
            "Large branch down on the sidewalk, {street}",
        ],
        openings: [
            "A tree has come down across {street}.",
            "A large branch hangs over the sidewalk in front of {number} {street}.",
            "The tree near {landmark} leans more than it did last week.",
        ],
        details: [
            "No car can get through.",
            "It has pulled a telephone line down.",
            "The trunk is hollow; one can look inside.",
        ],
        resolutions: [
            "The tree was cut up and taken away, and the road was opened the same evening.",
            "The branch was removed; an arborist will look at the whole tree in spring.",
            "The tree had to be felled. A new one will be planted in autumn.",
        ],
        notes: ["Power company informed.", "Chainsaw crew on its way."]
    )

    private static let playground = DemoMatter(
        departments: ["Parks"],
        serviceType: "Playground",
        weight: 26,
        months: DemoMatter.summer,
        urgency: .medium,
        type: "Mechanical",
        reason: "Breakdown",
        days: 10,
        quarterHours: 2...20,
        cost: 40...2_400,
        subjects: [
            "Swing broken at {landmark}", "Playground on {street}: loose boards",
            "Broken glass in the sandbox, {area}", "Climbing frame unsafe near {landmark}",
            "Gate of the playground on {street} does not close",
        ],
        openings: [
            "A chain of the swing on the playground at {street} is broken.",
            "The boards of the climbing frame near {landmark} are loose.",
            "There is broken glass in the sandbox on {street}.",
        ],
        details: [
            "My daughter hurt her hand on {weekday}.",
            "The gate does not close, and small children run out on the road.",
            "Parents have tied a rope around it to keep children away.",
        ],
        resolutions: [
            "The swing was repaired and inspected.", "The sand was changed.",
            "The climbing frame was closed, repaired and opened again.",
        ],
        notes: ["Part is on order, swing taken down."]
    )

    private static let publicGarden = DemoMatter(
        departments: ["Parks"],
        serviceType: "Public garden",
        weight: 24,
        months: DemoMatter.summer,
        urgency: .low,
        days: 13,
        quarterHours: 1...12,
        cost: 30...650,
        subjects: [
            "Bench broken near {landmark}", "Grass not cut along {street}",
            "Flower beds dried out at {landmark}", "Dog litter bags missing on {street}",
            "Hedge covers the sidewalk at {number} {street}",
        ],
        openings: [
            "The bench near {landmark} has lost {count} slats.",
            "The grass along {street} is knee-high.",
            "The flower beds at {landmark} have not been watered.",
        ],
        details: [
            "Many older people sit there in the afternoon.",
            "Our association would be glad to help with watering.",
            "It used to be such a nice spot.",
        ],
        resolutions: [
            "The bench was repaired and painted.",
            "The grass was cut; the next cut is in four weeks.",
            "The beds were planted anew, and neighbors have agreed to water them.",
        ],
        notes: ["Volunteers from {area} offered help."]
    )

    private static let waterLeak = DemoMatter(
        departments: ["Water"],
        serviceType: "Water leak",
        weight: 38,
        months: [150, 140, 110, 90, 85, 85, 95, 95, 85, 80, 85, 110],
        urgency: .high,
        type: "Mechanical",
        reason: "Breakdown",
        days: 3,
        quarterHours: 4...40,
        cost: 200...6_500,
        subjects: [
            "Water leak on {street}", "Water coming up through the road at {street} and {corner}",
            "Hydrant dripping at {number} {street}", "Burst pipe near {landmark}",
            "Low water pressure at {number} {street}",
        ],
        openings: [
            "Water is coming up through the asphalt at {street} and {corner}.",
            "The hydrant in front of {number} {street} has been dripping for {days} days.",
            "A pipe must have burst near {landmark}: the road is under water.",
        ],
        details: [
            "The pressure in our building is very low.",
            "The cellar of the corner house is wet.",
            "At night it freezes and the road is icy.",
        ],
        resolutions: [
            "A cracked main was repaired, and the pressure is back to normal.",
            "The seal of the hydrant was replaced.",
            "{count} feet of pipe were replaced. The road surface will follow within a month.",
        ],
        notes: [
            "Leak located by microphone.", "Shut-off affects {count} houses; notices delivered.",
        ]
    )

    private static let waterQuality = DemoMatter(
        departments: ["Water"],
        serviceType: "Water quality",
        weight: 18,
        urgency: .medium,
        days: 4,
        quarterHours: 2...8,
        cost: 40...260,
        subjects: [
            "Brown water at {number} {street}", "Tap water tastes of chlorine in {area}",
            "Cloudy water on {street}", "Question about lead pipes at {number} {street}",
        ],
        openings: [
            "The water at {number} {street} has been brown since {weekday}.",
            "The tap water in {area} tastes strongly of chlorine.",
            "Our water is cloudy in the morning and clears up later.",
        ],
        details: [
            "We have a baby and buy bottled water now.",
            "The neighbors on {corner} have the same.",
            "We let it run for ten minutes, and it did not help.",
        ],
        resolutions: [
            "The main was flushed. Samples taken at {count} places were within the limits.",
            "The cloudiness was air from the repair on {street} and is harmless.",
            "The service line is copper, not lead; the sheet was sent to the resident.",
        ],
        notes: [
            "Sample bottle handed over on {weekday}.",
            "Laboratory promises results in {days} days.",
        ]
    )
}
