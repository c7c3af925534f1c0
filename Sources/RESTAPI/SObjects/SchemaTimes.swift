import Kernel
import Metadata

/// When each org's present definitions and rights were first seen, for `Last-Modified` and its conditions.
final class SchemaTimes: Sendable {
    private struct Seen {
        let snapshot: Int
        let at: Instant
    }

    private let seen = Locked<[OrgID: Seen]>([:])

    /// The moment since which the org's snapshot has been this one; never before it changed.
    func moment(of snapshot: OrgSnapshot, now: Instant) -> Instant {
        seen.withLock { seen in
            let org = snapshot.org
            if let known = seen[org], known.snapshot == snapshot.number { return known.at }
            // HTTP knows whole seconds: two snapshots may not share one.
            let next = seen[org].map { $0.at.adding(seconds: 1) } ?? now
            let moment = max(next, now)
            seen[org] = Seen(snapshot: snapshot.number, at: moment)
            return moment
        }
    }
}
