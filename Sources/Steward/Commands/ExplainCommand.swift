import ArgumentParser
import Foundation
import Kernel
import Metadata
import StoreSQLite

/// `steward explain`: why something is as it is.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says why a record is seen, or what a flow or an assignment rule does with it.",
        subcommands: [Access.self, Flow.self, Assignment.self]
    )

    struct Access: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Names every grant that gives a user a record, and the one that decides."
        )

        @Argument(help: "The user: a username or an id.") var user: String
        @Argument(help: "The record's id.") var record: String
        @OptionGroup var signInOptions: SignInOptions
        @OptionGroup var orgOptions: OrgOptions
        @OptionGroup var dataOptions: DataOptions

        func run() async throws {
            try await explaining(signInOptions, orgOptions, dataOptions) {
                composition,
                org,
                caller in
                let user = try await userID(user, composition, org)
                let record = try recordID(record)
                let text = try await composition.records.read(as: caller) { reader in
                    try reader.explainAccess(of: user, to: record).text
                }
                Output.line(text)
            }
        }

        private func userID(
            _ text: String,
            _ composition: Composition,
            _ org: OrgEntry
        ) async throws -> RecordID {
            if let id = try? RecordID(text) { return id }
            guard let login = try await composition.platform.login(username: text),
                login.org == org.id
            else { throw ValidationError("there is no user `\(text)` in the org \(org.slug)") }
            return login.user
        }
    }

    struct Flow: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tries a flow on a record, tells each step, and undoes it."
        )

        @Argument(help: "The flow's name.") var flow: String
        @Argument(help: "The record's id; several may follow.") var records: [String] = []
        @OptionGroup var signInOptions: SignInOptions
        @OptionGroup var orgOptions: OrgOptions
        @OptionGroup var dataOptions: DataOptions

        func run() async throws {
            try await explaining(signInOptions, orgOptions, dataOptions) { composition, _, caller in
                let ids = try records.map(recordID)
                let traces = try await composition.records.explainFlow(flow, for: ids, as: caller)
                for trace in traces {
                    let subject = trace.record.map { " for \($0)" } ?? ""
                    Output.line("\(trace.label)\(subject): \(trace.outcome.rawValue)")
                    for entry in trace.entries {
                        let indent = String(repeating: "  ", count: entry.depth + 1)
                        Output.line("\(indent)\(entry.element) (\(entry.kind)): \(entry.what)")
                    }
                    if let error = trace.error { Output.line("  \(error)") }
                }
            }
        }
    }

    struct Assignment: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says what each entry of the assignment rule makes of a record as it is now."
        )

        @Argument(help: "The record's id; several may follow.") var records: [String]
        @Option(name: .long, help: "A rule's name; the active one where it is missing.")
        var rule: String?
        @OptionGroup var signInOptions: SignInOptions
        @OptionGroup var orgOptions: OrgOptions
        @OptionGroup var dataOptions: DataOptions

        func run() async throws {
            try await explaining(signInOptions, orgOptions, dataOptions) { composition, _, caller in
                let ids = try records.map(recordID)
                let rule = rule.map { APIName($0) }
                let found = try await composition.records.read(as: caller) { reader in
                    try reader.explainAssignment(of: ids, by: rule)
                }
                if found.isEmpty { Output.line("no assignment rule is about these records") }
                for explanation in found {
                    Output.line("\(explanation.record): \(explanation.outcome)")
                    for entry in explanation.entries {
                        let mark = entry.holds ? "+" : "-"
                        let criteria = entry.criteria ?? "(asks about fields that you may not read)"
                        Output.line("  \(mark) \(entry.number). \(criteria)")
                    }
                }
            }
        }
    }
}

private func recordID(_ text: String) throws -> RecordID {
    guard let id = try? RecordID(text) else { throw ValidationError("`\(text)` is no record id") }
    return id
}

/// Opens the deployment, asks as the user who signs in, and tells refusals as a person reads them.
private func explaining(
    _ signInOptions: SignInOptions,
    _ orgOptions: OrgOptions,
    _ dataOptions: DataOptions,
    _ body: (Composition, OrgEntry, Caller) async throws -> Void
) async throws {
    let reader = try await dataOptions.reader()
    let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
    let (org, caller) = try await signInOptions.signIn(composition, orgOptions)
    do {
        try await body(composition, org, caller)
    } catch let error as RecordError {
        throw ValidationError("\(error.code.rawValue): \(error.message)")
    }
    await composition.close()
}
