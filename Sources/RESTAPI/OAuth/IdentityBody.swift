import Foundation
import Gateway
import Kernel
import Metadata

extension JSONWriter {
    /// What the identity URL tells.
    mutating func identity(_ session: VerifiedSession, origin: String) {
        let caller = session.caller
        let profile = session.profile
        let url = IdentityURL.text(origin: origin, org: caller.org, user: caller.user)
        beginObject()
        member("id", url)
        member("asserted_user", true)
        member("user_id", caller.user.description)
        member("organization_id", caller.org.description)
        member("username", profile.username)
        member("nick_name", profile.nickname ?? profile.name)
        member("display_name", profile.name)
        member("email", profile.email)
        member("email_verified", true)
        member("first_name", profile.firstName)
        member("last_name", profile.lastName)
        member("timezone", profile.timeZone)
        photos(origin)
        member("addr_street", profile.street)
        member("addr_city", profile.city)
        member("addr_state", profile.state)
        member("addr_country", profile.country)
        member("addr_zip", profile.postalCode)
        member("mobile_phone", profile.mobilePhone)
        member("mobile_phone_verified", false)
        member("is_lightning_login_user", false)
        key("status")
        beginObject()
        member("created_date", String?.none)
        member("body", String?.none)
        endObject()
        urls(session, origin)
        member("active", profile.isActive)
        member("user_type", profile.userType.uppercased())
        member("language", profile.language)
        member("locale", profile.locale)
        member("utcOffset", utcOffset(profile.timeZone))
        key("last_modified_date")
        datetime(millisecondsSinceEpoch: profile.modifiedAt.milliseconds)
        member("is_app_installed", true)
        endObject()
    }

    /// What the userinfo endpoint tells.
    ///
    /// Source: OpenID Connect Core, section 5.1, and the claims that the platform adds.
    mutating func claims(_ session: VerifiedSession, origin: String) {
        let caller = session.caller
        let profile = session.profile
        beginObject()
        member("sub", IdentityURL.text(origin: origin, org: caller.org, user: caller.user))
        member("user_id", caller.user.description)
        member("organization_id", caller.org.description)
        member("preferred_username", profile.username)
        member("nickname", profile.nickname ?? profile.name)
        member("name", profile.name)
        member("email", profile.email)
        member("email_verified", true)
        if let firstName = profile.firstName { member("given_name", firstName) }
        member("family_name", profile.lastName)
        member("zoneinfo", profile.timeZone)
        photos(origin)
        member("profile", "\(origin)/\(caller.user)")
        member("picture", "\(origin)/profilephoto/005/F")
        key("address")
        beginObject()
        if let street = profile.street { member("street_address", street) }
        if let city = profile.city { member("locality", city) }
        if let state = profile.state { member("region", state) }
        if let postalCode = profile.postalCode { member("postal_code", postalCode) }
        if let country = profile.country { member("country", country) }
        endObject()
        member("is_salesforce_integration_user", false)
        urls(session, origin)
        member("active", profile.isActive)
        member("user_type", profile.userType.uppercased())
        member("language", profile.language)
        member("locale", profile.locale)
        member("utcOffset", utcOffset(profile.timeZone))
        member("updated_at", Int(profile.modifiedAt.milliseconds / 1_000))
        endObject()
    }

    private mutating func photos(_ origin: String) {
        key("photos")
        beginObject()
        member("picture", "\(origin)/profilephoto/005/F")
        member("thumbnail", "\(origin)/profilephoto/005/T")
        endObject()
    }

    /// Where the APIs are; clients put their version in place of `{version}`.
    private mutating func urls(_ session: VerifiedSession, _ origin: String) {
        let org = session.caller.org.record.short
        let data = "\(origin)/services/data/v{version}"
        key("urls")
        beginObject()
        member("enterprise", "\(origin)/services/Soap/c/{version}/\(org)")
        member("metadata", "\(origin)/services/Soap/m/{version}/\(org)")
        member("partner", "\(origin)/services/Soap/u/{version}/\(org)")
        member("rest", "\(data)/")
        member("sobjects", "\(data)/sobjects/")
        member("search", "\(data)/search/")
        member("query", "\(data)/query/")
        member("recent", "\(data)/recent/")
        member("tooling_soap", "\(origin)/services/Soap/T/{version}/\(org)")
        member("tooling_rest", "\(data)/tooling/")
        member("profile", "\(origin)/\(session.caller.user)")
        member("feeds", "\(data)/chatter/feeds")
        member("groups", "\(data)/chatter/groups")
        member("users", "\(data)/chatter/users")
        member("feed_items", "\(data)/chatter/feed-items")
        member("feed_elements", "\(data)/chatter/feed-elements")
        member("custom_domain", origin)
        endObject()
    }

    /// Milliseconds that the zone is ahead of UTC in winter.
    private func utcOffset(_ timeZone: String) -> Int {
        guard let zone = TimeZone(identifier: timeZone) else { return 0 }
        let now = Date()
        return (zone.secondsFromGMT(for: now) - Int(zone.daylightSavingTimeOffset(for: now)))
            * 1_000
    }
}

/// What programs read to find the endpoints.
///
/// Source: OpenID Connect Discovery 1.0; RFC 8414.
enum DiscoveryBody {
    static func response(origin: String) -> APIResponse {
        .json { writer in
            writer.beginObject()
            writer.member("issuer", origin)
            for (name, path) in endpoints {
                writer.key(name)
                writer.string("\(origin)/services/oauth2/\(path)")
            }
            for (name, values) in supported {
                writer.key(name)
                writer.strings(values)
            }
            writer.endObject()
        }
    }

    private static let endpoints = [
        ("authorization_endpoint", "authorize"),
        ("token_endpoint", "token"),
        ("revocation_endpoint", "revoke"),
        ("introspection_endpoint", "introspect"),
        ("userinfo_endpoint", "userinfo"),
    ]

    private static let supported = [
        ("scopes_supported", OAuthScope.known),
        ("response_types_supported", ["code", "token"]),
        (
            "grant_types_supported",
            OAuthGrant.allCases.map(\.rawValue)
        ),
        ("subject_types_supported", ["public"]),
        ("code_challenge_methods_supported", ["S256"]),
        (
            "token_endpoint_auth_methods_supported",
            ["client_secret_post", "client_secret_basic", "none"]
        ),
        ("display_values_supported", ["page"]),
    ]
}
