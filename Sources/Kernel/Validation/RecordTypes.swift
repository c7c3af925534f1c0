import Language
import Metadata

/// The record types of an org, by the ids of their records.
package struct RecordTypeRegister: Sendable {
    /// The id that stands for "no record type of its own" in descriptions.
    package static let master = "012000000000000AAA"

    private let types: [APIName: [RecordID: APIName]]

    /// - Parameter rows: id, object and developer name of every record type.
    init(_ rows: [[FieldValue]]) {
        var types: [APIName: [RecordID: APIName]] = [:]
        for row in rows where row.count == 3 {
            guard let id = row[0].id, let object = row[1].text, let name = row[2].text else {
                continue
            }
            types[APIName(object), default: [:]][id] = APIName(name)
        }
        self.types = types
    }

    /// The record type of an object that a record's id stands for.
    func type(_ id: RecordID?, of object: ObjectDefinition) -> RecordTypeDefinition? {
        guard let id, let name = types[object.name]?[id] else { return nil }
        return object.recordTypes.first { $0.developerName == name }
    }

    /// Whether it is the id of a record type, of whichever object.
    func isKnown(_ id: RecordID) -> Bool { types.values.contains { $0[id] != nil } }

    /// Whether a client that read the descriptions means that the record has no type.
    static func isMaster(_ id: String, in field: FieldDefinition) -> Bool {
        id.count >= 15 && master.hasPrefix(id) && field.name == "RecordTypeId"
    }

    func id(of type: RecordTypeDefinition, of object: ObjectDefinition) -> RecordID? {
        types[object.name]?.first { $0.value == type.developerName }?.key
    }
}

extension RecordReader {
    /// The org's record types, read once for each snapshot.
    func recordTypes() throws -> RecordTypeRegister {
        let hasChanged = memory?.hasChanged ?? false
        if !hasChanged, let known = snapshot.recordTypes ?? memory?.recordTypes { return known }
        let types = RecordTypeRegister(
            try ownQuestions.rows("SELECT Id, SobjectType, DeveloperName FROM RecordType")
        )
        guard !hasChanged else { return types }
        memory?.keep(types)
        let snapshot = snapshot
        onceLasting { snapshot.keep(types) }
        return types
    }
}

// Record types: the default one of new records, and the values that each offers.
extension SaveOrder {
    /// Gives a new record its record type, and what the type's picklists begin with.
    func applyRecordTypes(_ batch: inout SaveBatch) throws {
        guard let field = object.field("RecordTypeId"), !object.recordTypes.isEmpty,
            batch.entries.contains(where: { $0.isSound && $0.isCreated })
        else { return }
        let known = try writer.recordTypes()
        let standard = object.recordTypes.first { $0.isDefault && $0.isActive }
        let standardID = standard.flatMap { known.id(of: $0, of: object) }
        batch.forEachSound { entry in
            guard entry.isCreated, var next = entry.next else { return }
            entry.next = nil
            if next[field].isNull, let standardID { next[field] = .id(standardID) }
            if let type = known.type(next[field].id, of: object) {
                applyDefaults(of: type, &next, given: entry.input)
            }
            entry.next = next
        }
    }

    private func applyDefaults(
        of type: RecordTypeDefinition,
        _ next: inout StoredRecord,
        given: [Int: FieldValue]
    ) {
        for (name, offer) in type.offers {
            guard let picklist = object.field(name), given[picklist.index] == nil else { continue }
            next[picklist] = offer.defaultValue.map { .text($0) } ?? .null
        }
    }

    /// A record type is one of the object's, and values that people choose are among those it
    /// offers; what a record had before it was given another type stays until it is changed.
    func checkRecordTypes(_ batch: inout SaveBatch) throws {
        guard let field = object.field("RecordTypeId"), !object.recordTypes.isEmpty else { return }
        let known = try writer.recordTypes()
        for index in batch.entries.indices {
            let entry = batch.entries[index]
            guard let next = entry.next, let id = next[field].id, known.isKnown(id) else {
                continue
            }
            let isNew = entry.stored?[field] != next[field]
            guard let type = known.type(id, of: object), type.isActive || !isNew else {
                if isNew {
                    batch.fail(
                        index,
                        .invalidCrossReferenceKey,
                        "Record Type ID: this ID value isn't valid for the user: \(id)",
                        [field.name]
                    )
                }
                continue
            }
            for (name, offer) in type.offers.sorted(by: { $0.key < $1.key }) {
                guard let picklist = object.field(name), picklist.picklist?.isRestricted == true,
                    entry.stored?[picklist] != next[picklist]
                else { continue }
                let chosen = (next[picklist].text ?? "").split(separator: ";").map(String.init)
                for value in chosen where !offer.values.contains(value) {
                    batch.fail(
                        index,
                        .invalidOrNullForRestrictedPicklist,
                        "\(picklist.label): bad value for restricted picklist field: \(value); "
                            + "records of the type \(type.label) do not have it",
                        [name]
                    )
                }
            }
        }
    }
}
