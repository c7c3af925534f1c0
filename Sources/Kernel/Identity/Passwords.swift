import Crypto
import CryptoExtras
import Foundation

/// A password as it is kept: what scrypt made of it, with the salt and the cost it was made at.
///
/// The cost stands in the text, so it can be raised in a later release and the old hashes still
/// verify; `isOutdated` says which of them to make again at the next login.
///
/// Making or matching one costs about a tenth of a second of one core and 32 MiB, on purpose. On
/// a server go through `PasswordVerifier`, which does it away from the threads that answer requests.
///
/// Source: RFC 7914. Vectors: `Tests/KernelTests/Identity/PasswordTests.swift`.
package struct PasswordHash: Sendable {
    private let cost: ScryptCost
    private let salt: [UInt8]
    private let key: [UInt8]

    /// Hashes a password with a new random salt.
    ///
    /// - Throws: `PasswordHash.Failure.empty` for an empty password. `PasswordRule` is the place
    ///   that judges whether a password is good enough.
    package init(of password: String, cost: ScryptCost = .standard) throws {
        self.cost = cost
        salt = RandomBytes.make(16)
        key = try cost.derive(from: password, salt: salt, keySizeBytes: 32)
    }

    /// Reads a hash from its stored form, `scrypt$ln=15,r=8,p=1$SALT$KEY` with both in base64.
    ///
    /// - Throws: `PasswordHash.Failure.malformed`, also for a cost that no release has used: a
    ///   tampered row must not be able to make a login take all the memory.
    package init(encoded text: String) throws {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "scrypt",
            let cost = ScryptCost(encoded: parts[1]),
            let salt = Data(base64Encoded: String(parts[2])), !salt.isEmpty,
            let key = Data(base64Encoded: String(parts[3])), (32...64).contains(key.count)
        else { throw Failure.malformed }
        self.cost = cost
        self.salt = Array(salt)
        self.key = Array(key)
    }

    /// The form in which it is stored.
    package var encoded: String {
        let salt = Data(salt).base64EncodedString()
        return "scrypt$\(cost.encoded)$\(salt)$\(Data(key).base64EncodedString())"
    }

    /// Whether this is the hash of `password`.
    ///
    /// It takes as long for a wrong password as for a right one.
    package func matches(_ password: String) -> Bool {
        let candidate = try? cost.derive(from: password, salt: salt, keySizeBytes: key.count)
        return candidate.map { ConstantTime.areEqual($0, key) } ?? false
    }

    /// Whether it was made at another cost than new ones are.
    package var isOutdated: Bool { cost != .standard }

    /// A hash that no password matches, at the usual cost.
    ///
    /// Match it when there is no such user, so that the time of the answer does not tell whether a
    /// username exists.
    package static let ofNobody = PasswordHash(
        cost: .standard,
        salt: RandomBytes.make(16),
        key: RandomBytes.make(32)
    )

    private init(cost: ScryptCost, salt: [UInt8], key: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// Why a password could not be hashed, or a stored hash not read.
    package enum Failure: Error, Equatable {
        case empty
        case malformed
    }
}

/// How much work scrypt does for one password.
package struct ScryptCost: Hashable, Sendable {
    /// The binary logarithm of the number of rounds.
    package let logarithmOfRounds: Int
    package let blockSize: Int
    package let parallelism: Int

    /// What new passwords are hashed at: 32 MiB, about a tenth of a second.
    package static let standard = ScryptCost(logarithmOfRounds: 15, blockSize: 8, parallelism: 1)

    package init(logarithmOfRounds: Int, blockSize: Int, parallelism: Int) {
        self.logarithmOfRounds = logarithmOfRounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    init?(encoded text: Substring) {
        let settings = text.split(separator: ",").map { $0.split(separator: "=") }
        guard settings.count == 3, settings.allSatisfy({ $0.count == 2 }),
            settings.map({ $0[0] }) == ["ln", "r", "p"],
            let logarithm = Int(settings[0][1]), (10...18).contains(logarithm),
            let blockSize = Int(settings[1][1]), (1...16).contains(blockSize),
            let parallelism = Int(settings[2][1]), (1...16).contains(parallelism)
        else { return nil }
        self.init(logarithmOfRounds: logarithm, blockSize: blockSize, parallelism: parallelism)
    }

    var encoded: String { "ln=\(logarithmOfRounds),r=\(blockSize),p=\(parallelism)" }

    /// The key that scrypt derives at this cost.
    ///
    /// The password is brought to Unicode's composed form first (RFC 8265, "OpaqueString"), so that
    /// `é` is the same whether a keyboard sends one code point or two.
    func derive(from password: String, salt: [UInt8], keySizeBytes: Int) throws -> [UInt8] {
        let composed = Array(password.precomposedStringWithCanonicalMapping.utf8)
        guard !composed.isEmpty else { throw PasswordHash.Failure.empty }
        let key = try KDF.Scrypt.deriveKey(
            from: composed,
            salt: salt,
            outputByteCount: keySizeBytes,
            rounds: 1 << logarithmOfRounds,
            blockSize: blockSize,
            parallelism: parallelism
        )
        return key.withUnsafeBytes { Array($0) }
    }
}

/// What a new password must be like.
///
/// Length and not being guessable are what protects; rules about kinds of characters mostly make
/// people write passwords down. Source: NIST SP 800-63B, section 5.1.1.2.
package enum PasswordRule {
    package static let lengthMin = 10
    package static let sizeMaxBytes = 256

    /// Refuses a password that is too easily guessed.
    ///
    /// - Parameters:
    ///   - password: what the user chose.
    ///   - username: whose password it will be; its part before the `@` must not be in there.
    /// - Throws: `WeakPassword`, whose text tells the user what to do instead.
    package static func check(_ password: String, for username: String) throws(WeakPassword) {
        let folded = password.lowercased()
        guard password.count >= lengthMin else {
            throw WeakPassword("your password must have at least \(lengthMin) characters")
        }
        guard password.utf8.count <= sizeMaxBytes else {
            throw WeakPassword("your password must have at most \(sizeMaxBytes) bytes")
        }
        guard Set(folded).count >= 5 else {
            throw WeakPassword("your password must use at least 5 different characters")
        }
        let name = username.lowercased().prefix { $0 != "@" }
        guard name.count < 4 || !folded.contains(name) else {
            throw WeakPassword("your password must not contain your username")
        }
        guard !isOneRun(folded), !isWellKnown(folded) else {
            throw WeakPassword("your password is among those tried first: choose a less common one")
        }
    }

    /// Whether every character follows the one before it, as in `1234567890` or `abcdefghij`.
    private static func isOneRun(_ text: String) -> Bool {
        let values = text.unicodeScalars.map { Int64($0.value) }
        let steps = Set(zip(values.dropFirst(), values).map { $0 - $1 })
        return steps.isSubset(of: [1, -9]) || steps.isSubset(of: [-1, 9])
    }

    /// Whether it is a word of the lists, with nothing but digits and signs behind it.
    private static func isWellKnown(_ text: String) -> Bool {
        let end = text.lastIndex { $0.isLetter } ?? text.startIndex
        return wellKnown.contains(text[...end])
    }

    private static let wellKnown: Set<Substring> = [
        "password", "passw0rd", "p@ssw0rd", "p@ssword", "qwertyuiop", "qwerty", "1q2w3e4r5t",
        "letmein", "iloveyou", "administrator", "admin", "welcome", "changeme", "salesforce",
        "steward",
    ]
}

/// Why a new password was refused, in words for the person who chose it.
package struct WeakPassword: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Passwords and security tokens that the platform makes up.
package enum GeneratedSecret {
    /// A password that can be read out over the telephone: `kavu-tomi-resa-pido-4829`.
    ///
    /// About 63 bits; it passes `PasswordRule`.
    package static func password() -> String {
        var chance = SystemRandomNumberGenerator()
        return password(using: &chance)
    }

    static func password(using chance: inout some RandomNumberGenerator) -> String {
        // Letters that sound alike in many languages (c and k, q) or look alike (l) are left out.
        let consonants = Array("bdfghjkmnprstvwz")
        let vowels = Array("aeiou")
        func syllable() -> [Character] {
            [pick(from: consonants, using: &chance), pick(from: vowels, using: &chance)]
        }
        let words = (0..<4).map { _ in String(syllable() + syllable()) }
        let number = (0..<4).map { _ in pick(from: Array("0123456789"), using: &chance) }
        return (words + [String(number)]).joined(separator: "-")
    }

    /// How many characters a security token has.
    package static let securityTokenLength = 24

    /// The token that API clients append to their password: 24 letters and digits, 142 bits.
    package static func securityToken() -> String {
        var chance = SystemRandomNumberGenerator()
        return securityToken(using: &chance)
    }

    static func securityToken(using chance: inout some RandomNumberGenerator) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return String(
            (0..<securityTokenLength).map { _ in pick(from: letters, using: &chance) }
        )
    }

    /// Takes apart what an API client sends as its password: the password and, right behind it, the
    /// security token.
    ///
    /// - Returns: `nil` if the text is too short to end in a token or its end cannot be one; it may
    ///   still be a password alone, which some callers are allowed to send.
    package static func splitPasswordAndToken(
        _ text: String
    ) -> (password: String, securityToken: String)? {
        let token = text.suffix(securityTokenLength)
        guard text.count > securityTokenLength,
            token.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
        else { return nil }
        return (String(text.dropLast(securityTokenLength)), String(token))
    }

    private static func pick(
        from characters: [Character],
        using chance: inout some RandomNumberGenerator
    ) -> Character {
        characters[Int.random(in: characters.indices, using: &chance)]
    }
}
