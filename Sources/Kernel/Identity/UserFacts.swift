package import Metadata

/// What an org's own records say about its users; the kernel answers it from the org's store.
package protocol UserFacts: Sendable {
    /// A user, active or not.
    func profile(of user: RecordID, in org: OrgID) async throws -> UserProfile?
    /// The org itself.
    func organization(_ org: OrgID) async throws -> OrganizationProfile?
}

/// A user, as clients are told about.
package struct UserProfile: Hashable, Sendable {
    package var isActive = true
    package var username: String
    package var name: String
    package var firstName: String?
    package var lastName: String
    package var nickname: String?
    package var email: String
    package var mobilePhone: String?
    package var street: String?
    package var city: String?
    package var state: String?
    package var postalCode: String?
    package var country: String?
    package var profileID: RecordID?
    package var roleID: RecordID?
    /// The kind of user: `Standard`, `CspLitePortal` and others.
    package var userType = "Standard"
    /// An IANA time zone.
    package var timeZone = "UTC"
    package var locale = "en_US"
    package var language = "en_US"
    package var modifiedAt: Instant

    package init(
        username: String,
        name: String,
        lastName: String,
        email: String,
        modifiedAt: Instant
    ) {
        self.username = username
        self.name = name
        self.lastName = lastName
        self.email = email
        self.modifiedAt = modifiedAt
    }
}

/// An org, as clients are told about.
package struct OrganizationProfile: Hashable, Sendable {
    package var name: String
    package var isSandbox = false
    package var currencyCode = "USD"
    package var currencySymbol = "$"
    package var defaultLocale = "en_US"

    package init(name: String) {
        self.name = name
    }
}
