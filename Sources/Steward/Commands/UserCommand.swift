import ArgumentParser
import Kernel
import Metadata
import StoreSQLite

/// `steward user`: the users of an org.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Makes users and resets their passwords.",
        subcommands: [UserCreate.self, UserResetPassword.self]
    )
}

/// `steward user create`.
struct UserCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes a user, with a password that is shown once."
    )

    @Argument(help: "The username, in the form of an e-mail address.")
    var username: String

    @Option(name: .long, help: "Last name.")
    var lastName: String

    @Option(name: .long, help: "First name.")
    var firstName: String?

    @Option(name: .long, help: "E-mail address; the username where it is missing.")
    var email: String?

    @Option(name: .long, help: "Profile, by its name.")
    var profile: String = "Standard User"

    @Option(name: .long, help: "Role, by its name or developer name.")
    var role: String?

    @Option(name: .long, help: "Permission set, by its name; may be given several times.")
    var permissionSet: [String] = []

    @OptionGroup var orgOptions: OrgOptions
    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let org = try await composition.org(orgOptions.org)
        let caller = try await composition.operatorCaller(org, because: "steward user create")
        let command = self
        let user = try await composition.records.write(as: caller) { writer in
            try command.save(with: writer)
        }
        try await UserCreate.showCredentials(composition, org, user, username)
    }

    private func save(with writer: RecordWriter) throws -> RecordID {
        var values: JSONObject = [
            "Username": .string(username), "LastName": .string(lastName),
            "Email": .string(email ?? username),
            "Alias": .string(String(lastName.prefix(8))),
            "CommunityNickname": .string(String(username.prefix(40))),
            "ProfileId": .string(try find("Profile", named: profile, writer)),
        ]
        if let firstName {
            values.members.append(.init(name: "FirstName", value: .string(firstName)))
        }
        if let role {
            let id = try find("UserRole", named: role, writer)
            values.members.append(.init(name: "UserRoleId", value: .string(id)))
        }
        let user = try saved(RecordDraft(object: "User", values: values), writer)
        for name in permissionSet {
            let set = try find("PermissionSet", named: name, writer)
            _ = try saved(
                RecordDraft(
                    object: "PermissionSetAssignment",
                    values: [
                        "AssigneeId": .string(user.description), "PermissionSetId": .string(set),
                    ]
                ),
                writer
            )
        }
        return user
    }

    private func saved(_ draft: RecordDraft, _ writer: RecordWriter) throws -> RecordID {
        let result = try writer.save([draft], .create)[0]
        guard let id = result.id else {
            throw ValidationError(result.errors.map(\.message).joined(separator: "; "))
        }
        return id
    }

    private func find(_ object: String, named name: String, _ writer: RecordWriter) throws -> String
    {
        let rows = try writer.rows("SELECT Id, Name FROM \(object)")
        let wanted = name.lowercased()
        let found = rows.first { row in
            let text = row[1].text?.lowercased()
            return text == wanted || text == wanted.replacing("_", with: " ")
        }
        guard let id = found?[0].id else {
            let hint = Suggestion.phrase(for: name, among: rows.compactMap { $0[1].text })
            throw ValidationError("there is no \(object) `\(name)`\(hint)")
        }
        return id.description
    }

    /// Makes up a password and a security token, and shows them.
    static func showCredentials(
        _ composition: Composition,
        _ org: OrgEntry,
        _ user: RecordID,
        _ username: String
    ) async throws {
        let password = try await composition.identity.resetPassword(of: user, in: org.id)
        let token = try await composition.identity.resetSecurityToken(of: user, in: org.id)
        try composition.folder.noteChange()
        await composition.close()
        Output.line("user            \(username) (\(user))")
        Output.line("password        \(password)")
        Output.line("security token  \(token)")
    }
}

/// `steward user reset-password`.
struct UserResetPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-password",
        abstract: "Gives a user a new password and security token, and ends the user's sessions."
    )

    @Argument(help: "The username.")
    var username: String

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        guard let login = try await composition.platform.login(username: username),
            let org = try await composition.platform.org(login.org)
        else { throw ValidationError("there is no user `\(username)` in this deployment") }
        try await composition.identity.unlock(login.user, in: org.id)
        try await UserCreate.showCredentials(composition, org, login.user, login.username)
    }
}
