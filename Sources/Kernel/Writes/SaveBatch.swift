import Metadata

/// Records of one object on their way through a save.
struct SaveBatch {
    /// One record: what was asked, what is stored, what will be.
    struct Entry {
        /// Its place among all records of the request.
        let position: Int
        let draft: RecordDraft
        /// Decoded values, by field index.
        var input: [Int: FieldValue] = [:]
        /// Parents to be found by an external id: field index, parent object and field, value.
        var parents: [ParentByKey] = []
        var stored: StoredRecord?
        var id: RecordID?
        /// The record as it will be; before the write, automation may change it.
        var next: StoredRecord?
        /// Indexes of the fields that the write changed, ascending; for a new record, of those that
        /// have a value.
        var changed: [Int] = []
        /// Whether its row is written; what fails from then on undoes the whole save.
        var isWritten = false
        var errors: [RecordError] = []
        /// Records that it repeats, by rules that only report.
        var reported: [ReportedDuplicates] = []

        init(position: Int, draft: RecordDraft) {
            self.position = position
            self.draft = draft
        }

        init(position: Int, typed: TypedDraft) {
            self.init(
                position: position,
                draft: RecordDraft(
                    object: typed.object.name.text,
                    id: typed.id?.description,
                    values: JSONObject()
                )
            )
            input = typed.values
        }

        var isCreated: Bool { stored == nil }
        var isSound: Bool { errors.isEmpty }

        /// Whether the record as it will be differs from the stored one in the field; true for
        /// every field of a new record.
        func changes(_ field: FieldDefinition) -> Bool {
            guard let stored, let next else { return true }
            return stored[field] != next[field]
        }
    }

    struct ReportedDuplicates {
        let rule: APIName
        let matches: [DuplicateMatch]
    }

    struct ParentByKey {
        let field: FieldDefinition
        let object: ObjectDefinition
        let key: FieldDefinition
        let value: FieldValue
    }

    let object: ObjectDefinition
    var entries: [Entry]
    /// What rules have decided about its records, to be kept once all of them have.
    var decisions: [RuleDecision] = []

    init(object: ObjectDefinition, entries: [Entry]) {
        self.object = object
        self.entries = entries
    }

    var sound: [Entry] { entries.filter(\.isSound) }
    var hasFailures: Bool { entries.contains { !$0.isSound } }

    /// Runs a step for each record that has no error yet.
    mutating func forEachSound(_ body: (inout Entry) throws -> Void) rethrows {
        for index in entries.indices where entries[index].isSound {
            try body(&entries[index])
        }
    }

    mutating func fail(
        _ index: Int,
        _ code: RecordError.Code,
        _ message: String,
        _ fields: [APIName] = []
    ) {
        fail(index, RecordError(code, message, fields: fields))
    }

    mutating func fail(_ index: Int, _ error: RecordError) {
        entries[index].errors.append(error)
    }
}

/// Values that the platform itself, or an org's automation, gives to a record: a draft whose values
/// need no decoding.
struct TypedDraft: Sendable {
    let object: ObjectDefinition
    /// The record to change; `nil` to create one.
    let id: RecordID?
    /// By field index; each of the field's own type.
    var values: [Int: FieldValue]
}
