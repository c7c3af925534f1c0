import Metadata

// Records that were saved although they repeat others, put together for people to look at.
extension SaveOrder {
    /// Puts each such record, and what it repeats, into a duplicate record set.
    func reportDuplicates(_ batch: inout SaveBatch) throws {
        for entry in batch.sound {
            for report in entry.reported {
                guard let id = entry.id else { continue }
                let others = report.matches.compactMap { match in
                    switch match {
                    case .stored(let id): id
                    case .inBatch(let index):
                        batch.entries[index].isSound ? batch.entries[index].id : nil
                    }
                }
                guard !others.isEmpty else { continue }
                try DuplicateSets(writer: writer)?.add([id] + others, rule: report.rule)
            }
        }
    }
}

/// Sets of records that a rule takes for the same thing.
struct DuplicateSets {
    private let writer: RecordWriter
    private let sets: ObjectDefinition
    private let items: ObjectDefinition
    private let link: FieldDefinition
    private let record: FieldDefinition

    /// `nil` where the org does not keep such sets.
    init?(writer: RecordWriter) {
        guard let sets = writer.schema.object("DuplicateRecordSet"),
            let items = writer.schema.object("DuplicateRecordItem"),
            let link = items.field("DuplicateRecordSetId"), let record = items.field("RecordId")
        else { return nil }
        self.writer = writer
        self.sets = sets
        self.items = items
        self.link = link
        self.record = record
    }

    /// Adds records to the set of the rule in which one of them is already, or to a new one.
    func add(_ ids: [RecordID], rule: APIName) throws {
        let tx = writer.writeTransaction
        guard let rules = writer.schema.object("DuplicateRule"),
            let name = rules.field("DeveloperName"),
            let ruleID = try tx.find(rules, by: name, [.text(rule.text)]).first?.id
        else { return }
        let set = try known(ids, ruleID) ?? make(ruleID)
        let present = try tx.children(items, by: link, of: [set], limit: Limits.cascadeMax)
        let members = Set(try tx.load(items, present.map(\.id)).compactMap { $0[record].id })
        let added = Array(Set(ids).subtracting(members)).sorted()
        let room = max(0, Limits.cascadeMax - members.count)
        for start in stride(from: 0, to: min(room, added.count), by: Limits.saveBatchMax) {
            let some = added[start..<min(start + Limits.saveBatchMax, added.count)]
            try save(
                some.map { id in
                    RecordDraft(
                        object: items.name.text,
                        values: [
                            "DuplicateRecordSetId": .string(set.description),
                            "RecordId": .string(id.description),
                        ]
                    )
                },
                .create
            )
        }
        try save(
            [
                RecordDraft(
                    object: sets.name.text,
                    id: set.description,
                    values: [
                        "RecordCount": .number(
                            JSONNumber(Int64(members.count + min(room, added.count)))
                        )
                    ]
                )
            ],
            .update
        )
    }

    private func known(_ ids: [RecordID], _ rule: RecordID) throws -> RecordID? {
        let tx = writer.writeTransaction
        let found = try tx.children(items, by: record, of: ids, limit: 200)
        let held = Set(try tx.load(items, found.map(\.id)).compactMap { $0[link].id })
        guard let field = sets.field("DuplicateRuleId") else { return nil }
        return try tx.load(sets, held.sorted()).first { set in
            set[field] == .id(rule) && !writer.isDeleted(set, sets)
        }?.id
    }

    private func make(_ rule: RecordID) throws -> RecordID {
        let results = try save(
            [
                RecordDraft(
                    object: sets.name.text,
                    values: ["DuplicateRuleId": .string(rule.description)]
                )
            ],
            .create
        )
        guard let id = results.first?.id else {
            throw RecordError(.unknownException, "the duplicate record set could not be made")
        }
        return id
    }

    @discardableResult
    private func save(_ drafts: [RecordDraft], _ operation: SaveOperation) throws -> [SaveResult] {
        let system = writer.asSystem(because: "records that repeat others are put together")
        let results = try system.save(drafts, operation)
        if let error = results.flatMap(\.errors).first { throw error }
        return results
    }
}
