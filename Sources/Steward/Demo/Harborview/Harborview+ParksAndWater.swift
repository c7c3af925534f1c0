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
        stories: [
            DemoStory(
                subjects: [
                    "Fallen tree across {street}",
                    "Tree on a parked car at {number} {street}",
                ],
                openings: [
                    "A tree has come down across {street}.",
                    "A tree has fallen on a parked car in front of {number} {street}.",
                ],
                details: ["No car can get through.", "It has pulled a telephone line down."],
                resolutions: [
                    "The tree was cut up and taken away, and the road was opened the same "
                        + "evening."
                ]
            ),
            DemoStory(
                subjects: [
                    "Branch hanging over {street}",
                    "Large branch down on the sidewalk, {street}",
                ],
                openings: [
                    "A large branch hangs over the sidewalk in front of {number} {street}.",
                    "A large branch lies on the sidewalk near {landmark}.",
                ],
                details: ["It creaks in the wind."],
                resolutions: [
                    "The branch was removed; an arborist will look at the whole tree in spring."
                ]
            ),
            DemoStory(
                subjects: ["Tree leaning towards {landmark}", "Hollow tree on {street}"],
                openings: [
                    "The tree near {landmark} leans more than it did last week.",
                    "The old tree in front of {number} {street} is hollow; one can look inside.",
                ],
                resolutions: [
                    "The tree had to be felled. A new one will be planted in autumn.",
                    "The crown was cut back, and the tree is safe.",
                ]
            ),
        ],
        notes: ["Power company informed.", "Chainsaw crew on its way."]
    )

    private static let playground = DemoMatter(
        departments: ["Parks"],
        serviceType: "Playground",
        weight: 26,
        months: DemoMatter.summer,
        type: "Mechanical",
        reason: "Breakdown",
        days: 10,
        quarterHours: 2...20,
        cost: 40...2_400,
        stories: [
            DemoStory(
                subjects: [
                    "Swing broken on the playground, {street}",
                    "Swing broken near {landmark}",
                ],
                openings: ["A chain of the swing on the playground at {street} is broken."],
                details: ["Parents have tied a rope around it to keep children away."],
                resolutions: ["The swing was repaired and inspected."]
            ),
            DemoStory(
                subjects: [
                    "Playground on {street}: loose boards",
                    "Climbing frame unsafe near {landmark}",
                ],
                openings: ["The boards of the climbing frame near {landmark} are loose."],
                details: ["My daughter hurt her hand on {weekday}."],
                resolutions: ["The climbing frame was closed, repaired and opened again."]
            ),
            DemoStory(
                subjects: ["Broken glass in the sandbox, {area}"],
                openings: ["There is broken glass in the sandbox on {street}."],
                resolutions: ["The sand was changed."]
            ),
            DemoStory(
                subjects: ["Gate of the playground on {street} does not close"],
                openings: ["The gate of the playground on {street} does not close."],
                details: ["Small children run out on the road."],
                resolutions: ["A spring was put in, and the gate closes by itself."]
            ),
        ],
        notes: ["Part is on order, taken down until then."]
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
        stories: [
            DemoStory(
                subjects: ["Bench broken near {landmark}"],
                openings: ["The bench near {landmark} has lost {count} slats."],
                details: ["Many older people sit there in the afternoon."],
                resolutions: ["The bench was repaired and painted."]
            ),
            DemoStory(
                subjects: ["Grass not cut along {street}"],
                openings: ["The grass along {street} is knee-high."],
                details: ["Drivers cannot see who is coming."],
                resolutions: ["The grass was cut; the next cut is in four weeks."]
            ),
            DemoStory(
                subjects: [
                    "Flower beds dried out at {landmark}",
                    "Nobody waters the young trees on {street}",
                ],
                openings: [
                    "The flower beds at {landmark} have not been watered.",
                    "The young trees on {street} are drying up.",
                ],
                details: ["Our association would be glad to help with watering."],
                resolutions: [
                    "Watered, and put on the watering round.",
                    "The beds were planted anew, and neighbors have agreed to water them.",
                ]
            ),
            DemoStory(
                subjects: ["Dog litter bags missing on {street}"],
                openings: ["There have been no dog litter bags on {street} since {weekday}."],
                resolutions: ["The dispenser was filled and repaired."]
            ),
            DemoStory(
                subjects: ["Hedge covers the sidewalk at {number} {street}"],
                openings: ["The hedge at {number} {street} has grown across the sidewalk."],
                details: ["With a stroller one has to step onto the road."],
                resolutions: ["The hedge was cut back."]
            ),
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
        stories: [
            DemoStory(
                subjects: [
                    "Water leak on {street}",
                    "Water coming up through the road at {street} and {corner}",
                    "Burst pipe near {landmark}",
                ],
                openings: [
                    "Water is coming up through the asphalt at {street} and {corner}.",
                    "A pipe must have burst near {landmark}: the road is under water.",
                ],
                details: [
                    "The pressure in our building is very low.",
                    "The cellar of the corner house is wet.",
                ],
                resolutions: [
                    "A cracked main was repaired, and the pressure is back to normal.",
                    "{count} yards of pipe were replaced. The road surface will follow "
                        + "within a month.",
                ]
            ),
            DemoStory(
                subjects: ["Hydrant dripping at {number} {street}"],
                openings: [
                    "The hydrant in front of {number} {street} has been dripping for {days} days."
                ],
                details: ["A green patch has grown around it."],
                resolutions: ["The seal of the hydrant was replaced."]
            ),
            DemoStory(
                subjects: ["Low water pressure at {number} {street}"],
                openings: ["There is hardly any water pressure at {number} {street}."],
                details: ["On the fourth floor nothing comes out of the tap."],
                resolutions: [
                    "A valve had been left half closed after road works; it was opened.",
                    "The service line was replaced.",
                ]
            ),
        ],
        notes: [
            "Leak located by microphone.",
            "Shut-off affects {count} houses; notices delivered.",
        ]
    )

    private static let waterQuality = DemoMatter(
        departments: ["Water"],
        serviceType: "Water quality",
        weight: 18,
        days: 4,
        quarterHours: 2...8,
        cost: 40...260,
        stories: [
            DemoStory(
                subjects: ["Brown water at {number} {street}"],
                openings: ["The water at {number} {street} has been brown since {weekday}."],
                details: [
                    "We have a baby and buy bottled water now.",
                    "We let it run for ten minutes, and it did not help.",
                ],
                resolutions: [
                    "The main was flushed. Samples taken at {count} places were within the "
                        + "limits."
                ]
            ),
            DemoStory(
                subjects: ["Tap water tastes of chlorine in {area}"],
                openings: ["The tap water in {area} tastes strongly of chlorine."],
                details: ["The neighbors on {corner} have noticed it, too."],
                resolutions: ["The dose had been raised after a repair; it is back to normal."]
            ),
            DemoStory(
                subjects: ["Cloudy water on {street}"],
                openings: ["Our water is cloudy in the morning and clears up later."],
                resolutions: [
                    "The cloudiness was air from the repair on {street} and is harmless."
                ]
            ),
            DemoStory(
                subjects: ["Question about lead pipes at {number} {street}"],
                openings: ["Are there still lead pipes at {number} {street}?"],
                details: ["The house was built in the thirties."],
                resolutions: [
                    "The service line is copper, not lead; the data sheet was sent to the "
                        + "resident."
                ]
            ),
        ],
        notes: [
            "Sample bottle handed over on {weekday}.",
            "Laboratory promises results in {days} days.",
        ]
    )
}
