import Language
package import Metadata
import UseMeter

extension RecordReader {
    /// An object that the caller may read, by its name in any letter case.
    ///
    /// - Throws: `RecordError` with `.notFound`, whether nobody declared it or the caller may not
    ///   see it.
    package func object(_ name: String) throws -> ObjectDefinition {
        guard let object = schema.object(APIName(name)), access.mayRead(object) else {
            throw RecordError(.notFound, "The requested resource does not exist")
        }
        return object
    }

    /// A record id as a client writes it.
    package func recordID(_ text: String) throws -> RecordID {
        do {
            return try RecordID(text)
        } catch {
            throw RecordError(.malformedID, "malformed id \(text.prefix(80))")
        }
    }

    /// The records visible to the caller whose field has a value: none, one or several.
    package func lookup(
        _ object: ObjectDefinition,
        by name: String,
        value: String
    ) throws -> [RecordID] {
        guard let field = object.field(APIName(name)), access.mayRead(field, of: object),
            field.isIDLookup
        else {
            throw RecordError(
                .notFound,
                "Provided external ID field does not exist or is not accessible: \(name.prefix(80))"
            )
        }
        try refuse(.read, of: object)
        try refuse(.field(object: object.name, field: field.name))
        let found: [RecordID]
        if case .id = field.type {
            found = [try recordID(value)]
        } else {
            guard
                let key = try? InputDecoding(field: field, secrets: secrets)
                    .lookupValue(.string(value)), !key.isNull
            else { return [] }
            found = try tx.find(object, by: field, [key]).map(\.id)
        }
        let seen = try tx.visible(
            found,
            of: object,
            under: authorizer.rows(of: object, for: .read)
        )
        return found.filter(seen.contains)
    }

    /// A file's bytes, where the caller may see its record and field.
    package func fileBytes(
        _ object: ObjectDefinition,
        _ name: String,
        _ id: RecordID
    ) throws -> [UInt8]? {
        guard let field = object.field(APIName(name)), access.mayRead(field, of: object),
            case .file = field.type
        else { throw RecordError(.notFound, "The requested resource does not exist") }
        try refuse(.read, of: object)
        let seen = try tx.visible(
            [id],
            of: object,
            under: authorizer.rows(of: object, for: .read)
        )
        guard seen.contains(id) else {
            throw RecordError(.notFound, "The requested resource does not exist")
        }
        count(.read, of: object, records: 1)
        return try tx.blob(object, field, id)
    }

    /// Records changed or deleted in a stretch of time, as far as the caller may see them.
    package func changed(
        _ object: ObjectDefinition,
        from start: Instant,
        to end: Instant,
        isDeleted: Bool
    ) throws -> [(id: RecordID, at: Instant)] {
        // Rows that nobody changes after they were written have no moment of a change.
        guard object.field("SystemModstamp") != nil else { return [] }
        try refuse(.read, of: object)
        let found = try tx.changed(object, from: start, to: end, isDeleted: isDeleted)
        if access.viewsAll(object) {
            count(.read, of: object, records: found.count)
            return found
        }
        guard !isDeleted else { return [] }
        let seen = try tx.visible(
            found.map(\.id),
            of: object,
            under: authorizer.rows(of: object, for: .read)
        )
        count(.read, of: object, records: seen.count)
        return found.filter { seen.contains($0.id) }
    }

    /// How the store will answer a query, with its cost as far as the org's size tells.
    package func explain(_ soql: String) throws -> QueryExplanation {
        let statement = try parse(soql)
        let read = try plan(soql)
        let object = read.query.object
        let total = try rows(countOf: object)
        let fields = ExplainedFilter.fields(in: read.query.filter)
        let isSelective = fields.contains { field in
            field.valueType == .id || field.isUnique || field.isExternalID || field.isNameField
        }
        let isShared = read.visible.first.map { $0 != .everything } ?? false
        let operation = isSelective ? "Index" : isShared ? "Sharing" : "TableScan"
        let cardinality = isSelective ? min(total, max(1, total / 100)) : total
        let plan = QueryExplanation.Plan(
            object: object,
            operation: operation,
            fields: fields.map(\.name.text),
            cardinality: cardinality,
            objectCardinality: total,
            relativeCost: isSelective ? 0.1 : 1.0,
            notes: isSelective ? [] : ["Not considering filter for optimization because unindexed"]
        )
        return QueryExplanation(source: statement.description, read: read, plans: [plan])
    }

    /// How many records of an object the caller can see.
    package func rows(countOf object: ObjectDefinition) throws -> Int {
        let plan = try plan("SELECT COUNT() FROM \(object.name)")
        var sink = TableSink(plan)
        return try run(plan, .first(1), into: &sink, isOwn: true).total
    }
}

/// The fields that a condition looks at.
private enum ExplainedFilter {
    static func fields(in condition: ResolvedCondition?) -> [FieldDefinition] {
        switch condition {
        case .and(let terms), .or(let terms): terms.flatMap { fields(in: $0) }
        case .not(let term): fields(in: term)
        case .compare(let expression, _, _), .like(let expression, _),
            .isIn(let expression, _, _, _), .includes(let expression, _, _),
            .dateLiteral(let expression, _, _), .semiJoin(let expression, _, _):
            column(expression)
        case .constant, nil: []
        }
    }

    private static func column(_ expression: ResolvedExpression) -> [FieldDefinition] {
        if case .column(let reference) = expression { [reference.field] } else { [] }
    }
}
