import Foundation
package import Metadata

/// How guessing passwords is slowed down: after some failures a username, or an address, has to
/// wait, longer each time.
///
/// A value without a clock or a store: the time is handed in, and who holds it decides where it is
/// kept. Around each password check:
///
/// 1. `verdict`: refuse at once while locked, without checking the password.
/// 2. Check the password.
/// 3. `recordSuccess` or `recordFailure`, and obey the verdict these return: when many guesses arrive
///    together, all of them pass step 1, and those checked after the lock fell are refused here even
///    if they were right. So a burst gains nothing over one guess after the other.
///
/// The answer to the client must not tell a lock from a wrong password.
package struct LoginThrottle: Sendable {
    /// When a lock falls and how long it holds.
    package struct Rule: Hashable, Sendable {
        /// Failures that are forgiven; the next one locks.
        package var failuresForgiven: Int
        package var firstLockSeconds: Int64
        /// Each further failure doubles the lock, up to this.
        package var longestLockSeconds: Int64
        /// After so long without a failure or a lock, everything is forgotten.
        package var forgottenAfterSeconds: Int64

        package init(
            failuresForgiven: Int,
            firstLockSeconds: Int64,
            longestLockSeconds: Int64,
            forgottenAfterSeconds: Int64
        ) {
            self.failuresForgiven = failuresForgiven
            self.firstLockSeconds = firstLockSeconds
            self.longestLockSeconds = longestLockSeconds
            self.forgottenAfterSeconds = forgottenAfterSeconds
        }

        /// One person mistyping: five tries, then a minute, two, four, up to an hour.
        package static let forUsername = Rule(
            failuresForgiven: 5,
            firstLockSeconds: 60,
            longestLockSeconds: 3_600,
            forgottenAfterSeconds: 24 * 3_600
        )

        /// Many people behind one address: a hundred tries, then a minute, up to a quarter of an hour.
        package static let forAddress = Rule(
            failuresForgiven: 100,
            firstLockSeconds: 60,
            longestLockSeconds: 900,
            forgottenAfterSeconds: 3_600
        )

        /// How long the lock holds that the given number of failures in a row brings.
        func lockSeconds(afterFailures count: Int) -> Int64 {
            guard count > failuresForgiven else { return 0 }
            let doublings = min(count - failuresForgiven - 1, 32)
            return min(firstLockSeconds << doublings, longestLockSeconds)
        }
    }

    /// Whether a password may be checked now.
    package enum Verdict: Hashable, Sendable {
        case mayTry
        case locked(until: Instant)
    }

    private enum Subject: Hashable {
        case username(String)
        case address(String)
    }

    private struct Failures {
        var count: Int
        var lockedUntil: Instant
        var forgottenAt: Instant
    }

    private let usernameRule: Rule
    private let addressRule: Rule
    private let capacity: Int
    private var failures: [Subject: Failures] = [:]

    /// A throttle that has seen no failures yet.
    ///
    /// It keeps at most `capacity` usernames and addresses in mind; when that is reached, those that
    /// would be forgotten first make room.
    package init(
        usernameRule: Rule = .forUsername,
        addressRule: Rule = .forAddress,
        capacity: Int = 100_000
    ) {
        precondition(capacity > 1, "a throttle must have room for a username and an address")
        self.usernameRule = usernameRule
        self.addressRule = addressRule
        self.capacity = capacity
    }

    /// Whether a password for `username` sent from `address` may be checked now.
    ///
    /// The address is the client's, in text form; pass it through `network(of:)` first, here and
    /// everywhere.
    package func verdict(username: String, address: String, at now: Instant) -> Verdict {
        let ends = subjects(username, address).compactMap { failures[$0]?.lockedUntil }
        guard let latest = ends.max(), now < latest else { return .mayTry }
        return .locked(until: latest)
    }

    /// Counts a wrong password.
    ///
    /// - Returns: the verdict that holds from now on.
    @discardableResult
    package mutating func recordFailure(
        username: String,
        address: String,
        at now: Instant
    ) -> Verdict {
        for subject in subjects(username, address) {
            count(subject, at: now)
        }
        return verdict(username: username, address: address, at: now)
    }

    /// Takes note of a right password: the username's failures are forgotten, unless a lock fell
    /// while the password was being checked.
    ///
    /// The address keeps its failures, or an attacker with one good login could guess at others'
    /// for ever.
    ///
    /// - Returns: `.locked` if the login must be refused all the same.
    package mutating func recordSuccess(
        username: String,
        address: String,
        at now: Instant
    ) -> Verdict {
        let verdict = verdict(username: username, address: address, at: now)
        if verdict == .mayTry {
            failures[.username(Self.folded(username))] = nil
        }
        return verdict
    }

    /// Lifts the lock of a username, as when an administrator has reset its password.
    package mutating func unlock(username: String) {
        failures[.username(Self.folded(username))] = nil
    }

    /// How many usernames and addresses are kept in mind.
    var count: Int { failures.count }

    private mutating func count(_ subject: Subject, at now: Instant) {
        let rule = rule(for: subject)
        let known = failures[subject].flatMap { now < $0.forgottenAt ? $0 : nil }
        let count = (known?.count ?? 0) + 1
        let fresh = now.adding(seconds: rule.lockSeconds(afterFailures: count))
        // A lock never gets shorter, whatever order the results of parallel checks arrive in.
        let lockedUntil = max(fresh, known?.lockedUntil ?? fresh)
        if known == nil, failures[subject] == nil, failures.count >= capacity {
            makeRoom(at: now)
        }
        failures[subject] = Failures(
            count: count,
            lockedUntil: lockedUntil,
            forgottenAt: lockedUntil.adding(seconds: rule.forgottenAfterSeconds)
        )
    }

    /// Drops what is forgotten and, if that is not enough, the half that would be forgotten first.
    private mutating func makeRoom(at now: Instant) {
        failures = failures.filter { now < $0.value.forgottenAt }
        guard failures.count >= capacity else { return }
        let longestFirst = failures.sorted { $0.value.forgottenAt > $1.value.forgottenAt }
        failures = Dictionary(
            uniqueKeysWithValues: longestFirst.prefix(capacity / 2).map { ($0, $1) }
        )
    }

    private func rule(for subject: Subject) -> Rule {
        switch subject {
        case .username: usernameRule
        case .address: addressRule
        }
    }

    private func subjects(_ username: String, _ address: String) -> [Subject] {
        [.username(Self.folded(username)), .address(address)]
    }

    private static func folded(_ username: String) -> String {
        username.lowercased()
    }
}

extension LoginThrottle {
    /// What to count an address under: itself, or for IPv6 its /64 network, within which one machine
    /// can take as many addresses as it likes.
    ///
    /// What is not an address in text form is returned as it is.
    package static func network(of address: String) -> String {
        let plain = String(address.prefix { $0 != "%" })
        var bytes = [UInt8](repeating: 0, count: 16)
        guard plain.contains(":"), inet_pton(AF_INET6, plain, &bytes) == 1 else { return address }
        let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        if bytes.starts(with: mappedPrefix) {
            return bytes.suffix(4).map(String.init).joined(separator: ".")
        }
        let groups = stride(from: 0, to: 8, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }
        return groups.joined(separator: ":") + "::/64"
    }
}
