// What waits to be taken away.
extension DemoOrg {
    static let harborviewSanitation = [
        missedCollection, recyclingBin, bulkyWaste, illegalDumping, streetCleaning, graffiti,
        crewComplaint,
    ]

    private static let missedCollection = DemoMatter(
        departments: ["Sanitation"],
        serviceType: "Missed collection",
        weight: 140,
        stormFactor: 3,
        reason: "Performance",
        days: 2,
        quarterHours: 1...4,
        stories: [
            DemoStory(
                subjects: [
                    "Trash not collected on {street}",
                    "Missed pickup at {number} {street}",
                    "Missed collection on {weekday}, {street}",
                ],
                openings: [
                    "Our trash was not picked up on {weekday}, although the bins were out "
                        + "in time.",
                    "The truck drove past {number} {street} without stopping.",
                ],
                details: [
                    "The neighbors across the street had theirs emptied.",
                    "Gulls have torn the bags open.",
                    "The bins stood where they always stand.",
                ],
                resolutions: [
                    "The bins were emptied on the next working day.",
                    "A parked car had blocked the truck. The crew came back the day after.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Recycling left behind on {street}",
                    "Recycling not collected at {number} {street}",
                    "Organic waste not picked up for {count} weeks, {street}",
                ],
                openings: [
                    "Recycling has not been collected on {street} for {count} weeks.",
                    "The organic waste at {number} {street} has not been picked up for "
                        + "{count} weeks.",
                ],
                details: [
                    "We have nowhere left to put it.",
                    "Paper is blowing all over the street.",
                ],
                resolutions: [
                    "Collected with an extra round.",
                    "The address was missing on the new route; it has been added.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Whole block missed: {street}",
                    "Nobody came to {street} on {weekday}",
                ],
                openings: [
                    "All the bins between {street} and {corner} are still full.",
                    "On {weekday} no truck came to {street} at all.",
                ],
                resolutions: [
                    "The truck had broken down; the block was served the next morning.",
                    "The block was served the same evening by another crew.",
                ]
            ),
            DemoStory(
                subjects: ["Dumpster behind {number} {street} overflowing"],
                openings: [
                    "The dumpster behind {number} {street} has not been emptied for "
                        + "{count} weeks and overflows."
                ],
                details: ["Rats have been seen."],
                resolutions: ["The dumpster was emptied and is now on the weekly round."]
            ),
        ],
        notes: ["Driver reports a blocked lane.", "Route sheet corrected for {area}."]
    )

    private static let recyclingBin = DemoMatter(
        departments: ["Sanitation"],
        serviceType: "Missed collection",
        weight: 44,
        urgency: .low,
        reason: "Equipment Design",
        days: 9,
        quarterHours: 1...3,
        cost: 25...140,
        stories: [
            DemoStory(
                subjects: [
                    "Recycling bin broken at {number} {street}",
                    "Lid of the organic bin missing, {number} {street}",
                ],
                openings: [
                    "The lid of our bin came off when it was emptied.",
                    "Our recycling bin at {number} {street} has a crack from top to bottom.",
                ],
                details: ["A wheel is broken as well."],
                resolutions: [
                    "The lid was replaced on the spot.",
                    "A new bin was delivered and the old one taken away.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Bin stolen from {number} {street}",
                    "Recycling bin gone, {number} {street}",
                ],
                openings: ["Our bin at {number} {street} has been stolen."],
                details: ["Please bring a bin with a lock, if there is such a thing."],
                resolutions: ["A new bin was delivered, with the house number on its lid."]
            ),
            DemoStory(
                subjects: [
                    "Larger bin needed for {number} {street}",
                    "New recycling bin for {number} {street}",
                ],
                openings: [
                    "We are now {count} households in the building, and the bin is too small.",
                    "We have moved to {number} {street}, and there is no recycling bin.",
                ],
                details: ["We would pay the difference for a larger one."],
                resolutions: [
                    "The household now has a bin of 96 gallons.",
                    "A bin was delivered with the next round.",
                ]
            ),
        ],
        notes: ["{count} bins of this size left.", "Delivery with the {weekday} round."]
    )

