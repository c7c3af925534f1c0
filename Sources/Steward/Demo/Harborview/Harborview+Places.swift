// A city by the sea that is on no map: only its coordinates are of this world.
extension DemoOrg {
    static let harborviewNeighborhoods = [
        DemoNeighborhood(
            name: "Old Harbor",
            weight: 14,
            latitude: 43_962_100,
            longitude: -69_331_400,
            postalCode: "00011",
            streets: [
                "Anchor Street", "Customs Lane", "Fishmarket Street", "Harbor Row",
                "Lighthouse Avenue", "Mast Alley", "Pier Street", "Sailmaker Street",
            ],
            landmarks: [
                "Harbor Square", "the ferry landing", "the Customs House", "Fishmarket Hall",
            ]
        ),
        DemoNeighborhood(
            name: "Copper Hill",
            weight: 11,
            latitude: 43_974_500,
            longitude: -69_348_200,
            postalCode: "00012",
            streets: [
                "Assayer Street", "Beacon Terrace", "Copper Hill Road", "Furnace Lane",
                "Miner Street", "Overlook Drive", "Summit Street",
            ],
            landmarks: [
                "Copper Hill Elementary School", "the water tower", "Overlook Park",
            ]
        ),
        DemoNeighborhood(
            name: "Millbrook",
            weight: 12,
            latitude: 43_951_800,
            longitude: -69_352_900,
            postalCode: "00013",
            streets: [
                "Bridge Street", "Brookside Avenue", "Gristmill Lane", "Millrace Street",
                "Miller Street", "Old Weir Road", "Willow Street",
            ],
            landmarks: [
                "Millbrook Middle School", "the Bridge Street bus stop", "Millbrook Library",
            ]
        ),
        DemoNeighborhood(
            name: "Lantern Point",
            weight: 6,
            latitude: 43_955_300,
            longitude: -69_312_700,
            postalCode: "00014",
            streets: [
                "Breakwater Street", "Keeper Lane", "Lantern Street", "Lookout Road",
                "Seawall Avenue", "Spindrift Lane",
            ],
            landmarks: [
                "Lantern Point Park", "the breakwater", "the sailing club",
            ]
        ),
        DemoNeighborhood(
            name: "Fern Hollow",
            weight: 8,
            latitude: 43_941_700,
            longitude: -69_366_300,
            postalCode: "00015",
            streets: [
                "Bracken Road", "Fern Hollow Road", "Hemlock Street", "Larch Lane",
                "Moss Street", "Ravine Drive",
            ],
            landmarks: [
                "Fern Hollow School", "the footbridge", "Ravine Park",
            ]
        ),
        DemoNeighborhood(
            name: "Quarry Flats",
            weight: 9,
            latitude: 43_934_200,
            longitude: -69_343_800,
            postalCode: "00016",
            streets: [
                "Blasting Road", "Chisel Street", "Granite Avenue", "Limestone Street",
                "Quarry Road", "Slate Street", "Stonecutter Lane",
            ],
            landmarks: [
                "the recycling center", "Granite Field", "the Quarry Flats market",
            ]
        ),
        DemoNeighborhood(
            name: "Saltmarsh",
            weight: 7,
            latitude: 43_945_900,
            longitude: -69_321_500,
            postalCode: "00017",
            streets: [
                "Causeway Street", "Cordgrass Lane", "Egret Street", "Heron Road",
                "Marsh View Drive", "Tidewater Street",
            ],
            landmarks: [
                "the tide gate", "Heron Boardwalk", "Saltmarsh Community Center",
            ]
        ),
        DemoNeighborhood(
            name: "Ropewalk",
            weight: 10,
            latitude: 43_967_700,
            longitude: -69_340_600,
            postalCode: "00018",
            streets: [
                "Cordage Street", "Hemp Lane", "Ropewalk Street", "Spinner Street",
                "Tarring Lane", "Twine Street", "Yarn Street",
            ],
            landmarks: [
                "the Ropewalk Arcade", "Cordage Hall", "Spinner Street School",
            ]
        ),
        DemoNeighborhood(
            name: "Bellwether",
            weight: 9,
            latitude: 43_983_200,
            longitude: -69_333_900,
            postalCode: "00019",
            streets: [
                "Bellwether Avenue", "Clover Street", "Drover Lane", "Fold Street",
                "Meadow Road", "Pasture Street", "Shepherd Street",
            ],
            landmarks: [
                "Bellwether High School", "the fire station", "Meadow Playground",
            ]
        ),
        DemoNeighborhood(
            name: "North Jetty",
            weight: 6,
            latitude: 43_989_400,
            longitude: -69_318_100,
            postalCode: "00020",
            streets: [
                "Capstan Street", "Dredger Lane", "Jetty Road", "North Quay", "Pilot Street",
                "Tugboat Lane",
            ],
            landmarks: [
                "the container gate", "North Jetty Station", "the boat ramp",
            ]
        ),
        DemoNeighborhood(
            name: "Orchard Heights",
            weight: 8,
            latitude: 43_978_900,
            longitude: -69_364_700,
            postalCode: "00021",
            streets: [
                "Blossom Street", "Cider Lane", "Grafton Road", "Orchard Avenue",
                "Pearmain Street", "Pippin Street", "Russet Lane",
            ],
            landmarks: [
                "Orchard Heights Elementary School", "the reservoir", "Blossom Park",
            ]
        ),
        DemoNeighborhood(
            name: "Cedar Bend",
            weight: 8,
            latitude: 43_928_600,
            longitude: -69_357_100,
            postalCode: "00022",
            streets: [
                "Cedar Bend Road", "Elm Street", "Juniper Street", "Maple Street", "Oak Street",
                "River Walk", "Sycamore Street",
            ],
            landmarks: [
                "Cedar Bend School", "the boathouse", "River Walk Playground",
            ]
        ),
        DemoNeighborhood(
            name: "Foundry Row",
            weight: 9,
            latitude: 43_958_900,
            longitude: -69_344_100,
            postalCode: "00023",
            streets: [
                "Anvil Street", "Bellows Lane", "Casting Street", "Crucible Avenue",
                "Foundry Row", "Hammer Street", "Ironworks Road",
            ],
            landmarks: [
                "the tram depot", "Foundry Market", "the job center",
            ]
        ),
        DemoNeighborhood(
            name: "Windmill Green",
            weight: 5,
            latitude: 43_921_900,
            longitude: -69_332_200,
            postalCode: "00024",
            streets: [
                "Fantail Lane", "Green Street", "Miller's Walk", "Sail Street", "Tailpole Road",
                "Windmill Road",
            ],
            landmarks: [
                "Windmill Green", "the allotment gardens", "the cricket ground",
            ]
        ),
    ]
}
