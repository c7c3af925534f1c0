import ArgumentParser
import Foundation
import Kernel
import Metadata
import StoreSQLite

/// `steward org`: the orgs of a deployment.
struct OrgCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "org",
        abstract: "Makes and lists orgs.",
        subcommands: [OrgCreate.self, OrgList.self]
    )
}

/// `steward org create`.
struct OrgCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes an org with its first administrator."
    )

    @Argument(help: "A short name: lower-case letters, digits and dashes.")
    var name: String

    @Option(name: .long, help: "The org's name for people.")
    var label: String?

    @Option(name: .long, help: "The administrator's username, in the form of an e-mail address.")
    var admin: String

    @Option(name: .long, help: "The administrator's last name.")
    var lastName: String = "Administrator"

    @Option(name: .long, help: "Packages to install beside the platform's.")
    var app: [String] = ["service-desk"]

    @Option(name: .long, help: "The org's time zone: Europe/Berlin.")
    var timeZone: String = "UTC"

    @Flag(name: .long, help: "For trying things out, with no real work in it.")
    var sandbox = false

    @OptionGroup var dataOptions: DataOptions

    func validate() throws {
        guard name.wholeMatch(of: /[a-z][a-z0-9-]{0,39}/) != nil else {
            throw ValidationError(
                "an org's name is a lower-case letter, then letters, digits and dashes"
            )
        }
        guard TimeZone(identifier: timeZone) != nil else {
            throw ValidationError("`\(timeZone)` is no time zone")
        }
    }

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(
            DataFolder(url: dataOptions.folder(reader)),
            mayMake: true
        )
        let org = try await OrgMaking(composition).make(
            slug: name,
            label: label ?? name,
            timeZone: timeZone,
            isSandbox: sandbox,
            administrator: NewOrg.Administrator(
                username: admin,
                firstName: nil,
                lastName: lastName,
                email: admin
            ),
            packages: try (["platform"] + app).map(PackageFolder.app)
        )
        let password = try await composition.identity.resetPassword(of: org.user, in: org.id)
        let token = try await composition.identity.resetSecurityToken(of: org.user, in: org.id)
        try composition.folder.noteChange()
        await composition.close()
        Output.line("org             \(name) (\(org.id))")
        Output.line("username        \(admin)")
        Output.line("password        \(password)")
        Output.line("security token  \(token)")
    }
}

/// Makes an org: its place in the directory, its store, its first administrator.
struct OrgMaking {
    let composition: Composition

    init(_ composition: Composition) {
        self.composition = composition
    }

    /// An org's id: the record id of its own row.
    static func newID() throws -> OrgID {
        guard let prefix = KeyPrefix("00D") else { throw ValidationError("no key prefix for orgs") }
        return OrgID(
            RecordID(prefix: prefix, sequence: Int64.random(in: 1...RecordID.sequenceMask))
        )
    }

    /// Where an org's record ids begin: one of 2¹⁷ stretches of 2²⁸, so that ids of different orgs
    /// do not meet.
    static func idBase(taken: Set<Int64>) -> Int64 {
        var base: Int64
        repeat {
            base = Int64.random(in: 1..<(1 << 17)) << 28
        } while taken.contains(base)
        return base
    }

    func make(
        slug: String,
        label: String,
        timeZone: String,
        isSandbox: Bool = false,
        administrator: NewOrg.Administrator,
        packages: [[MetadataPackage.File]]
    ) async throws -> (id: OrgID, user: RecordID) {
        let orgs = try await composition.platform.orgs()
        guard !orgs.contains(where: { $0.slug == slug }) else {
            throw ValidationError("there is an org `\(slug)` already")
        }
        try await refuseTaken(administrator.username)
        let id = try OrgMaking.newID()
        let base = OrgMaking.idBase(taken: Set(orgs.map(\.idBase)))
        // The directory last: an org that could not be made is not in it.
        let user: RecordID
        do {
            user = try await composition.deployment.createOrg(
                NewOrg(
                    id: id,
                    idBase: base,
                    name: label,
                    timeZone: timeZone,
                    isSandbox: isSandbox,
                    administrator: administrator,
                    packages: packages
                )
            )
        } catch {
            try? await composition.store.deleteOrg(id)
            try? await composition.platform.removeLogins(of: id)
            throw error
        }
        try await composition.platform.addOrg(
            OrgEntry(
                id: id,
                slug: slug,
                label: label,
                idBase: base,
                createdAt: composition.records.clock.now()
            )
        )
        return (id, user)
    }
}

extension OrgMaking {
    private func refuseTaken(_ username: String) async throws {
        if try await composition.platform.login(username: username) != nil {
            throw ValidationError("the username \(username) is taken: choose another")
        }
    }
}

/// `steward org list`.
struct OrgList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the orgs of the deployment."
    )

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        var rows = [["name", "label", "id", "created"]]
        for org in try await composition.platform.orgs() {
            var date: [UInt8] = []
            _ = date.appendDatetime(millisecondsSinceEpoch: org.createdAt.milliseconds, zone: .zulu)
            rows.append(
                [org.slug, org.label, org.id.description, String(decoding: date, as: UTF8.self)])
        }
        await composition.close()
        Output.line(TextTable(rows).text)
    }
}
