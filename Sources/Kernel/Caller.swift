package import Metadata

/// Who asks: a user of an org, or the platform itself with a stated reason.
///
/// It is handed to every call; who is asking is never ambient.
package struct Caller: Sendable, Hashable {
    package enum Mode: Sendable, Hashable {
        /// With the user's own rights.
        case user
        /// With every right, for a reason that is kept.
        case system(because: String)
    }

    package let org: OrgID
    /// The user in whose name records are written.
    package let user: RecordID
    package let mode: Mode
    /// An IANA time zone: `Europe/Berlin`.
    package let timeZone: String
    package let locale: String
    /// The connected client whose session it is, by its consumer key; `nil` for sessions of none.
    package let client: String?

    package init(
        org: OrgID,
        user: RecordID,
        mode: Mode = .user,
        timeZone: String = "UTC",
        locale: String = "en_US",
        client: String? = nil
    ) {
        self.org = org
        self.user = user
        self.mode = mode
        self.timeZone = timeZone
        self.locale = locale
        self.client = client
    }

    package var isSystem: Bool {
        if case .system = mode { true } else { false }
    }

    /// The platform, acting in an org in the name of one of its users.
    package static func system(_ org: OrgID, as user: RecordID, because reason: String) -> Caller {
        Caller(org: org, user: user, mode: .system(because: reason))
    }
}
