import Kernel
package import Metadata

/// A clock that says what it was told.
package final class TestClock: WallClock {
    private let moment: Locked<Instant>

    /// - Parameter text: a date and time, `2026-03-10T09:30:00Z`.
    package init(_ text: String = "2026-03-10T09:30:00Z") {
        moment = Locked(Self.instant(text))
    }

    package func now() -> Instant { moment.withLock { $0 } }

    package func set(_ text: String) {
        let instant = Self.instant(text)
        moment.withLock { $0 = instant }
    }

    package func advance(seconds: Int64) {
        moment.withLock { $0 = $0.adding(seconds: seconds) }
    }

    private static func instant(_ text: String) -> Instant {
        let milliseconds = CivilText.millisecondsSinceEpoch(text)
        precondition(milliseconds != nil, "a clock is set to a date and time, not to \(text)")
        return Instant(milliseconds: milliseconds ?? 0)
    }
}

/// A clock that stands still.
struct FixedClock: WallClock {
    let instant: Instant

    func now() -> Instant { instant }
}
