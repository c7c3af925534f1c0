import Kernel
import Metadata

/// When each org's present definitions were first seen, for `Last-Modified` and its conditions.
final class SchemaTimes: Sendable {
    private struct Seen {
        let version: Int
        let at: Instant
    }

    private let seen = Locked<[OrgID: Seen]>([:])

    /// The moment since which the org's definitions have been these; never before they changed.
    func moment(of version: Int, of org: OrgID, now: Instant) -> Instant {
        seen.withLock { seen in
            if let known = seen[org], known.version == version { return known.at }
            // HTTP knows whole seconds: two versions may not share one.
            let next = seen[org].map { $0.at.adding(seconds: 1) } ?? now
            let moment = max(next, now)
            seen[org] = Seen(version: version, at: moment)
            return moment
        }
    }
}
