import Metadata

// How rules save what follows from them: through the same order as everything else, as the platform.
extension RecordWriter {
    /// Saves drafts of one kind, however many, and insists on it.
    ///
    /// - Throws: the first record's error: what a rule keeps of its own must not get lost.
    func saveOwn(_ drafts: [RecordDraft], _ operation: SaveOperation) throws {
        guard !drafts.isEmpty else { return }
        try insist(on: save(drafts, operation, options: ownOptions(drafts.count)))
    }

    /// The same for drafts whose values need no decoding.
    func saveOwn(_ drafts: [TypedDraft]) throws {
        guard !drafts.isEmpty else { return }
        try insist(on: save(drafts, options: ownOptions(drafts.count)))
    }

    /// How many rows of its own the platform saves, past the limit of clients.
    private func ownOptions(_ count: Int) -> SaveOptions {
        var options = SaveOptions.own
        options.batchSizeMax = max(count, Limits.saveBatchMax)
        return options
    }

    private func insist(on results: [SaveResult]) throws {
        if let error = results.lazy.compactMap(\.errors.first).first { throw error }
    }

    /// Puts fields that only the platform keeps into records, past the order of saves.
    ///
    /// - Returns: the records as they are now; those in which nothing differs are left out.
    func keep(
        _ values: [RecordID: [APIName: FieldValue]],
        in records: [StoredRecord],
        of object: ObjectDefinition
    ) throws -> [RecordID: StoredRecord] {
        var updates: [AuthorizedWrite.Update] = []
        for record in records {
            var after = record
            for (name, value) in values[record.id] ?? [:] {
                if let field = object.field(name) { after[field] = value }
            }
            let changed = object.fields.map(\.index).filter {
                record.values.indices.contains($0) && record.values[$0] != after.values[$0]
            }
            guard !changed.isEmpty else { continue }
            updates.append(AuthorizedWrite.Update(before: record, after: after, changed: changed))
        }
        guard !updates.isEmpty else { return [:] }
        try writeTransaction.write(AuthorizedWrite(object: object, change: .update(updates)))
        for update in updates {
            try stageChange(of: object, .update, before: update.before, after: update.after)
        }
        return Dictionary(
            updates.map { ($0.after.id, $0.after) },
            uniquingKeysWith: { _, last in last }
        )
    }

    /// A list of ids for a query: `'500…', '500…'`.
    static func list(_ ids: some Sequence<RecordID>) -> String {
        ids.map { "'\($0)'" }.joined(separator: ", ")
    }
}

extension RecordReader {
    /// The kernel's own questions in this transaction, with every right.
    var ownQuestions: SystemQuestions {
        SystemQuestions(org: caller.org, schema: schema, tx: tx)
    }

    /// The rows of one of the kernel's own questions; none where the org lacks the object.
    func ownRows(_ soql: String) throws -> [[FieldValue]] { try ownQuestions.rows(soql) }

    /// The same for a question that is always the same text, which is compiled once.
    func ownRows(fixed soql: StaticString) throws -> [[FieldValue]] {
        let questions = ownQuestions
        guard let plan = try snapshot.ownPlan(soql, questions.plan) else { return [] }
        return try questions.rows(plan)
    }

    /// The records, not deleted, that point to one of these, with all their fields.
    func ownChildren(
        _ object: ObjectDefinition,
        by lookup: FieldDefinition,
        of parents: [RecordID]
    ) throws -> [StoredRecord] {
        let found = try tx.children(object, by: lookup, of: parents, limit: Int.max)
        return found.isEmpty ? [] : try tx.load(object, found.map(\.id))
    }
}

extension TypedDraft {
    /// A draft by the names of fields; names that the object lacks are passed over.
    init(_ object: ObjectDefinition, id: RecordID? = nil, _ values: [(APIName, FieldValue)]) {
        self.init(object: object, id: id, values: [:])
        self.values.reserveCapacity(values.count)
        for (name, value) in values {
            if let field = object.field(name) { self.values[field.index] = value }
        }
    }
}

extension FieldValue {
    init(_ text: String?) {
        self = text.map { .text($0) } ?? .null
    }

    init(_ number: (some BinaryInteger)?) {
        self =
            number.map { .number(ExactDecimal(unscaled: Int64(clamping: $0), scale: 0)) } ?? .null
    }

    init(_ moment: Instant?) {
        self = moment.map { .dateTime($0) } ?? .null
    }

    init(_ id: RecordID?) {
        self = id.map { .id($0) } ?? .null
    }
}

extension JSONValue {
    /// A moment as records take it.
    static func moment(_ instant: Instant?) -> JSONValue {
        guard let instant else { return .null }
        var bytes: [UInt8] = []
        guard bytes.appendDatetime(millisecondsSinceEpoch: instant.milliseconds, zone: .zulu)
        else { return .null }
        return .string(String(decoding: bytes, as: UTF8.self))
    }

    static func whole(_ number: some BinaryInteger) -> JSONValue { .string(String(number)) }

    static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}

extension JSONObject {
    init(pairs: [(String, JSONValue)]) {
        self.init(pairs.map { Member(name: $0.0, value: $0.1) })
    }
}
