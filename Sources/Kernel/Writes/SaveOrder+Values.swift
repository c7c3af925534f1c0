import Language
import Metadata

// What the record will be: defaults, what was sent, and what the platform derives.
extension SaveOrder {
    func merge(_ batch: inout SaveBatch) {
        let defaults = defaults()
        let stamps = SystemFields(object)
        batch.forEachSound { entry in
            var values = entry.stored?.values ?? defaults
            if values.count < object.fields.count {
                values += Array(repeating: .null, count: object.fields.count - values.count)
            }
            for (index, value) in entry.input where values.indices.contains(index) {
                values[index] = value
            }
            var next = StoredRecord(
                id: entry.stored?.id ?? RecordID(number: 0),
                values: values
            )
            values = []
            stamp(&next, stamps, entry)
            entry.next = next
        }
    }

    /// The fields that the platform keeps by itself, looked up once for all records of a save.
    private struct SystemFields {
        let owner: FieldDefinition?
        let created: FieldDefinition?
        let creator: FieldDefinition?
        let modified: [FieldDefinition]
        let modifier: FieldDefinition?
        let stamp: FieldDefinition?

        init(_ object: ObjectDefinition) {
            owner = object.ownerField
            created = object.field("CreatedDate")
            creator = object.field("CreatedById")
            modified = ["LastModifiedDate", "SystemModstamp"].compactMap { object.field($0) }
            modifier = object.field("LastModifiedById")
            stamp = object.field("SystemModstamp")
        }
    }

    private func defaults() -> [FieldValue] {
        object.fields.map { field in
            if case .summary(let summary) = field.type { return summary.valueOfNone }
            return field.name == "OwnerId" ? .id(writer.caller.user) : field.defaultValue
        }
    }

    private func stamp(
        _ next: inout StoredRecord,
        _ fields: SystemFields,
        _ entry: SaveBatch.Entry
    ) {
        func set(_ field: FieldDefinition?, _ value: FieldValue) {
            guard let field, !isGiven(field, entry) else { return }
            next[field] = value
        }
        let now = FieldValue.dateTime(writer.now)
        let user = FieldValue.id(writer.caller.user)
        if entry.isCreated {
            set(fields.created, now)
            set(fields.creator, user)
        }
        for field in fields.modified { set(field, now) }
        // Two saves within a millisecond still make two states, which a client can tell apart.
        if let stamp = fields.stamp, case .dateTime(let before)? = entry.stored?[stamp],
            before >= writer.now
        {
            set(stamp, .dateTime(Instant(milliseconds: before.milliseconds + 1)))
        }
        set(fields.modifier, user)
        if entry.isCreated, let owner = fields.owner, next[owner].isNull { set(owner, user) }
    }

    /// The platform itself may bring values that it otherwise derives, such as an earlier date.
    private func isGiven(_ field: FieldDefinition, _ entry: SaveBatch.Entry) -> Bool {
        access.isSystem && entry.input[field.index] != nil
    }

    func derive(_ batch: inout SaveBatch) {
        let derived = object.fields.filter { $0.derivation != nil }
        let files = object.fields.filter { if case .file = $0.type { true } else { false } }
        let title = object.field("Title")
        batch.forEachSound { entry in
            guard var next = entry.next else { return }
            // Nobody else may hold it while it changes, or it would be copied.
            entry.next = nil
            for field in derived {
                if let derivation = field.derivation, !isGiven(field, entry) {
                    next[field] = value(of: derivation, field, next, before: entry.stored)
                }
            }
            for file in files { deriveSize(of: file, &next) }
            if let title { derive(title, &next) }
            entry.next = next
        }
    }

