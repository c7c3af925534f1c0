import ArgumentParser
import Kernel
import Metadata
import StoreSQLite

/// `steward jobs`: work in the background, and what became of it.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "Shows jobs, runs those again that were given up, or discards them.",
        subcommands: [JobsList.self, JobsRetry.self, JobsDiscard.self],
        defaultSubcommand: JobsList.self
    )
}

/// `steward jobs list`.
struct JobsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows how many jobs there are, and those of one state."
    )

    @Option(name: .long, help: "waiting, running, parked, done or dead.")
    var state: String = "dead"

    @Option(name: .long, help: "Only jobs of this kind: webhook.deliver.")
    var kind: String?

    @Option(name: .long, help: "How many at most.")
    var limit: Int = 50

    @OptionGroup var orgOptions: OrgOptions
    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        guard let wanted = JobState.allCases.first(where: { $0.name.lowercased() == state }) else {
            throw ValidationError("--state is waiting, running, parked, done or dead")
        }
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let org = try await composition.org(orgOptions.org)
        let caller = Caller.system(org.id, as: org.id.record, because: "steward jobs list")
        let command = self
        let (counts, jobs) = try await composition.records.read(as: caller) { reader in
            (
                try reader.jobCounts(),
                try reader.jobs(wanted, kind: command.kind, limit: command.limit)
            )
        }
        await composition.close()
        let summary = JobState.allCases.map { "\($0.name.lowercased()) \(counts[$0] ?? 0)" }
        Output.line(summary.joined(separator: ", "))
        guard !jobs.isEmpty else { return }
        let rows = jobs.map { job in
            [
                String(job.id), job.kind, String(job.attempts), job.runAfter.text,
                String((job.error ?? "").prefix(120)),
            ]
        }
        Output.line(TextTable([["id", "kind", "attempts", "run after", "error"]] + rows).text)
    }
}

/// `steward jobs retry`.
struct JobsRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Has jobs run again that were given up."
    )

    @Argument(help: "The jobs' ids; all that were given up where none is named.")
    var ids: [Int64] = []

    @Option(name: .long, help: "Only jobs of this kind, where no id is named.")
    var kind: String?

    @OptionGroup var orgOptions: OrgOptions
    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let org = try await composition.org(orgOptions.org)
        let caller = try await composition.operatorCaller(org, because: "steward jobs retry")
        let command = self
        let count = try await composition.records.write(as: caller) { writer in
            let wanted =
                command.ids.isEmpty
                ? try writer.jobs(.dead, kind: command.kind, limit: .max).map(\.id) : command.ids
            for id in wanted { try writer.runAgain(id) }
            return wanted.count
        }
        try composition.folder.noteChange()
        await composition.close()
        Output.line("\(count) jobs run again as soon as the server sees them")
    }
}

/// `steward jobs discard`.
struct JobsDiscard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Removes jobs that were given up."
    )

    @Argument(help: "The jobs' ids.")
    var ids: [Int64]

    @OptionGroup var orgOptions: OrgOptions
    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let org = try await composition.org(orgOptions.org)
        let caller = try await composition.operatorCaller(org, because: "steward jobs discard")
        let command = self
        try await composition.records.write(as: caller) { writer in
            for id in command.ids { try writer.discard(id) }
        }
        await composition.close()
        Output.line("\(ids.count) jobs discarded")
    }
}
