package import Metadata

/// How concerns, reviews, decisions and appeals are handled, as data: clocks, roles, and what is
/// never withheld.
package struct HandlingPolicy: Sendable {
    /// A time within which, or for which, something is done.
    package enum Clock: String, Hashable, Sendable, CaseIterable {
        case acknowledgeConcern = "acknowledge a concern"
        case triage
        case feedback = "feedback to the reporter"
        case orgHeard = "org heard before a decision"
        case decision
        case ordinaryNotice = "notice before ordinary effect"
        case graveNotice = "notice before effect against grave harm"
        case restriction = "length of a restriction"
        case emergency = "length of an emergency"
        case emergencyExtension = "extension of an emergency"
        case appealOpen = "appeal open"
        case appealDecided = "appeal decided"
        case exportOnly = "export before the end"
        case letterAnswered = "open letter answered"
        case reattest = "declaration attested again"
        case reattestHeightened = "declaration attested again, heightened tier"
        case report = "transparency report"
        case comment = "comment on a policy"
        case announcement = "policy announced before it binds"

        /// What no operator can make worse for those whom the clock protects; in hours.
        package enum Bound: Hashable, Sendable {
            case atMost(Int)
            case atLeast(Int)

            package func admits(_ hours: Int) -> Bool {
                switch self {
                case .atMost(let most): hours > 0 && hours <= most
                case .atLeast(let least): hours >= least
                }
            }
        }

        package var bound: Bound {
            switch self {
            case .acknowledgeConcern: .atMost(7 * 24)
            case .triage: .atMost(14 * 24)
            case .feedback: .atMost(91 * 24)
            case .orgHeard: .atLeast(14 * 24)
            case .decision: .atMost(90 * 24)
            case .ordinaryNotice: .atLeast(30 * 24)
            case .graveNotice: .atLeast(7 * 24)
            case .restriction: .atMost(180 * 24)
            case .emergency: .atMost(72)
            case .emergencyExtension: .atMost(14 * 24)
            case .appealOpen: .atLeast(183 * 24)
            case .appealDecided: .atMost(30 * 24)
            case .exportOnly: .atLeast(30 * 24)
            case .letterAnswered: .atMost(30 * 24)
            case .reattest: .atMost(366 * 24)
            case .reattestHeightened: .atMost(183 * 24)
            case .report: .atMost(183 * 24)
            case .comment: .atLeast(PolicyVersion.commentDays * 24)
            case .announcement: .atLeast(PolicyVersion.announcementDays * 24)
            }
        }
    }

    /// What a role may do on a case, and what it may never.
    package struct Role: Sendable {
        package let name: String
        package let may: [String]
        package let never: [String]
    }

    /// In hours.
    package let clocks: [Clock: Int]
    package let roles: [Role]
    package let neverWithheld: Set<PlatformOperation>
    package let source: ShapedMap

    static let shape = Shape(
        title: "a handling policy",
        summary: "`handling.yaml`: clocks, roles, and what is never withheld.",
        keys: [
            .init("clocks", .list(clockShape), required: true, "The times."),
            .init("roles", .list(roleShape), required: true, "Who may do what."),
            .init("neverWithheld", .texts, required: true, "What no measure takes away."),
        ]
    )

    private static let clockShape = Shape(
        title: "a clock",
        summary: "A time within which, or for which, something is done.",
        keys: [
            .init("clock", .choice(Clock.allCases.map(\.rawValue)), required: true, "Of what."),
            .init("days", .integer, "How many days."),
            .init("hours", .integer, "How many hours."),
            .init("onMiss", .text, required: true, "What happens when it is missed."),
        ]
    )

    private static let roleShape = Shape(
        title: "a role",
        summary: "What somebody may do on a case, and what never.",
        keys: [
            .init("role", .text, required: true, "Its name."),
            .init("may", .texts, required: true, "What it may do."),
            .init("never", .texts, required: true, "What it may never do."),
        ]
    )

    init(_ map: ShapedMap, problems: inout [PackageProblem]) {
        var clocks: [Clock: Int] = [:]
        for item in map.list("clocks") {
            guard let clock = item.text("clock").flatMap(Clock.init) else { continue }
            let hours = item.integer("hours") ?? item.integer("days").map { $0 * 24 }
            guard let hours, item.has("hours") != item.has("days") else {
                problems.append(item.problem("a clock has `days` or `hours`, one of them"))
                continue
            }
            if clocks[clock] != nil {
                problems.append(item.problem("`\(clock.rawValue)` stands twice", at: "clock"))
            }
            clocks[clock] = hours
        }
        self.clocks = clocks
        roles = map.list("roles").map { role in
            Role(
                name: role.text("role") ?? "",
                may: role.texts("may"),
                never: role.texts("never")
            )
        }
        neverWithheld = Set(
            map.texts("neverWithheld").compactMap { text in
                PolicyReading.known(
                    text,
                    as: PlatformOperation.self,
                    at: "neverWithheld",
                    map,
                    &problems
                )
            }
        )
        source = map
    }
}
