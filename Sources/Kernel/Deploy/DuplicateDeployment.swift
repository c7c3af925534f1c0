import Metadata

/// Turns declared matching and duplicate rules into records, and keeps what records are found by.
struct DuplicateDeployment {
    let writer: RecordWriter

    /// Records read and indexed at a time.
    private static let batchSize = 1_000
    /// What an object's records were indexed by: the object's name, and its rules as one text.
    private static let documentKind = "match-index"

    func apply() throws {
        try renewMatchingRules()
        try renewDuplicateRules()
        try renewIndexes()
    }

    private var schema: OrgSchema { writer.schema }

    private func renewMatchingRules() throws {
        guard let object = schema.object("MatchingRule") else { return }
        try renew(
            object,
            schema.automation.matchingRules.map { rule in
                let isExact = rule.items.allSatisfy { $0.method.isExact }
                return [
                    "DeveloperName": .string(rule.name.text),
                    "MasterLabel": .string(rule.label),
                    "SobjectType": .string(rule.object.text),
                    "Description": rule.description.map { .string($0) } ?? .null,
                    "BooleanFilter": rule.booleanFilter.map { .string($0) } ?? .null,
                    "MatchEngine": .string(isExact ? "ExactMatchEngine" : "FuzzyMatchEngine"),
                    "RuleStatus": .string(rule.isActive ? "Active" : "Inactive"),
                ]
            },
            absent: ["RuleStatus": "Inactive"]
        )
    }

    private func renewDuplicateRules() throws {
        guard let object = schema.object("DuplicateRule") else { return }
        try renew(
            object,
            schema.automation.duplicateRules.map { rule in
                [
                    "DeveloperName": .string(rule.name.text),
                    "MasterLabel": .string(rule.label),
                    "SobjectType": .string(rule.object.text),
                    "IsActive": .bool(rule.isActive),
                ]
            },
            absent: ["IsActive": .bool(false)]
        )
    }

    /// One record for each rule; those that are no longer declared stay, but are not active.
    private func renew(
        _ object: ObjectDefinition,
        _ rules: [JSONObject],
        absent: JSONObject
    ) throws {
        guard let name = object.field("DeveloperName") else { return }
        let system = writer.asSystem(because: "a deploy keeps the rules as records")
        let rows = try SystemQuestions(org: writer.caller.org, schema: schema, tx: writer.tx)
            .rows("SELECT Id, DeveloperName FROM \(object.name)")
        var known: [String: RecordID] = [:]
        for row in rows {
            if let id = row[0].id, let text = row[1].text { known[text.lowercased()] = id }
        }
        var declared: Set<String> = []
        for rule in rules {
            guard case .string(let text)? = rule[ignoringCase: name.name.text] else { continue }
            declared.insert(text.lowercased())
            let id = known[text.lowercased()]
            try save(
                RecordDraft(object: object.name.text, id: id?.description, values: rule),
                id == nil ? .create : .update,
                system
            )
        }
        for (text, id) in known.sorted(by: { $0.key < $1.key }) where !declared.contains(text) {
            try save(
                RecordDraft(object: object.name.text, id: id.description, values: absent),
                .update,
                system
            )
        }
    }

    private func save(
        _ draft: RecordDraft,
        _ operation: SaveOperation,
        _ system: RecordWriter
    ) throws {
        if let error = try system.save([draft], operation).flatMap(\.errors).first { throw error }
    }
}

// MARK: - What records are found by

extension DuplicateDeployment {
    /// Indexes the records of every object whose matching rules are new or different.
    private func renewIndexes() throws {
        let tx = writer.writeTransaction
        var known: [APIName: String] = [:]
        for (key, text) in try tx.documents(kind: DuplicateDeployment.documentKind) {
            known[APIName(key)] = text
        }
        for object in schema.objects {
            let indexes = schema.matchIndexes(of: object)
            let text = indexes.map(\.description).joined(separator: "\n")
            guard text != known[object.name] ?? "" else { continue }
            try tx.removeMatchKeys(of: object)
            if !indexes.isEmpty { try index(object, indexes) }
            try tx.putDocument(
                kind: DuplicateDeployment.documentKind,
                key: object.name.text,
                text: text.isEmpty ? nil : text
            )
        }
    }

    /// Batch by batch, in the order of ids: no more than one batch is in memory.
    private func index(_ object: ObjectDefinition, _ indexes: [MatchIndex]) throws {
        let tx = writer.writeTransaction
        let questions = SystemQuestions(org: writer.caller.org, schema: schema, tx: tx)
        var last: RecordID?
        while true {
            let after = last.map { " AND Id > '\($0)'" } ?? ""
            let ids = try questions.rows(
                "SELECT Id FROM \(object.name) WHERE IsDeleted IN (true, false)\(after) "
                    + "ORDER BY Id LIMIT \(DuplicateDeployment.batchSize) ALL ROWS"
            )
            .compactMap { $0.first?.id }
            for record in try tx.load(object, ids) {
                try tx.putMatchKeys(writer.matchKeys(of: record, indexes), of: record.id)
            }
            guard ids.count == DuplicateDeployment.batchSize else { return }
            last = ids.last
        }
    }
}

extension MatchIndex {
    /// All that decides about keys: a change of it makes new ones.
    fileprivate var description: String {
        let items = rule.items.map {
            "\($0.field.folded) \($0.method.rawValue) \($0.threshold) \($0.matchesBlanks)"
        }
        return "1 \(rule.name.folded) [\(items.joined(separator: ", "))] \(rule.logic)"
    }
}
