import Glibc

/// A value that only one thread at a time can reach.
///
/// A pthread lock rather than `Synchronization.Mutex`: the thread sanitizer knows it, and so checks
/// what it guards.
///
/// `@unchecked Sendable`: `value` is read and written only between lock and unlock in `withLock`,
/// and the lock itself lives at one address from `init` to `deinit`. What leaves the closure is the
/// caller's to keep on one thread; the reader pool moves connections so, each to one thread.
final class SQLiteLocked<Value>: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    init(_ value: Value) {
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

    func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body(&value)
    }
}
