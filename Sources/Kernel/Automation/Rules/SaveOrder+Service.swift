import Metadata

// What a save means for those who wait: escalation rules and promises.
extension SaveOrder {
    func runEscalationRules(_ batch: inout SaveBatch) throws {
        guard writer.schema.automation.service.activeEscalation(of: object.name) != nil else {
            return
        }
        try Escalations(writer: writer, object: object).follow(followed(batch))
    }

    /// Follows the promises about the saved records, and those that the saved records keep.
    func followEntitlements(_ batch: inout SaveBatch) throws {
        let rules = writer.schema.automation.service
        guard !rules.entitlementProcesses.isEmpty else { return }
        if rules.entitlementProcesses.contains(where: { $0.object == object.name }) {
            let outcome = try Entitlements(
                writer: writer.asSystem(because: "promises are followed"),
                object: object
            )
            .follow(followed(batch))
            batch.decisions += outcome.decisions
            let touched = batch.entries.indices.filter { index in
                batch.entries[index].next.map { outcome.records[$0.id] != nil } ?? false
            }
            try refresh(touched, &batch)
        }
        try noteAnswers(batch, rules)
        try noteCompletions(batch, rules)
    }

    /// Keeps what rules have decided, all of it at once.
    func keepDecisions(_ batch: inout SaveBatch) throws {
        try writer.keep(batch.decisions)
        batch.decisions = []
    }

    /// What the save changed, but for records that were brought in with their history.
    private func followed(_ batch: SaveBatch) -> [RecordChange] {
        batch.sound.compactMap(\.change).filter { !$0.isBroughtIn(object, at: writer.now) }
    }

    /// Saved records that complete milestones of others, such as answers.
    private func noteAnswers(_ batch: SaveBatch, _ rules: ServiceRules) throws {
        let changes = batch.sound.compactMap(\.change)
        var answered: [APIName: [RecordID: Set<APIName>]] = [:]
        for process in rules.entitlementProcesses {
            for milestone in process.milestones {
                guard let response = milestone.response, response.object == object.name,
                    let field = object.field(response.field)
                else { continue }
                for change in try newlyMatching(response.criteria, changes) {
                    guard let id = change.after[field].id else { continue }
                    answered[process.object, default: [:]][id, default: []].insert(milestone.name)
                }
            }
        }
        for (object, answered) in answered.sorted(by: { $0.key < $1.key }) {
            try follow(answered, of: object)
        }
    }

    private func newlyMatching(
        _ criteria: Criteria,
        _ changes: [RecordChange]
    ) throws -> [RecordChange] {
        let matching = RuleMatching(reader: writer, object: object)
        let now = try matching.holds([criteria], for: changes)[0]
        let earlier = changes.map { RecordChange(before: $0.before, after: $0.before ?? $0.after) }
        let before = try matching.holds([criteria], for: earlier)[0]
        return changes.indices.filter { now[$0] && (changes[$0].before == nil || !before[$0]) }
            .map { changes[$0] }
    }

    private func follow(_ answered: [RecordID: Set<APIName>], of name: APIName) throws {
        guard let parent = writer.schema.object(name), !answered.isEmpty else { return }
        let records = try tx.load(parent, answered.keys.sorted())
            .filter { !writer.isDeleted($0, parent) }
        let outcome = try Entitlements(
            writer: writer.asSystem(because: "a milestone is completed"),
            object: parent
        )
        .follow(records.map { RecordChange(before: $0, after: $0) }, answered: answered)
        try writer.keep(outcome.decisions)
    }

    /// Milestones that someone completes by hand, by their completion date.
    private func noteCompletions(_ batch: SaveBatch, _ rules: ServiceRules) throws {
        guard !access.isSystem, let date = object.field("CompletionDate") else { return }
        for process in Set(rules.entitlementProcesses.map(\.object)) {
            let names = MilestoneRecords.names(of: process)
            guard names.object == object.name, let field = object.field(names.field),
                let type = object.field("MilestoneTypeId"),
                let parent = writer.schema.object(process)
            else { continue }
            for change in batch.sound.compactMap(\.change) {
                guard let id = change.after[field].id, let kind = change.after[type].id,
                    change.before?[date] != change.after[date]
                else { continue }
                if change.before?[date].isNull ?? true, !change.after[date].isNull {
                    let name = try writer.ownRows(
                        "SELECT Id, Name FROM MilestoneType WHERE Id = '\(kind)'"
                    ).first?[1].text
                    if let name { try follow([id: [APIName(name)]], of: process) }
                }
                // The record says again what follows from what happened.
                guard let record = try tx.load(parent, [id]).first else { continue }
                try Entitlements(
                    writer: writer.asSystem(because: "a milestone was changed by hand"),
                    object: parent
                )
                .review(record)
            }
        }
    }
}
