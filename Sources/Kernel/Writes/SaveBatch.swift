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
        var next: StoredRecord?
        var errors: [RecordError] = []

        var isCreated: Bool { stored == nil }
        var isSound: Bool { errors.isEmpty }
    }

    struct ParentByKey {
        let field: FieldDefinition
        let object: ObjectDefinition
        let key: FieldDefinition
        let value: FieldValue
    }

    let object: ObjectDefinition
    var entries: [Entry]

    var sound: [Entry] { entries.filter(\.isSound) }

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
        entries[index].errors.append(RecordError(code, message, fields: fields))
    }
}
