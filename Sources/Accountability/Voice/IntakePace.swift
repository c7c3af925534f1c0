import Kernel

/// The pace at which people without a login are served: nobody is known, so all share it.
///
/// Where many come at once they wait, and the last ones are asked to come again; the way is never
/// closed, and nobody is counted.
package actor IntakePace {
    /// How long somebody waits at most, in seconds.
    private static let waitMaxSeconds = 20.0

    private let perSecond: Double
    private let burst: Double
    private var room: Double
    private var last: ContinuousClock.Instant

    package init(perSecond: Double = 4, burst: Double = 40) {
        self.perSecond = perSecond
        self.burst = burst
        room = burst
        last = .now
    }

    /// Returns when it is one's turn.
    ///
    /// - Throws: `RecordError` `SERVER_UNAVAILABLE` where too many are waiting.
    package func turn() async throws {
        let now = ContinuousClock.now
        let passed = now - last
        let seconds =
            Double(passed.components.seconds) + Double(passed.components.attoseconds) / 1e18
        last = now
        room = min(burst, room + seconds * perSecond)
        guard room - 1 > -perSecond * Self.waitMaxSeconds else {
            throw RecordError(
                .serverUnavailable,
                "many people write at once: please send it again in a minute; nothing was kept"
            )
        }
        room -= 1
        if room < 0 {
            try await Task.sleep(for: .milliseconds(Int(-room / perSecond * 1_000)))
        }
    }
}
