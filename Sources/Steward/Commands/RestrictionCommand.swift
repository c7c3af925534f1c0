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
            RestrictionLiftCommand.self, RestrictionList.self,
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
        let key = Curve25519.Signing.PrivateKey()
        try SecretFile.make(
            key.rawRepresentation.base64EncodedString(),
            at: URL(fileURLWithPath: file)
        )
        Output.line(key.publicKey.rawRepresentation.base64EncodedString())
    }
}

/// `steward restriction sign`.
struct RestrictionSign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Adds a decider's signature to an order or a lift, and prints it.",
        discussion: "Needs no deployment: each decider signs where their key is."
    )

    @Argument(help: "The order or lift, as JSON.")
    var file: String

    @Option(name: .customLong("as"), help: "The decider's name, as deciders.json has it.")
    var name: String

    @Option(name: .long, help: "The file with the decider's private key.")
    var key: String

    func run() throws {
        let path = key
        guard
            let key = try? Curve25519.Signing.PrivateKey(
                rawRepresentation: try SecretFile.key(at: path)
            )
        else { throw ValidationError("\(path) holds no key") }
        let json = try readObject(file)
        var writer = JSONWriter(isPretty: true)
        if json["reasons"]?.object != nil {
            writer.value(.object(try RestrictionOrder(json).signed(by: name, with: key).json))
        } else {
            writer.value(.object(try RestrictionLift(json).signed(by: name, with: key).json))
        }
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
        let order = try RestrictionOrder(try readObject(file))
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let desk = try RestrictionDesk(composition.office)
        if check {
            try await desk.check(order)
            Output.line("nothing to object")
        } else {
            try await desk.impose(order)
            try composition.folder.noteChange()
            Output.line(
                "\(order.restriction.id) is in the log, and counts from "
                    + "\(order.restriction.startsAt.text) to \(order.restriction.endsAt.text)"
            )
        }
        await composition.close()
    }
}

/// `steward restriction lift`.
struct RestrictionLiftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lift",
        abstract: "Puts a signed lift in the transparency log, and ends the restriction.",
        discussion: "A running server gives the use back within a second."
    )

    @Argument(help: "The lift, as JSON.")
    var file: String

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let lift = try RestrictionLift(try readObject(file))
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        try await RestrictionDesk(composition.office).lift(lift)
        try composition.folder.noteChange()
        await composition.close()
        Output.line("\(lift.restriction) is lifted")
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
        let states = try await composition.records.restrictionStates(of: org.id)
        let now = composition.records.clock.now()
        await composition.close()
        let rows = states.map { state in
            let one = state.order.restriction
            return [
                one.id, state.name(at: now).rawValue, one.measure.kind, one.decision, one.rule,
                one.startsAt.text, state.endsAt.text,
            ]
        }
        let head = ["id", "state", "kind", "decision", "rule", "from", "to"]
        Output.line(TextTable([head] + rows).text)
    }
}

private func readObject(_ file: String) throws -> JSONObject {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: file)) else {
        throw ValidationError("\(file) cannot be read")
    }
    guard let json = try JSONParser.parse([UInt8](data)).object else {
        throw ValidationError("\(file): an object is needed")
    }
    return json
}
