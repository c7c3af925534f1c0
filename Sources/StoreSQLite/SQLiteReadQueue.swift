import Dispatch
import Kernel

/// Threads on which longer reads run, so that they do not hold those of Swift's tasks.
///
/// As many reads run at a time as there are threads of its own; the others wait in order.
final class SQLiteReadQueue: Sendable {
    private struct State {
        var running = 0
        /// Oldest first, from `next` on.
        var waiting: [@Sendable () -> Void] = []
        var next = 0
    }

    private let width: Int
    private let waitingMax: Int
    private let queue = DispatchQueue(
        label: "steward.sqlite.readers",
        qos: .userInitiated,
        attributes: .concurrent
    )
    private let state = SQLiteLocked(State())

    init(width: Int, waitingMax: Int = 4_096) {
        self.width = max(1, width)
        self.waitingMax = waitingMax
    }

    /// Runs a body on one of the threads.
    ///
    /// - Throws: What the body throws, or that too many wait.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = enqueue { continuation.resume(with: Swift.Result(catching: body)) }
            if !isTaken {
                continuation.resume(
                    throwing: RecordError(.serverUnavailable, "too many queries are waiting")
                )
            }
        }
    }

    private func enqueue(_ work: @escaping @Sendable () -> Void) -> Bool {
        let (isTaken, mustStart) = state.withLock { state -> (Bool, Bool) in
            guard state.waiting.count - state.next < waitingMax else { return (false, false) }
            state.waiting.append(work)
            guard state.running < width else { return (true, false) }
            state.running += 1
            return (true, true)
        }
        if mustStart { queue.async { self.drain() } }
        return isTaken
    }

    private func drain() {
        while let work = takeNext() { work() }
    }

    private func takeNext() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.next < state.waiting.count else {
                state.waiting.removeAll(keepingCapacity: true)
                state.next = 0
                state.running -= 1
                return nil
            }
            defer {
                state.next += 1
                if state.next >= 256 {
                    state.waiting.removeFirst(state.next)
                    state.next = 0
                }
            }
            return state.waiting[state.next]
        }
    }
}
