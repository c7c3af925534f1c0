import Gateway
import Kernel
import Language
import Metadata

/// Text search: SOSL, or parameters that say the same.
enum SearchRoutes {
    /// `GET search?q=FIND {…}`.
    @Sendable static func search(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        guard let sosl = call.request.parameter("q"), !sosl.isEmpty else {
            throw RecordError(.malformedSearch, "A search string has to be specified")
        }
        return try answer(reader.search(sosl), call, reader)
    }

    /// `GET parameterizedSearch?q=…&sobject=…`.
    @Sendable static func parameters(_ call: APICall, _ reader: RecordReader) throws -> APIResponse
    {
        try answer(reader.search(ParameterizedSearch(call).statement()), call, reader)
    }

    /// `POST parameterizedSearch` with the same as JSON.
    @Sendable static func body(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let search = try ParameterizedSearch(call.jsonObject())
        return try answer(reader.search(search.statement()), call, reader)
    }

    /// `{searchRecords:[…]}`, and before version 37 the bare array.
    private static func answer(
        _ hits: [SearchHits],
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> APIResponse {
        let isWrapped = call.version.wrapsSearchRecords
        var body = Array((isWrapped ? "{\"searchRecords\":[" : "[").utf8)
        var isFirst = true
        for hit in hits where !hit.ids.isEmpty {
            let page = try reader.retrieve(
                hit.ids,
                of: hit.object,
                fields: fields(of: hit),
                call.jsonSink(reader)
            )
            guard page.sink.count > 0 else { continue }
            if !isFirst { body.append(UInt8(ascii: ",")) }
            page.sink.appendRows(to: &body)
            isFirst = false
        }
        body += (isWrapped ? "]}" : "]").utf8
        return .ok(body)
    }

    /// What the RETURNING clause asks of an object: its fields, or only the id.
    private static func fields(of hit: SearchHits) -> [String] {
        guard let query = hit.returning.query, !query.select.isEmpty else { return ["Id"] }
        return query.select.map(\.description)
    }
}

// MARK: - Around a search

extension SearchRoutes {
    /// `GET search/suggestions?q=…&sobject=…`: records whose name has a word that begins so.
    @Sendable static func suggestions(_ call: APICall, _ reader: RecordReader) throws -> APIResponse
    {
        let term = try call.required("q")
        guard let names = call.list("sobject") else {
            throw RecordError(.missingArgument, "The sobject parameter is required")
        }
        let limit = try call.number("limit", default: 5, in: 1...200)
        var found: [[UInt8]] = []
        var hasMore = false
        for object in try names.map(reader.object) {
            guard let name = object.nameField, reader.access.mayRead(name, of: object) else {
                continue
            }
            let soql = suggestionQuery(
                term,
                object,
                name,
                fields: try call.list("fields").map(RelatedRoutes.checked) ?? [],
                limit: limit + 1
            )
            let page = try reader.query(soql, call.jsonSink(reader, keepsRows: true))
            found += page.sink.rows().map(\.bytes)
        }
        hasMore = found.count > limit
        return .json { writer in
            writer.beginObject()
            writer.key("autoSuggestResults")
            writer.beginArray()
            for record in found.prefix(limit) { writer.raw(record) }
            writer.endArray()
            writer.member("hasMoreResults", hasMore)
            writer.endObject()
        }
    }

    private static func suggestionQuery(
        _ term: String,
        _ object: ObjectDefinition,
        _ name: FieldDefinition,
        fields: [String],
        limit: Int
    ) -> String {
        let known = ["id", name.name.folded]
        let columns = ["Id", name.name.text] + fields.filter { !known.contains($0.lowercased()) }
        let text = SOQLText.pattern(term)
        let path = name.name.text
        return """
            SELECT \(columns.joined(separator: ", ")) FROM \(object.name.text) \
            WHERE \(path) LIKE '\(text)%' OR \(path) LIKE '% \(text)%' \
            ORDER BY \(path) LIMIT \(limit)
            """
    }

    /// `GET search/scopeOrder`: the objects that a search without RETURNING looks into.
    @Sendable static func scopeOrder(_ call: APICall, _ reader: RecordReader) throws -> APIResponse
    {
        let objects = reader.snapshot.schema.objects.filter {
            $0.traits.isSearchable && reader.access.mayRead($0)
        }
        return .json { writer in
            writer.beginArray()
            for object in objects {
                writer.beginObject()
                writer.member("type", object.name.text)
                writer.member("url", call.url("sobjects/\(object.name.text)/describe"))
                writer.endObject()
            }
            writer.endArray()
        }
    }

    /// `GET search/layout?q=Account,Contact`: the columns of search results.
    @Sendable static func layout(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let names = call.list("q") ?? []
        let objects = try names.map(reader.object)
        return .json { writer in
            writer.beginArray()
            for object in objects {
                writer.beginObject()
                writer.member("label", "Search Results")
                writer.member("limitRows", 25)
                writer.member("objectType", object.name.text)
                writer.key("searchColumns")
                writer.beginArray()
                if let name = object.nameField, reader.access.mayRead(name, of: object) {
                    writer.beginObject()
                    writer.member("field", "\(object.name.text).\(name.name.text)")
                    writer.member("format", nil)
                    writer.member("label", name.label)
                    writer.member("name", name.name.text)
                    writer.endObject()
                }
                writer.endArray()
                writer.endObject()
            }
            writer.endArray()
        }
    }
}

/// Text from outside within a query.
enum SOQLText {
    /// The inside of a string literal.
    static func literal(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "'", "\\": escaped += "\\\(character)"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    /// The inside of a literal after LIKE, in which the text has no wild cards.
    static func pattern(_ text: String) -> String {
        var escaped = ""
        for character in literal(text) {
            if character == "%" || character == "_" { escaped += "\\" }
            escaped.append(character)
        }
        return escaped
    }
}
