import Kernel
import Metadata
import RESTAPI

/// Lets the API set passwords: one's own, or anybody's with the permission to manage users.
struct IdentityPasswordDesk: PasswordDesk {
    private let identity: IdentityService
    private let records: Records

    init(_ identity: IdentityService, _ records: Records) {
        self.identity = identity
        self.records = records
    }

    func isPasswordExpired(of user: RecordID, as caller: Caller) async throws -> Bool {
        try await requireRight(over: user, caller)
        return false
    }

    func setPassword(_ password: String, of user: RecordID, as caller: Caller) async throws {
        try await requireRight(over: user, caller)
        do {
            try await identity.setPassword(password, of: user, in: caller.org)
        } catch let error as WeakPassword {
            throw RecordError(.invalidInput, "INVALID_NEW_PASSWORD: \(error)")
        } catch IdentityError.unknownUser {
            throw RecordError(.notFound, "The requested resource does not exist")
        }
    }

    func resetPassword(of user: RecordID, as caller: Caller) async throws -> String {
        try await requireRight(over: user, caller)
        do {
            return try await identity.resetPassword(of: user, in: caller.org)
        } catch IdentityError.unknownUser {
            throw RecordError(.notFound, "The requested resource does not exist")
        }
    }

    private func requireRight(over user: RecordID, _ caller: Caller) async throws {
        try await records.read(as: caller, isBrief: true) { reader in
            let users = try reader.object("User")
            guard user.prefix == users.keyPrefix,
                try !reader.lookup(users, by: "Id", value: user.description).isEmpty
            else { throw RecordError(.notFound, "The requested resource does not exist") }
            guard try user == caller.user || reader.mayAdminister(user) else {
                throw RecordError(
                    .insufficientAccess,
                    "another user's password is for those who manage users and have all of that user's rights"
                )
            }
        }
    }
}
