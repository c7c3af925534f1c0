import Metadata

/// Roll-ups that one query can answer: of one child, by one lookup, with one filter.
struct RollUpQuery {
    let rollUps: [RollUp]

    /// Groups roll-ups so that the fewest queries answer them.
    static func grouping(_ rollUps: [RollUp]) -> [RollUpQuery] {
        var groups: [[RollUp]] = []
        for rollUp in rollUps {
            let index = groups.firstIndex { group in
                guard let other = group.first else { return false }
                return other.child.name == rollUp.child.name
                    && other.lookup.name == rollUp.lookup.name
                    && other.summary.filters == rollUp.summary.filters
            }
            if let index { groups[index].append(rollUp) } else { groups.append([rollUp]) }
        }
        return groups.map(RollUpQuery.init)
    }

    /// The query, without the parents that it is about: with `condition` in its place.
    func soql(where condition: String?) throws(RecordError) -> String {
        guard let first = rollUps.first else { return "" }
        let columns = rollUps.map { rollUp in
            "\(rollUp.summary.operation.rawValue.uppercased())"
                + "(\(rollUp.summarised?.name.text ?? "Id"))"
        }
        let filter = try RollUpFilter(child: first.child, items: first.summary.filters).condition()
        let conditions = [condition, filter.map { "(\($0))" }].compactMap(\.self)
        let whole = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return "SELECT \(first.lookup.name), \(columns.joined(separator: ", ")) "
            + "FROM \(first.child.name)\(whole) GROUP BY \(first.lookup.name)"
    }

    /// The values of these parents, one for each roll-up; from an index on the lookup.
    func values(
        of parents: [RecordID],
        _ questions: SystemQuestions
    ) throws -> [RecordID: [FieldValue]] {
        guard let first = rollUps.first else { return [:] }
        var values: [RecordID: [FieldValue]] = [:]
        let none = rollUps.map(\.summary.valueOfNone)
        for start in stride(from: 0, to: parents.count, by: Limits.rollUpBatchMax) {
            let batch = parents[start..<min(start + Limits.rollUpBatchMax, parents.count)]
            for parent in batch { values[parent] = none }
            let list = RecordWriter.list(batch)
            let soql = try soql(where: "\(first.lookup.name) IN (\(list))")
            for row in try questions.rows(soql) {
                guard let parent = row.first?.id, row.count == rollUps.count + 1 else { continue }
                values[parent] = try zip(rollUps, row.dropFirst()).map { rollUp, found in
                    try rollUp.value(found)
                }
            }
        }
        return values
    }
}
