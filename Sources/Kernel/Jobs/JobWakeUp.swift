package import Metadata
private import Synchronization

/// Tells the job runner of this process that an org has work for it.
///
/// A call that nobody waits for is kept, so that none is missed.
package final class JobWakeUp: Sendable {
    private struct State {
        var orgs: Set<OrgID> = []
        var isEveryOrg = false
        var waiter: CheckedContinuation<Void, Never>?
        var isCancelled = false
    }

    /// What is to be looked at.
    struct Calls {
        let orgs: Set<OrgID>
        /// Something has changed that this process did not do itself.
        let isEveryOrg: Bool
    }

    private let state = Mutex(State())

    package init() {}

    /// The org has something that is due, or a new time at which something is.
    package func wake(_ org: OrgID) {
        call { $0.orgs.insert(org) }
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
            }
            return Calls(orgs: state.orgs, isEveryOrg: state.isEveryOrg)
        }
    }

    /// Returns when there is a call to be taken, or when the task is cancelled.
    ///
    /// One waits at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if !state.orgs.isEmpty || state.isEveryOrg || state.isCancelled {
                        state.isCancelled = false
                        return true
                    }
                    state.waiter = continuation
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
