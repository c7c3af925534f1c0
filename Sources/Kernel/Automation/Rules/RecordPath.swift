import Metadata

/// A field of a record or of one of its parents, as rules and templates name it: `Contact.Email`.
struct RecordPath: Hashable, Sendable {
    /// The relationships on the way, from the record up: `Contact`, `Account`.
    let relationships: [APIName]
    let field: APIName

    /// Why a path leads nowhere.
    struct Failure: Error, Hashable {
        let message: String
    }

    /// The most relationships on the way, as in SOQL.
    private static let depthMax = 5

    /// - Parameter text: the path; the object's own name in front is left out.
    /// - Throws: `Failure` where no object on the way has such a relationship or field.
    init(_ text: String, on object: ObjectDefinition, in schema: OrgSchema) throws(Failure) {
        var names = text.split(separator: ".", omittingEmptySubsequences: false).map {
            APIName(String($0))
        }
        if names.count > 1, names.first == object.name, object.parentField(names[0]) == nil {
            names.removeFirst()
        }
        guard let last = names.popLast(), names.count <= RecordPath.depthMax else {
            throw Failure(message: "`\(text)` is no field path")
        }
        var objects = [object]
        for name in names {
            let next = objects.compactMap { $0.parentField(name)?.reference?.targets }
                .flatMap { $0 }.compactMap { schema.object($0) }
            guard !next.isEmpty else {
                let known = objects.flatMap(\.fields).compactMap(\.parentRelationshipName?.text)
                throw Failure(
                    message: "`\(name)` is no relationship of "
                        + "\(objects.map(\.name.text).joined(separator: " or "))"
                        + Suggestion.phrase(for: name.text, among: known)
                )
            }
            objects = next
        }
        let found = objects.compactMap { $0.field(last) }
        guard let first = found.first else {
            throw Failure(
                message: "`\(last)` is no field of "
                    + "\(objects.map(\.name.text).joined(separator: " or "))"
                    + Suggestion.phrase(
                        for: last.text,
                        among: objects.flatMap(\.fields).map(\.name.text)
                    )
            )
        }
        switch first.type {
        case .formula, .summary, .address, .location, .file:
            throw Failure(
                message: "`\(text)` is computed, compound or a file, which rules do not read"
            )
        case .id, .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .checkbox,
            .number, .currency, .percent, .date, .dateTime, .time, .picklist,
            .multiselectPicklist, .lookup, .masterDetail, .autoNumber, .coordinate:
            break
        }
        relationships = names
        field = last
        definition = first
    }

    /// The field on the first object that has it.
    let definition: FieldDefinition

    static func == (left: RecordPath, right: RecordPath) -> Bool {
        left.relationships == right.relationships && left.field == right.field
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(relationships)
        hasher.combine(field)
    }
}

/// Reads paths of many records: one load for each step of a path, never one for each record.
struct RecordPaths {
    private let reader: RecordReader
    private let object: ObjectDefinition
    private let records: [StoredRecord]
    /// The parents at the end of the relationships, by these, in the order of the records.
    private var parents: [[APIName]: [(ObjectDefinition, StoredRecord)?]]

    init(reader: RecordReader, object: ObjectDefinition, records: [StoredRecord]) {
        self.reader = reader
        self.object = object
        self.records = records
        parents = [[]: records.map { (object, $0) }]
    }

    /// The path's value for each record; null where a parent on the way is missing.
    mutating func values(_ path: RecordPath) throws -> [FieldValue] {
        try reach(path.relationships).map { place in
            guard let (object, record) = place, let field = object.field(path.field) else {
                return .null
            }
            return record[field]
        }
    }

    private mutating func reach(
        _ relationships: [APIName]
    ) throws -> [(ObjectDefinition, StoredRecord)?] {
        if let known = parents[relationships] { return known }
        guard let last = relationships.last else { return [] }
        let below = try reach(Array(relationships.dropLast()))
        let ids = below.map { place -> RecordID? in
            guard let (object, record) = place, let field = object.parentField(last) else {
                return nil
            }
            return record[field].id
        }
        var loaded: [RecordID: (ObjectDefinition, StoredRecord)] = [:]
        for (prefix, ids) in Dictionary(grouping: Set(ids.compactMap { $0 }), by: \.prefix) {
            guard let object = reader.schema.object(withPrefix: prefix) else { continue }
            for record in try reader.tx.load(object, ids) { loaded[record.id] = (object, record) }
        }
        let found = ids.map { id in id.flatMap { loaded[$0] } }
        parents[relationships] = found
        return found
    }
}
