import Metadata

/// Values that are likely to bring out a difference: case variants, signs, edges of days and years.
enum RandomValues {
    static let texts = [
        "alpha", "Alpha", "ALPHA", "alphabet", "beta", "Beta ", "gamma", "straße", "STRASSE",
        "Straße",
        "strasse", "é", "É", "e\u{301}", "E\u{301}", "istanbul", "İstanbul", "ISTANBUL", "ﬁsh",
        "fish",
        "FISH", "ŉ", "ǆ", "ǅ", "Ǆ", "ς", "σ", "Σ", "a_b", "a%b", "a\\b", "a'b", "axb", "日本", "日本語",
        "🔥", "🔥🔥", "zebra", "Zebra", "~", "_", "%", "\\", "0", "10", "9", "-", "[", "{", "`", "@",
    ]

    /// Days around this many, the ends of months and years, a leap day, and the first and last days.
    static func days(around today: Int) -> [Int] {
        let near = [
            -800, -366, -365, -100, -91, -90, -32, -31, -30, -8, -7, -6, -2, -1, 0, 1, 2, 6, 7,
        ]
        let far = [30, 31, 89, 90, 91, 100, 365, 366, 800]
        let edges = [
            "2023-12-31", "2024-01-01", "2024-02-29", "2024-03-31", "2024-04-01", "2025-06-30",
            "2025-07-01", "2025-12-31", "2026-01-01", "2026-02-28", "2026-03-01", "1969-12-31",
            "1970-01-01", "0001-01-01", "9999-12-31",
        ].compactMap { CivilText.daysSinceEpoch($0) }
        return (near + far).map { today + $0 } + edges
    }

    /// Moments near midnight in several zones on such days.
    static func moment(_ choice: inout RandomChoice, around today: Int) -> Instant {
        let day = choice.one(of: days(around: today))
        let hours = [0, 0, 1, 2, 3, 5, 10, 11, 13, 14, 18, 19, 22, 23]
        let offset = choice.one(of: hours) * 3_600_000
        let edge = choice.one(of: [0, 0, -1, 1, 1_799_999, 1_800_000, 3_599_999, 123_456])
        let moment = Int64(day) * CivilDate.millisecondsPerDay + Int64(offset + edge)
        return Instant(
            milliseconds: min(
                max(moment, CivilDate.milliseconds.lowerBound),
                CivilDate.milliseconds.upperBound
            )
        )
    }

    static let coordinates: [Double] = [-90, -33.5, 0, 0.25, 37.775, 37.776, 52.52, 90]
}
