package import Kernel

/// Finds out who asks: a session's token to a caller.
package struct Authentication: Sendable {
    private let identity: IdentityService

    package init(_ identity: IdentityService) {
        self.identity = identity
    }

    /// The caller of a request, by its `Authorization` or `X-SFDC-Session` header.
    ///
    /// - Throws: `RecordError` `INVALID_SESSION_ID` when there is no session, `INVALID_AUTH_HEADER`
    ///   for a header of another kind.
    package func caller(of request: APIRequest) async throws -> Caller {
        try await session(of: request).caller
    }

    /// The session of a request, for handlers that need to know more than its caller.
    package func session(of request: APIRequest) async throws -> VerifiedSession {
        try await session(token: try Self.token(of: request))
    }

    /// The session of a token that came by another way, as in a SOAP header.
    package func session(token: String?) async throws -> VerifiedSession {
        guard let token else { throw Self.expired }
        do {
            let session = try await identity.verify(token)
            guard session.session.mayUseAPI else { throw Self.withoutAPI }
            return session
        } catch is IdentityError {
            throw Self.expired
        }
    }

    /// The session's token; `nil` when the request has none.
    ///
    /// `Bearer` and `OAuth` mean the same. The older bulk API has a header of its own.
    package static func token(of request: APIRequest) throws(RecordError) -> String? {
        guard let header = request.header("authorization") else {
            return request.header("x-sfdc-session")
        }
        let space = UInt8(ascii: " ")
        let parts = header.utf8.split(separator: space, maxSplits: 1)
        guard parts.count == 2, ["bearer", "oauth"].contains(Substring(parts[0]).lowercased())
        else {
            throw RecordError(.invalidAuthHeader, "INVALID_HEADER_TYPE")
        }
        guard parts[1].contains(space) else { return String(Substring(parts[1])) }
        return String(decoding: parts[1].filter { $0 != space }, as: UTF8.self)
    }

    /// The refusal of a session that is not there or has ended; clients match on its text.
    package static let expired = RecordError(.invalidSessionID, "Session expired or invalid")

    private static let withoutAPI = RecordError(
        .invalidSessionID,
        "This session is not valid for use with the REST API"
    )
}
