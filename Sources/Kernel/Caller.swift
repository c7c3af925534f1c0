package import Metadata
package import UseMeter

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
    /// The way by which it comes; `nil` for what the platform does for itself, which is no use.
    package let surface: UseSurface?

    /// - Parameter surface: the API, where it is left out, for a user; none for the platform.
    package init(
        org: OrgID,
        user: RecordID,
        mode: Mode = .user,
        timeZone: String = "UTC",
        locale: String = "en_US",
        client: String? = nil,
        surface: UseSurface? = nil
    ) {
        self.org = org
        self.user = user
        self.mode = mode
        self.timeZone = timeZone
        self.locale = locale
        self.client = client
        switch mode {
        case .user: self.surface = surface ?? .rest
        case .system: self.surface = surface
        }
    }

    package var isSystem: Bool {
        if case .system = mode { true } else { false }
    }

    /// The platform, acting in an org in the name of one of its users.
    ///
    /// - Parameter surface: where it acts for the org, and not to keep it.
    package static func system(
        _ org: OrgID,
        as user: RecordID,
        because reason: String,
        surface: UseSurface? = nil
    ) -> Caller {
        Caller(org: org, user: user, mode: .system(because: reason), surface: surface)
    }
}
