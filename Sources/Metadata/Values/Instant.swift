/// A moment in UTC, to the millisecond.
package struct Instant: Hashable, Sendable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    package func adding(seconds: Int64) -> Instant {
        Instant(milliseconds: milliseconds + seconds * 1_000)
    }
}

/// Where the time comes from: the machine's clock, or a test's.
package protocol WallClock: Sendable {
    /// The present moment.
    func now() -> Instant
}
