package import Kernel
package import Metadata

/// How much an org, or an address, may ask of the deployment.
package struct RateLimitSettings: Hashable, Sendable {
    /// Requests to the API that an org has each day; above 5,000, since some clients take a smaller
    /// number for a mistake.
    package var requestsPerDay = 10_000_000
    /// Requests of one org that are answered at one time.
    package var requestsAtOnce = 500
    /// Logins that one address may try at once, and how many more each minute.
    package var loginBurst = 100.0
    package var loginsPerMinute = 300.0

    package init() {}
}

/// How many requests an org has made today, and how many it may: `api-usage=18/15000`.
package struct OrgUsage: Hashable, Sendable {
    package let used: Int
    package let allowed: Int

    package init(used: Int, allowed: Int) {
        self.used = used
        self.allowed = allowed
    }

    /// The value of `Sforce-Limit-Info`; clients match on the whole of it.
    package var header: String { "api-usage=\(used)/\(allowed)" }
}

/// Counts requests and logins, and refuses what is too much.
///
/// The day's requests are counted in memory and written down now and then, so no request waits for the
/// disk. What was counted before a restart, or by other servers, comes in when that is done.
package final class RateLimits: Sendable {
    private struct OrgCount {
        var day: Int
        /// Requests on that day, those not written down yet included.
        var used = 0
        var unwritten = 0
        var atOnce = 0
    }

    private struct State {
        var orgs: [OrgID: OrgCount] = [:]
        var logins = TokenBuckets()
    }

    private let directory: any Directory
    private let clock: any WallClock
    private let settings: RateLimitSettings
    private let state = Locked(State())

    package init(
        directory: any Directory,
        clock: any WallClock,
        settings: RateLimitSettings = RateLimitSettings()
    ) {
        self.directory = directory
        self.clock = clock
        self.settings = settings
    }

    /// Counts a request of an org.
    ///
    /// - Returns: what the org has used with it, which may be more than it may.
    package func count(_ org: OrgID) -> OrgUsage {
        let today = today
        let used = state.withLock { state in
            var count = state.orgs[org] ?? OrgCount(day: today)
            // What yesterday did not write down any more is lost with it: it limits nobody now.
            if count.day != today { count = OrgCount(day: today, atOnce: count.atOnce) }
            count.used += 1
            count.unwritten += 1
            state.orgs[org] = count
            return count.used
        }
        return OrgUsage(used: used, allowed: settings.requestsPerDay)
    }

    /// What an org has used today, without counting.
    package func usage(of org: OrgID) -> OrgUsage {
        let today = today
        let used = state.withLock { state in
            state.orgs[org].flatMap { $0.day == today ? $0.used : nil } ?? 0
        }
        return OrgUsage(used: used, allowed: settings.requestsPerDay)
    }

    /// Answers a request of an org, unless it has too many in the works.
    ///
    /// - Throws: `RecordError` `REQUEST_LIMIT_EXCEEDED`; what the body throws.
    package func admitting<Result>(
        _ org: OrgID,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let today = today
        let isAdmitted = state.withLock { state in
            var count = state.orgs[org] ?? OrgCount(day: today)
            guard count.atOnce < settings.requestsAtOnce else { return false }
            count.atOnce += 1
            state.orgs[org] = count
            return true
        }
        guard isAdmitted else {
            throw RecordError(
                .requestLimitExceeded,
                "ConcurrentPerOrgLongTxn Limit exceeded."
            )
        }
        defer { state.withLock { $0.orgs[org]?.atOnce -= 1 } }
        return try await body()
    }

    /// Takes one of the logins that an address may try.
    ///
    /// - Throws: `TransportError.tooManyLogins`.
    package func admitLogin(from peer: String) throws {
        let now = clock.now()
        let wait = state.withLock { state in
            state.logins.take(
                LoginThrottle.network(of: peer),
                at: now,
                burst: settings.loginBurst,
                perMinute: settings.loginsPerMinute
            )
        }
        if let wait { throw TransportError.tooManyLogins(retryAfterSeconds: wait) }
    }

    /// Writes down what was counted; to be called every few seconds, and before the end.
    package func flush() async throws {
        let due = state.withLock { state in
            let due = state.orgs.filter { $0.value.unwritten > 0 }
            for org in due.keys { state.orgs[org]?.unwritten = 0 }
            return due.map { (org: $0.key, day: $0.value.day, count: $0.value.unwritten) }
        }
        for entry in due {
            let total = try await directory.addUsage(entry.count, of: entry.org, day: entry.day)
            // Other servers of the deployment count as well.
            state.withLock { state in
                guard let count = state.orgs[entry.org], count.day == entry.day else { return }
                state.orgs[entry.org]?.used = max(count.used, total + count.unwritten)
            }
        }
    }

    /// Days since 1970 in UTC.
    private var today: Int { Int(clock.now().milliseconds / 86_400_000) }
}
