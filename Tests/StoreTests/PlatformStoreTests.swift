import Foundation
import Kernel
import Metadata
import Testing

@testable import StoreSQLite

/// The directory of a deployment, on disk.
@Suite struct PlatformStoreTests {
    private let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("platform-\(UUID().uuidString).sqlite").path
    private let start = Instant(milliseconds: 1_750_000_000_000)
    private let org = OrgID(RecordID(number: 500 << RecordID.sequenceBits | 1))
    private let ana = RecordID(number: 600 << RecordID.sequenceBits | 1)
    private let ben = RecordID(number: 600 << RecordID.sequenceBits | 2)

    /// Runs a body on a store, twice opened if it wants to see what lasted.
    private func withStore(_ body: (PlatformStore) async throws -> Void) async throws {
        let store = try await PlatformStore(path: path)
        do {
            try await body(store)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    private func removeFile() {
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
        }
    }

    private func session(_ user: RecordID, client: String? = nil) -> LoginSession {
        LoginSession(
            org: org,
            user: user,
            kind: .soap,
            client: client,
            scope: "full",
            createdAt: start,
            lastUsedAt: start,
            expiresAt: start.adding(seconds: 7_200)
        )
    }

    private func entry(_ slug: String, _ number: Int64 = 1) -> OrgEntry {
        OrgEntry(
            id: OrgID(RecordID(number: 500 << RecordID.sequenceBits | number)),
            slug: slug,
            label: "Aid for All",
            idBase: 7,
            createdAt: start,
            trustedNetworks: ["10.0.0.0/8", "::1"]
        )
    }

    @Test("orgs and logins are there after the file was opened again")
    func lasts() async throws {
        defer { removeFile() }
        var login = Login(username: "Ana@Aid.example", org: org, user: ana)
        login.passwordHash = "scrypt$x"
        login.securityTokenDigest = TokenDigest(of: "token")
        login.passwordChangedAt = start
        let stored = login
        try await withStore { store async throws in
            try await store.addOrg(entry("aid"))
            try await store.addLogin(stored)
        }
        try await withStore { store async throws in
            #expect(try await store.org(org) == entry("aid"))
            #expect(try await store.org(slug: "aid") == entry("aid"))
            #expect(try await store.login(username: "ana@aid.EXAMPLE") == stored)
            #expect(try await store.login(of: ana, in: org) == stored)
            #expect(try await store.login(username: "ben") == nil)
        }
    }

    @Test("a username is one person's in the whole deployment, and a slug one org's")
    func unique() async throws {
        defer { removeFile() }
        try await withStore { store async throws in
            try await store.addOrg(entry("aid"))
            await #expect(throws: DirectoryFailure.slugTaken) {
                try await store.addOrg(entry("aid", 2))
            }
            try await store.addLogin(Login(username: "ana@x", org: org, user: ana))
            try await store.addLogin(Login(username: "ben@x", org: org, user: ben))
            await #expect(throws: DirectoryFailure.usernameTaken) {
                try await store.addLogin(
                    Login(username: "ANA@x", org: entry("b", 2).id, user: ben)
                )
            }
            await #expect(throws: DirectoryFailure.usernameTaken) {
                try await store.setUsername("Ana@X", of: ben, in: org)
            }
        }
    }

    @Test("a changed org is seen at once")
    func orgChanges() async throws {
        defer { removeFile() }
        try await withStore { store async throws in
            try await store.addOrg(entry("aid"))
            _ = try await store.org(org)
            var changed = entry("relief")
            changed.isActive = false
            try await store.updateOrg(changed)
            #expect(try await store.org(org) == changed)
            #expect(try await store.orgs() == [changed])
        }
    }

    @Test("a session that ends is unknown at once, to this process and to the next")
    func sessionEnds() async throws {
        defer { removeFile() }
        let digest = TokenDigest(of: "one")
        try await withStore { store async throws in
            #expect(try await store.session(digest, at: start) == nil)
            try await store.addSession(session(ana), digest)
            #expect(try await store.session(digest, at: start) == session(ana))
            try await store.touchSession(
                digest,
                usedAt: start.adding(seconds: 60),
                expiresAt: start.adding(seconds: 90)
            )
        }
        try await withStore { store async throws in
            let kept = try await store.session(digest, at: start)
            #expect(kept?.expiresAt == start.adding(seconds: 90))
            try await store.endSession(digest)
            #expect(try await store.session(digest, at: start) == nil)
        }
        try await withStore { store async throws in
            #expect(try await store.session(digest, at: start) == nil)
        }
    }

    @Test("all sessions of a user end together, or those of one client")
    func userSessionsEnd() async throws {
        defer { removeFile() }
        try await withStore { store async throws in
            try await store.addSession(session(ana, client: "a"), TokenDigest(of: "1"))
            try await store.addSession(session(ana), TokenDigest(of: "2"))
            try await store.addSession(session(ben), TokenDigest(of: "3"))
            try await store.endSessions(of: ana, in: org, client: "a")
            #expect(try await store.session(TokenDigest(of: "1"), at: start) == nil)
            #expect(try await store.session(TokenDigest(of: "2"), at: start) != nil)
            try await store.endSessions(of: ana, in: org, client: nil)
            #expect(try await store.session(TokenDigest(of: "2"), at: start) == nil)
            #expect(try await store.session(TokenDigest(of: "3"), at: start) != nil)
        }
    }

    @Test("what was read before a session ended is not kept after")
    func cacheRace() {
        let cache = SessionCache()
        let digest = TokenDigest(of: "one")
        guard case .unknown(let generation) = cache.answer(digest, at: start) else {
            Issue.record("nothing is known yet")
            return
        }
        cache.remove(digest)
        cache.keep(session(ana), digest, ifStill: generation, at: start)
        guard case .unknown(let later) = cache.answer(digest, at: start) else {
            Issue.record("it must be read again")
            return
        }
        cache.keep(nil, digest, ifStill: later, at: start)
        #expect(cache.answer(digest, at: start) == .none)
        cache.add(session(ana), digest)
        #expect(cache.answer(digest, at: start) == .session(session(ana)))
    }

    @Test("the cache keeps to its size, and those used last")
    func cacheSize() {
        let cache = SessionCache(capacity: 10)
        for number in 0..<25 {
            var session = session(ana)
            session.lastUsedAt = start.adding(seconds: Int64(number))
            cache.add(session, TokenDigest(of: "\(number)"))
        }
        guard case .session = cache.answer(TokenDigest(of: "24"), at: start),
            case .unknown = cache.answer(TokenDigest(of: "0"), at: start)
        else {
            Issue.record("the newest stays and the oldest goes")
            return
        }
    }

    @Test("a code is taken by one of many who come at once")
    func codeOnce() async throws {
        defer { removeFile() }
        let code = AuthorizationCode(
            org: org,
            user: ana,
            client: "c",
            redirectURI: "https://a",
            challenge: CodeChallenge(String(repeating: "a", count: 43), method: "S256"),
            scope: "api",
            expiresAt: start
        )
        try await withStore { store async throws in
            let digest = TokenDigest(of: "code")
            try await store.addCode(code, digest)
            let taken = try await withThrowingTaskGroup(of: AuthorizationCode?.self) { group in
                for _ in 0..<10 { group.addTask { try await store.takeCode(digest) } }
                var taken: [AuthorizationCode] = []
                for try await one in group { if let one { taken.append(one) } }
                return taken
            }
            #expect(taken == [code])
        }
    }

    @Test("clients, refresh tokens, locks and usage come back as they went in")
    func roundTrips() async throws {
        defer { removeFile() }
        var client = OAuthClient(
            id: "c",
            org: org,
            name: "Sync",
            sealedSecret: "box1$x",
            redirectURIs: ["https://a", "app://b"],
            grants: [.password, .jwtBearer],
            runAs: ana,
            publicKey: "PEM",
            createdAt: start
        )
        let token = RefreshToken(org: org, user: ana, client: "c", scope: "api", createdAt: start)
        let digest = TokenDigest(of: "refresh")
        try await withStore { store async throws in
            try await store.addClient(client)
            #expect(try await store.client("c") == client)
            client.isActive = false
            try await store.updateClient(client)
            #expect(try await store.clients(of: org) == [client])
            try await store.addRefreshToken(token, digest)
            #expect(try await store.refreshToken(digest) == token)
            try await store.revokeRefreshTokens(of: ana, in: org)
            #expect(try await store.refreshToken(digest) == nil)
            try await store.setLock(username: "Ana", until: start)
            #expect(try await store.lockedUntil(username: "ana") == start)
            try await store.setLock(username: "ana", until: nil)
            #expect(try await store.lockedUntil(username: "ana") == nil)
            #expect(try await store.addUsage(3, of: org, day: 20_000) == 3)
            #expect(try await store.addUsage(4, of: org, day: 20_000) == 7)
            #expect(try await store.addUsage(0, of: org, day: 20_000) == 7)
        }
    }

    @Test("what has expired is removed, and nothing else")
    func purge() async throws {
        defer { removeFile() }
        try await withStore { store async throws in
            try await store.addSession(session(ana), TokenDigest(of: "1"))
            try await store.purge(before: start.adding(seconds: 7_199))
            #expect(try await store.session(TokenDigest(of: "1"), at: start) != nil)
            try await store.purge(before: start.adding(seconds: 7_200))
            #expect(try await store.session(TokenDigest(of: "1"), at: start) == nil)
        }
    }
}
