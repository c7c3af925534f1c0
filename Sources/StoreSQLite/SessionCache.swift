import Kernel
import Metadata

/// The sessions that were lately asked for, by the digests of their tokens.
///
/// Ending a session takes it out at once. A reading of the disk that began before that must not put
/// it back: so each end counts up a generation, and a reading is kept only if none ended since.
final class SessionCache: Sendable {
    /// What the cache says of a token.
    enum Answer: Equatable {
        case session(LoginSession)
        /// Asked for a moment ago, and not there.
        case none
        /// To be read, and kept under this generation.
        case unknown(generation: Int)
    }

    private struct State {
        var sessions: [TokenDigest: LoginSession] = [:]
        /// Until when a token that is not there need not be looked for again.
        var missing: [TokenDigest: Instant] = [:]
        var generation = 0
    }

    private let capacity: Int
    private let missingSeconds: Int64 = 5
    private let state = SQLiteLocked(State())

    init(capacity: Int = 100_000) {
        self.capacity = capacity
    }

    func answer(_ digest: TokenDigest, at now: Instant) -> Answer {
        state.withLock { state in
            if let session = state.sessions[digest] { return .session(session) }
            if let until = state.missing[digest], now < until { return .none }
            return .unknown(generation: state.generation)
        }
    }

    /// Keeps what was read.
    func keep(
        _ session: LoginSession?,
        _ digest: TokenDigest,
        ifStill generation: Int,
        at now: Instant
    ) {
        state.withLock { state in
            guard state.generation == generation else { return }
            guard let session else {
                if state.missing.count >= capacity { state.missing.removeAll() }
                state.missing[digest] = now.adding(seconds: missingSeconds)
                return
            }
            insert(session, digest, &state)
        }
    }

    /// Keeps what was just written.
    func add(_ session: LoginSession, _ digest: TokenDigest) {
        state.withLock { state in
            // A reading under way may have found nothing yet.
            state.generation += 1
            state.missing[digest] = nil
            insert(session, digest, &state)
        }
    }

    /// Changes a session that is kept.
    func update(_ digest: TokenDigest, usedAt: Instant, expiresAt: Instant) {
        state.withLock { state in
            state.sessions[digest]?.lastUsedAt = usedAt
            state.sessions[digest]?.expiresAt = expiresAt
        }
    }

    func remove(_ digest: TokenDigest) {
        state.withLock { state in
            state.generation += 1
            state.sessions[digest] = nil
        }
    }

    func remove(where isEnded: (LoginSession) -> Bool) {
        state.withLock { state in
            state.generation += 1
            state.sessions = state.sessions.filter { !isEnded($0.value) }
        }
    }

    private func insert(_ session: LoginSession, _ digest: TokenDigest, _ state: inout State) {
        if state.sessions.count >= capacity { makeRoom(&state) }
        state.sessions[digest] = session
    }

    /// Drops the half that was used longest ago.
    private func makeRoom(_ state: inout State) {
        let newestFirst = state.sessions.sorted { $0.value.lastUsedAt > $1.value.lastUsedAt }
        state.sessions = Dictionary(
            uniqueKeysWithValues: newestFirst.prefix(capacity / 2).map { ($0.key, $0.value) }
        )
    }
}