    private func value(
        of derivation: FieldDefinition.Derivation,
        _ field: FieldDefinition,
        _ next: StoredRecord,
        before: StoredRecord?
    ) -> FieldValue {
        switch derivation {
        case .mark(let name, let mark):
            guard let source = object.field(name), let text = next[source].text else {
                return .boolean(false)
            }
            return .boolean(source.picklist?.value(named: text)?.marks.contains(mark) ?? false)
        case .stamp(let name):
            guard let checkbox = object.field(name), next[checkbox] == .boolean(true) else {
                return .null
            }
            let was = before?[checkbox] == .boolean(true)
            return was ? before?[field] ?? .null : .dateTime(writer.now)
        case .joined(let parts):
            let texts = parts.compactMap { object.field($0) }.compactMap { next[$0].text }
            let joined = texts.joined(separator: " ")
            return joined.isEmpty ? .null : .text(String(joined.prefix(field.lengthMax ?? 255)))
        }
    }

    /// A file's length stands beside it: `BodyLength` for `Body`, `ContentSize` for `VersionData`.
    private func deriveSize(of file: FieldDefinition, _ next: inout StoredRecord) {
        guard case .blob(let bytes) = next[file] else { return }
        for name in [APIName("\(file.name)Length"), "ContentSize"] {
            guard let size = object.field(name) else { continue }
            next[size] = .number(ExactDecimal(unscaled: Int64(bytes.count), scale: 0))
        }
    }

    /// A file that nobody named is called as it was on the client's disk.
    private func derive(_ title: FieldDefinition, _ next: inout StoredRecord) {
        guard next[title].isNull,
            let path = object.field("PathOnClient").flatMap({ next[$0].text }),
            let name = path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last
        else { return }
        let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name
        next[title] = .text(String((stem.isEmpty ? name : stem).prefix(title.lengthMax ?? 255)))
    }

    func number(_ batch: inout SaveBatch) throws {
        let created = batch.entries.indices.filter {
            batch.entries[$0].isSound && batch.entries[$0].isCreated
        }
        guard !created.isEmpty else { return }
        let ids = try tx.newIDs(object, count: created.count)
        let idField = object.field("Id")
        for (index, id) in zip(created, ids) {
            guard let values = batch.entries[index].next?.values else { continue }
            batch.entries[index].next = nil
            var record = StoredRecord(id: id, values: values)
            if let idField { record[idField] = .id(id) }
            batch.entries[index].next = record
            batch.entries[index].id = id
        }
        for field in object.fields {
            guard case .autoNumber(let format) = field.type else { continue }
            let numbers = try tx.nextAutoNumber(object, field, count: created.count)
            for (index, number) in zip(created, numbers) {
                batch.entries[index].next?[field] = .text(AutoNumber.text(number, format: format))
            }
        }
    }

    func write(_ batch: inout SaveBatch) throws {
        for index in batch.entries.indices where batch.entries[index].isSound {
            guard let next = batch.entries[index].next else { continue }
            let stored = batch.entries[index].stored
            batch.entries[index].changed = object.fields.indices.filter {
                SaveOrder.value($0, of: stored) != SaveOrder.value($0, of: next)
            }
            batch.entries[index].isWritten = true
        }
        let created = batch.entries.compactMap { $0.isSound && $0.isCreated ? $0.next : nil }
        if !created.isEmpty {
            try tx.write(AuthorizedWrite(object: object, change: .insert(created)))
        }
        let updates = batch.sound.compactMap { entry -> AuthorizedWrite.Update? in
            guard let before = entry.stored, let after = entry.next else { return nil }
            return AuthorizedWrite.Update(before: before, after: after, changed: entry.changed)
        }
        if !updates.isEmpty {
            try tx.write(AuthorizedWrite(object: object, change: .update(updates)))
        }
    }

    private static func value(_ index: Int, of record: StoredRecord?) -> FieldValue {
        guard let record, record.values.indices.contains(index) else { return .null }
        return record.values[index]
    }
}

/// Auto-numbers as text.
enum AutoNumber {
    /// `CASE-{0000}` and 7 give `CASE-0007`; a longer number is never cut.
    static func text(_ number: Int64, format: String) -> String {
        guard let open = format.firstIndex(of: "{"), let close = format.firstIndex(of: "}"),
            open < close
        else { return String(number) }
        let width = format.distance(from: open, to: close) - 1
        let digits = String(number)
        let padding = String(repeating: "0", count: max(0, width - digits.count))
        return format[..<open] + padding + digits + format[format.index(after: close)...]
    }
}
