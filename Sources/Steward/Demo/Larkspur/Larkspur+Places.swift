// A housing estate that is on no map.
extension DemoOrg {
    static let larkspurNeighborhoods = [
        DemoNeighborhood(
            name: "Larkspur Court",
            weight: 5,
            latitude: 39_742_100,
            longitude: -105_021_300,
            postalCode: "00061",
            streets: [
                "Columbine Way", "Larkspur Court", "Lupine Walk", "Penstemon Lane",
            ],
            landmarks: [
                "the laundry house", "the east courtyard", "building C",
            ]
        ),
        DemoNeighborhood(
            name: "Sagebrush Terrace",
            weight: 4,
            latitude: 39_748_800,
            longitude: -105_030_900,
            postalCode: "00062",
            streets: [
                "Aster Place", "Sagebrush Terrace", "Yarrow Lane",
            ],
            landmarks: [
                "the parking deck", "the west stairwell", "building F",
            ]
        ),
        DemoNeighborhood(
            name: "Juniper House",
            weight: 3,
            latitude: 39_737_500,
            longitude: -105_012_600,
            postalCode: "00063",
            streets: [
                "Juniper Lane", "Pinyon Street", "Mesa Walk",
            ],
            landmarks: [
                "the community room", "the lift lobby", "the roof terrace",
            ]
        ),
    ]
}