    private static let bulkyWaste = DemoMatter(
        departments: ["Sanitation"],
        serviceType: "Bulky waste",
        weight: 85,
        months: [70, 75, 110, 130, 130, 120, 120, 125, 120, 90, 70, 60],
        urgency: .low,
        days: 7,
        quarterHours: 1...6,
        cost: 20...180,
        stories: [
            DemoStory(
                subjects: [
                    "Pickup of a sofa at {number} {street}",
                    "Old mattresses at {number} {street}",
                    "Bulky waste pickup for {number} {street}",
                ],
                openings: [
                    "I would like to have a sofa and {count} chairs picked up at {number} "
                        + "{street}.",
                    "{count} old mattresses are to be collected at {number} {street}.",
                ],
                details: [
                    "I can bring it down to the sidewalk the evening before.",
                    "It is too heavy for me to carry; we live on the third floor.",
                ],
                resolutions: [
                    "Picked up on the day agreed.",
                    "The resident decided to give the furniture away; the appointment was "
                        + "canceled.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Bulky waste: refrigerator, {number} {street}",
                    "Washing machine to be picked up on {street}",
                ],
                openings: [
                    "A refrigerator has to be taken away at {number} {street}.",
                    "Our washing machine is broken and has to be picked up.",
                ],
                details: ["Any day but {weekday} would do."],
                resolutions: [
                    "It was taken to the recycling center, since it holds coolant.",
                    "Picked up on {weekday} with the electronics round.",
                ]
            ),
            DemoStory(
                subjects: ["Moving out of {number} {street}: furniture to be collected"],
                openings: [
                    "We are moving out of {number} {street} and have furniture to give "
                        + "away or to be collected."
                ],
                details: ["We hand over the keys in {days} days."],
                resolutions: ["Most of it went to the reuse store; the rest was collected."]
            ),
        ],
        notes: ["Two people needed.", "Appointment made for {weekday} morning."]
    )

    private static let illegalDumping = DemoMatter(
        departments: ["Sanitation", "Parks"],
        serviceType: "Illegal dumping",
        weight: 70,
        months: DemoMatter.summer,
        days: 6,
        quarterHours: 2...20,
        cost: 50...1_800,
        stories: [
            DemoStory(
                subjects: [
                    "Tires dumped at the end of {street}",
                    "Mattress dumped on {street}, {area}",
                    "Illegal dumping near {landmark}",
                ],
                openings: [
                    "Somebody has dumped {count} tires at the end of {street}.",
                    "A mattress and a broken wardrobe lie near {landmark}.",
                ],
                details: ["I saw a white van there on {weekday} evening."],
                resolutions: [
                    "Removed. A sign was put up, and the spot is on the list of places "
                        + "that are checked."
                ]
            ),
            DemoStory(
                subjects: ["Construction debris on {street}", "Rubble dumped near {landmark}"],
                openings: [
                    "There is a heap of construction debris near {landmark}.",
                    "Somebody has left rubble and roofing felt on {street}.",
                ],
                details: ["There are invoices with an address among it.", "It came over night."],
                resolutions: ["The debris was taken away, and the company was fined."]
            ),
            DemoStory(
                subjects: ["Trash bags dumped behind {number} {street}"],
                openings: [
                    "Trash bags pile up behind {number} {street}, and more come every night."
                ],
                details: ["Rats have been seen.", "It smells as far as {corner}."],
                resolutions: [
                    "The bags were removed, and the gate is now locked at night.",
                    "Removed. An address was found in the bags, and the owner was fined.",
                ]
            ),
            DemoStory(
                subjects: ["Paint cans left at {street} and {corner}"],
                openings: ["{count} paint cans have been left at {street} and {corner}."],
                details: ["Some of the cans are leaking."],
                resolutions: [
                    "The cans were handled as hazardous waste, and the soil was tested."
                ]
            ),
        ],
        notes: [
            "Address found among the papers, passed to enforcement.",
            "Needs the hazardous waste team.",
        ]
    )

