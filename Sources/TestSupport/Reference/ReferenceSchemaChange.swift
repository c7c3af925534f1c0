import Kernel
import Language
import Metadata

/// Carries records from one schema to another: what has the same name is the same thing.
struct ReferenceSchemaChange {
    private let change: AuthorizedSchemaChange

    init(_ change: AuthorizedSchemaChange) {
        self.change = change
    }

    func apply(to state: inout ReferenceState) {
        for object in change.from?.objects ?? [] {
            let records = state.records.removeValue(forKey: object.name) ?? [:]
            let new = change.to.object(object.name)
            forgetFiles(of: object, now: new, records.keys, in: &state)
            guard let new else { continue }
            state.records[new.name] = records.mapValues { record in
                StoredRecord(
                    id: record.id,
                    values: new.fields.map { value(of: $0, in: record, object) }
                )
            }
        }
    }

    private func value(
        of field: FieldDefinition,
        in record: StoredRecord,
        _ object: ObjectDefinition
    ) -> FieldValue {
        guard field.isStored else { return .null }
        guard let before = object.field(field.name), before.isStored else {
            // A new checkbox that is ticked by default is ticked in the records that are there.
            return field.valueType == .boolean && field.defaultValue == .boolean(true)
                ? .boolean(true) : StoredValue.empty(field)
        }
        let value = Self.converted(record[before], to: field)
        guard case .text(let text) = value, let length = field.lengthMax else { return value }
        return .text(String(String.UnicodeScalarView(text.unicodeScalars.prefix(length))))
    }

    /// A value in a field of another type; none where the one kind has nothing of the other.
    private static func converted(_ value: FieldValue, to field: FieldDefinition) -> FieldValue {
        switch (value, field.valueType) {
        case (.date(let days), .dateTime):
            return .dateTime(Instant(milliseconds: Int64(days) * CivilDate.millisecondsPerDay))
        case (.dateTime(let moment), .date):
            return .date(ReferenceCalendar.day(of: moment, in: nil))
        case (.number(let number), .text), (.number(let number), .longText):
            return .text(number.description)
        default:
            return (try? StoredValue.kept(value, field)) ?? StoredValue.empty(field)
        }
    }

    private func forgetFiles(
        of object: ObjectDefinition,
        now new: ObjectDefinition?,
        _ ids: some Sequence<RecordID>,
        in state: inout ReferenceState
    ) {
        for field in object.fields where field.valueType == .file {
            if new?.field(field.name)?.valueType == .file { continue }
            for id in ids {
                state.files[ReferenceState.FileKey(record: id, field: field.name)] = nil
            }
        }
    }
}
