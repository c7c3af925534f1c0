// What goes wrong in the streets.
extension DemoOrg {
    static let harborviewStreets = [
        pothole, streetLight, trafficSignal, roadSign, snowAndIce, blockedStreetDrain,
        streetComplaint,
    ]

    private static let pothole = DemoMatter(
        departments: ["Streets"],
        serviceType: "Pothole",
        weight: 150,
        months: DemoMatter.thaw,
        type: "Structural",
        reason: "Performance",
        days: 8,
        quarterHours: 4...24,
        cost: 80...1_400,
        subjects: [
            "Pothole on {street}", "Deep pothole at {street} and {corner}",
            "Pothole near {landmark}", "Road surface broken up in front of {number} {street}",
            "Large hole in the bike lane on {street}", "Pothole outside {number} {street}",
            "Sunken patch on {street}, {area}",
        ],
        openings: [
            "There is a pothole on {street} at the corner of {corner}.",
            "The road in front of {number} {street} has a hole about {count} inches deep.",
            "A pothole near {landmark} is getting bigger every day.",
            "The patch that was put on {street} last year has broken up.",
        ],
        details: [
            "Cars swerve into the other lane to avoid it.",
            "I bent a wheel rim there on {weekday}.",
            "A cyclist fell there and was lucky not to be hurt.",
            "When it rains it fills with water and nobody can see it.",
            "It is in the right-hand lane, just after the crossing.",
        ],
        resolutions: [
            "The hole was cut out and filled with hot asphalt. The stretch will be resurfaced next "
                + "summer.",
            "Filled with cold mix for the winter; the permanent repair is on the spring list.",
            "The crew repaired {count} holes along {street} on the same day.",
        ],
        notes: [
            "Measured {count} inches, needs hot mix.",
            "Utility cut from last autumn; bill the gas company.",
            "Cones put up until the patch crew comes.",
        ]
    )

    private static let streetLight = DemoMatter(
        departments: ["Streets"],
        serviceType: "Street light",
        weight: 130,
        months: DemoMatter.darkMonths,
        stormFactor: 2,
        type: "Electrical",
        reason: "Breakdown",
        days: 11,
        quarterHours: 2...14,
        cost: 60...900,
        subjects: [
            "Street light out on {street}", "Street light flickering at {number} {street}",
            "Lamp stays on all day near {landmark}", "Whole row of street lights dark on {street}",
            "Street light out at {landmark}", "Lamp post leaning at {street} and {corner}",
            "No light on the path between {street} and {corner}",
        ],
        openings: [
            "The street light in front of {number} {street} has been out since {weekday}.",
            "{count} lights in a row on {street} do not come on any more.",
            "The lamp at the corner of {street} and {corner} flickers all night.",
            "The light near {landmark} burns day and night.",
        ],
        details: [
            "The footpath is pitch dark now.",
            "The number on the post is worn off, but it is the one by the mailbox.",
            "The cover hangs open and one can see the wires.",
            "It came on again for one night and then failed.",
        ],
        resolutions: [
            "The lamp was replaced by an LED. All lights along {street} were tested the same evening.",
            "A fuse in the cabinet had blown; the row is lit again.",
            "The post was straightened and the cover closed.",
            "The sensor was replaced, and the light now goes out in the morning.",
        ],
        notes: [
            "Cabinet serves {count} posts, check the fuse first.",
            "LED heads are back in stock on {weekday}.",
            "Bucket truck needed; no parking signs for {street}.",
        ]
    )

    private static let trafficSignal = DemoMatter(
        departments: ["Streets"],
        serviceType: "Traffic signal",
        weight: 48,
        stormFactor: 3,
        urgency: .high,
        type: "Electronic",
        reason: "Breakdown",
        days: 3,
        quarterHours: 2...18,
        cost: 90...2_600,
        subjects: [
            "Traffic signal stuck on red at {street} and {corner}",
            "Pedestrian signal does not work at {street} and {corner}",
            "Signal dark at {street} and {corner}", "Green phase too short near {landmark}",
            "Push button broken at the crossing on {street}",
        ],
        openings: [
            "The signal at {street} and {corner} stays red in one direction.",
            "The pedestrian signal on {street} never turns green, however long one waits.",
            "All lamps of the signal at {street} and {corner} are dark.",
        ],
        details: [
            "Drivers have started to go through on red.",
            "Older people do not make it across in time.",
            "A police officer directed the traffic there this morning.",
            "The beeping for blind people has stopped as well.",
        ],
        resolutions: [
            "The controller was restarted and its battery replaced.",
            "The push button was replaced, and the waiting time is now 40 seconds at most.",
            "The detector loop was cut by road works; it was laid anew.",
        ],
        notes: ["Controller log shows {count} restarts.", "Contractor on call, ticket opened."]
    )

