import ArgumentParser
import Foundation
import Kernel
import Language
import Metadata
import RESTAPI
import Store
import StoreSQLite

/// `steward query`: runs SOQL.
struct QueryCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, csv, json
    }

    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Runs a SOQL query and prints its rows."
    )

    @Argument(help: "The query: \"SELECT Id, Subject FROM Case LIMIT 10\".")
    var soql: String

    @Option(name: .long, help: "How to print: table, csv or json.")
    var format: Format = .table

    @Flag(name: .long, help: "Print every stage, from the text to the SQL of both dialects.")
    var explain = false

    @Flag(name: .long, help: "Deleted records too.")
    var all = false

    @OptionGroup var signInOptions: SignInOptions
    @OptionGroup var orgOptions: OrgOptions
    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let caller = try await signInOptions.signIn(composition, orgOptions).caller
        do {
            if explain {
                try await explain(composition, caller)
            } else {
                try await show(composition, caller)
            }
        } catch let error as RecordError {
            throw ValidationError("\(error.code.rawValue): \(error.message)")
        }
        await composition.close()
    }

    private func explain(_ composition: Composition, _ caller: Caller) async throws {
        let soql = soql
        let text = try await composition.records.read(as: caller) { reader in
            let explanation = try reader.explain(soql)
            return QueryStages(explanation).text
        }
        Output.line(text)
    }

    private func show(_ composition: Composition, _ caller: Caller) async throws {
        let pages = QueryPages(
            records: composition.records,
            caller: caller,
            options: QueryOptions(includesDeleted: all)
        )
        switch format {
        case .json:
            try await pages.forEach(soql, QueryCommand.jsonSink) { page in
                for row in page.sink.rows() { Output.bytes(row.bytes + [UInt8(ascii: "\n")]) }
            }
        case .csv, .table:
            var rows: [[String]] = []
            try await pages.forEach(soql, { plan, _ in TextRowSink(plan.query) }) { page in
                if rows.isEmpty { rows.append(page.sink.columns.map(\.path)) }
                rows += page.sink.rows.map { row in row.map { $0 ?? "" } }
                if page.plan.query.kind == .count { rows = [["count"], [String(page.total)]] }
            }
            show(rows)
        }
    }

    private static func jsonSink(
        _ plan: AuthorizedRead,
        _ reader: RecordReader
    ) throws -> JSONRowSink {
        let program = JSONRowProgram(plan.query, schema: reader.snapshot.schema, version: .newest)
        return JSONRowSink(program, keepsRows: true)
    }

    private func show(_ rows: [[String]]) {
        guard format == .csv else {
            Output.line(TextTable(rows).text)
            Output.line("\(max(0, rows.count - 1)) rows")
            return
        }
        var writer = CSVWriter(quoting: .minimal)
        for row in rows { writer.row(row) }
        Output.bytes(writer.takeBytes())
    }
}

/// All pages of a query, one after the other.
struct QueryPages {
    let records: Records
    let caller: Caller
    let options: QueryOptions

    func forEach<Sink: RowSink & Sendable>(
        _ soql: String,
        _ makeSink: @escaping @Sendable (AuthorizedRead, RecordReader) throws -> Sink,
        _ body: (QueryPage<Sink>) throws -> Void
    ) async throws {
        let options = options
        var page = try await records.read(as: caller) { reader in
            try reader.query(soql, options: options) { try makeSink($0, reader) }
        }
        try body(page)
        while let locator = page.nextLocator {
            page = try await records.read(as: caller) { reader in
                try reader.queryMore(locator, options: options) { try makeSink($0, reader) }
            }
            try body(page)
        }
    }
}

/// The stages of a query, as text for a person.
struct QueryStages {
    private let explanation: QueryExplanation

    init(_ explanation: QueryExplanation) {
        self.explanation = explanation
    }

    private static func sql(_ read: AuthorizedRead, _ dialect: Dialect) -> String {
        let compiler = SQLCompiler(dialect)
        let children = zip(read.query.children, read.children).map { child, plan in
            compiler.compile(plan, .children(of: child.field)).text
        }
        let walk = compiler.walk(read).map {
            ["-- first, the page among the first records of all:", $0.text, "-- else:"]
        }
        return ((walk ?? []) + [compiler.compile(read).text] + children).joined(separator: "\n")
    }

    var text: String {
        let read = explanation.read
        let plans = explanation.plans.map { plan in
            "\(plan.operation) on \(plan.object.name), about \(plan.cardinality) of "
                + "\(plan.objectCardinality) records"
        }
        let sections = [
            ("understood", explanation.source),
            ("authorized", AuthorizedText(read).text),
            ("sqlite", QueryStages.sql(read, .sqlite)),
            ("postgres", QueryStages.sql(read, .postgres)),
            ("plan", plans.joined(separator: "\n")),
        ]
        return sections.map { name, text in
            name + "\n" + text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        }
        .joined(separator: "\n\n")
    }
}
