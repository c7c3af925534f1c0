import Metadata

/// Asks criteria of many records at once.
struct RuleMatching {
    let reader: RecordReader
    let object: ObjectDefinition

    /// Whether each of the criteria holds of each record: by criteria, then by record.
    ///
    /// - Throws: `RecordError` where criteria cannot be asked; a deploy would have refused them.
    func holds(_ criteria: [Criteria], for changes: [RecordChange]) throws -> [[Bool]] {
        let programs = try criteria.map(program)
        var paths = RecordPaths(reader: reader, object: object, records: changes.map(\.after))
        var values: [RecordPath: [FieldValue]] = [:]
        for path in programs.flatMap(\.conditions).map(\.path) where values[path] == nil {
            values[path] = try paths.values(path)
        }
        return programs.map { program in
            changes.indices.map { program.holds(at: $0, values) }
        }
    }

    /// The first of the criteria that holds of each record.
    func firstMatches(_ criteria: [Criteria], for changes: [RecordChange]) throws -> [Int?] {
        let holds = try holds(criteria, for: changes)
        return changes.indices.map { record in
            criteria.indices.first { holds[$0][record] }
        }
    }

    private func program(_ criteria: Criteria) throws -> CriteriaProgram {
        do {
            return try CriteriaProgram(criteria, on: object, in: reader.schema)
        } catch {
            throw RecordError(
                .invalidOperation,
                "the criteria `\(criteria.sentence)` cannot be asked: \(error.message)"
            )
        }
    }
}
