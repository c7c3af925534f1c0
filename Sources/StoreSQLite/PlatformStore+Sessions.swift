package import Kernel
package import Metadata
import Store

extension PlatformStore: Directory {}

extension PlatformStore {
    package func addSession(_ session: LoginSession, _ digest: TokenDigest) async throws {
        try await writer.write { connection in
            try connection.execute(
                "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    .text(digest.description), .org(session.org), .id(session.user),
                    .text(session.kind.rawValue), .optional(session.client),
                    .text(session.scope), .moment(session.createdAt),
                    .moment(session.lastUsedAt), .moment(session.expiresAt),
                ]
            )
        }
        sessions.add(session, digest)
    }

    package func session(_ digest: TokenDigest, at now: Instant) async throws -> LoginSession? {
        switch sessions.answer(digest, at: now) {
        case .session(let session): return session
        case .none: return nil
        case .unknown(let generation):
            let session = try stored(digest)
            sessions.keep(session, digest, ifStill: generation, at: now)
            return session
        }
    }

    package func touchSession(
        _ digest: TokenDigest,
        usedAt: Instant,
        expiresAt: Instant
    ) async throws {
        // In memory first, so that those who come meanwhile do not write it again.
        sessions.update(digest, usedAt: usedAt, expiresAt: expiresAt)
        try await writer.write { connection in
            try connection.execute(
                "UPDATE session SET last_used_at = ?, expires_at = ? WHERE digest = ?",
                [.moment(usedAt), .moment(expiresAt), .text(digest.description)]
            )
        }
    }

    package func endSession(_ digest: TokenDigest) async throws {
        // Before the write, to be immediate; after it, for who read the old state in between.
        sessions.remove(digest)
        defer { sessions.remove(digest) }
        try await writer.write { connection in
            try connection.execute(
                "DELETE FROM session WHERE digest = ?",
                [.text(digest.description)]
            )
        }
    }

    package func endSessions(
        of user: RecordID,
        in org: OrgID,
        client: String?
    ) async throws {
        let isEnded = { (session: LoginSession) in
            session.user == user && session.org == org
                && (client == nil || session.client == client)
        }
        sessions.remove(where: isEnded)
        defer { sessions.remove(where: isEnded) }
        try await writer.write { connection in
            try connection.execute(
                "DELETE FROM session WHERE org = ? AND user = ? AND (?3 IS NULL OR client = ?3)",
                [.org(org), .id(user), .optional(client)]
            )
        }
    }

    package func addUsage(_ requests: Int, of org: OrgID, day: Int) async throws -> Int {
        let key: [SQLValue] = [.org(org), .integer(Int64(day))]
        guard requests > 0 else {
            return try readers.read { connection in
                try connection.one(
                    "SELECT requests FROM api_usage WHERE org = ? AND day = ?",
                    key
                ) { Int($0.int64(0)) } ?? 0
            }
        }
        return try await writer.write { connection in
            try connection.all(
                """
                INSERT INTO api_usage VALUES (?, ?, ?) ON CONFLICT (org, day)
                DO UPDATE SET requests = requests + excluded.requests RETURNING requests
                """,
                key + [.integer(Int64(requests))]
            ) { Int($0.int64(0)) }.first ?? requests
        }
    }

    package func purge(before now: Instant) async throws {
        // Usage is kept for a quarter of a year, for whoever asks how it grew.
        let firstDay = now.milliseconds / 86_400_000 - 92
        try await writer.write { connection in
            let moment = [SQLValue.moment(now)]
            try connection.execute("DELETE FROM session WHERE expires_at <= ?", moment)
            try connection.execute("DELETE FROM authorization_code WHERE expires_at <= ?", moment)
            try connection.execute("DELETE FROM login_lock WHERE locked_until <= ?", moment)
            try connection.execute(
                "DELETE FROM api_usage WHERE day < ?",
                [.integer(firstDay)]
            )
        }
        sessions.remove { $0.expiresAt <= now }
    }

    private func stored(_ digest: TokenDigest) throws -> LoginSession? {
        try readers.read { connection in
            let session = try connection.one(
                """
                SELECT org, user, kind, client, scope, created_at, last_used_at, expires_at
                FROM session WHERE digest = ?
                """,
                [.text(digest.description)]
            ) { row -> LoginSession? in
                guard let kind = LoginSession.Kind(rawValue: row.string(2)) else { return nil }
                return LoginSession(
                    org: row.orgID(0),
                    user: row.recordID(1),
                    kind: kind,
                    client: row.optionalString(3),
                    scope: row.string(4),
                    createdAt: row.instant(5),
                    lastUsedAt: row.instant(6),
                    expiresAt: row.instant(7)
                )
            }
            return session ?? nil
        }
    }
}
