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
        days: 9,
        quarterHours: 4...24,
        cost: 80...1_400,
        stories: [
            DemoStory(
                subjects: [
                    "Pothole on {street}",
                    "Deep pothole at {street} and {corner}",
                    "Pothole outside {number} {street}",
                    "Pothole near {landmark}",
                ],
                openings: [
                    "There is a pothole on {street} at the corner of {corner}.",
                    "The road in front of {number} {street} has a hole about {count} inches deep.",
                    "A pothole on {street} is getting bigger every day.",
                ],
                details: [
                    "Cars swerve into the other lane to avoid it.",
                    "I bent a wheel rim there on {weekday}.",
                    "When it rains it fills with water and nobody can see it.",
                ],
                resolutions: [
                    "The hole was cut out and filled with hot asphalt. The stretch will be "
                        + "resurfaced next summer.",
                    "Filled with cold mix for now; the permanent repair is on the list for "
                        + "spring.",
                    "The crew repaired {count} holes along {street} on the same day.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Large hole in the bike lane on {street}",
                    "Bike lane broken up near {landmark}",
                ],
                openings: [
                    "The surface of the bike lane on {street} has broken up near {landmark}.",
                    "There is a hole in the bike lane, just past {number} {street}.",
                ],
                details: [
                    "A cyclist fell there and was lucky not to be hurt.",
                    "Cyclists swerve onto the road.",
                ],
                resolutions: [
                    "The bike lane was repaired over a length of {count} yards.",
                    "The hole was filled, and the lane was swept.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Sunken patch on {street}, {area}",
                    "Old repair on {street} has broken up",
                    "Road surface broken up in front of {number} {street}",
                ],
                openings: [
                    "The patch that was put on {street} last year has broken up.",
                    "The road in front of {number} {street} has sunk where the gas pipe was laid.",
                ],
                details: [
                    "Trucks make a noise like thunder when they drive over it.",
                    "Loose stones fly against the windows.",
                ],
                resolutions: [
                    "The patch was taken out and laid anew by the contractor, under warranty.",
                    "The sunken stretch was leveled and sealed.",
                ]
            ),
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
        days: 12,
        quarterHours: 2...14,
        cost: 60...900,
        stories: [
            DemoStory(
                subjects: [
                    "Street light out on {street}",
                    "Street light out at {landmark}",
                    "Lamp dark in front of {number} {street}",
                ],
                openings: [
                    "The street light in front of {number} {street} has been out since {weekday}.",
                    "The light at {landmark} does not come on any more.",
                ],
                details: [
                    "The number on the post is worn off, but it is the one by the mailbox.",
                    "It came on again for one night and then failed.",
                    "The footpath is pitch dark now.",
                ],
                resolutions: [
                    "The lamp was replaced by an LED. All lights along {street} were "
                        + "tested the same evening.",
                    "A cable in the post was corroded; it was replaced.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Whole row of street lights dark on {street}",
                    "{street} dark from {corner} on",
                    "No light on the path between {street} and {corner}",
                ],
                openings: [
                    "{count} lights in a row on {street} do not come on any more.",
                    "From the corner of {corner} on, all lights on {street} are dark.",
                ],
                details: [
                    "People use their phones to see where they walk.",
                    "It began during the road works last week.",
                ],
                resolutions: [
                    "A fuse in the cabinet had blown; the row is lit again.",
                    "A cable was cut by road works. It was repaired, and all the lamps are on.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Street light flickering at {number} {street}",
                    "Lamp flickers at {street} and {corner}",
                ],
                openings: [
                    "The lamp at the corner of {street} and {corner} flickers all night.",
                    "The light in front of our bedroom at {number} {street} goes on and "
                        + "off every few seconds.",
                ],
                details: ["Nobody on this side of the house can sleep."],
                resolutions: [
                    "The ballast was replaced, and the light is steady.",
                    "The lamp was replaced by an LED.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Lamp stays on all day near {landmark}",
                    "Street lights on {street} burn in daylight",
                ],
                openings: [
                    "The light near {landmark} burns day and night.",
                    "All the lights on {street} are on in bright sunshine.",
                ],
                resolutions: [
                    "The sensor was replaced, and the lights now go out in the morning.",
                    "The timer had lost its setting; it was set again.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Lamp post leaning at {street} and {corner}",
                    "Lamp post damaged by a truck, {number} {street}",
                ],
                openings: [
                    "The lamp post at {street} and {corner} leans towards the road.",
                    "A truck has hit the lamp post in front of {number} {street}.",
                ],
                details: ["The cover hangs open and one can see the wires."],
                resolutions: [
                    "The post was straightened and its cover closed.",
                    "A new post was set; the damage is charged to the driver's insurance.",
                ]
            ),
        ],
        notes: [
            "Cabinet serves {count} posts, check the fuse first.",
            "LED heads are back in stock on {weekday}.",
            "Bucket truck needed; no-parking signs for {street}.",
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
        stories: [
            DemoStory(
                subjects: [
                    "Traffic signal stuck on red at {street} and {corner}",
                    "Signal at {street} and {corner} does not change",
                ],
                openings: [
                    "The signal at {street} and {corner} stays red in one direction.",
                    "One waits {count} minutes for green on {street}, and then only three "
                        + "cars get through.",
                ],
                details: [
                    "Drivers have started to go through on red.",
                    "Traffic backs up as far as {landmark}.",
                ],
                resolutions: [
                    "The controller was restarted and its battery replaced.",
                    "The detector loop had been cut by road works; it was laid anew.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Signal dark at {street} and {corner}",
                    "Traffic signal out near {landmark}",
                ],
                openings: [
                    "All lamps of the signal at {street} and {corner} are dark.",
                    "The signal near {landmark} has had no power since {weekday}.",
                ],
                details: [
                    "A police officer directed the traffic there this morning.",
                    "There was nearly a collision while I was waiting.",
                ],
                resolutions: [
                    "Power was restored, and all phases were tested.",
                    "A blown fuse was replaced.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Pedestrian signal does not work at {street} and {corner}",
                    "Push button broken at the crossing on {street}",
                    "Green phase too short near {landmark}",
                ],
                openings: [
                    "The pedestrian signal on {street} never turns green, however long one waits.",
                    "The button at the crossing of {street} and {corner} has been torn off.",
                    "The green phase for pedestrians near {landmark} is too short.",
                ],
                details: [
                    "Older people do not make it across in time.",
                    "The beeping for blind people has stopped as well.",
                ],
                resolutions: [
                    "The push button was replaced, and one waits 40 seconds at most.",
                    "The green phase was made {count} seconds longer.",
                ]
            ),
        ],
        notes: ["Controller log shows {count} restarts.", "Contractor on call has been told."]
    )

    private static let roadSign = DemoMatter(
        departments: ["Streets"],
        serviceType: "Road sign",
        weight: 42,
        stormFactor: 2,
        urgency: .low,
        type: "Structural",
        days: 15,
        quarterHours: 1...8,
        cost: 35...320,
        stories: [
            DemoStory(
                subjects: [
                    "Stop sign missing at {street} and {corner}",
                    "Speed limit sign gone near {landmark}",
                ],
                openings: [
                    "The sign at {street} and {corner} is gone; only the post is left.",
                    "The sign near {landmark} lies in the grass beside the road.",
                ],
                details: [
                    "Cars come around the corner without slowing down.",
                    "It was still there on {weekday}.",
                ],
                resolutions: [
                    "A new sign was put up.",
                    "The sign was found and put up again, with bolts that cannot be undone "
                        + "by hand.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Street name sign bent on {street}",
                    "No-parking sign turned around at {number} {street}",
                ],
                openings: [
                    "A truck has bent the sign in front of {number} {street}.",
                    "The sign in front of {number} {street} points the wrong way.",
                ],
                details: ["Visitors drive past and turn around in our driveway."],
                resolutions: ["The sign was straightened and fixed with a second bolt."]
            ),
            DemoStory(
                subjects: ["Sign hidden behind a tree on {street}"],
                openings: [
                    "Nobody can see the sign at {street} and {corner}: branches have grown "
                        + "in front of it."
                ],
                resolutions: ["The branches were cut back, so that the sign can be seen again."]
            ),
            DemoStory(
                subjects: [
                    "Faded crosswalk markings on {street}",
                    "Crosswalk near {landmark} can hardly be seen",
                ],
                openings: [
                    "The crosswalk on {street} near {landmark} can hardly be seen any more."
                ],
                details: ["Drivers do not stop, because they do not know that it is there."],
                resolutions: ["The markings were painted anew."]
            ),
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
        stories: [
            DemoStory(
                subjects: [
                    "{street} not plowed",
                    "Side street forgotten by the plow: {street}",
                    "No grit on the hill, {street}",
                ],
                openings: [
                    "{street} has not been plowed since the snow began on {weekday}.",
                    "There is no grit on the hill between {street} and {corner}.",
                ],
                details: [
                    "The school bus could not get up the hill.",
                    "All the streets around us have been done.",
                    "The mail carrier has given up.",
                ],
                resolutions: [
                    "{street} was plowed and gritted on the same day.",
                    "The street was added to the second round.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Ice on the sidewalk at {number} {street}",
                    "Sidewalk on {street} is a sheet of ice",
                ],
                openings: ["The sidewalk in front of {number} {street} is a sheet of ice."],
                details: ["Two people have fallen there today."],
                resolutions: [
                    "The owner of the property was reminded to clear the sidewalk and has "
                        + "done so.",
                    "The sidewalk was gritted by the city, at the owner's cost.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Snow piled up across the driveway at {number} {street}",
                    "Driveway blocked by snow, {street}",
                ],
                openings: [
                    "The plow has pushed all the snow across our driveway at {number} {street}."
                ],
                details: ["I could not get to work."],
                resolutions: ["The driveway was cleared by hand, and the driver was told."]
            ),
            DemoStory(
                subjects: [
                    "Crosswalk blocked by snow at {street} and {corner}",
                    "Bus stop at {landmark} not cleared",
                ],
                openings: [
                    "The ramp at {street} and {corner} is buried under snow.",
                    "The bus stop at {landmark} has not been cleared.",
                ],
                details: ["People have to wait on the road."],
                resolutions: ["The crosswalk and the bus stop were cleared by hand."]
            ),
        ],
        notes: ["Route 4 is {count} hours behind.", "Second pass ordered for tonight."]
    )

    private static let blockedStreetDrain = DemoMatter(
        departments: ["Streets", "Water"],
        serviceType: "Blocked drain",
        weight: 46,
        months: DemoMatter.autumn,
        stormFactor: 6,
        type: "Mechanical",
        reason: "Performance",
        days: 5,
        quarterHours: 2...12,
        cost: 60...750,
        stories: [
            DemoStory(
                subjects: [
                    "Blocked drain on {street}",
                    "Street flooded at {street} and {corner}",
                    "Storm drain full of leaves near {landmark}",
                ],
                openings: [
                    "The drain in front of {number} {street} is blocked, and the water "
                        + "stands on the road.",
                    "After every shower there is a lake at {street} and {corner}.",
                    "The storm drain near {landmark} is full of leaves and bottles.",
                ],
                details: [
                    "Pedestrians are splashed by passing cars.",
                    "The water is already at the doorstep of the corner house.",
                ],
                resolutions: [
                    "The drain was cleaned by suction truck, and the pipe was flushed.",
                    "Leaves were removed from {count} drains along {street}.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Drain cover missing at {number} {street}",
                    "Loose drain cover on {street}",
                ],
                openings: [
                    "The cover of the drain in front of {number} {street} is missing.",
                    "The drain cover on {street} rattles whenever a car drives over it.",
                ],
                details: ["A child could fall in."],
                resolutions: [
                    "The cover was replaced.",
                    "The frame was set in mortar, and the cover no longer moves.",
                ]
            ),
            DemoStory(
                subjects: ["Smell from the drain on {street}"],
                openings: ["A foul smell comes from the drain in front of {number} {street}."],
                resolutions: ["The trap was dry; it was filled, and the pipe was flushed."]
            ),
        ],
        notes: ["Camera shows roots in the pipe.", "Suction truck booked for {weekday}."]
    )

    private static let streetComplaint = DemoMatter(
        departments: ["Streets"],
        serviceType: "Pothole",
        recordType: "Complaint",
        weight: 18,
        reason: "Feedback",
        days: 10,
        quarterHours: 2...10,
        stories: [
            DemoStory(
                subjects: [
                    "Complaint: road works on {street} never end",
                    "Complaint: road works blocked {number} {street} without notice",
                ],
                openings: [
                    "The road works on {street} were to last two weeks. That was {count} "
                        + "weeks ago.",
                    "Your crew blocked the entrance of {number} {street} without any notice.",
                ],
                details: [
                    "Customers of our shop could not get in for a whole day.",
                    "I expect somebody to explain this to me.",
                ],
                resolutions: [
                    "The supervisor met the resident, and the works were finished within "
                        + "the week.",
                    "The resident will be told a week ahead of any further works.",
                ]
            ),
            DemoStory(
                subjects: [
                    "Complaint: {street} was repaired badly",
                    "Complaint: nobody answered my report about {street}",
                ],
                openings: [
                    "I reported the state of {street} {count} times and never had an answer.",
                    "The repair on {street} lasted {days} days, then the hole was back.",
                ],
                details: ["I expect somebody to explain this to me."],
                resolutions: [
                    "We apologized and explained what had gone wrong; the repair was done "
                        + "again at the contractor's cost."
                ]
            ),
        ],
        notes: ["Supervisor has called the resident.", "Contractor asked for a statement."]
    )
}
