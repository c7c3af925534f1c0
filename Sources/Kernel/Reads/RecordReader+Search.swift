package import Language
import Metadata
import UseMeter

extension RecordReader {
    /// Runs a SOSL search.
    package func search(_ sosl: String) throws -> [SearchHits] {
        do {
            return try search(try SOSLParser.parse(sosl), text: sosl)
        } catch let error as SyntaxError {
            throw RecordError(error.code, error.message(in: sosl))
        }
    }

    /// Runs a search that was put together from parameters.
    ///
    /// Fields that a restriction withholds are not looked into: whoever searches names none of them,
    /// and still finds by the others.
    ///
    /// - Parameter text: what error messages point into.
    package func search(_ statement: SOSLStatement, text: String = "") throws -> [SearchHits] {
        var remaining = min(statement.limit ?? Limits.searchResultsMax, Limits.searchResultsMax)
        var hits: [SearchHits] = []
        for returning in try returnings(of: statement, text) {
            guard remaining > 0 else { break }
            let object = try searchObject(returning.object, text)
            try refuse(.read, of: object)
            let found = try ids(statement, returning, object, remaining, text)
            remaining -= found.count
            count(.search, of: object, records: found.count)
            hits.append(SearchHits(returning: returning, object: object, ids: found))
        }
        guard let offset = statement.offset, offset > 0, hits.count == 1 else { return hits }
        return hits.map {
            SearchHits(
                returning: $0.returning,
                object: $0.object,
                ids: Array($0.ids.dropFirst(offset))
            )
        }
    }

    private func returnings(
        of statement: SOSLStatement,
        _ text: String
    ) throws -> [SOSLStatement.Returning] {
        guard statement.returning.isEmpty else { return statement.returning }
        let nowhere = SourceSpan(start: 0, end: 0, row: 1, column: 1)
        return schema.objects.filter {
            $0.traits.isSearchable && access.mayRead($0)
                && restriction(on: .read, of: $0) == nil
        }.map {
            SOSLStatement.Returning(
                object: SOQLStatement.Name($0.name.text, span: nowhere),
                query: nil
            )
        }
    }

    private func searchObject(_ name: SOQLStatement.Name, _ text: String) throws -> ObjectDefinition
    {
        guard let object = schema.object(APIName(name.text)), access.mayRead(object),
            object.traits.isSearchable
        else {
            throw RecordError(
                .invalidType,
                name.span.located("sObject type '\(name.text)' is not supported.", in: text)
            )
        }
        return object
    }

    private func ids(
        _ statement: SOSLStatement,
        _ returning: SOSLStatement.Returning,
        _ object: ObjectDefinition,
        _ limit: Int,
        _ text: String
    ) throws -> [RecordID] {
        let fields = object.fields.filter { field in
            field.isSearchable && field.isStored && access.mayRead(field, of: object)
                && RecordReader.belongs(field, to: statement.group)
                && restriction(on: .field(object: object.name, field: field.name)) == nil
        }
        guard !fields.isEmpty else { return [] }
        let found = try tx.search(
            AuthorizedSearch(
                object: object,
                term: statement.term,
                fields: fields,
                visible: authorizer.rows(of: object, for: .read),
                limit: returning.query == nil ? limit : Limits.searchResultsMax
            )
        )
        guard let query = returning.query else { return Array(found.prefix(limit)) }
        return try narrowed(found, by: query, object, limit, text)
    }

    private static func belongs(_ field: FieldDefinition, to group: SOSLStatement.Group) -> Bool {
        switch group {
        case .all: true
        case .name: field.isNameField
        case .email: if case .email = field.type { true } else { false }
        case .phone: if case .phone = field.type { true } else { false }
        case .sidebar:
            switch field.type {
            case .email, .phone: true
            case .id, .text, .longTextArea, .html, .encryptedText, .url, .checkbox, .number,
                .currency, .percent, .date, .dateTime, .time, .picklist, .multiselectPicklist,
                .lookup, .masterDetail, .autoNumber, .address, .location, .coordinate, .file,
                .formula, .summary:
                field.isNameField
            }
        }
    }

    /// The hits that also satisfy the RETURNING clause, in its order or else by rank.
    private func narrowed(
        _ found: [RecordID],
        by query: SOQLStatement,
        _ object: ObjectDefinition,
        _ limit: Int,
        _ text: String
    ) throws -> [RecordID] {
        var resolved = try resolve(query, of: text)
        guard resolved.kind == .records, resolved.children.isEmpty,
            let idField = object.field("Id")
        else {
            throw RecordError(.malformedSearch, "RETURNING takes fields of \(object.name) only")
        }
        guard !found.isEmpty else { return [] }
        let isUnfiltered =
            resolved.filter == nil && resolved.orderBy.isEmpty && resolved.offset == nil
        let most = min(resolved.limit ?? limit, limit)
        if isUnfiltered { return Array(found.prefix(most)) }
        let isHit = ResolvedCondition.isIn(
            .column(ColumnReference(table: 0, field: idField)),
            found.map { .id($0) },
            includesNull: false,
            isNegated: false
        )
        resolved.filter = resolved.filter.map { .and([isHit, $0]) } ?? isHit
        let isRanked = resolved.orderBy.isEmpty
        let offset = resolved.offset ?? 0
        if isRanked {
            resolved.limit = nil
            resolved.offset = nil
        }
        resolved.shape = [.value(key: "Id", column: 0, type: .id)]
        try UserRecordAccess.refuseElsewhere(resolved)
        let plan = authorizer.authorize(resolved)
        var sink = TableSink(plan)
        _ = try run(plan, .first(Limits.searchResultsMax), into: &sink, isOwn: true)
        let ids = sink.rows.compactMap { $0.first?.id }
        guard isRanked else { return Array(ids.prefix(limit)) }
        let kept = Set(ids)
        return Array(found.filter(kept.contains).dropFirst(offset).prefix(most))
    }
}
