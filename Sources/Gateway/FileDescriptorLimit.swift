import Glibc
import Logging

/// How many files and connections the process may have open.
enum FileDescriptorLimit {
    /// Raises the limit as far as the system lets us: each connection takes one.
    static func raise(logger: Logger) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        guard limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            logger.warning("the limit of open files could not be raised")
            return
        }
        logger.debug("raised the limit of open files", metadata: ["limit": "\(limit.rlim_cur)"])
    }
}
