import ArgumentParser
import Foundation
import Kernel
import Metadata
import RESTAPI
import UseMeter

/// `steward load`: saves the rows of a CSV file as records.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Saves the rows of a CSV file as records, through the whole save pipeline.",
        discussion: """
            The first line names fields; `Account.Reference__c` names a parent by an external id. \
            An empty cell leaves a field as it is, #N/A clears it. Rows that are refused go to a \
            file, with the reason in its first column.
            """
    )

    @Argument(help: "The object.")
    var object: String

    @Argument(help: "The CSV file.")
    var file: String

    @Option(name: .long, help: "Upsert by this external id field; without it, rows are created.")
    var externalId: String?

    @Option(name: .long, help: "Where refused rows go. [default: FILE.rejected.csv]")
    var rejects: String?

    @OptionGroup var signInOptions: SignInOptions
    @OptionGroup var orgOptions: OrgOptions
    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let caller = try await signInOptions.signIn(composition, orgOptions, surface: .bulk).caller
        let data = try Data(contentsOf: URL(fileURLWithPath: file))
        let target = rejects ?? "\(file).rejected.csv"
        var load = CSVLoad(
            records: composition.records,
            caller: caller,
            object: object,
            operation: externalId.map { .upsert(field: $0) } ?? .create
        )
        do {
            try await load.run([UInt8](data))
        } catch let error as CSVFailure {
            throw ValidationError("\(file): \(error)")
        } catch let error as RecordError {
            throw ValidationError("\(error.code.rawValue): \(error.message)")
        }
        try composition.folder.noteChange()
        await composition.close()
        Output.line("\(load.created) created, \(load.updated) updated, \(load.rejected) rejected")
        guard load.rejected > 0 else { return }
        try Data(load.rejects).write(to: URL(fileURLWithPath: target))
        Output.line("rejected rows with their reasons: \(target)")
        throw ExitCode(2)
    }
}

/// The work of loading one CSV text in batches.
struct CSVLoad {
    let records: Records
    let caller: Caller
    let object: String
    let operation: SaveOperation
    private(set) var created = 0
    private(set) var updated = 0
    private(set) var rejected = 0
    private var rejectWriter = CSVWriter(quoting: .minimal)

    init(records: Records, caller: Caller, object: String, operation: SaveOperation) {
        self.records = records
        self.caller = caller
        self.object = object
        self.operation = operation
    }

    /// The refused rows as CSV, the reason first.
    var rejects: [UInt8] {
        var writer = rejectWriter
        return writer.takeBytes()
    }

    mutating func run(_ bytes: [UInt8]) async throws {
        var rows = CSVReader(bytes)
        guard try rows.next() else { return }
        let header = rows.row.strings
        rejectWriter.row(["error"] + header)
        var batch: [[String]] = []
        var read = 0
        while try rows.next() {
            batch.append(rows.row.strings)
            guard batch.count == Limits.saveBatchMax else { continue }
            read += batch.count
            try await save(batch, header)
            batch.removeAll(keepingCapacity: true)
            Output.progress("loading \(object)", read, of: max(read, estimate(bytes, header.count)))
        }
        if !batch.isEmpty { try await save(batch, header) }
        Output.progress("loading \(object)", 1, of: 1)
    }

    /// How many lines there are, as a guess at the number of rows.
    private func estimate(_ bytes: [UInt8], _ columns: Int) -> Int {
        bytes.reduce(into: 0) { count, byte in if byte == UInt8(ascii: "\n") { count += 1 } }
    }

    private func draft(_ cells: [String], _ columns: [CSVColumn?]) -> RecordDraft {
        let pairs = Array(zip(columns, cells))
        return RecordDraft(
            object: object,
            id: pairs.first { $0.0 == .id }?.1,
            values: JSONObject(pairs.compactMap { $0.0?.member($0.1) })
        )
    }

    private mutating func save(_ rows: [[String]], _ header: [String]) async throws {
        let columns = header.map { CSVColumn($0) }
        let drafts = rows.map { draft($0, columns) }
        let operation = operation
        let results = try await records.write(as: caller) { writer in
            try writer.save(drafts, operation)
        }
        for (row, result) in zip(rows, results) {
            switch result {
            case .success(_, let isCreated):
                if isCreated { created += 1 } else { updated += 1 }
            case .failure(let errors):
                rejected += 1
                let reasons = errors.map { "\($0.code.rawValue): \($0.message)" }
                rejectWriter.row([reasons.joined(separator: "; ")] + row)
            }
        }
    }
}
