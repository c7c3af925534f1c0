package import Metadata

/// What an assignment rule would say about a record as it is now, entry by entry.
package struct AssignmentExplanation: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        /// 1 for the first.
        package let number: Int
        /// `nil` where they name a field that the caller may not read.
        package let criteria: String?
        package let holds: Bool
    }

    package let record: RecordID
    package let rule: APIName
    package let entries: [Entry]
    /// What the first entry that holds would do.
    package let outcome: String
    /// That entry, 1 for the first; `nil` where none holds.
    package let decidingEntry: Int?
}

extension RecordReader {
    /// Asks the active rule again about records, without changing anything: to explain one, or to try
    /// a rule on the latest before it is used.
    ///
    /// - Parameter rule: a rule's developer name; the active one where it is missing.
    /// - Returns: one for each record that the caller may see; none where there is no such rule.
    package func explainAssignment(
        of ids: [RecordID],
        by rule: APIName? = nil
    ) throws -> [AssignmentExplanation] {
        guard let first = ids.first, let object = schema.object(withPrefix: first.prefix),
            access.mayRead(object)
        else { return [] }
        let rules = schema.automation.service
        let found =
            rule.map { name in
                rules.assignments.first { $0.object == object.name && $0.name == name }
            } ?? rules.activeAssignment(of: object.name)
        guard let found else { return [] }
        let rows = authorizer.rows(of: object, for: .read)
        let seen = try tx.visible(ids.filter { $0.prefix == first.prefix }, of: object, under: rows)
        let changes = try tx.load(object, ids.filter(seen.contains))
            .map { RecordChange(before: $0, after: $0) }
        let matching = RuleMatching(reader: self, object: object)
        let holds = try matching.holds(found.entries.map(\.criteria), for: changes)
        let sentences = try found.entries.map { entry in
            try matching.isReadable(entry.criteria) ? entry.criteria.sentence : nil
        }
        let decisions = try AssignmentDecision.decide(changes, by: found, object, self)
        return zip(changes.indices, decisions).map { index, decision in
            AssignmentExplanation(
                record: decision.decision.record,
                rule: found.name,
                entries: found.entries.indices.map { place in
                    AssignmentExplanation.Entry(
                        number: place + 1,
                        criteria: sentences[place],
                        holds: holds[place][index]
                    )
                },
                outcome: decision.decision.outcome,
                decidingEntry: decision.decision.entry
            )
        }
    }
}
