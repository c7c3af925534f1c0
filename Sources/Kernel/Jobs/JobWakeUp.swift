package import Metadata
private import Synchronization

/// Tells the job runner of this process that an org has work for it.
///
/// A call that nobody waits for is kept, so that none is missed.
package final class JobWakeUp: Sendable {
    private struct State {
        var orgs: Set<OrgID> = []
        var isEveryOrg = false
        var due: [OrgID: Instant] = [:]
        var waiter: CheckedContinuation<Void, Never>?
        /// When the one who waits looks around again, though nobody calls.
        var sleepsUntil: Instant?
        var isCancelled = false
    }

    /// What is to be looked at.
    struct Calls {
        let orgs: Set<OrgID>
        /// Something has changed that this process did not do itself.
        let isEveryOrg: Bool
        /// The first moment at which there is something new to do, by org.
        let due: [OrgID: Instant]
    }

    private let state = Mutex(State())

    package init() {}

    /// The org has something that is due.
    package func wake(_ org: OrgID) {
        call { $0.orgs.insert(org) }
    }

    /// The org will have something that is due at a moment.
    ///
    /// Nobody is woken for what comes later than they wake by themselves.
    package func wake(_ org: OrgID, by moment: Instant) {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            state.due[org] = min(state.due[org] ?? moment, moment)
            guard state.sleepsUntil.map({ moment < $0 }) ?? true else { return nil }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Every org may have: another process has written to their files.
    package func wakeAll() {
        call { $0.isEveryOrg = true }
    }

    private func call(_ note: (inout State) -> Void) {
        let waiter = state.withLock { state in
            note(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// What has been called since the last time.
    func take() -> Calls {
        state.withLock { state in
            defer {
                state.orgs = []
                state.isEveryOrg = false
                state.due = [:]
            }
            return Calls(orgs: state.orgs, isEveryOrg: state.isEveryOrg, due: state.due)
        }
    }

    /// Returns when there is a call to be taken, or when the task is cancelled.
    ///
    /// One waits at a time.
    ///
    /// - Parameter end: when the waiting ends by other means; what is due later wakes nobody.
    func wait(until end: Instant) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    let isDue = state.due.values.contains { $0 < end }
                    if !state.orgs.isEmpty || state.isEveryOrg || isDue || state.isCancelled {
                        state.isCancelled = false
                        return true
                    }
                    state.waiter = continuation
                    state.sleepsUntil = end
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                // Cancelled before it waits: it must not begin to.
                if state.waiter == nil { state.isCancelled = true }
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume()
        }
        state.withLock { $0.isCancelled = false }
    }
}
