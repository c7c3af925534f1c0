package import Kernel
package import Metadata
import Store

extension PlatformStore {
    package func addClient(_ client: OAuthClient) async throws {
        try await refusing(.clientTaken) {
            try await self.writer.write { connection in
                try connection.execute(
                    """
                    INSERT INTO oauth_client (name, sealed_secret, redirect_uris, grants, run_as,
                        public_key, is_active, id, org, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    Self.values(client) + [
                        .text(client.id), .optional(client.org?.record),
                        .moment(client.createdAt),
                    ]
                )
            }
        }
    }

    package func updateClient(_ client: OAuthClient) async throws {
        try await writer.write { connection in
            try connection.execute(
                """
                UPDATE oauth_client SET name = ?, sealed_secret = ?, redirect_uris = ?, grants = ?,
                    run_as = ?, public_key = ?, is_active = ?
                WHERE id = ?
                """,
                Self.values(client) + [.text(client.id)]
            )
        }
    }

    package func client(_ id: String) async throws -> OAuthClient? {
        try clients("WHERE id = ?", [.text(id)]).first
    }

    package func clients(of org: OrgID) async throws -> [OAuthClient] {
        try clients("WHERE org = ? ORDER BY created_at, id", [.org(org)])
    }

    private func clients(_ clause: String, _ values: [SQLValue]) throws -> [OAuthClient] {
        try readers.read { connection in
            try connection.all(
                """
                SELECT id, org, name, sealed_secret, redirect_uris, grants, run_as, public_key,
                    is_active, created_at
                FROM oauth_client \(clause)
                """,
                values
            ) { row in
                OAuthClient(
                    id: row.string(0),
                    org: row.optionalRecordID(1).map(OrgID.init),
                    name: row.string(2),
                    sealedSecret: row.optionalString(3),
                    redirectURIs: row.string(4).split(separator: "\n").map(String.init),
                    grants: Set(
                        row.string(5).split(separator: "\n").compactMap {
                            OAuthGrant(rawValue: String($0))
                        }
                    ),
                    runAs: row.optionalRecordID(6),
                    publicKey: row.optionalString(7),
                    isActive: row.flag(8),
                    createdAt: row.instant(9)
                )
            }
        }
    }

    private static func values(_ client: OAuthClient) -> [SQLValue] {
        [
            .text(client.name), .optional(client.sealedSecret),
            .text(client.redirectURIs.joined(separator: "\n")),
            .text(client.grants.map(\.rawValue).sorted().joined(separator: "\n")),
            .optional(client.runAs), .optional(client.publicKey), .flag(client.isActive),
        ]
    }
}

extension PlatformStore {
    package func addRefreshToken(_ token: RefreshToken, _ digest: TokenDigest) async throws {
        try await writer.write { connection in
            try connection.execute(
                "INSERT INTO refresh_token VALUES (?, ?, ?, ?, ?, ?)",
                [
                    .text(digest.description), .org(token.org), .id(token.user),
                    .text(token.client), .text(token.scope), .moment(token.createdAt),
                ]
            )
        }
    }

    package func refreshToken(_ digest: TokenDigest) async throws -> RefreshToken? {
        try readers.read { connection in
            try connection.one(
                """
                SELECT org, user, client, scope, created_at FROM refresh_token WHERE digest = ?
                """,
                [.text(digest.description)]
            ) { row in
                RefreshToken(
                    org: row.orgID(0),
                    user: row.recordID(1),
                    client: row.string(2),
                    scope: row.string(3),
                    createdAt: row.instant(4)
                )
            }
        }
    }

    package func revokeRefreshToken(_ digest: TokenDigest) async throws {
        try await writer.write { connection in
            try connection.execute(
                "DELETE FROM refresh_token WHERE digest = ?",
                [.text(digest.description)]
            )
        }
    }

    package func revokeRefreshTokens(of user: RecordID, in org: OrgID) async throws {
        try await writer.write { connection in
            for table in ["refresh_token", "authorization_code"] {
                try connection.execute(
                    "DELETE FROM \(table) WHERE org = ? AND user = ?",
                    [.org(org), .id(user)]
                )
            }
        }
    }

    package func addCode(_ code: AuthorizationCode, _ digest: TokenDigest) async throws {
        try await writer.write { connection in
            try connection.execute(
                "INSERT INTO authorization_code VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    .text(digest.description), .org(code.org), .id(code.user),
                    .text(code.client), .text(code.redirectURI),
                    .optional(code.challenge?.text), .optional(code.challenge?.method.rawValue),
                    .text(code.scope), .moment(code.expiresAt),
                ]
            )
        }
    }

    package func takeCode(_ digest: TokenDigest) async throws -> AuthorizationCode? {
        // One statement reads and removes it, so two who come at once cannot both have it.
        try await writer.write { connection in
            try connection.all(
                """
                DELETE FROM authorization_code WHERE digest = ?
                RETURNING org, user, client, redirect_uri, challenge, challenge_method, scope,
                    expires_at
                """,
                [.text(digest.description)]
            ) { row in
                AuthorizationCode(
                    org: row.orgID(0),
                    user: row.recordID(1),
                    client: row.string(2),
                    redirectURI: row.string(3),
                    challenge: row.optionalString(4).flatMap {
                        CodeChallenge($0, method: row.optionalString(5))
                    },
                    scope: row.string(6),
                    expiresAt: row.instant(7)
                )
            }.first
        }
    }
}
