import Language
import Metadata

/// Asks criteria of many records at once.
struct RuleMatching {
    let reader: RecordReader
    let object: ObjectDefinition

    /// Whether each of the criteria holds of each record: by criteria, then by record.
    ///
    /// A formula that has no value for a record, such as a division by zero, does not hold of it.
    ///
    /// - Throws: `RecordError` where criteria cannot be asked; a deploy would have refused them.
    func holds(_ criteria: [Criteria], for changes: [RecordChange]) throws -> [[Bool]] {
        let programs = try criteria.map(program)
        let formulas = try RecordFormulas(programs, of: object, for: changes, reader: reader)
        return programs.map { program in
            changes.indices.map { (try? formulas.isTrue(program, at: $0)) ?? false }
        }
    }

    /// The first of the criteria that holds of each record.
    func firstMatches(_ criteria: [Criteria], for changes: [RecordChange]) throws -> [Int?] {
        let holds = try holds(criteria, for: changes)
        return changes.indices.map { record in
            criteria.indices.first { holds[$0][record] }
        }
    }

    /// Whether the caller may read every field that the criteria ask about.
    func isReadable(_ criteria: Criteria) throws -> Bool {
        try program(criteria).fieldPaths.allSatisfy { path in
            var object = path.base
            for step in path.steps {
                guard reader.access.mayRead(step.lookup, of: object) else { return false }
                object = step.target
            }
            return reader.access.mayRead(object) && reader.access.mayRead(path.field, of: object)
        }
    }

    private func program(_ criteria: Criteria) throws -> ResolvedFormula {
        let known = reader.snapshot.formulas
        do {
            return try known.formula(criteria, in: known.scope(object, hasPriorRecord: true))
        } catch {
            throw RecordError(
                .invalidOperation,
                "the criteria `\(criteria.sentence)` cannot be asked: \(error.message)"
            )
        }
    }
}
