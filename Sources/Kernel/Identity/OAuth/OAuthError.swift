/// Why an OAuth request was refused, in the words of RFC 6749 that clients match on.
package struct OAuthError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable {
        case accessDenied = "access_denied"
        case invalidClient = "invalid_client"
        case invalidClientID = "invalid_client_id"
        case invalidGrant = "invalid_grant"
        case invalidRequest = "invalid_request"
        case invalidScope = "invalid_scope"
        case rateLimitExceeded = "rate_limit_exceeded"
        case redirectURIMismatch = "redirect_uri_mismatch"
        case unauthorizedClient = "unauthorized_client"
        case unsupportedGrantType = "unsupported_grant_type"
        case unsupportedResponseType = "unsupported_response_type"
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    package static let unknownClient = OAuthError(.invalidClientID, "client identifier invalid")
    package static let wrongSecret = OAuthError(.invalidClient, "invalid client credentials")
    package static let wrongLogin = OAuthError(.invalidGrant, "authentication failure")
    package static let inactiveUser = OAuthError(.invalidGrant, "inactive user")
    package static let inactiveOrg = OAuthError(.invalidGrant, "inactive organization")
    package static let notApproved = OAuthError(
        .invalidGrant,
        "user hasn't approved this consumer"
    )
    package static let expiredRefreshToken = OAuthError(
        .invalidGrant,
        "expired access/refresh token"
    )
    package static let wrongCode = OAuthError(.invalidGrant, "expired authorization code")
    package static let wrongAssertion = OAuthError(.invalidGrant, "invalid assertion")
}

extension OAuthError {
    /// What a client is told of a failed login.
    init(_ error: IdentityError) {
        switch error {
        case .invalidLogin, .invalidSession, .unknownUser: self = .wrongLogin
        case .inactiveUser: self = .inactiveUser
        case .inactiveOrg: self = .inactiveOrg
        }
    }
}

/// Runs what may fail to log someone in, and says so in OAuth's words.
func inOAuthWords<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch let error as IdentityError {
        throw OAuthError(error)
    }
}
