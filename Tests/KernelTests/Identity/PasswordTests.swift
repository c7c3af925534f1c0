import Metadata
import Testing

@testable import Kernel

/// How passwords are hashed, judged and made up.
@Suite struct PasswordTests {
    /// The vectors of RFC 7914, section 12, in the stored form.
    ///
    /// The first, with an empty password, is left out: an empty password is refused. The one that
    /// takes a gigabyte is left out too.
    private static let vectors = [
        (
            "password",
            "scrypt$ln=10,r=8,p=16$TmFDbA==$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/x"
                + "CSedmDDaxyevuUqD7m2DYMvfoswGQA=="
        ),
        (
            "pleaseletmein",
            "scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU=$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylV"
                + "YT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw=="
        ),
    ]

    /// Cheap enough for tests that are not about the cost.
    private static let quick = ScryptCost(logarithmOfRounds: 10, blockSize: 8, parallelism: 1)

    @Test("the RFC's passwords match the RFC's keys", arguments: vectors)
    func knownVectors(_ password: String, _ encoded: String) throws {
        let hash = try PasswordHash(encoded: encoded)

        #expect(hash.matches(password))
        #expect(!hash.matches(password + " "))
        #expect(hash.encoded == encoded)
        #expect(hash.isOutdated)
    }

    @Test("a hash survives its stored form, matches its password and no other")
    func roundTrip() throws {
        let hash = try PasswordHash(of: "correct horse battery")
        let stored = try PasswordHash(encoded: hash.encoded)

        #expect(hash.encoded.hasPrefix("scrypt$ln=15,r=8,p=1$"))
        #expect(stored.matches("correct horse battery"))
        #expect(!stored.matches("Correct horse battery"))
        #expect(!stored.matches(""))
        #expect(!stored.isOutdated)
    }

    @Test("the same password hashes differently each time")
    func salted() throws {
        let first = try PasswordHash(of: "correct horse battery", cost: Self.quick)
        let second = try PasswordHash(of: "correct horse battery", cost: Self.quick)

        #expect(first.encoded != second.encoded)
    }

    @Test("an accented letter is the same in either Unicode form")
    func composedForm() throws {
        let hash = try PasswordHash(of: "caf\u{E9} au lait", cost: Self.quick)

        #expect(hash.matches("cafe\u{301} au lait"))
    }

    @Test("an empty password is not hashed")
    func emptyPassword() {
        #expect(throws: PasswordHash.Failure.empty) { try PasswordHash(of: "") }
    }

    @Test(
        "a stored hash that was tampered with is not read",
        arguments: [
            "", "scrypt", "bcrypt$ln=15,r=8,p=1$AAAA$AAAA",
            "scrypt$ln=15,r=8$TmFDbA==$AAAA", "scrypt$ln=15,r=8,p=1$TmFDbA==$AAAA",
            "scrypt$ln=15,r=8,p=1$$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "scrypt$ln=30,r=8,p=1$TmFDbA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "scrypt$ln=1,r=8,p=1$TmFDbA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "scrypt$ln=15,p=8,r=1$TmFDbA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ]
    )
    func tamperedForm(_ text: String) {
        #expect(throws: PasswordHash.Failure.malformed) { try PasswordHash(encoded: text) }
    }

    @Test("nobody's hash matches nothing, at the usual cost")
    func nobody() {
        #expect(!PasswordHash.ofNobody.matches("anything at all"))
        #expect(!PasswordHash.ofNobody.isOutdated)
    }

    @Test(
        "weak passwords are refused with what to do",
        arguments: [
            ("short", "your password must have at least 10 characters"),
            (
                String(repeating: "long passwords ", count: 20),
                "your password must have at most 256 bytes"
            ),
            ("abababababab", "your password must use at least 5 different characters"),
            ("the-ana.berg-one", "your password must not contain your username"),
            (
                "Password2026!!",
                "your password is among those tried first: choose a less common one"
            ),
            ("1234567890", "your password is among those tried first: choose a less common one"),
            ("0987654321", "your password is among those tried first: choose a less common one"),
        ]
    )
    func weak(_ password: String, _ message: String) {
        #expect(throws: WeakPassword(message)) {
            try PasswordRule.check(password, for: "Ana.Berg@example.com")
        }
    }

    @Test("a long sentence is a good password, whatever it begins with")
    func strong() throws {
        try PasswordRule.check("welcome to the seventh floor", for: "ana.berg@example.com")
        try PasswordRule.check("zwölf Boxkämpfer", for: "al@example.com")
    }

    @Test("generated passwords can be read aloud, pass the rule and differ")
    func generatedPasswords() throws {
        let made = (0..<50).map { _ in GeneratedSecret.password() }

        for password in made {
            #expect(password.wholeMatch(of: /([b-z][aeiou][b-z][aeiou]-){4}[0-9]{4}/) != nil)
            try PasswordRule.check(password, for: "ana.berg@example.com")
        }
        #expect(Set(made).count == made.count)
    }

    @Test("a security token is 24 letters and digits, and comes off the end of a password")
    func securityTokens() throws {
        let token = GeneratedSecret.securityToken()
        let parts = try #require(GeneratedSecret.splitPasswordAndToken("pass word!" + token))

        #expect(token.wholeMatch(of: /[A-Za-z0-9]{24}/) != nil)
        #expect(parts.password == "pass word!")
        #expect(parts.securityToken == token)
        #expect(GeneratedSecret.splitPasswordAndToken(token) == nil)
        #expect(GeneratedSecret.splitPasswordAndToken("kavu-tomi-resa-pido-4829-and-on") == nil)
    }
}
