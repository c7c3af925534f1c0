import Language
import Metadata

// What the record will be: defaults, what was sent, and what the platform derives.
extension SaveOrder {
    func merge(_ batch: inout SaveBatch) {
        batch.forEachSound { entry in
            var values = entry.stored?.values ?? defaults()
            if values.count < object.fields.count {
                values += Array(repeating: .null, count: object.fields.count - values.count)
            }
            for (index, value) in entry.input where values.indices.contains(index) {
                values[index] = value
            }
            entry.next = StoredRecord(
                id: entry.stored?.id ?? RecordID(number: 0),
                values: values
            )
            stampSystemFields(&entry)
        }
    }

    private func defaults() -> [FieldValue] {
        object.fields.map { field in
            field.name == "OwnerId" ? .id(writer.caller.user) : field.defaultValue
        }
    }

    private func stampSystemFields(_ entry: inout SaveBatch.Entry) {
        let now = FieldValue.dateTime(writer.now)
        let user = FieldValue.id(writer.caller.user)
        if entry.isCreated {
            set("CreatedDate", now, &entry)
            set("CreatedById", user, &entry)
        }
        set("LastModifiedDate", now, &entry)
        set("LastModifiedById", user, &entry)
        set("SystemModstamp", now, &entry)
        if entry.isCreated, let owner = object.ownerField, entry.next?[owner].isNull == true {
            set("OwnerId", user, &entry)
        }
    }

    private func set(_ name: APIName, _ value: FieldValue, _ entry: inout SaveBatch.Entry) {
        guard let field = object.field(name), !isGiven(field, entry) else { return }
        entry.next?[field] = value
    }

    /// The platform itself may bring values that it otherwise derives, such as an earlier date.
    private func isGiven(_ field: FieldDefinition, _ entry: SaveBatch.Entry) -> Bool {
        access.isSystem && entry.input[field.index] != nil
    }

    func derive(_ batch: inout SaveBatch) {
        let derived = object.fields.filter { $0.derivation != nil }
        batch.forEachSound { entry in
            guard var next = entry.next else { return }
            for field in derived {
                if let derivation = field.derivation, !isGiven(field, entry) {
                    next[field] = value(of: derivation, field, next, before: entry.stored)
                }
            }
            deriveFileSizes(&next)
            deriveTitle(&next)
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
    private func deriveFileSizes(_ next: inout StoredRecord) {
        for field in object.fields {
            guard case .file = field.type, case .blob(let bytes) = next[field] else { continue }
            for name in [APIName("\(field.name)Length"), "ContentSize"] {
                guard let size = object.field(name) else { continue }
                next[size] = .number(ExactDecimal(unscaled: Int64(bytes.count), scale: 0))
            }
        }
    }

    /// A file that nobody named is called as it was on the client's disk.
    private func deriveTitle(_ next: inout StoredRecord) {
        guard let title = object.field("Title"), next[title].isNull,
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
        for (index, id) in zip(created, ids) {
            guard let values = batch.entries[index].next?.values else { continue }
            var record = StoredRecord(id: id, values: values)
            if let field = object.field("Id") { record[field] = .id(id) }
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
        let created = batch.sound.filter(\.isCreated).compactMap(\.next)
        if !created.isEmpty {
            try tx.write(AuthorizedWrite(object: object, change: .insert(created)))
        }
        var updates: [AuthorizedWrite.Update] = []
        for entry in batch.sound {
            guard let before = entry.stored, let after = entry.next else { continue }
            let changed = object.fields.map(\.index).filter {
                before.values.indices.contains($0)
                    ? before.values[$0] != after.values[$0] : !after.values[$0].isNull
            }
            updates.append(AuthorizedWrite.Update(before: before, after: after, changed: changed))
        }
        if !updates.isEmpty {
            try tx.write(AuthorizedWrite(object: object, change: .update(updates)))
        }
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
