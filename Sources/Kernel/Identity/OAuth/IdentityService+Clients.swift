package import Metadata

/// What a client says about itself.
package struct ClientCredentials: Sendable {
    package let id: String?
    package let secret: String?

    package init(id: String?, secret: String?) {
        self.id = id
        self.secret = secret
    }
}

extension IdentityService {
    /// Registers an OAuth client.
    ///
    /// `id`: a consumer key to use; `nil` for a made-up one.
    /// `isConfidential`: whether the program can keep a secret.
    /// - Returns: the client, and the one copy of its secret.
    package func addClient(
        name: String,
        org: OrgID?,
        grants: Set<OAuthGrant>,
        redirectURIs: [String] = [],
        runAs: RecordID? = nil,
        publicKey: String? = nil,
        isConfidential: Bool = true,
        id: String? = nil,
        secret: String? = nil
    ) async throws -> (client: OAuthClient, secret: String?) {
        let id = id ?? "3MVG9\(OpaqueToken().text)"
        let secret = isConfidential ? secret ?? OpaqueToken().text : nil
        let client = OAuthClient(
            id: id,
            org: org,
            name: name,
            sealedSecret: try secret.map { try secrets.seal($0, for: Self.context(id)) },
            redirectURIs: redirectURIs,
            grants: grants,
            runAs: runAs,
            publicKey: publicKey,
            createdAt: clock.now()
        )
        try await directory.addClient(client)
        return (client, secret)
    }

    /// The client that these credentials are of, if it may use a grant.
    ///
    /// A client that has a secret must show it, unless a signature has proved the same.
    func client(
        _ credentials: ClientCredentials,
        for grant: OAuthGrant,
        needsSecret: Bool = true
    ) async throws -> OAuthClient {
        guard let id = credentials.id, let client = try await directory.client(id), client.isActive
        else { throw OAuthError.unknownClient }
        if needsSecret || credentials.secret?.isEmpty == false {
            guard try isSecret(credentials.secret ?? "", of: client) else {
                throw OAuthError.wrongSecret
            }
        }
        guard client.grants.contains(grant) else {
            throw OAuthError(.unauthorizedClient, "this client may not use this grant type")
        }
        return client
    }

    /// The client that these credentials are of, whatever it may do.
    func client(_ credentials: ClientCredentials) async throws -> OAuthClient {
        guard let id = credentials.id, let client = try await directory.client(id), client.isActive
        else { throw OAuthError.unknownClient }
        guard try isSecret(credentials.secret ?? "", of: client) else {
            throw OAuthError.wrongSecret
        }
        return client
    }

    /// The client's secret; `nil` for one without.
    func secret(of client: OAuthClient) throws -> String? {
        try client.sealedSecret.map { try secrets.open($0, for: Self.context(client.id)) }
    }

    /// Whether a client may act for the users of an org.
    func mayServe(_ org: OrgID, _ client: OAuthClient) -> Bool {
        client.org == nil || client.org == org
    }

    /// A client without a secret shows none.
    private func isSecret(_ shown: String, of client: OAuthClient) throws -> Bool {
        ConstantTime.areEqual(shown, try secret(of: client) ?? "")
    }

    private static func context(_ id: String) -> String { "oauth-client:\(id)" }
}
