import Crypto
import Dispatch
import Foundation
package import Metadata

/// Checks passwords at login, one at a time and away from the threads that answer requests.
///
/// One at a time, because each check takes 32 MiB and a tenth of a second of a core: a flood of
/// logins then waits in line instead of taking the machine. A password that was right a moment ago
/// is recognised without that cost; see `VerifiedPasswords`.
package actor PasswordVerifier {
    private var verified: VerifiedPasswords
    private let bench = DispatchQueue(label: "steward.password-verifier")

    /// - Parameters:
    ///   - capacity: how many right passwords are remembered at most.
    ///   - rememberedSeconds: for how long.
    package init(capacity: Int = 10_000, rememberedSeconds: Int64 = 900) {
        verified = VerifiedPasswords(capacity: capacity, rememberedSeconds: rememberedSeconds)
    }

    /// Whether `password` is the one that was hashed.
    ///
    /// Pass `PasswordHash.ofNobody` when there is no such user. Ask `LoginThrottle` before, and tell
    /// it the result.
    package func verify(
        _ password: String,
        against hash: PasswordHash,
        at now: Instant
    ) async -> Bool {
        let ticket = verified.ticket(for: password, hash: hash)
        if verified.holds(ticket, at: now) {
            return true
        }
        let isRight = await matchOnBench(password, hash)
        if isRight {
            verified.remember(ticket, at: now)
        }
        return isRight
    }

    /// Forgets every password it has recognised, as after a leak is suspected.
    package func forgetAll() {
        verified.forgetAll()
    }

    private func matchOnBench(_ password: String, _ hash: PasswordHash) async -> Bool {
        await withCheckedContinuation { continuation in
            bench.async { continuation.resume(returning: hash.matches(password)) }
        }
    }
}

/// Remembers, for a short while, which passwords matched which hashes.
///
/// An entry is an HMAC over the stored hash and the password under a random key that lives and dies
/// with the process: passwords are not kept, and neither are they kept as digests that mean anything
/// elsewhere. Since the stored hash is part of it, a changed password makes the old entry
/// unreachable at once, on every path that changes passwords, without anyone having to remember it.
struct VerifiedPasswords {
    /// Stands for one password against one hash.
    struct Ticket: Hashable {
        fileprivate let digest: [UInt8]
    }

    private let key = SymmetricKey(size: .bits256)
    private let capacity: Int
    private let rememberedSeconds: Int64
    private var until: [Ticket: Instant] = [:]

    init(capacity: Int, rememberedSeconds: Int64) {
        precondition(capacity > 0, "a cache must have room for one entry")
        self.capacity = capacity
        self.rememberedSeconds = rememberedSeconds
    }

    func ticket(for password: String, hash: PasswordHash) -> Ticket {
        // The encoded hash contains no zero byte, so hash and password cannot run into each other.
        let text = Data((hash.encoded + "\0" + password).utf8)
        return Ticket(digest: Array(HMAC<SHA256>.authenticationCode(for: text, using: key)))
    }

    func holds(_ ticket: Ticket, at now: Instant) -> Bool {
        until[ticket].map { now < $0 } ?? false
    }

    mutating func remember(_ ticket: Ticket, at now: Instant) {
        if until.count >= capacity, until[ticket] == nil {
            makeRoom(at: now)
        }
        until[ticket] = now.adding(seconds: rememberedSeconds)
    }

    mutating func forgetAll() {
        until.removeAll()
    }

    /// How many are remembered, the lapsed ones that nobody asked for since included.
    var count: Int { until.count }

    /// Drops what has lapsed and, if that is not enough, the oldest half: rarely needed, and then
    /// cheap for each entry.
    private mutating func makeRoom(at now: Instant) {
        until = until.filter { now < $0.value }
        guard until.count >= capacity else { return }
        let newestFirst = until.sorted { $0.value > $1.value }
        until = Dictionary(uniqueKeysWithValues: newestFirst.prefix(capacity / 2).map { ($0, $1) })
    }
}
