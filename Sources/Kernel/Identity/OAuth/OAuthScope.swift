/// The scopes of OAuth: what a client may do in a user's name.
package enum OAuthScope {
    /// Those that the platform knows, in the order in which they are listed.
    package static let known = [
        "api", "web", "full", "id", "profile", "email", "address", "phone", "openid",
        "refresh_token", "offline_access", "chatter_api", "custom_permissions",
    ]

    /// What a client gets that asks for nothing in particular.
    package static let standard = "api web id refresh_token"

    /// What is granted of what was asked for; scopes that the platform does not know are left out.
    ///
    /// - Throws: `OAuthError` `invalid_scope` if nothing is left.
    static func granted(_ asked: String?) throws(OAuthError) -> String {
        guard let asked, !asked.allSatisfy({ $0 == " " }) else { return standard }
        let wanted = Set(asked.split(separator: " "))
        let granted = known.filter { wanted.contains(Substring($0)) }
        guard !granted.isEmpty else {
            throw OAuthError(.invalidScope, "the requested scope is invalid or unknown")
        }
        return granted.joined(separator: " ")
    }

    /// Whether a client may begin sessions while the user is away.
    static func includesRefresh(_ scope: String) -> Bool {
        scope.split(separator: " ").contains { $0 == "refresh_token" || $0 == "offline_access" }
    }
}
