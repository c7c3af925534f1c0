package import Kernel
package import Metadata

/// How much an org, or an address, may ask of the deployment.
package struct RateLimitSettings: Hashable, Sendable {
    /// Requests to the API that an org has each day; clients want it to be above 5,000.
    package var requestsPerDay = 15_000
    /// Requests of one org that are answered at one time.
    package var requestsAtOnce = 100
    /// Logins that one address may try at once, and how many more each minute.
    package var loginBurst = 30.0
    package var loginsPerMinute = 60.0

    package init() {}
}

/// How many requests an org has made today, and how many it may: `api-usage=18/15000`.
package struct APIUsage: Hashable, Sendable {
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
/// The day's requests are counted in memory and written down now and then, so a crash forgets some
/// seconds of counting and no request waits for the disk.
package final class RateLimits: Sendable {
    private struct OrgCount {
        var day: Int
        /// Requests on that day, those not written down yet included.
        var used: Int
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
        directory: any Directory, clock: any WallClock,
        settings: RateLimitSettings = RateLimitSettings()
    ) {
        self.directory = directory
        self.clock = clock
        self.settings = settings
    }

    /// Answers a request of an org, if it may have one more.
    ///
    /// - Parameter body: is told what the org has used with this request.
    /// - Throws: `RecordError` `REQUEST_LIMIT_EXCEEDED`; what the body throws.
    package func admitting<Result>(
        _ org: OrgID, _ body: (APIUsage) async throws -> Result
    ) async throws -> Result {
        let usage = try await begin(org)
        defer { state.withLock { $0.orgs[org]?.atOnce -= 1 } }
        return try await body(usage)
    }

    /// What an org has used today, without counting.
    package func usage(of org: OrgID) async throws -> APIUsage {
        try await load(org)
        let used = state.withLock { $0.orgs[org]?.used ?? 0 }
        return APIUsage(used: used, allowed: settings.requestsPerDay)
    }

    /// Takes one of the logins that an address may try.
    ///
    /// - Throws: `TransportError.tooManyLogins`.
    package func admitLogin(from peer: String) throws {
        let now = clock.now()
        let wait = state.withLock { state in
            state.logins.take(
                LoginThrottle.network(of: peer), at: now, burst: settings.loginBurst,
                perMinute: settings.loginsPerMinute)
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

    private func begin(_ org: OrgID) async throws -> APIUsage {
        try await load(org)
        let used = state.withLock { state -> Int? in
            guard var count = state.orgs[org], count.used < settings.requestsPerDay,
                count.atOnce < settings.requestsAtOnce
            else { return nil }
            count.used += 1
            count.unwritten += 1
            count.atOnce += 1
            state.orgs[org] = count
            return count.used
        }
        guard let used else {
            throw RecordError(.requestLimitExceeded, "TotalRequests Limit exceeded.")
        }
        return APIUsage(used: used, allowed: settings.requestsPerDay)
    }

    /// Makes sure that an org is counted for today, from what was written down.
    private func load(_ org: OrgID) async throws {
        let today = Int(clock.now().milliseconds / 86_400_000)
        let isLoaded = state.withLock { $0.orgs[org]?.day == today }
        guard !isLoaded else { return }
        try await flush()
        let written = try await directory.addUsage(0, of: org, day: today)
        state.withLock { state in
            // Another request of the org may have come first.
            guard state.orgs[org]?.day != today else { return }
            let atOnce = state.orgs[org]?.atOnce ?? 0
            state.orgs[org] = OrgCount(day: today, used: written, atOnce: atOnce)
        }
    }
}