    private static let roadSign = DemoMatter(
        departments: ["Streets"],
        serviceType: "Road sign",
        weight: 42,
        stormFactor: 2,
        urgency: .low,
        type: "Structural",
        days: 14,
        quarterHours: 1...8,
        cost: 35...320,
        subjects: [
            "Stop sign missing at {street} and {corner}", "Street name sign bent on {street}",
            "Sign hidden behind a tree on {street}",
            "No-parking sign turned around at {number} {street}",
            "Speed limit sign gone near {landmark}", "Faded crosswalk markings on {street}",
        ],
        openings: [
            "The sign at {street} and {corner} is gone; only the post is left.",
            "A truck has bent the sign in front of {number} {street}.",
            "Nobody can read the sign near {landmark} any more.",
        ],
        details: [
            "Visitors drive past and turn around in our driveway.",
            "It lies in the grass beside the road.",
            "Branches have grown in front of it.",
        ],
        resolutions: [
            "A new sign was put up.", "The sign was straightened and fixed with a second bolt.",
            "The branches were cut back, so that the sign can be seen again.",
            "The markings were painted anew.",
        ]
    )

    private static let snowAndIce = DemoMatter(
        departments: ["Streets"],
        serviceType: "Snow and ice",
        weight: 95,
        months: DemoMatter.winter,
        stormFactor: 8,
        urgency: .high,
        reason: "Other",
        days: 2,
        quarterHours: 1...10,
        cost: 40...600,
        subjects: [
            "{street} not plowed", "Ice on the sidewalk at {number} {street}",
            "Snow piled up across the driveway at {number} {street}",
            "Bus stop at {landmark} not cleared",
            "No grit on the hill, {street}", "Crosswalk blocked by snow at {street} and {corner}",
        ],
        openings: [
            "{street} has not been plowed since the snow began on {weekday}.",
            "The sidewalk in front of {number} {street} is a sheet of ice.",
            "The plow has pushed all the snow across our driveway.",
            "The ramp at {street} and {corner} is buried under snow.",
        ],
        details: [
            "The school bus could not get up the hill.",
            "Two people have fallen there today.",
            "The mail carrier has given up.",
            "All the streets around us have been done.",
        ],
        resolutions: [
            "{street} was plowed and gritted on the same day.",
            "The crosswalk and the bus stop were cleared by hand.",
            "The owner of the property was reminded to clear the sidewalk and has done so.",
        ],
        notes: ["Route 4 is {count} hours behind.", "Second pass ordered for tonight."]
    )

    private static let blockedStreetDrain = DemoMatter(
        departments: ["Streets", "Water"],
        serviceType: "Blocked drain",
        weight: 46,
        months: DemoMatter.autumn,
        stormFactor: 6,
        urgency: .medium,
        type: "Mechanical",
        reason: "Performance",
        days: 5,
        quarterHours: 2...12,
        cost: 60...750,
        subjects: [
            "Blocked drain on {street}", "Street flooded at {street} and {corner}",
            "Storm drain full of leaves near {landmark}",
            "Drain cover missing at {number} {street}",
            "Smell from the drain on {street}",
        ],
        openings: [
            "The drain in front of {number} {street} is blocked, and the water stands on the road.",
            "After every shower there is a lake at {street} and {corner}.",
            "The storm drain near {landmark} is full of leaves and bottles.",
        ],
        details: [
            "Pedestrians are splashed by passing cars.",
            "The water is already at the doorstep of the corner house.",
            "The cover rattles whenever a car drives over it.",
        ],
        resolutions: [
            "The drain was cleaned by suction truck, and the pipe was flushed.",
            "Leaves were removed from {count} drains along {street}.",
            "The broken cover was replaced.",
        ],
        notes: ["Camera shows roots in the pipe.", "Suction truck booked for {weekday}."]
    )

    private static let streetComplaint = DemoMatter(
        departments: ["Streets"],
        serviceType: "Pothole",
        recordType: "Complaint",
        weight: 18,
        urgency: .medium,
        reason: "Feedback",
        days: 10,
        quarterHours: 2...10,
        subjects: [
            "Complaint: road works on {street} never end",
            "Complaint: {street} was repaired badly",
            "Complaint: nobody answered my report about {street}",
            "Complaint: road works blocked {number} {street} without notice",
        ],
        openings: [
            "I reported the state of {street} {count} times and never had an answer.",
            "The road works on {street} were to last two weeks. That was {count} weeks ago.",
            "Your crew blocked the entrance of {number} {street} without any notice.",
        ],
        details: [
            "I expect somebody to explain this to me.",
            "Customers of our shop could not get in for a whole day.",
            "The repair lasted {days} days, then the hole was back.",
        ],
        resolutions: [
            "We apologized and explained what had gone wrong; the repair was done again at the "
                + "contractor's cost.",
            "The supervisor met the resident, and the works were finished within the week.",
            "The resident will be told a week ahead of any further works.",
        ],
        notes: ["Supervisor has called the resident.", "Contractor asked for a statement."]
    )
}
