import Metadata

/// Whether a save asks for an assignment rule.
package enum RuleChoice: Hashable, Sendable {
    /// New records whose owner the client has not named go by the active rule.
    case automatic
    /// New and changed records go by the active rule, whatever owner was named.
    case active
    /// New and changed records go by this rule: its developer name or its record's id.
    case rule(String)
    /// No rule decides. Only for those who may change every record of the object, or the org's
    /// setup.
    case none
}

extension SaveOrder {
    /// Refuses to leave the rules out for those who have no right to.
    func authorizeAssignment(_ batch: inout SaveBatch) {
        guard options.assignment == .none, activeAssignment != nil,
            !access.isSystem, !access.modifiesAll(object), !access.has(.customizeApplication)
        else { return }
        for index in batch.entries.indices where batch.entries[index].isSound {
            batch.fail(
                index,
                .insufficientAccess,
                "only those who may change every \(object.label) can leave its assignment rule out"
            )
        }
    }

    private var activeAssignment: AssignmentRule? {
        writer.schema.automation.service.activeAssignment(of: object.name)
    }

    /// Gives records to whom the object's rule says; the first entry that matches decides.
    func runAssignmentRules(_ batch: inout SaveBatch) throws {
        guard let owner = object.ownerField, let rule = try chosenRule() else { return }
        let indexes = batch.entries.indices.filter { index in
            let entry = batch.entries[index]
            guard entry.isSound, entry.next != nil else { return false }
            if options.assignment != .automatic { return true }
            return entry.isCreated && (entry.input[owner.index]?.isNull ?? true)
        }
        guard !indexes.isEmpty else { return }
        let changes = indexes.compactMap { batch.entries[$0].change }
        var found = try AssignmentDecision.decide(changes, by: rule, object, writer)
        let moved = found.indices.filter { place in
            guard let to = found[place].owner else { return false }
            return batch.entries[indexes[place]].next?[owner] != .id(to)
        }
        let errors = try give(moved.map { found[$0] }, by: rule)
        for (place, error) in zip(moved, errors) {
            guard let error else { continue }
            // What cannot be given away stays, and says why.
            found[place].decision.outcome = "the owner stays: \(error.message)"
            found[place].address = nil
        }
        batch.decisions += found.map(\.decision)
        try refresh(moved.map { indexes[$0] }, &batch)
        try notifyOwners(moved.map { found[$0] }, rule)
    }

    /// Changes owners, by a save of its own.
    ///
    /// - Returns: for each, why that failed, or `nil`.
    private func give(
        _ found: [AssignmentDecision],
        by rule: AssignmentRule
    ) throws -> [RecordError?] {
        guard !found.isEmpty else { return [] }
        let drafts = found.map { found in
            RecordDraft(
                object: object.name.text,
                id: found.decision.record.description,
                values: ["OwnerId": .text(found.owner?.description)]
            )
        }
        return try writer.asSystem(because: "the assignment rule \(rule.name)")
            .save(
                drafts,
                .update,
                options: SaveOptions(batchSizeMax: drafts.count, assignment: .none)
            )
            .map(\.errors.first)
    }

    /// The rule that decides; none where nobody asks for one.
    private func chosenRule() throws -> AssignmentRule? {
        switch options.assignment {
        case .none: return nil
        case .automatic, .active: return activeAssignment
        case .rule(let text):
            let rules = writer.schema.automation.service.assignments
                .filter { $0.object == object.name }
            var name = text
            if let id = try? RecordID(text) {
                name =
                    try writer.ownRows(
                        "SELECT Id, DeveloperName FROM AssignmentRule WHERE Id = '\(id)'"
                    ).first?[1].text ?? text
            }
            if let rule = rules.first(where: { $0.name == APIName(name) }) { return rule }
            throw RecordError(
                .invalidInput,
                "`\(text.prefix(80))` is no assignment rule of \(object.name)"
                    + Suggestion.phrase(for: name, among: rules.map(\.name.text))
            )
        }
    }

    /// Takes over what a save within this one has made of records.
    func refresh(_ indexes: [Int], _ batch: inout SaveBatch) throws {
        let ids = indexes.compactMap { batch.entries[$0].next?.id }
        let stored = Dictionary(
            try tx.load(object, ids).map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        for index in indexes {
            guard var next = batch.entries[index].next, let now = stored[next.id] else { continue }
            batch.entries[index].next = nil
            for field in object.fields {
                // A file's bytes are not loaded with its record.
                if case .file = field.type { continue }
                next[field] = now[field]
            }
            batch.entries[index].next = next
        }
    }

    private func notifyOwners(_ found: [AssignmentDecision], _ rule: AssignmentRule) throws {
        for found in found {
            guard let number = found.decision.entry, let address = found.address,
                let template = rule.entries[number - 1].template
            else { continue }
            try RuleMail(writer: writer, object: object).send(
                template,
                about: found.decision.record,
                to: [address],
                because: "assignment rule \(rule.name)"
            )
        }
    }
}

/// What an assignment rule says about one record.
struct AssignmentDecision {
    var decision: RuleDecision
    /// `nil` where the owner stays.
    let owner: RecordID?
    /// Where the new owner is told.
    var address: String?

    /// The decisions on records, in their order; nothing is changed.
    static func decide(
        _ changes: [RecordChange],
        by rule: AssignmentRule,
        _ object: ObjectDefinition,
        _ reader: RecordReader
    ) throws -> [AssignmentDecision] {
        let matching = RuleMatching(reader: reader, object: object)
        let first = try matching.firstMatches(rule.entries.map(\.criteria), for: changes)
        var assignees = RuleAssignees(reader: reader, object: object)
        return try zip(changes, first).map { change, place in
            try decide(change.after.id, place, rule, &assignees)
        }
    }

    private static func decide(
        _ record: RecordID,
        _ place: Int?,
        _ rule: AssignmentRule,
        _ assignees: inout RuleAssignees
    ) throws -> AssignmentDecision {
        func decision(_ outcome: String) -> RuleDecision {
            RuleDecision(
                .assignment,
                of: record,
                rule: rule.name,
                entry: place.map { $0 + 1 },
                criteria: place.map { rule.entries[$0].criteria },
                outcome: outcome
            )
        }
        guard let place else {
            return AssignmentDecision(
                decision: decision("no entry matches; the owner stays"),
                owner: nil,
                address: nil
            )
        }
        guard let assignee = rule.entries[place].assignee else {
            return AssignmentDecision(
                decision: decision("the entry leaves the owner as it is"),
                owner: nil,
                address: nil
            )
        }
        switch try assignees.find(assignee) {
        case .owner(let id, let label, let address):
            return AssignmentDecision(
                decision: decision("assigned to \(label)"),
                owner: id,
                address: address
            )
        case .nobody(let reason):
            return AssignmentDecision(
                decision: decision("the owner stays: \(reason)"),
                owner: nil,
                address: nil
            )
        }
    }
}
