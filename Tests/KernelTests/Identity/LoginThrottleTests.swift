import Metadata
import Testing

@testable import Kernel

/// How long one has to wait after wrong passwords.
@Suite struct LoginThrottleTests {
    private let start = Instant(milliseconds: 1_750_000_000_000)
    private let rule = LoginThrottle.Rule(
        failuresForgiven: 3,
        firstLockSeconds: 60,
        longestLockSeconds: 300,
        forgottenAfterSeconds: 3_600
    )
    private let lenient = LoginThrottle.Rule(
        failuresForgiven: 1_000,
        firstLockSeconds: 60,
        longestLockSeconds: 300,
        forgottenAfterSeconds: 3_600
    )

    @Test("after the forgiven failures each one locks for twice as long, up to the longest")
    func growth() {
        var throttle = LoginThrottle(usernameRule: rule, addressRule: lenient)
        var now = start
        var waits: [Int64] = []
        for _ in 0..<8 {
            let verdict = throttle.recordFailure(username: "ana", address: "10.0.0.1", at: now)
            switch verdict {
            case .mayTry:
                waits.append(0)
            case .locked(let until):
                waits.append((until.milliseconds - now.milliseconds) / 1_000)
                now = until
            }
        }

        #expect(waits == [0, 0, 0, 60, 120, 240, 300, 300])
    }

    @Test("a lock holds to its end and not beyond, for any spelling of the username")
    func lockEnds() {
        var throttle = LoginThrottle(usernameRule: rule, addressRule: lenient)
        for _ in 0..<4 {
            throttle.recordFailure(username: "ana@example.com", address: "10.0.0.1", at: start)
        }
        let end = start.adding(seconds: 60)

        let elsewhere = throttle.verdict(
            username: "ANA@example.com",
            address: "10.9.9.9",
            at: start
        )
        #expect(elsewhere == .locked(until: end))
        let atEnd = throttle.verdict(username: "ana@example.com", address: "10.0.0.1", at: end)
        #expect(atEnd == .mayTry)
        #expect(throttle.verdict(username: "ben", address: "10.0.0.1", at: start) == .mayTry)
    }

    @Test("a right password clears the username, and an administrator can")
    func success() {
        var throttle = LoginThrottle(usernameRule: rule, addressRule: lenient)
        for _ in 0..<3 {
            throttle.recordFailure(username: "ana", address: "10.0.0.1", at: start)
        }
        #expect(throttle.recordSuccess(username: "ana", address: "10.0.0.1", at: start) == .mayTry)
        for _ in 0..<3 {
            throttle.recordFailure(username: "ana", address: "10.0.0.1", at: start)
        }
        #expect(throttle.verdict(username: "ana", address: "10.0.0.1", at: start) == .mayTry)

        throttle.recordFailure(username: "ana", address: "10.0.0.1", at: start)
        #expect(throttle.verdict(username: "ana", address: "10.0.0.1", at: start) != .mayTry)
        throttle.unlock(username: "Ana")
        #expect(throttle.verdict(username: "ana", address: "10.0.0.1", at: start) == .mayTry)
    }

    @Test("a right guess in a burst is refused if the lock fell before it was checked")
    func burst() {
        var throttle = LoginThrottle(usernameRule: rule, addressRule: lenient)
        #expect(throttle.verdict(username: "ana", address: "10.0.0.1", at: start) == .mayTry)
        for _ in 0..<4 {
            throttle.recordFailure(username: "ana", address: "10.0.0.1", at: start)
        }

        let late = throttle.recordSuccess(username: "ana", address: "10.0.0.1", at: start)
        #expect(late == .locked(until: start.adding(seconds: 60)))
        #expect(throttle.verdict(username: "ana", address: "10.0.0.1", at: start) == late)
    }

    @Test("guessing at many usernames from one address locks the address, successes or not")
    func manyUsernames() {
        var throttle = LoginThrottle(usernameRule: lenient, addressRule: rule)
        for index in 0..<4 {
            throttle.recordFailure(username: "user\(index)", address: "10.0.0.1", at: start)
            if index < 3 {
                _ = throttle.recordSuccess(username: "own", address: "10.0.0.1", at: start)
            }
        }

        #expect(throttle.verdict(username: "new", address: "10.0.0.1", at: start) != .mayTry)
        #expect(throttle.verdict(username: "new", address: "10.0.0.2", at: start) == .mayTry)
    }

    @Test("failures are forgotten after a quiet time")
    func forgotten() {
        var throttle = LoginThrottle(usernameRule: rule, addressRule: lenient)
        for _ in 0..<3 {
            throttle.recordFailure(username: "ana", address: "10.0.0.1", at: start)
        }
        let later = start.adding(seconds: 3_600)

        #expect(
            throttle.recordFailure(username: "ana", address: "10.0.0.1", at: later) == .mayTry
        )
    }

    @Test("in any history, waiting is never shortened by failing, and never exceeds the longest")
    func properties() {
        for seed in UInt64(1)...40 {
            var chance = SeededRandom(seed: seed)
            var throttle = LoginThrottle(usernameRule: rule, addressRule: rule, capacity: 64)
            var now = start
            for _ in 0..<200 {
                now = now.adding(seconds: Int64.random(in: 0...90, using: &chance))
                let name = "user\(Int.random(in: 0..<3, using: &chance))"
                let address = "10.0.0.\(Int.random(in: 0..<3, using: &chance))"
                let before = end(throttle.verdict(username: name, address: address, at: now), now)
                let verdict = throttle.recordFailure(username: name, address: address, at: now)
                let after = end(verdict, now)
                #expect(after >= before, "seed \(seed)")
                #expect(after <= now.adding(seconds: rule.longestLockSeconds), "seed \(seed)")
            }
        }
    }

    @Test("a flood of made-up usernames neither grows the memory nor frees the locked one")
    func bounded() {
        var throttle = LoginThrottle(usernameRule: rule, addressRule: lenient, capacity: 100)
        for _ in 0..<6 {
            throttle.recordFailure(username: "ana", address: "10.0.0.1", at: start)
        }
        for index in 0..<1_000 {
            throttle.recordFailure(username: "made-up-\(index)", address: "10.1.0.1", at: start)
            #expect(throttle.count <= 100)
        }

        #expect(throttle.verdict(username: "ana", address: "10.2.0.1", at: start) != .mayTry)
    }

    @Test(
        "IPv6 addresses count by their network, IPv4 ones by themselves",
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80:0:0:0::/64"), ("::1", "0:0:0:0::/64"), ("unknown", "unknown"),
        ]
    )
    func networks(_ address: String, _ network: String) {
        #expect(LoginThrottle.network(of: address) == network)
    }

    private func end(_ verdict: LoginThrottle.Verdict, _ now: Instant) -> Instant {
        switch verdict {
        case .mayTry: now
        case .locked(let until): until
        }
    }
}
