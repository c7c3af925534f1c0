import Accountability
import ArgumentParser
import Kernel
import Metadata
import StoreSQLite

/// `steward doctor`: looks for what must not be.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks a deployment's integrity; exits with 1 where something is wrong."
    )

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        var problems: [String] = []
        var audit: RestrictionAudit?
        do {
            audit = try await composition.office.audit()
        } catch {
            problems.append("the transparency log cannot be relied on: \(error)")
            Output.line(problems[0])
        }
        for org in try await composition.platform.orgs() {
            let found = await problemsIn(org, composition, audit)
            Output.line("\(org.slug): \(found.isEmpty ? "sound" : "\(found.count) problems")")
            for problem in found { Output.line("  \(problem)") }
            problems += found
        }
        await composition.close()
        if !problems.isEmpty { throw ExitCode(1) }
    }

    private func problemsIn(
        _ org: OrgEntry,
        _ composition: Composition,
        _ audit: RestrictionAudit?
    ) async -> [String] {
        do {
            let caller = Caller.system(org.id, as: org.id.record, because: "steward doctor")
            let schema = try await composition.records.read(as: caller) { $0.snapshot.schema }
            let summaries = try await composition.records.read(as: caller) { reader in
                try reader.rollUpProblems()
            }
            let restrictions =
                try await audit?.problems(in: org.id, composition.records) ?? []
            return try await composition.store.check(org.id, schema) + summaries
                + loginProblems(org, composition, caller) + restrictions
        } catch {
            return ["cannot be read: \(error)"]
        }
    }

    /// Every active user can be found by the login directory, and the other way round.
    private func loginProblems(
        _ org: OrgEntry,
        _ composition: Composition,
        _ caller: Caller
    ) async throws -> [String] {
        let users = try await composition.records.read(as: caller) { reader in
            try reader.rows("SELECT Id, Username FROM User WHERE IsActive = true")
        }
        var problems: [String] = []
        for row in users {
            guard let id = row[0].id, let username = row[1].text else { continue }
            let login = try await composition.platform.login(username: username)
            if login?.user != id || login?.org != org.id {
                problems.append("the user \(id) cannot sign in: the username belongs to no login")
            }
        }
        return problems
    }
}
