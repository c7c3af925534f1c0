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
        cost: nil,
        subjects: [
            "Trash not collected on {street}", "Missed pickup at {number} {street}",
            "Recycling left behind on {street}",
            "Organic waste not picked up for {count} weeks, {street}",
            "Whole block missed: {street}", "Dumpster behind {number} {street} overflowing",
        ],
        openings: [
            "Our trash was not picked up on {weekday}, although the bins were out in time.",
            "The truck drove past {number} {street} without stopping.",
            "Recycling has not been collected on {street} for {count} weeks.",
            "All the bins between {street} and {corner} are still full.",
        ],
        details: [
            "The neighbors across the street had theirs emptied.",
            "Gulls have torn the bags open.",
            "The bins stood where they always stand.",
            "In this heat the smell is hard to bear.",
        ],
        resolutions: [
            "The bins were emptied on the next working day.",
            "A parked car had blocked the truck. The crew came back the day after.",
            "The address was missing on the new route; it has been added.",
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
        subjects: [
            "Recycling bin broken at {number} {street}", "New recycling bin for {number} {street}",
            "Larger bin needed for {number} {street}", "Bin stolen from {number} {street}",
            "Lid of the organic bin missing, {number} {street}",
        ],
        openings: [
            "The lid of our recycling bin came off when it was emptied.",
            "Our bin at {number} {street} has been stolen.",
            "We are now {count} households in the building, and the bin is too small.",
        ],
        details: [
            "A wheel is broken as well.",
            "Please bring a bin with a lock, if there is such a thing.",
            "We would pay the difference for a larger one.",
        ],
        resolutions: [
            "A new bin was delivered and the old one taken away.",
            "The lid was replaced on the spot.",
            "The household now has a bin of 96 gallons.",
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
        subjects: [
            "Pickup of a sofa at {number} {street}", "Bulky waste: refrigerator, {number} {street}",
            "Old mattresses at {number} {street}", "Bulky waste pickup for {number} {street}",
            "Moving out of {number} {street}: furniture to be collected",
            "Washing machine to be picked up on {street}",
        ],
        openings: [
            "I would like to have a sofa and {count} chairs picked up at {number} {street}.",
            "We are moving out and have furniture to give away or to be collected.",
            "A refrigerator has to be taken away at {number} {street}.",
        ],
        details: [
            "I can bring it down to the sidewalk the evening before.",
            "It is too heavy for me to carry; we live on the third floor.",
            "Any day but {weekday} would do.",
        ],
        resolutions: [
            "Picked up on the day agreed.",
            "The refrigerator was taken to the recycling center, since it holds coolant.",
            "The resident decided to give the furniture away; the appointment was canceled.",
        ],
        notes: ["Two people needed.", "Appointment made for {weekday} morning."]
    )

    private static let illegalDumping = DemoMatter(
        departments: ["Sanitation", "Parks"],
        serviceType: "Illegal dumping",
        weight: 70,
        months: DemoMatter.summer,
        urgency: .medium,
        days: 6,
        quarterHours: 2...20,
        cost: 50...1_800,
        subjects: [
            "Illegal dumping near {landmark}", "Tires dumped at the end of {street}",
            "Construction debris on {street}", "Trash bags dumped behind {number} {street}",
            "Paint cans left at {street} and {corner}", "Mattress dumped on {street}, {area}",
        ],
        openings: [
            "Somebody has dumped {count} tires at the end of {street}.",
            "There is a heap of construction debris near {landmark}.",
            "Trash bags pile up behind {number} {street}, and more come every night.",
        ],
        details: [
            "I saw a white van there on {weekday} evening.",
            "Rats have been seen.",
            "Some of the cans are leaking.",
            "There are letters with an address among it.",
        ],
        resolutions: [
            "Removed. A sign was put up, and the spot is on the list of places that are checked.",
            "The debris was taken away, and the company was fined.",
            "The cans were handled as hazardous waste, and the soil was tested.",
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
        cost: nil,
        subjects: [
            "Leaves on {street}", "Broken glass on the bike lane, {street}",
            "Street not swept: {street}", "Litter around {landmark}",
            "Dead animal on {street}", "Litter basket overflowing at {landmark}",
        ],
        openings: [
            "{street} has not been swept for weeks.",
            "There is broken glass all over the bike lane near {landmark}.",
            "The wet leaves on {street} are as slippery as ice.",
            "The litter basket at {street} and {corner} has been full since {weekday}.",
        ],
        details: [
            "The sweeper cannot get through because of parked cars.",
            "It is after every market day the same.",
            "The wind blows it into our front garden.",
        ],
        resolutions: [
            "{street} was swept, and will be swept every second week from now on.",
            "The glass was removed within the hour.",
            "A larger basket was set up.",
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
        subjects: [
            "Graffiti on the wall at {number} {street}", "Graffiti near {landmark}",
            "Bus shelter painted over on {street}", "Insulting graffiti at {street} and {corner}",
            "Signs covered with stickers, {street}",
        ],
        openings: [
            "The wall along {street} has been painted over again.",
            "There are insulting words on the wall near {landmark}.",
            "The bus shelter on {street} is covered with paint and stickers.",
        ],
        details: [
            "It can be seen from the playground.",
            "The owner of the house would like to know who pays for it.",
            "It appeared on the night before {weekday}.",
        ],
        resolutions: [
            "Removed with a high-pressure cleaner; the wall was given a protective coat.",
            "Painted over. The school's art class will design the wall.",
            "The stickers were taken off {count} signs.",
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
        subjects: [
            "Complaint: third missed pickup on {street}",
            "Complaint: trash truck at five in the morning, {street}",
            "Complaint: bins thrown on the road, {street}",
            "Complaint: crew damaged the gate at {number} {street}",
        ],
        openings: [
            "For the third time in {count} weeks our bins were left full.",
            "The truck comes to {street} at five in the morning and wakes everyone.",
            "The crew leaves the bins in the middle of the road.",
        ],
        details: [
            "I have called about it before and was promised an improvement.",
            "Our gate was damaged, and nobody left a note.",
            "I do not blame the crew, but somebody has to plan this better.",
        ],
        resolutions: [
            "The route was changed, so that {street} is served after seven.",
            "The supervisor spoke to the crew and apologized to the resident.",
            "The damage was acknowledged and passed on to the insurance.",
        ],
        notes: ["GPS log of the truck requested.", "Insurance form sent."]
    )
}