    private static let streetCleaning = DemoMatter(
        departments: ["Sanitation"],
        serviceType: "Street cleaning",
        weight: 52,
        months: DemoMatter.autumn,
        stormFactor: 2,
        urgency: .low,
        days: 6,
        quarterHours: 1...8,
        stories: [
            DemoStory(
                subjects: [
                    "Leaves on {street}",
                    "Street not swept: {street}",
                    "Slippery leaves near {landmark}",
                ],
                openings: [
                    "{street} has not been swept for weeks.",
                    "The wet leaves on {street} are as slippery as ice.",
                ],
                details: ["The sweeper cannot get through because of parked cars."],
                resolutions: [
                    "{street} was swept, and will be swept every second week from now on."
                ]
            ),
            DemoStory(
                subjects: ["Broken glass on the bike lane, {street}"],
                openings: ["There is broken glass all over the bike lane near {landmark}."],
                details: ["I have had {count} flat tires this month."],
                resolutions: ["The glass was removed within the hour."]
            ),
            DemoStory(
                subjects: ["Litter basket overflowing at {landmark}", "Litter around {landmark}"],
                openings: [
                    "The litter basket at {landmark} has been full since {weekday}.",
                    "There is litter all around {landmark}.",
                ],
                details: [
                    "It is the same after every market day.",
                    "The wind blows it into our front garden.",
                ],
                resolutions: [
                    "A larger basket was set up.",
                    "The basket was emptied and is now on the daily round.",
                ]
            ),
            DemoStory(
                subjects: ["Dead animal on {street}"],
                openings: ["A dead raccoon lies on {street}, in front of {number}."],
                resolutions: ["Removed on the same day."]
            ),
        ],
        notes: ["Sweeper out of service until {weekday}."]
    )

    private static let graffiti = DemoMatter(
        departments: ["Streets", "Sanitation", "Parks"],
        serviceType: "Graffiti",
        weight: 45,
        months: DemoMatter.summer,
        urgency: .low,
        days: 12,
        quarterHours: 2...12,
        cost: 60...900,
        stories: [
            DemoStory(
                subjects: [
                    "Graffiti on the wall at {number} {street}",
                    "Graffiti near {landmark}",
                ],
                openings: [
                    "The wall along {street} has been painted over again.",
                    "There is new graffiti near {landmark}.",
                ],
                details: [
                    "It appeared on the night before {weekday}.",
                    "The owner of the house would like to know who pays for it.",
                ],
                resolutions: [
                    "Removed with a high-pressure cleaner; the wall was given a protective coat.",
                    "Painted over. A school's art class will design the wall.",
                ]
            ),
            DemoStory(
                subjects: ["Insulting graffiti at {street} and {corner}"],
                openings: ["There are insulting words on the wall at {street} and {corner}."],
                details: ["Children walk past it on their way to school."],
                resolutions: ["Removed on the same day."]
            ),
            DemoStory(
                subjects: [
                    "Bus shelter painted over on {street}",
                    "Signs covered with stickers, {street}",
                ],
                openings: [
                    "The bus shelter on {street} is covered with paint and stickers.",
                    "The signs on {street} are so full of stickers that nobody can read them.",
                ],
                resolutions: [
                    "The shelter was cleaned, and a scratched pane replaced.",
                    "The stickers were taken off {count} signs.",
                ]
            ),
        ],
        notes: ["Owner has signed the consent form."]
    )

    private static let crewComplaint = DemoMatter(
        departments: ["Sanitation"],
        serviceType: "Missed collection",
        recordType: "Complaint",
        weight: 22,
        reason: "Feedback",
        days: 8,
        quarterHours: 1...8,
        stories: [
            DemoStory(
                subjects: ["Complaint: third missed pickup on {street}"],
                openings: ["For the third time in {count} weeks our bins were left full."],
                details: ["I have called about it before and was promised an improvement."],
                resolutions: [
                    "The route was planned anew, and the supervisor called the resident to "
                        + "explain."
                ]
            ),
            DemoStory(
                subjects: ["Complaint: trash truck at five in the morning, {street}"],
                openings: [
                    "The truck comes to {street} at five in the morning and wakes everyone."
                ],
                details: ["I do not blame the crew, but somebody has to plan this better."],
                resolutions: ["The route was changed, so that {street} is served after seven."]
            ),
            DemoStory(
                subjects: ["Complaint: bins thrown on the road, {street}"],
                openings: ["The crew leaves the bins in the middle of the road."],
                details: ["A car has hit one of them."],
                resolutions: ["The supervisor spoke to the crew and apologized to the resident."]
            ),
            DemoStory(
                subjects: ["Complaint: crew damaged the gate at {number} {street}"],
                openings: [
                    "Our gate at {number} {street} was damaged on {weekday}, and nobody "
                        + "left a note."
                ],
                details: ["A neighbor saw how it happened."],
                resolutions: ["The damage was acknowledged and passed on to the insurance."]
            ),
        ],
        notes: ["GPS log of the truck requested.", "Supervisor will call back on {weekday}."]
    )
}
