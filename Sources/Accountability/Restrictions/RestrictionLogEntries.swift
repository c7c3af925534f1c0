package import Kernel
import Metadata

/// What the log says of restrictions: all of it, since all of it is public.
extension LogEntry {
    package static let restrictionApplied = "restriction-applied"
    package static let restrictionLifted = "restriction-lifted"
    /// The public part of a statement of reasons.
    package static let decision = "decision"

    package init(applying order: RestrictionOrder) throws {
        self = try LogEntry(
            kind: LogEntry.restrictionApplied,
            content: ["order": LogEntry.content(of: order)]
        )
    }

    package init(lifting lift: RestrictionLift) throws {
        self = try LogEntry(
            kind: LogEntry.restrictionLifted,
            content: ["lift": LogEntry.content(of: lift)]
        )
    }

    static func content(of order: RestrictionOrder) -> CanonicalJSON {
        CanonicalJSON(.object(order.json))
    }

    static func content(of lift: RestrictionLift) -> CanonicalJSON {
        CanonicalJSON(.object(lift.json))
    }

    /// The order that an entry tells of; `nil` where it cannot be read.
    package static func order(of content: CanonicalJSON) -> RestrictionOrder? {
        (try? json(content)).flatMap { try? RestrictionOrder($0) }
    }

    /// The lift that an entry tells of; `nil` where it cannot be read.
    package static func lift(of content: CanonicalJSON) -> RestrictionLift? {
        (try? json(content)).flatMap { try? RestrictionLift($0) }
    }

    /// Numbers stand as text in the log, and are read as such.
    private static func json(_ content: CanonicalJSON) throws -> JSONObject {
        try JSONParser.parse([UInt8](content.bytes())).object ?? JSONObject()
    }
}
