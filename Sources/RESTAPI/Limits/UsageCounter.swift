import Kernel
package import Metadata

/// How many requests an org has made in a day, and may make.
package struct APIUsage: Hashable, Sendable {
    package let used: Int
    package let max: Int

    package init(used: Int, max: Int) {
        self.used = used
        self.max = max
    }

    package var remaining: Int { Swift.max(0, max - used) }
}

/// Counts the requests that each org makes in a day, in UTC.
package protocol UsageCounter: Sendable {
    /// Counts one request.
    ///
    /// - Returns: the day's requests, this one included.
    func count(_ org: OrgID, at moment: Instant) -> APIUsage

    /// The day's requests so far.
    func usage(_ org: OrgID, at moment: Instant) -> APIUsage
}

/// Counts in memory; a restart begins at zero.
package final class DailyUsage: UsageCounter {
    private struct Day {
        var number: Int64
        var used: [OrgID: Int] = [:]
    }

    private let day = Locked(Day(number: 0))
    private let dailyMax: Int

    /// - Parameter dailyMax: how many requests an org may make in a day; over 5,000, since some
    ///   clients take a smaller one for a mistake.
    package init(dailyMax: Int = 10_000_000) {
        self.dailyMax = dailyMax
    }

    package func count(_ org: OrgID, at moment: Instant) -> APIUsage {
        day.withLock { day in
            Self.turn(&day, to: moment)
            day.used[org, default: 0] += 1
            return APIUsage(used: day.used[org] ?? 0, max: dailyMax)
        }
    }

    package func usage(_ org: OrgID, at moment: Instant) -> APIUsage {
        day.withLock { day in
            Self.turn(&day, to: moment)
            return APIUsage(used: day.used[org] ?? 0, max: dailyMax)
        }
    }

    private static func turn(_ day: inout Day, to moment: Instant) {
        let number = moment.milliseconds / CivilDate.millisecondsPerDay
        if number != day.number { day = Day(number: number) }
    }
}
