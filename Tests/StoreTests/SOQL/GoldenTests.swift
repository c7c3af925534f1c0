import Foundation
import Language
import Metadata
import Store
import TestSupport
import Testing

@testable import Kernel

/// Every page of `Tests/Corpus/soql`: plan, SQL of both dialects and rows are as they were reviewed.
///
/// With `STEWARD_GOLDEN=rewrite` in the environment the pages are written anew.
@Suite struct GoldenTests {
    @Test("the corpus has its pages")
    func isThere() {
        #expect(GoldenFile.all.count >= 40)
    }

    @Test("a query gives what its page says", arguments: GoldenFile.all)
    func page(_ file: GoldenFile) async throws {
        let world = try await GoldenWorld.shared(.reference)
        let caller = try #require(world.callers[file.caller], "nobody is called \(file.caller)")
        let page = try await world.org.records.read(as: caller) { reader in
            file.page(sections(file.query, reader, world))
        }

        if GoldenFile.isRewriting { return try file.write(page) }
        #expect(page == file.text, "\(file.name) differs; review and rewrite it")
    }

    @Test("every store gives the rows of the page", arguments: StoreKind.allCases, GoldenFile.all)
    func rows(_ kind: StoreKind, _ file: GoldenFile) async throws {
        let world = try await GoldenWorld.shared(kind)
        let caller = try #require(world.callers[file.caller])
        let found = try await world.org.records.read(as: caller) { reader in
            rows(file.query, reader, world)
        }

        #expect(file.text.hasSuffix(GoldenFile.indented(found).joined(separator: "\n") + "\n"))
    }

    private func sections(
        _ query: String,
        _ reader: RecordReader,
        _ world: GoldenWorld
    ) -> [(heading: String, lines: [String])] {
        guard let read = try? reader.plan(query) else {
            return [("error", rows(query, reader, world))]
        }
        return [
            ("authorized", GoldenPlan(read: read, names: world.names).lines),
            ("sqlite", statements(read, .sqlite, world)),
            ("postgres", statements(read, .postgres, world)),
            ("rows", rows(query, reader, world)),
        ]
    }

    /// The statements of the plan and of its child queries, with what is bound to them.
    private func statements(
        _ read: AuthorizedRead,
        _ dialect: Dialect,
        _ world: GoldenWorld
    ) -> [String] {
        lines(CompiledRead(read, SQLCompiler(dialect)), world)
    }

    private func lines(_ compiled: CompiledRead, _ world: GoldenWorld) -> [String] {
        var text = compiled.rows.text.components(separatedBy: "\n")
        if !compiled.rows.parameters.isEmpty {
            let values = compiled.rows.parameters.map { parameter($0, world) }
            text.append("with \(values.joined(separator: ", "))")
        }
        return text + compiled.children.flatMap { ["then"] + lines($0, world) }
    }

    private func parameter(_ parameter: SQLParameter, _ world: GoldenWorld) -> String {
        switch parameter {
        case .value(let value): text(value, world)
        case .dateLiteral(let literal, let edge, let isDateTime):
            "\(edge) of \(literal.unit.rawValue) \(literal.position) in "
                + (isDateTime ? "milliseconds" : "days")
        case .givenIDs: "the ids"
        case .givenID: "the id"
        case .rowsMax: "rows"
        case .now: "now"
        }
    }

    private func text(_ value: SQLValue, _ world: GoldenWorld) -> String {
        switch value {
        case .null: "null"
        case .integer(let number): world.names[RecordID(number: number)] ?? "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): "'\(text)'"
        case .blob(let bytes): "\(bytes.count) bytes"
        case .formula(let program):
            "{\(program.text.split(whereSeparator: \.isWhitespace).joined(separator: " "))}"
        case .integers(let numbers):
            "[\(numbers.map { text(.integer($0), world) }.sorted().joined(separator: ", "))]"
        }
    }
}

// MARK: - Rows

extension GoldenTests {
    private func rows(_ query: String, _ reader: RecordReader, _ world: GoldenWorld) -> [String] {
        do {
            let page = try reader.query(query) { TestRecordSink($0) }
            if page.plan.query.kind == .count { return ["\(page.total)"] }
            let lines = page.sink.records.map { row($0, world) }
            return lines.isEmpty ? ["none"] : lines
        } catch let error as RecordError {
            return [error.code.rawValue] + error.message.components(separatedBy: "\n")
        } catch {
            return ["\(error)"]
        }
    }

    private func row(_ record: TestRecord, _ world: GoldenWorld) -> String {
        record.order.map { path in
            if let children = record.children[path] {
                return "[\(children.map { row($0, world) }.joined(separator: "; "))]"
            }
            return text(record[path], world)
        }.joined(separator: " | ")
    }

    private func text(_ value: FieldValue, _ world: GoldenWorld) -> String {
        switch value {
        case .null: "-"
        case .text(let text): text
        case .boolean(let value): "\(value)"
        case .number(let number): number.description
        case .date(let days):
            CivilDate(daysSinceEpoch: days).map { "\($0.year)-\($0.month)-\($0.day)" } ?? "\(days)"
        case .dateTime(let moment):
            Date(timeIntervalSince1970: Double(moment.milliseconds) / 1_000).ISO8601Format()
        case .time(let milliseconds): "\(milliseconds) ms"
        case .id(let id): world.names[id] ?? id.description
        case .coordinate(let number): String(format: "%.6g", number)
        case .blob(let bytes): "\(bytes.count) bytes"
        }
    }
}
