import Dispatch
package import Metadata

/// Keeps the usernames of a deployment in its directory, while users are saved in their orgs.
package struct DirectoryLoginDesk: LoginDesk {
    private let directory: any Directory

    package init(_ directory: any Directory) {
        self.directory = directory
    }

    package func reserve(_ username: String, for user: RecordID, in org: OrgID) throws {
        let directory = directory
        do {
            try Waiting.forResult {
                if try await directory.login(of: user, in: org) != nil {
                    try await directory.setUsername(username, of: user, in: org)
                } else {
                    try await directory.addLogin(Login(username: username, org: org, user: user))
                }
            }
        } catch DirectoryFailure.usernameTaken {
            throw RecordError(
                .duplicateUsername,
                "Duplicate Username. The username already exists in this or another organization. "
                    + "Usernames must be unique across all organizations.",
                fields: ["Username"]
            )
        }
    }

    package func setActive(_ isActive: Bool, _ user: RecordID, in org: OrgID) throws {
        let directory = directory
        try Waiting.forResult {
            try await directory.setLoginActive(isActive, of: user, in: org)
            if !isActive {
                try await directory.endSessions(of: user, in: org, client: nil)
                try await directory.revokeRefreshTokens(of: user, in: org)
            }
        }
    }
}

/// Waits, on a thread of its own queue, for work that is done elsewhere.
///
/// A save runs on its org's writer queue, never on one of Swift's shared threads, so that waiting
/// there holds nobody up but that org's next save.
private enum Waiting {
    static func forResult(_ body: @escaping @Sendable () async throws -> Void) throws {
        let outcome = Locked<Result<Void, any Error>?>(nil)
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            let result: Result<Void, any Error>
            do {
                result = .success(try await body())
            } catch {
                result = .failure(error)
            }
            outcome.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        try outcome.withLock { $0 }?.get()
    }
}
