import Language
import Metadata

/// Whether the roll-up summaries of a schema can be worked out: for deploys.
struct RollUpCheck {
    let schema: OrgSchema

    var problems: [PackageProblem] {
        let rollUps = RollUps(schema)
        return rollUps.inOrder.compactMap { rollUp in
            do {
                try checkFormulas(rollUp)
                if let circle = rollUps.circle(from: rollUp) {
                    let way = circle.map(\.name).joined(separator: " → ")
                    throw RecordError(.invalidField, "it needs its own value: \(way)")
                }
                let soql = try RollUpQuery(rollUps: [rollUp]).soql(where: nil)
                _ = try Resolver.resolve(
                    try SOQLParser.parse(soql),
                    in: schema,
                    visible: FullVisibility()
                )
                return nil
            } catch let error as RecordError {
                return problem(rollUp, error.message, at: "summaryFilterItems")
            } catch let error as FormulaError {
                return problem(rollUp, error.message, at: nil)
            } catch let error as ResolveError {
                return problem(rollUp, error.detail, at: nil)
            } catch {
                return problem(rollUp, "\(error)", at: nil)
            }
        }
    }

    /// A formula can be summarised where its value changes with its own record only.
    private func checkFormulas(_ rollUp: RollUp) throws {
        let filtered = rollUp.summary.filters.compactMap { rollUp.child.field(APIName($0.field)) }
        for field in [rollUp.summarised].compactMap(\.self) + filtered where field.type.isFormula {
            let formula = try FormulaCompiler.compile(
                field: field,
                of: rollUp.child,
                in: schema
            )
            guard formula.isDeterministic, !formula.looksUpRecords,
                formula.fieldPaths.allSatisfy(\.steps.isEmpty)
            else {
                throw RecordError(
                    .invalidField,
                    "the formula field `\(field.name)` reads other records, the caller or the time, "
                        + "and changes when no record of \(rollUp.child.name) is saved"
                )
            }
        }
    }

    private func problem(_ rollUp: RollUp, _ message: String, at key: String?) -> PackageProblem {
        let text = "the roll-up summary `\(rollUp.name)` cannot be worked out: \(message)"
        return rollUp.summary.declaration?.problem(text, at: key)
            ?? PackageProblem(file: rollUp.name, line: 0, column: 0, message: text)
    }
}

/// Fills summaries that are new, or say something else, when a schema is deployed.
struct RollUpFilling {
    let writer: RecordWriter

    /// Works out what differs from the schema before, and what summarises that, for every parent in
    /// turn; past the order of saves, since nobody changed a record.
    func fill(from old: OrgSchema?) throws {
        var known: [String: String] = [:]
        for rollUp in old.map({ RollUps($0).inOrder }) ?? [] {
            known[rollUp.name] = rollUp.description
        }
        var filled: Set<String> = []
        for rollUp in writer.snapshot.rollUps.inOrder {
            let inner = writer.snapshot.rollUps.inner(rollUp).map(\.name)
            guard
                known[rollUp.name] != rollUp.description || !filled.isDisjoint(with: inner)
            else { continue }
            filled.insert(rollUp.name)
            try fill(rollUp)
        }
    }

    private func fill(_ rollUp: RollUp) throws {
        let ids = try writer.ownRows("SELECT Id FROM \(rollUp.parent.name)").compactMap { $0[0].id }
        for start in stride(from: 0, to: ids.count, by: Limits.rollUpBatchMax) {
            let batch = Array(ids[start..<min(start + Limits.rollUpBatchMax, ids.count)])
            let values = try RollUpQuery(rollUps: [rollUp]).values(of: batch, writer.ownQuestions)
            _ = try writer.keep(
                values.mapValues { [rollUp.field.name: $0[0]] },
                in: try writer.tx.load(rollUp.parent, batch),
                of: rollUp.parent
            )
        }
    }
}

extension RecordReader {
    /// Works out every roll-up summary anew and compares; one sentence for each field that is wrong.
    package func rollUpProblems() throws -> [String] {
        guard access.isSystem || access.has(.viewSetup) else {
            throw RecordError(.insufficientAccess, "checking summaries needs ViewSetup")
        }
        var problems: [String] = []
        for rollUp in snapshot.rollUps.inOrder {
            let rows = try ownRows("SELECT Id, \(rollUp.field.name) FROM \(rollUp.parent.name)")
            var wrong: [RecordID] = []
            for start in stride(from: 0, to: rows.count, by: Limits.rollUpBatchMax) {
                let batch = rows[start..<min(start + Limits.rollUpBatchMax, rows.count)]
                let ids = batch.compactMap { $0[0].id }
                let values = try RollUpQuery(rollUps: [rollUp]).values(of: ids, ownQuestions)
                for row in batch {
                    guard let id = row[0].id, values[id]?.first != row[1] else { continue }
                    wrong.append(id)
                }
            }
            guard let first = wrong.first else { continue }
            problems.append(
                "the roll-up summary `\(rollUp.name)` is wrong for \(wrong.count) records, such as "
                    + "\(first)"
            )
        }
        return problems
    }
}
