import Metadata

/// What no decision can withhold: the way out of the platform, and what security needs.
///
/// It is a constant of the program and not policy. Administrators' sign-in, and an org's own register,
/// decisions, reasons and appeals, are not uses that pass through here at all; what is left is decided
/// by these few lines.
enum Unrestrictable {
    /// Whether a use stays possible under every restriction.
    static func covers(_ use: RestrictedUse, by access: CallerAccess, isFlow: Bool) -> Bool {
        switch use {
        // The kernel's own looks at records show nobody anything; a flow's may.
        case .records(.read, _):
            access.isSystem ? !isFlow : access.has(.viewAllData)
        // Erasure at the wish of those whom the data is about; a binding to a use is about nobody.
        case .records(.delete, let object):
            !access.isSystem && access.has(.modifyAllData) && object != UseBindings.object
                && object != UseBindings.declaration
        // Somebody who has left, or whose password is known, must be kept out at once.
        case .records(.edit, "User"): !access.isSystem && access.has(.manageUsers)
        case .records, .field, .flow, .channel, .client, .guest, .newApp, .metadata: false
        }
    }
}
