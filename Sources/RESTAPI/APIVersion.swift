/// A version of the platform's API, as a path names it: `v62.0`.
///
/// Every version in `served` is answered alike, and echoed in every URL of an answer; the
/// few things that differ between versions are asked of this type.
package struct APIVersion: Hashable, Sendable, Comparable {
    /// 62 for `v62.0`.
    package let major: Int

    /// - Returns: `nil` for a version that is not served.
    package init?(major: Int) {
        guard Self.served.contains(major) else { return nil }
        self.major = major
    }

    /// Reads `v62.0`, or `62.0`, with the letter in any case.
    ///
    /// - Returns: `nil` for anything else, and for a version that is not served.
    package init?(_ text: String) {
        let number = text.first == "v" || text.first == "V" ? text.dropFirst() : text[...]
        guard number.hasSuffix(".0"), number.utf8.count == 4, let major = Int(number.dropLast(2))
        else { return nil }
        self.init(major: major)
    }

    private init(known major: Int) {
        self.major = major
    }

    package static let served = 20...67
    /// What is spoken where a request names no version.
    package static let newest = APIVersion(known: 67)

    /// `62.0`.
    package var text: String { "\(major).0" }

    /// `/services/data/v62.0`, with which every URL of an answer begins.
    package var path: String { "/services/data/v\(major).0" }

    /// The season after which the version is called: three in a year, `Spring '24` for 60.
    package var label: String {
        // 57.0 was Spring '23, and there are three versions to a year.
        let seasons = ["Spring", "Summer", "Winter"]
        let steps = major - 57 + 300
        let season = steps % 3
        // Winter is named for the year that it leads into.
        let year = 23 - 100 + steps / 3 + (season == 2 ? 1 : 0)
        let digits = year < 10 ? "0\(year)" : "\(year)"
        return "\(seasons[season]) '\(digits)"
    }

    package static func < (left: Self, right: Self) -> Bool { left.major < right.major }
}

extension APIVersion {
    /// From here on a search answers with an object rather than a bare array.
    package var wrapsSearchRecords: Bool { major >= 37 }

    /// From here on an upsert that changed a record says so with a body.
    package var answersUpdatesByUpsert: Bool { major >= 46 }
}
