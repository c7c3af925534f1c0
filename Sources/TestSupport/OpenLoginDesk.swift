import Kernel
package import Metadata

/// A login desk where every username is free, which remembers what it was told.
package final class OpenLoginDesk: LoginDesk {
    package struct Usernames: Sendable {
        /// The latest username of each user.
        package var reserved: [RecordID: String] = [:]
        package var inactive: Set<RecordID> = []
    }

    private let state: Locked<Usernames>

    package init(_ usernames: Usernames = Usernames()) {
        state = Locked(usernames)
    }

    package var usernames: Usernames { state.withLock { $0 } }

    package func reserve(_ username: String, for user: RecordID, in org: OrgID) throws {
        state.withLock { $0.reserved[user] = username }
    }

    package func setActive(_ isActive: Bool, _ user: RecordID, in org: OrgID) throws {
        state.withLock { state in
            if isActive { state.inactive.remove(user) } else { state.inactive.insert(user) }
        }
    }
}
