import Metadata
import Testing

@testable import Kernel

/// Who gets a session, and how long it lasts.
@Suite struct IdentityServiceTests {
    @Test("a session's token begins with the org's 15-character id and stands for the user")
    func tokenForm() async throws {
        let fixture = try await IdentityFixture()
        let begun = try await fixture.login()

        #expect(begun.token.hasPrefix("\(fixture.org.record.short)!"))
        let session = try await fixture.identity.verify(begun.token)
        #expect(session.caller.org == fixture.org)
        #expect(session.caller.user == fixture.ana)
        #expect(session.caller.timeZone == "Europe/Lisbon")
    }

    @Test("usernames are compared without regard to letter case")
    func usernameCase() async throws {
        let fixture = try await IdentityFixture()
        let begun = try await fixture.login(fixture.attempt(username: "ANA@Aid.Example"))
        #expect(begun.session.user == fixture.ana)
    }

    @Test("from elsewhere a program needs its security token, right behind the password")
    func securityToken() async throws {
        let fixture = try await IdentityFixture()
        let far = IdentityFixture.far
        await #expect(throws: IdentityError.invalidLogin) {
            try await fixture.login(fixture.attempt(peer: far))
        }
        let both = IdentityFixture.password + fixture.securityToken
        _ = try await fixture.login(fixture.attempt(both, peer: far))
        _ = try await fixture.login(fixture.attempt(both))

