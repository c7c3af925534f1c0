import Foundation
import Language
import Metadata
import Store
import TestSupport
import Testing

@testable import Kernel

/// Formula fields in PostgreSQL: its SQL gives what the evaluator gives, for every row.
///
/// `STEWARD_SEED` chooses other formulas over other records.
@Suite(.enabled(if: PrivatePostgres.isPresent, "PostgreSQL is missing: initdb, postgres, psql"))
struct FormulaTranslationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seeds: [UInt64] =
        environment["STEWARD_SEED"].flatMap { UInt64($0) }.map { [$0] } ?? [1, 2]
    private static let objects: [APIName] = ["Account", "Contact", "Case", "Task"]
    private static let differencesMax = 12

    /// A statement, and what the evaluator makes of its query.
    private struct Question {
        let query: String
        let formula: String
        let statement: SQLStatement
        let values: [SQLValue]
        let rows: [[String?]]
    }

    @Test("random formulas give what the evaluator gives", arguments: seeds)
    func agreement(_ seed: UInt64) async throws {
        let world = try await RandomWorld(seed: seed, formulas: 40)
        var script = PostgresScript()
        let (schema, records) = try await world.contents()
        for object in schema.objects { script.add(object, records[object.name] ?? []) }
        var questions: [Question] = []
        for caller in world.callers.prefix(2) {
            questions += try await world.reference.read(as: caller) { reader in
                Self.queries(schema, isFirst: caller.user == world.callers[0].user)
                    .compactMap { Self.question($0.query, $0.formula, reader) }
            }
        }
        for question in questions { script.add(question.statement.text, question.values) }
        #expect(questions.count > 550)

        let (found, complaints) = try script.run()

        #expect(complaints.isEmpty, "\(complaints.prefix(2_000))")
        try #require(found.count == questions.count)
        var differences = 0
        for (question, rows) in zip(questions, found) where question.rows != rows {
            differences += 1
            guard differences <= Self.differencesMax else { continue }
            let place = zip(question.rows, rows).first { $0 != $1 }
            Issue.record(
                """
                seed \(seed): \(question.query)
                formula: \(question.formula)
                right: \(place.map { "\($0.0)" } ?? "\(question.rows.count) rows")
                found: \(place.map { "\($0.1)" } ?? "\(rows.count) rows")
                \(question.statement.text)
                \(question.values)
                """
            )
        }
        #expect(differences == 0)
    }

    /// Each formula field selected, and for one caller filtered, sorted and grouped by too.
    private static func queries(
        _ schema: OrgSchema,
        isFirst: Bool
    ) -> [(query: String, formula: String)] {
        var queries: [(query: String, formula: String)] = []
        for name in objects {
            for field in schema.object(name)?.fields ?? [] {
                guard case .formula(let formula) = field.type else { continue }
                let (object, column) = (name.text, field.name.text)
                var texts = ["SELECT Id, \(column) FROM \(object)"]
                if isFirst {
                    texts.append("SELECT Id FROM \(object) WHERE \(column) != NULL")
                    if case .text = formula.returns {
                        texts.append("SELECT Id FROM \(object) WHERE \(column) = 'alpha'")
                    } else {
                        texts.append("SELECT Id FROM \(object) ORDER BY \(column), Id")
                        texts.append(
                            "SELECT \(column), COUNT(Id) FROM \(object) GROUP BY \(column) "
                                + "ORDER BY \(column)"
                        )
                    }
                }
                queries += texts.map { ($0, formula.description) }
            }
        }
        return queries
    }

    private static func question(
        _ query: String,
        _ formula: String,
        _ reader: RecordReader
    ) -> Question? {
        guard let page = try? reader.query(query, { TestRecordSink($0) }) else { return nil }
        let read = page.plan
        let statement = SQLCompiler(.postgres).compile(read)
        let inputs = StatementInputs(rowsMax: 10_000, now: reader.now)
        return Question(
            query: query,
            formula: formula,
            statement: statement,
            values: statement.values(inputs, read.context),
            rows: (page.sink.rows.first ?? []).map { $0.values.map(PostgresScript.shown) }
        )
    }
}
