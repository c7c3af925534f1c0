import Accountability
import ArgumentParser
import Foundation
import Kernel
import Metadata

/// `steward accountability`: the operator's own org, in which it answers for how the platform is used.
struct AccountabilityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accountability",
        abstract:
            "The operator's own org, in which it answers for the platform's use, and its policy.",
        subcommands: [
            AccountabilityCreate.self, PolicyCommand.self, ReportCommand.self,
            ReaderCommand.self, OpenSealed.self,
        ]
    )
}

/// `steward accountability create`.
struct AccountabilityCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes the office: an org with the app `accountability`, and a log.",
        discussion: """
            The office is an org like any other: its staff sign in, and have the permission sets of \
            their roles. It reads nothing of other orgs.
            """
    )

    @Option(name: .long, help: "The administrator's username, in the form of an e-mail address.")
    var admin: String

    @Option(name: .long, help: "The office's name for people.")
    var label = "Accountability"

    @Option(name: .long, help: "The log's name, for good, where there is none yet.")
    var logName: String?

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let file = OfficeFile(composition.folder)
        guard try file.org() == nil else { throw ValidationError("the deployment has an office") }
        let log = DeploymentLog(data: composition.folder)
        guard log.exists || logName != nil else {
            throw ValidationError(
                "the deployment has no transparency log: name one with --log-name, for good and "
                    + "without a scheme, as crm.example.org/log"
            )
        }
        // What cannot be published later is said before anything is made.
        if let policies = try composition.office.policies() {
            let problems = PolicyChecks(policies).problems()
            guard problems.isEmpty else { throw PackageProblems(problems) }
        }
        let org = try await OrgMaking(composition).make(
            slug: "accountability",
            label: label,
            timeZone: "UTC",
            administrator: NewOrg.Administrator(
                username: admin,
                firstName: nil,
                lastName: "Administrator",
                email: admin
            ),
            packages: try ["platform", "accountability"].map(PackageFolder.app)
        )
        try file.write(org.id)
        if let logName, !log.exists { _ = try await log.create(name: logName) }
        try await composition.publishFoundingPolicies()
        let password = try await composition.identity.resetPassword(of: org.user, in: org.id)
        let token = try await composition.identity.resetSecurityToken(of: org.user, in: org.id)
        let key = try log.verifierKey()
        try composition.folder.noteChange()
        await composition.close()
        Output.line("org             accountability (\(org.id))")
        Output.line("username        \(admin)")
        Output.line("password        \(password)")
        Output.line("security token  \(token)")
        Output.line("log             \(key)")
    }
}
