package import Metadata

/// What an org says a product serves, in the versions that the log has.
package struct PublicDeclaration: Hashable, Sendable {
    /// How much of a declaration everybody may read.
    package enum Publicity: String, Hashable, Sendable, CaseIterable {
        case open = "Public"
        case categoryOnly = "Category only"
        case sealed = "Sealed"
    }

    package let org: String
    /// `UD-0001`, one of a kind within the org.
    package let id: String
    /// The oldest first; there is always one.
    package private(set) var versions: [PublicFacts]
    package private(set) var withdrawn: PublicFacts?

    init(org: String, _ first: PublicFacts) {
        self.org = org
        id = first.id
        versions = [first]
    }

    mutating func declare(_ facts: PublicFacts) {
        versions.append(facts)
        withdrawn = nil
    }

    mutating func withdraw(_ facts: PublicFacts) { withdrawn = facts }

    package var current: PublicFacts { versions[versions.count - 1] }

    package var publicity: Publicity {
        Publicity(rawValue: current.text("Publicity") ?? "") ?? .sealed
    }

    package var product: String? { current.text("Product") }
    package var category: String? { current.text("Category") }
    package var saysPublicBody: Bool { versions.contains { $0.flag("PublicBody") } }

    /// When it must be attested again: what it says, or a year after it was, whichever is sooner.
    package var reattestDue: Instant { PublicDeclaration.reattestDue(of: current) }

    static func reattestDue(of version: PublicFacts) -> Instant {
        let latest = LogCalendar.adding(
            months: Clock.Limits.reattestMonths,
            to: LogCalendar.end(of: LogCalendar.day(of: version.at))
        )
        return version.dueEnd("ReattestDue").map { min($0, latest) } ?? latest
    }
}
