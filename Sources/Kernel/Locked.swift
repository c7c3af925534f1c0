import Foundation

/// A value that only one thread at a time can reach.
///
/// A pthread lock rather than `Synchronization.Mutex`: the thread sanitizer knows it, and so checks
/// what it guards.
///
/// `@unchecked Sendable`: `value` is read and written only between lock and unlock in `withLock`,
/// and the lock itself lives at one address from `init` to `deinit`.
package final class Locked<Value>: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    /// A lock around a first value.
    package init(_ value: sending Value) {
        self.value = value
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deinitialize(count: 1)
        lock.deallocate()
    }

    /// Runs a body that alone has the value; it must be short, and must not lock again.
    package func withLock<Result>(
        _ body: (inout Value) throws -> sending Result
    ) rethrows -> sending Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body(&value)
    }
}
