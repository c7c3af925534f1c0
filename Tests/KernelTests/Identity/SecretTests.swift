import Testing

@testable import Kernel

/// Sealed secrets, tokens and signatures.
@Suite struct SecretTests {
    @Test("a sealed secret opens in its place, and looks different each time")
    func roundTrip() throws {
        let box = try SecretBox(deploymentKey: SecretBox.makeDeploymentKey())
        let sealed = try box.seal("s3cret ünïcode", for: "app 1")

        #expect(try box.open(sealed, for: "app 1") == "s3cret ünïcode")
        #expect(try box.seal("s3cret ünïcode", for: "app 1") != sealed)
        #expect(try box.open(box.seal("", for: "app 1"), for: "app 1") == "")
    }

    @Test("a secret that was moved, changed or sealed by another deployment does not open")
    func unopenable() throws {
        let box = try SecretBox(deploymentKey: SecretBox.makeDeploymentKey())
        let other = try SecretBox(deploymentKey: SecretBox.makeDeploymentKey())
        let sealed = try box.seal("secret", for: "app 1")
        var changed = Array(sealed)
        changed[20] = changed[20] == "A" ? "B" : "A"

        #expect(throws: SecretBox.Failure.unopenable) { try box.open(sealed, for: "app 2") }
        #expect(throws: SecretBox.Failure.unopenable) { try other.open(sealed, for: "app 1") }
        #expect(throws: SecretBox.Failure.unopenable) {
            try box.open(String(changed), for: "app 1")
        }
    }

    @Test("what is not a sealed secret is said to be none", arguments: ["", "secret", "box1$AAAA"])
    func malformed(_ text: String) throws {
        let box = try SecretBox(deploymentKey: SecretBox.makeDeploymentKey())

        #expect(throws: SecretBox.Failure.malformed) { try box.open(text, for: "app 1") }
    }

    @Test("a deployment key of another size is refused")
    func keySize() {
        #expect(throws: SecretBox.Failure.keySize) { try SecretBox(deploymentKey: [1, 2, 3]) }
    }

    @Test("tokens are 43 URL-safe characters and differ; their digest is SHA-256")
    func tokens() {
        let tokens = (0..<100).map { _ in OpaqueToken().text }

        #expect(tokens.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9_-]{43}/) != nil })
        #expect(Set(tokens).count == 100)
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(TokenDigest(of: "abc").description == abc)
        #expect(TokenDigest(of: "abc") == TokenDigest(stored: abc))
        #expect(TokenDigest(of: "abd") != TokenDigest(stored: abc))
    }

    @Test("the token response is signed over id and time, as clients recompute it")
    func tokenResponseSignature() {
        // Made with: printf ID1700000000000 | openssl dgst -sha256 -hmac consumer -binary | base64
        let signature = TokenResponseSignature.sign(
            identityURL: "https://localhost:8443/id/00D000000000001EAA/005000000000001AAA",
            issuedAt: "1700000000000",
            consumerSecret: "consumer"
        )

        #expect(signature == "NSvZTyBjFoJp3N02Nf5WUAG4JCk3QHwFiN8mnswZ2E4=")
    }

    @Test("a challenge accepts the verifier it came from, and no other")
    func codeChallenge() throws {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        let challenge = try #require(
            CodeChallenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", method: "S256")
        )
        let plain = try #require(CodeChallenge(verifier, method: nil))

        #expect(challenge.accepts(verifier))
        #expect(!challenge.accepts(verifier + "x"))
        #expect(!challenge.accepts(""))
        #expect(plain.accepts(verifier))
        #expect(!plain.accepts(String(verifier.reversed())))
    }

    @Test("a challenge that no verifier can meet is refused")
    func malformedChallenge() {
        let text = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

        #expect(CodeChallenge(text, method: "S512") == nil)
        #expect(CodeChallenge(text + "A", method: "S256") == nil)
        #expect(CodeChallenge("short", method: "plain") == nil)
        #expect(CodeChallenge(String(repeating: "é", count: 43), method: "plain") == nil)
    }

    @Test("texts are equal byte for byte, whatever Unicode says")
    func constantTime() {
        #expect(ConstantTime.areEqual("token", "token"))
        #expect(!ConstantTime.areEqual("token", "tokem"))
        #expect(!ConstantTime.areEqual("token", "token2"))
        #expect(!ConstantTime.areEqual("\u{E9}", "e\u{301}"))
        #expect(ConstantTime.areEqual("", ""))
    }
}
