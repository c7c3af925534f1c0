import Metadata

/// How much of what a rate allows has been used in its present window.
///
/// Kept in memory, beside the snapshots: after a restart a window begins anew.
final class RestrictionRates: Sendable {
    private struct Key: Hashable {
        let org: OrgID
        let restriction: String
    }

    private struct Window {
        var number: Int64
        var used: Int
    }

    private let windows = Locked<[Key: Window]>([:])

    /// Takes one from what a rate allows.
    ///
    /// - Returns: `nil` where it was still allowed; otherwise when the next window begins.
    func take(
        _ rate: UseRestriction.Rate,
        of restriction: String,
        in org: OrgID,
        at now: Instant
    ) -> Instant? {
        let length = Int64(rate.seconds) * 1_000
        let number = now.milliseconds / length
        let key = Key(org: org, restriction: restriction)
        let isAllowed = windows.withLock { windows -> Bool in
            var window = windows[key] ?? Window(number: number, used: 0)
            if window.number != number { window = Window(number: number, used: 0) }
            let isAllowed = window.used < rate.count
            if isAllowed { window.used += 1 }
            windows[key] = window
            return isAllowed
        }
        return isAllowed ? nil : Instant(milliseconds: (number + 1) * length)
    }
}
