package import Kernel
package import Metadata
import Store

extension PlatformStore {
    package func addOrg(_ org: OrgEntry) async throws {
        try await refusing(.slugTaken) {
            try await self.writer.write { connection in
                try connection.execute(
                    """
                    INSERT INTO org (slug, label, is_active, trusted_networks, id, id_base, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                    Self.values(org) + [
                        .org(org.id), .integer(org.idBase), .moment(org.createdAt),
                    ]
                )
            }
        }
    }

    package func updateOrg(_ org: OrgEntry) async throws {
        try await refusing(.slugTaken) {
            try await self.writer.write { connection in
                try connection.execute(
                    """
                    UPDATE org SET slug = ?, label = ?, is_active = ?, trusted_networks = ?
                    WHERE id = ?
                    """,
                    Self.values(org) + [.org(org.id)]
                )
            }
        }
        orgCache.withLock { cache in
            cache.generation += 1
            cache.known[org.id] = nil
        }
    }

    package func org(_ id: OrgID) async throws -> OrgEntry? {
        let (known, generation) = orgCache.withLock { ($0.known[id], $0.generation) }
        if let known { return known }
        guard let org = try orgs("WHERE id = ?", [.org(id)]).first else { return nil }
        orgCache.withLock { cache in
            if cache.generation == generation { cache.known[id] = org }
        }
        return org
    }

    package func org(slug: String) async throws -> OrgEntry? {
        try orgs("WHERE slug = ?", [.text(slug)]).first
    }

    package func orgs() async throws -> [OrgEntry] {
        try orgs("ORDER BY created_at, id", [])
    }

    private func orgs(_ clause: String, _ values: [SQLValue]) throws -> [OrgEntry] {
        try readers.read { connection in
            try connection.all(
                """
                SELECT id, slug, label, id_base, created_at, is_active, trusted_networks
                FROM org \(clause)
                """,
                values
            ) { row in
                OrgEntry(
                    id: row.orgID(0),
                    slug: row.string(1),
                    label: row.string(2),
                    idBase: row.int64(3),
                    createdAt: row.instant(4),
                    isActive: row.flag(5),
                    trustedNetworks: row.string(6).split(separator: "\n").map(String.init)
                )
            }
        }
    }

    private static func values(_ org: OrgEntry) -> [SQLValue] {
        [
            .text(org.slug), .text(org.label), .flag(org.isActive),
            .text(org.trustedNetworks.joined(separator: "\n")),
        ]
    }

    /// Runs a write, and says in the directory's words what a unique index refused.
    func refusing(
        _ failure: DirectoryFailure,
        _ write: () async throws -> Void
    ) async throws {
        do {
            try await write()
        } catch let error as SQLiteFailure {
            guard case .constraintUnique = error.kind else { throw error }
            throw failure
        }
    }
}

extension PlatformStore {
    package func addLogin(_ login: Login) async throws {
        try await refusing(.usernameTaken) {
            try await self.writer.write { connection in
                try connection.execute(
                    "INSERT INTO login VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        .text(Login.key(of: login.username)), .text(login.username),
                        .org(login.org), .id(login.user), .optional(login.passwordHash),
                        .optional(login.securityTokenDigest?.description),
                        .optional(login.passwordChangedAt), .flag(login.isActive),
                    ]
                )
            }
        }
    }

    package func login(username: String) async throws -> Login? {
        try login("username_key = ?", [.text(Login.key(of: username))])
    }

    package func login(of user: RecordID, in org: OrgID) async throws -> Login? {
        try login("org = ? AND user = ?", [.org(org), .id(user)])
    }

    package func setUsername(
        _ username: String,
        of user: RecordID,
        in org: OrgID
    ) async throws {
        try await refusing(.usernameTaken) {
            try await self.change(
                "username_key = ?, username = ?",
                [.text(Login.key(of: username)), .text(username)],
                user,
                org
            )
        }
    }

    package func setPasswordHash(
        _ hash: String,
        of user: RecordID,
        in org: OrgID,
        changedAt: Instant?
    ) async throws {
        try await change(
            "password_hash = ?, password_changed_at = coalesce(?, password_changed_at)",
            [.text(hash), .optional(changedAt)],
            user,
            org
        )
    }

    package func setSecurityToken(
        _ digest: TokenDigest?,
        of user: RecordID,
        in org: OrgID
    ) async throws {
        try await change("security_token = ?", [.optional(digest?.description)], user, org)
    }

    package func setLoginActive(
        _ isActive: Bool,
        of user: RecordID,
        in org: OrgID
    ) async throws {
        try await change("is_active = ?", [.flag(isActive)], user, org)
    }

    package func lockedUntil(username: String) async throws -> Instant? {
        try readers.read { connection in
            try connection.one(
                "SELECT locked_until FROM login_lock WHERE username_key = ?",
                [.text(Login.key(of: username))]
            ) { $0.instant(0) }
        }
    }

    package func setLock(username: String, until: Instant?) async throws {
        let key = SQLValue.text(Login.key(of: username))
        try await writer.write { connection in
            guard let until else {
                try connection.execute("DELETE FROM login_lock WHERE username_key = ?", [key])
                return
            }
            try connection.execute(
                """
                INSERT INTO login_lock VALUES (?, ?) ON CONFLICT (username_key)
                DO UPDATE SET locked_until = max(locked_until, excluded.locked_until)
                """,
                [key, .moment(until)]
            )
        }
    }

    private func login(_ condition: String, _ values: [SQLValue]) throws -> Login? {
        try readers.read { connection in
            try connection.one(
                """
                SELECT username, org, user, password_hash, security_token, password_changed_at,
                    is_active
                FROM login WHERE \(condition)
                """,
                values
            ) { row in
                Login(
                    username: row.string(0),
                    org: row.orgID(1),
                    user: row.recordID(2),
                    passwordHash: row.optionalString(3),
                    securityTokenDigest: row.optionalString(4).map(TokenDigest.init(stored:)),
                    passwordChangedAt: row.optionalInstant(5),
                    isActive: row.flag(6)
                )
            }
        }
    }

    private func change(
        _ assignments: String,
        _ values: [SQLValue],
        _ user: RecordID,
        _ org: OrgID
    ) async throws {
        try await writer.write { connection in
            try connection.execute(
                "UPDATE login SET \(assignments) WHERE org = ? AND user = ?",
                values + [.org(org), .id(user)]
            )
        }
    }
}
