import Kernel
import Language
import Metadata

/// One save: a copy of the state, kept if the save succeeds.
final class ReferenceWriteTransaction: ReferenceReadTransaction, WriteTransaction {
    private(set) var hooks: [@Sendable () -> Void] = []
    private let org: ReferenceOrg

    init(_ state: ReferenceState, now: Instant, org: ReferenceOrg) {
        self.org = org
        super.init(state, now: now)
    }

    func newIDs(_ object: ObjectDefinition, count: Int) throws -> [RecordID] {
        org.newIDs(object, count: max(0, count))
    }

    func nextAutoNumber(
        _ object: ObjectDefinition,
        _ field: FieldDefinition,
        count: Int
    ) throws -> ClosedRange<Int64> {
        let name = "\(object.name).\(field.name)"
        let first = (state.lastNumbers[name] ?? 0) + 1
        let last = first + Int64(max(1, count)) - 1
        state.lastNumbers[name] = last
        return first...last
    }

    func write(_ write: AuthorizedWrite) throws {
        let object = write.object
        state.writes += 1
        switch write.change {
        case .insert(let records):
            for record in records { try insert(record, object) }
        case .update(let updates):
            try change(updates, object, isDeleted: nil)
        case .delete(let updates):
            try change(updates, object, isDeleted: true)
        case .undelete(let updates):
            try change(updates, object, isDeleted: false)
        case .purge(let records):
            for record in records { purge(record.id, object) }
        }
    }

    func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        let before = state
        let hookCount = hooks.count
        do {
            return try body()
        } catch {
            state = before
            hooks.removeLast(hooks.count - hookCount)
            throw error
        }
    }

    func afterCommit(_ body: @escaping @Sendable () -> Void) {
        hooks.append(body)
    }

    func putDocument(kind: String, key: String, text: String?) throws {
        state.documents[ReferenceState.DocumentKey(kind: kind, key: key)] = text
    }

    func putMatchKeys(_ keys: [Int64], of id: RecordID) throws {
        state.matchKeys[id] = keys.isEmpty ? nil : Set(keys)
    }

    func removeMatchKeys(of object: ObjectDefinition) throws {
        state.matchKeys = state.matchKeys.filter { $0.key.prefix != object.keyPrefix }
    }

    func apply(_ changes: AuthorizedSchemaChange) throws {
        ReferenceSchemaChange(changes).apply(to: &state)
    }
}

// MARK: - Records

extension ReferenceWriteTransaction {
    private func insert(_ record: StoredRecord, _ object: ObjectDefinition) throws {
        let empty = object.fields.map { StoredValue.empty($0) }
        var kept = StoredRecord(id: record.id, values: empty)
        for field in object.fields {
            kept[field] = try store(record[field], field, of: record.id)
            if case .id = field.type { kept[field] = .id(record.id) }
        }
        try refuseDuplicates(of: kept, object)
        state.records[object.name, default: [:]][kept.id] = kept
    }

    /// Duplicates are looked for at the end: records of one save may exchange their values.
    private func change(
        _ updates: [AuthorizedWrite.Update],
        _ object: ObjectDefinition,
        isDeleted: Bool?
    ) throws {
        for update in updates { try change(update, object, isDeleted: isDeleted) }
        for update in updates {
            guard let kept = state.record(object, update.after.id) else { continue }
            try refuseDuplicates(of: kept, object)
        }
    }

    private func change(
        _ update: AuthorizedWrite.Update,
        _ object: ObjectDefinition,
        isDeleted: Bool?
    ) throws {
        let id = update.after.id
        guard var kept = state.record(object, id) else {
            throw RecordError(.entityIsDeleted, "entity is deleted")
        }
        for index in update.changed where object.fields.indices.contains(index) {
            let field = object.fields[index]
            if case .id = field.type { continue }
            kept[field] = try store(update.after[field], field, of: id)
        }
        if let isDeleted, let field = object.field("IsDeleted") {
            kept[field] = .boolean(isDeleted)
        }
        state.records[object.name]?[id] = kept
    }

    private func purge(_ id: RecordID, _ object: ObjectDefinition) {
        state.records[object.name]?[id] = nil
        for field in object.fields {
            state.files[ReferenceState.FileKey(record: id, field: field.name)] = nil
        }
    }

    /// A value as it is kept; the bytes of a file are kept apart.
    private func store(
        _ value: FieldValue,
        _ field: FieldDefinition,
        of id: RecordID
    ) throws -> FieldValue {
        if case .file = field.type {
            let key = ReferenceState.FileKey(record: id, field: field.name)
            switch value {
            case .blob(let bytes): state.files[key] = bytes
            // A number is a file that was loaded and not changed.
            case .number: break
            case .null, .text, .boolean, .date, .dateTime, .time, .id, .coordinate:
                state.files[key] = nil
            }
        }
        return try StoredValue.kept(value, field)
    }

    /// No two records that are not deleted have the same value in a unique field.
    private func refuseDuplicates(of record: StoredRecord, _ object: ObjectDefinition) throws {
        guard !object.isDeleted(record) else { return }
        for field in object.fields where field.isUnique && !record[field].isNull {
            let found = try find(object, by: field, [record[field]])
            guard let other = found.first(where: { $0.id != record.id }) else { continue }
            throw RecordError(
                .duplicateValue,
                "duplicate value found: \(field.name) duplicates value on record with id: "
                    + other.id.short,
                fields: [field.name]
            )
        }
    }
}

/// What a field keeps of a value.
enum StoredValue {
    /// The value of a field that nobody has written.
    static func empty(_ field: FieldDefinition) -> FieldValue {
        if case .checkbox = field.type { .boolean(false) } else { .null }
    }

    /// - Throws: `RecordError` where the field cannot hold such a value.
    static func kept(_ value: FieldValue, _ field: FieldDefinition) throws -> FieldValue {
        guard field.isStored else { return .null }
        if value.isNull { return empty(field) }
        switch (field.valueType, value) {
        case (.boolean, .boolean), (.id, .id), (.text, .text), (.longText, .text),
            (.multiPicklist, .text), (.encrypted, .text), (.date, .date), (.dateTime, .dateTime),
            (.time, .time), (.real, .coordinate), (.file, .number):
            return value
        case (.integer, .number(let number)): return try rounded(number, 0, field)
        case (.decimal(let scale), .number(let number)): return try rounded(number, scale, field)
        case (.file, .blob(let bytes)):
            return .number(ExactDecimal(unscaled: Int64(bytes.count), scale: 0))
        case (.boolean, _), (.id, _), (.text, _), (.longText, _), (.multiPicklist, _),
            (.encrypted, _), (.date, _), (.dateTime, _), (.time, _), (.real, _), (.file, _),
            (.integer, _), (.decimal, _):
            throw RecordError(
                .invalidTypeOnField,
                "\(field.label): value not of required type",
                fields: [field.name]
            )
        }
    }

    private static func rounded(
        _ number: ExactDecimal,
        _ scale: Int,
        _ field: FieldDefinition
    ) throws -> FieldValue {
        guard let digits = number.unscaled(at: scale) else {
            throw RecordError(
                .numberOutsideValidRange,
                "\(field.label): the number has too many digits",
                fields: [field.name]
            )
        }
        return .number(ExactDecimal(unscaled: digits, scale: scale))
    }
}
