/// Counts as they are published: in bands, so that one more or less is seldom seen.
package enum CountBand {
    /// Below this many orgs or people nothing is told.
    package static let least = 10

    private static let floors = [
        0, 1, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000,
        200_000, 500_000, 1_000_000,
    ]

    /// `10–19`.
    package static func text(_ count: Int) -> String {
        let place = floors.lastIndex { $0 <= max(count, 0) } ?? 0
        let floor = floors[place]
        guard place + 1 < floors.count else { return "\(floor) or more" }
        let top = floors[place + 1] - 1
        return top == floor ? "\(floor)" : "\(floor)–\(top)"
    }
}
