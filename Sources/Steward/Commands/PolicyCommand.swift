import Accountability
import ArgumentParser
import Foundation
import Kernel
import Metadata
import StoreSQLite

/// `steward accountability policy`: what orgs may use the platform for, and since when.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Checks the policy's files, publishes versions, and says what binds.",
        discussion: """
            The files are those in the folder `policies` of the deployment, where it has one; else \
            those that come with the program.
            """,
        subcommands: [PolicyList.self, PolicyCheck.self, PolicyPublish.self, PolicyTrial.self]
    )
}

/// `steward accountability policy list`.
struct PolicyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the versions of every document, and how each stands today."
    )

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let composition = try await dataOptions.composition()
        let desk = PolicyDesk(composition.office)
        let now = composition.records.clock.now()
        let published = try await desk.entries()
        let library = try composition.office.policies()?.binding(by: published)
        var rows = [["document", "version", "state", "from", "entry", "rules"]]
        for document in library?.documents ?? [] {
            for version in document.versions {
                let entry = published.last {
                    $0.document == document.key && $0.version == version.name
                }
                rows.append([
                    document.key, version.name, document.state(of: version, at: now).rawValue,
                    version.calendar.effectiveFrom.map { LogCalendar.dayText(of: $0) } ?? "-",
                    entry.map { String($0.index) } ?? "-", String(version.rules.count),
                ])
            }
        }
        await composition.close()
        Output.line(TextTable(rows).text)
    }
}

/// `steward accountability policy check`.
struct PolicyCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says what is wrong with the policy's files, and where the log says otherwise."
    )

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let composition = try await dataOptions.composition()
        let library = try composition.office.policies()
        var problems = library.map { PolicyChecks($0).problems().map(\.description) } ?? []
        problems += try await PolicyDesk(composition.office).discrepancies()
        await composition.close()
        for problem in problems { Output.line(problem) }
        guard problems.isEmpty else { throw ExitCode.failure }
        Output.line("nothing to object")
    }
}

/// `steward accountability policy publish`.
struct PolicyPublish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Puts a version in the transparency log: from then on it is fixed.",
        discussion: """
            A founding version binds at once where there is no org yet, and each other org from its \
            acceptance or 30 days later. Every other version has had its days of comment, and is \
            published 30 days before it binds.
            """
    )

    @Argument(help: "The document's key: acceptable-use.")
    var document: String

    @Argument(help: "The version's name: 2026-11.")
    var version: String

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let composition = try await dataOptions.composition()
        let index = try await composition.publish(document, version)
        await composition.close()
        Output.line("\(document) \(version) is entry \(index) of the log")
    }
}

/// `steward accountability policy trial`.
struct PolicyTrial: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial",
        abstract: "Says of how many orgs each rule of the register would have asked something.",
        discussion: "It looks at the daily snapshots, which hold codes and bands; at no record."
    )

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let composition = try await dataOptions.composition()
        let orgs = try await composition.platform.orgs().map(\.id)
        let reports = try await FindingDesk(composition.office).trial(over: orgs)
        await composition.close()
        for report in reports {
            Output.line(report.summary)
            if let warning = report.warning { Output.line("  \(warning)") }
        }
    }
}

extension DataOptions {
    /// The deployment that the options name.
    func composition() async throws -> Composition {
        try await Composition(DataFolder(url: folder(try await reader())))
    }
}

extension Composition {
    /// Publishes a version of the policy.
    ///
    /// - Returns: the entry's place in the log.
    func publish(_ document: String, _ version: String) async throws -> Int {
        let own = try await office.org()
        let hasOrgs = try await platform.orgs().contains { $0.id != own }
        return try await PolicyDesk(office).publish(document, version, hasOrgs: hasOrgs)
    }

    /// Publishes the texts with which a deployment begins, those that are due.
    func publishFoundingPolicies() async throws {
        let now = records.clock.now()
        for document in try office.policies()?.documents ?? [] {
            guard let first = document.versions.first, first.isFounding,
                let day = first.calendar.publishedOn, day <= now
            else { continue }
            _ = try await publish(document.key, first.name)
        }
    }
}
