import Metadata

/// What was lately read about users, so that a request need not read it again.
///
/// Entries last some seconds, for changes that nobody reports; `forget` is for those that are.
final class KnownUsers: Sendable {
    struct Key: Hashable {
        let org: OrgID
        let user: RecordID
    }

    struct Known: Sendable {
        let profile: UserProfile
        let isOrgActive: Bool
        let readAt: Instant
    }

    private struct State {
        var known: [Key: Known] = [:]
        /// Counts what was forgotten, so that a reading begun before is not kept after.
        var generation = 0
    }

    private let secondsKept: Int64
    private let capacity = 50_000
    private let state = Locked(State())

    init(secondsKept: Int64) {
        self.secondsKept = secondsKept
    }

    /// What is known, unless it is too old, and the generation to hand to `keep`.
    func known(_ key: Key, at now: Instant) -> (known: Known?, generation: Int) {
        state.withLock { state in
            guard let known = state.known[key],
                now < known.readAt.adding(seconds: secondsKept)
            else { return (nil, state.generation) }
            return (known, state.generation)
        }
    }

    func keep(_ known: Known, _ key: Key, ifStill generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            // Rare enough that starting over costs less than keeping count of ages.
            if state.known.count >= capacity { state.known.removeAll(keepingCapacity: true) }
            state.known[key] = known
        }
    }

    func forget(_ key: Key) {
        state.withLock { state in
            state.generation += 1
            state.known[key] = nil
        }
    }

    func forgetAll() {
        state.withLock { state in
            state.generation += 1
            state.known.removeAll()
        }
    }
}
