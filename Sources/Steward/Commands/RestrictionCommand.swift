import Accountability
import ArgumentParser
import Crypto
import Foundation
import Kernel
import Metadata
import StoreSQLite

/// `steward restriction`: what is withheld from orgs, and by whose decision.
struct RestrictionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restriction",
        abstract: "Signs and applies orders that withhold a use from an org, and lists them.",
        subcommands: [
            RestrictionKey.self, RestrictionSign.self, RestrictionApply.self,
            RestrictionList.self,
        ]
    )
}

/// `steward restriction key`.
struct RestrictionKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Makes a decider's key, and prints its public half for deciders.json."
    )

    @Argument(help: "The file to keep the private half in; it must not exist.")
    var file: String

    func run() throws {
        guard !FileManager.default.fileExists(atPath: file) else {
            throw ValidationError("\(file) exists")
        }
        let key = Curve25519.Signing.PrivateKey()
        let made = FileManager.default.createFile(
            atPath: file,
            contents: Data((key.rawRepresentation.base64EncodedString() + "\n").utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard made else { throw ValidationError("\(file) cannot be written") }
        Output.line(key.publicKey.rawRepresentation.base64EncodedString())
    }
}

/// `steward restriction sign`.
struct RestrictionSign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Adds a decider's signature to an order, and prints the order.",
        discussion: "Needs no deployment: each decider signs where their key is."
    )

    @Argument(help: "The order, as JSON.")
    var file: String

    @Option(name: .customLong("as"), help: "The decider's name, as deciders.json has it.")
    var name: String

    @Option(name: .long, help: "The file with the decider's private key.")
    var key: String

    func run() throws {
        let text = (try? String(contentsOfFile: key, encoding: .utf8)) ?? ""
        guard
            let bytes = Data(
                base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)
            ),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        else { throw ValidationError("\(key) holds no key") }
        let order = try readOrder(file).signed(by: name, with: key)
        var writer = JSONWriter(isPretty: true)
        writer.value(.object(order.json))
        Output.line(String(decoding: writer.bytes, as: UTF8.self))
    }
}

/// `steward restriction apply`.
struct RestrictionApply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Puts a signed order in the transparency log and in force.",
        discussion: "A running server withholds the use within a second."
    )

    @Argument(help: "The order, as JSON.")
    var file: String

    @Flag(name: .long, help: "Only say what there is to object.")
    var check = false

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let order = try readOrder(file)
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let authority = try DecidersFile(composition.folder).read()
        try await composition.records.check(order, under: authority)
        let audit = try await RestrictionAudit(DeploymentLog(data: composition.folder))
        let problems = try await audit.problems(in: order.org, composition.records, pending: order)
        guard problems.isEmpty else {
            throw ValidationError(
                "no restriction is added while log and store differ: "
                    + problems.joined(separator: "; ")
            )
        }
        if check {
            Output.line("nothing to object")
        } else {
            try await apply(order, under: authority, audit, composition)
        }
        await composition.close()
    }

    /// The log first: an order that was stopped after that is not logged twice.
    private func apply(
        _ order: RestrictionOrder,
        under authority: RestrictionAuthority,
        _ audit: RestrictionAudit,
        _ composition: Composition
    ) async throws {
        if !audit.isLogged(order) {
            let log = try await DeploymentLog(data: composition.folder).open()
            _ = try await log.append([try LogEntry(applying: order).bytes()])
        }
        try await composition.records.restrict(order, under: authority)
        try composition.folder.noteChange()
        Output.line(
            "\(order.restriction.id) is in the log, and counts from "
                + "\(order.restriction.startsAt.text) to \(order.restriction.endsAt.text)"
        )
    }
}

/// `steward restriction list`.
struct RestrictionList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the restrictions of an org, those that are over too."
    )

    @OptionGroup var orgOptions: OrgOptions
    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let org = try await composition.org(orgOptions.org)
        let orders = try await composition.records.restrictionOrders(of: org.id)
        let now = composition.records.clock.now()
        await composition.close()
        let rows = orders.map { order in
            let one = order.restriction
            return [
                one.id, order.state(at: now).rawValue, one.measure.kind, one.decision, one.rule,
                one.startsAt.text,
                one.endsAt.text,
            ]
        }
        let head = ["id", "state", "kind", "decision", "rule", "from", "to"]
        Output.line(TextTable([head] + rows).text)
    }
}

private func readOrder(_ file: String) throws -> RestrictionOrder {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: file)) else {
        throw ValidationError("\(file) cannot be read")
    }
    guard let json = try JSONParser.parse([UInt8](data)).object else {
        throw ValidationError("\(file): an object is needed")
    }
    return try RestrictionOrder(json)
}
