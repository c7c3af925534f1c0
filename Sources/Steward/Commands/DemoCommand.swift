import ArgumentParser
import Foundation
import Kernel
import Metadata
import StoreSQLite

/// `steward demo`: a deployment to look at, made on first use and served.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Makes a demo deployment where there is none, and serves it.",
        discussion: """
            A city agency with a service desk, and a second, small org beside it. The logins are \
            printed and written to demo.json in the data folder.
            """
    )

    @Option(name: .long, help: "How many cases the city agency gets.")
    var cases: Int = 5_000

    @Option(name: .long, help: "The number from which all demo data is drawn.")
    var seed: UInt64 = 1

    @Flag(name: .long, help: "Make the deployment, and do not serve it.")
    var onlyMake = false

    @OptionGroup var dataOptions: DataOptions
    @OptionGroup var serverOptions: ServerOptions

    func validate() throws {
        guard (0...10_000_000).contains(cases) else {
            throw ValidationError("--cases must be 0 to 10,000,000")
        }
    }

    func run() async throws {
        let reader = try await dataOptions.reader()
        let settings = try serverOptions.settings(reader)
        let folder = DataFolder(url: dataOptions.folder(reader))
        let isNew = !folder.exists
        let composition = try await Composition(folder, mayMake: true)
        try folder.lockForServing()
        let server = Server(composition, settings)
        if isNew {
            try await make(composition, server)
        }
        let summary = DemoSummary(folder: folder)
        try summary.update(urls: server.urls)
        summary.show()
        if onlyMake {
            await composition.close()
            return
        }
        try await server.run { url in Output.line("serving at \(url)") }
    }

    private func make(_ composition: Composition, _ server: Server) async throws {
        let packages = try ["platform", "service-desk"].map(PackageFolder.app)
        var orgs: [JSONValue] = []
        for (index, org) in DemoOrg.all.enumerated() {
            Output.note("making the demo org \(org.label)")
            let data = DemoData(
                org,
                seed: seed,
                now: composition.records.clock.now(),
                caseCount: index == 0 ? cases : nil
            )
            orgs.append(try await DemoMaking(composition, packages).make(data))
        }
        try DemoSummary(folder: composition.folder).write(orgs: orgs, urls: server.urls)
    }
}

/// Makes one demo org with its logins and its OAuth client.
private struct DemoMaking {
    let composition: Composition
    let packages: [[MetadataPackage.File]]

    init(_ composition: Composition, _ packages: [[MetadataPackage.File]]) {
        self.composition = composition
        self.packages = packages
    }

    /// - Returns: the org as `demo.json` tells of it.
    func make(_ data: DemoData) async throws -> JSONValue {
        let org = data.org
        let id = try OrgMaking.newID()
        let taken = Set(try await composition.platform.orgs().map(\.idBase))
        let base = OrgMaking.idBase(taken: taken)
        try await composition.platform.addOrg(
            OrgEntry(
                id: id,
                slug: org.slug,
                label: org.label,
                idBase: base,
                createdAt: composition.records.clock.now()
            )
        )
        let administrator = try await DemoLoader(
            records: composition.records,
            deployment: composition.deployment
        ).load(data, into: id, idBase: base, packages: packages) { done, total in
            Output.progress(org.label, done, of: total)
        }
        let (client, secret) = try await composition.identity.addClient(
            name: "Demo client",
            org: id,
            grants: Set(OAuthGrant.allCases),
            redirectURIs: ["http://localhost:1717/OauthRedirect"],
            runAs: administrator
        )
        return .object([
            "name": .string(org.slug), "label": .string(org.label),
            "id": .string(id.description),
            "users": .array(try await users(of: id, data)),
            "clientId": .string(client.id), "clientSecret": .string(secret ?? ""),
        ])
    }

    private func users(of org: OrgID, _ data: DemoData) async throws -> [JSONValue] {
        let caller = Caller.system(org, as: org.record, because: "the demo's logins")
        let rows = try await composition.records.read(as: caller) { reader in
            try reader.rows(
                "SELECT Id, Username, Name, Profile.Name, UserRole.Name FROM User ORDER BY Id"
            )
        }
        var users: [JSONValue] = []
        for row in rows {
            guard let id = row[0].id, let username = row[1].text else { continue }
            let password = try await composition.identity.resetPassword(of: id, in: org)
            let token = try await composition.identity.resetSecurityToken(of: id, in: org)
            let texts = row.map { $0.text }
            users.append(
                .object([
                    "username": .string(username), "password": .string(password),
                    "securityToken": .string(token), "name": .string(texts[2] ?? ""),
                    "profile": .string(texts.count > 3 ? texts[3] ?? "" : ""),
                    "role": texts.count > 4 ? texts[4].map { .string($0) } ?? .null : .null,
                ])
            )
        }
        return users
    }
}

/// `demo.json`: where the demo is and who can sign in.
struct DemoSummary {
    private let file: URL
    private let authority: String

    init(folder: DataFolder) {
        file = folder.url.appending(path: "demo.json")
        authority = folder.url.appending(path: "tls/ca.pem").path
    }

    func write(orgs: [JSONValue], urls: [String]) throws {
        try write(JSONObject([]), orgs: orgs, urls: urls)
    }

    /// The addresses may be others than the last time.
    func update(urls: [String]) throws {
        guard let data = try? Data(contentsOf: file),
            let known = try? JSONParser.parse([UInt8](data)).object,
            let orgs = known["orgs"]?.array
        else { return }
        try write(known, orgs: orgs, urls: urls)
    }

    private func write(_ known: JSONObject, orgs: [JSONValue], urls: [String]) throws {
        var writer = JSONWriter(isPretty: true)
        writer.value(
            .object([
                "url": .string(urls.first ?? ""),
                "plainUrl": urls.first { $0.hasPrefix("http:") }.map { .string($0) } ?? .null,
                "caFile": .string(authority), "orgs": .array(orgs),
            ])
        )
        // The file holds passwords: its owner's alone.
        try Data(writer.bytes + [UInt8(ascii: "\n")]).write(to: file, options: .atomic)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600],
            ofItemAtPath: file.path
        )
    }

    /// Prints the logins.
    func show() {
        guard let data = try? Data(contentsOf: file),
            let known = try? JSONParser.parse([UInt8](data))
        else { return }
        for org in known["orgs"]?.array ?? [] {
            Output.line("\(org["label"]?.string ?? "")")
            var rows = [["username", "password", "profile", "role"]]
            for user in org["users"]?.array ?? [] {
                rows.append(
                    ["username", "password", "profile", "role"].map { user[$0]?.string ?? "" }
                )
            }
            Output.line(TextTable(rows).text)
            Output.line()
        }
        Output.line("security tokens and OAuth clients: \(file.path)")
        Output.line("certificate authority for API clients: \(authority)")
    }
}