        var typed = fixture.attempt(peer: far)
        typed.isTyped = true
        _ = try await fixture.login(typed)
    }

    @Test("from a network that the org trusts, the password is enough")
    func trustedNetwork() async throws {
        let fixture = try await IdentityFixture { $0.trustsLoopback = false }
        await #expect(throws: IdentityError.invalidLogin) { try await fixture.login() }
        var org = try #require(try await fixture.directory.org(fixture.org))
        org.trustedNetworks = ["203.0.113.0/24"]
        try await fixture.directory.updateOrg(org)
        _ = try await fixture.login(fixture.attempt(peer: IdentityFixture.far))
    }

    @Test("a login for another org than the username's is refused")
    func loginScope() async throws {
        let fixture = try await IdentityFixture()
        var attempt = fixture.attempt()
        attempt.organizationID = fixture.org.record.short
        _ = try await fixture.login(attempt)
        attempt.organizationID = fixture.ana.description
        await #expect(throws: IdentityError.invalidLogin) { try await fixture.login(attempt) }
    }

    @Test(
        "known and unknown usernames are locked alike after failures, across restarts",
        arguments: [IdentityFixture.username, "nobody@aid.example"]
    )
    func lock(_ username: String) async throws {
        let fixture = try await IdentityFixture()
        for _ in 0..<6 {
            await #expect(throws: IdentityError.invalidLogin) {
                try await fixture.login(fixture.attempt("wrong password", username: username))
            }
        }
        await #expect(throws: IdentityError.invalidLogin) {
            try await fixture.login(fixture.attempt(username: username))
        }
        let until = try #require(try await fixture.directory.lockedUntil(username: username))
        #expect(until > fixture.clock.now())
    }

    @Test("a lock ends by itself, and an administrator can end it")
    func lockEnds() async throws {
        let fixture = try await IdentityFixture()
        for _ in 0..<6 { _ = try? await fixture.login(fixture.attempt("wrong password")) }
        await #expect(throws: IdentityError.invalidLogin) { try await fixture.login() }
        fixture.clock.pass(seconds: 61)
        _ = try await fixture.login()

        for _ in 0..<6 { _ = try? await fixture.login(fixture.attempt("wrong password")) }
        await #expect(throws: IdentityError.invalidLogin) { try await fixture.login() }
        try await fixture.identity.unlock(fixture.ana, in: fixture.org)
        _ = try await fixture.login()
    }

    @Test("a session ends two hours after its last use")
    func idle() async throws {
        let fixture = try await IdentityFixture()
        let token = try await fixture.login().token
        for _ in 0..<3 {
            fixture.clock.pass(seconds: 7_000)
            _ = try await fixture.identity.verify(token)
        }
        fixture.clock.pass(seconds: 7_201)
        await #expect(throws: IdentityError.invalidSession) {
            try await fixture.identity.verify(token)
        }
    }

    @Test("a session ends twelve hours after it began, however much it is used")
    func longest() async throws {
        let fixture = try await IdentityFixture()
        let token = try await fixture.login().token
        for _ in 0..<11 {
            fixture.clock.pass(seconds: 3_600)
            _ = try await fixture.identity.verify(token)
        }
        fixture.clock.pass(seconds: 3_600)
        await #expect(throws: IdentityError.invalidSession) {
            try await fixture.identity.verify(token)
        }
    }

    @Test("logout, a new password and deactivation each end the session at once")
    func ends() async throws {
        let fixture = try await IdentityFixture()
        let identity = fixture.identity
        var token = try await fixture.login().token
        try await identity.logout(token)
        await #expect(throws: IdentityError.invalidSession) { try await identity.verify(token) }

        token = try await fixture.login().token
        try await identity.setPassword("another good phrase", of: fixture.ana, in: fixture.org)
        await #expect(throws: IdentityError.invalidSession) { try await identity.verify(token) }

        token = try await fixture.login(fixture.attempt("another good phrase")).token
        fixture.facts.change(fixture.ana) { $0.isActive = false }
        try await identity.userChanged(fixture.ana, in: fixture.org)
        await #expect(throws: IdentityError.invalidSession) { try await identity.verify(token) }
        #expect(fixture.directory.sessionCount == 0)
        await #expect(throws: IdentityError.inactiveUser) {
            try await fixture.login(fixture.attempt("another good phrase"))
        }
    }

    @Test("a deactivation that nobody reported is noticed within seconds")
    func unreportedDeactivation() async throws {
        let fixture = try await IdentityFixture()
        let token = try await fixture.login().token
        fixture.facts.change(fixture.ana) { $0.isActive = false }
        fixture.clock.pass(seconds: 16)
        await #expect(throws: IdentityError.invalidSession) {
            try await fixture.identity.verify(token)
        }
    }

    @Test("while a user was seen a moment ago, nothing is read again")
    func cached() async throws {
        let fixture = try await IdentityFixture()
        let token = try await fixture.login().token
        let before = fixture.facts.readCount
        for _ in 0..<10 { _ = try await fixture.identity.verify(token) }
        #expect(fixture.facts.readCount == before)
    }

    @Test("what is no token is refused, whatever it looks like")
    func nonsense() async throws {
        let fixture = try await IdentityFixture()
        let org = fixture.org.record.short
        for token in ["", "x", "\(org)!", "\(org)!AQEAQ", String(repeating: "a", count: 5_000)] {
            await #expect(throws: IdentityError.invalidSession) {
                try await fixture.identity.verify(token)
            }
        }
    }

    @Test("a user who changes the password must know the old one; weak ones are refused")
    func changePassword() async throws {
        let fixture = try await IdentityFixture()
        let identity = fixture.identity
        await #expect(throws: IdentityError.invalidLogin) {
            try await identity.changePassword(
                from: "wrong",
                to: "another good phrase",
                of: fixture.ana,
                in: fixture.org,
                peer: "127.0.0.1"
            )
        }
        await #expect(throws: WeakPassword.self) {
            try await identity.setPassword("password1234", of: fixture.ana, in: fixture.org)
        }
        try await identity.changePassword(
            from: IdentityFixture.password,
            to: "another good phrase",
            of: fixture.ana,
            in: fixture.org,
            peer: "127.0.0.1"
        )
        _ = try await fixture.login(fixture.attempt("another good phrase"))
        let made = try await identity.resetPassword(of: fixture.ana, in: fixture.org)
        _ = try await fixture.login(fixture.attempt(made))
    }

    @Test("neither passwords nor tokens nor secrets are kept as they are")
    func nothingInTheClear() async throws {
        let fixture = try await IdentityFixture()
        let token = try await fixture.login().token
        let (_, secret) = try await fixture.identity.addClient(
            name: "Sync",
            org: fixture.org,
            grants: [.password]
        )
        let kept = fixture.directory.dump
        let plain = [IdentityFixture.password, fixture.securityToken, token, try #require(secret)]
        for text in plain { #expect(!kept.contains(text)) }
    }

    @Test("addresses are found in the networks they belong to")
    func networks() throws {
        let network = try #require(PeerNetwork("10.1.0.0/20"))
        #expect(network.contains("10.1.15.255"))
        #expect(network.contains("::ffff:10.1.2.3"))
        #expect(!network.contains("10.1.16.0"))
        #expect(!network.contains("nonsense"))
        #expect(PeerNetwork("10.0.0.0/33") == nil)
        #expect(PeerNetwork("host") == nil)
        #expect(PeerNetwork.loopback.contains { $0.contains("127.8.9.1") })
        #expect(PeerNetwork.loopback.contains { $0.contains("::1") })
    }
}
