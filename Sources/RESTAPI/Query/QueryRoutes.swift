import Gateway
import Kernel
import Language
import Metadata

/// Queries: `query`, `queryAll` and their further pages.
enum QueryRoutes {
    /// Answers `GET query?q=SOQL` with the first page.
    ///
    /// `GET query?explain=SOQL` says how it would be run.
    @Sendable static func query(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        if let soql = call.request.parameter("explain") {
            return ExplainBody.response(try reader.explain(soql))
        }
        return try firstPage(call, reader, verb: "query")
    }

    /// Whether a query says that its records were looked at, which is kept.
    @Sendable static func marksRecent(_ call: APICall) throws -> Bool {
        let text = call.request.parameter("q") ?? ""
        let words = text.suffix(80).uppercased().split(whereSeparator: \.isWhitespace)
        return zip(words, words.dropFirst()).contains { word, next in
            word == "FOR" && (next == "VIEW" || next == "REFERENCE")
        }
    }

    /// `GET queryAll?q=SOQL`: deleted records too.
    @Sendable static func queryAll(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        try firstPage(call, reader, verb: "queryAll")
    }

    private static func firstPage(
        _ call: APICall,
        _ reader: RecordReader,
        verb: String
    ) throws -> APIResponse {
        guard let soql = call.request.parameter("q"), !soql.isEmpty else {
            throw RecordError(.malformedQuery, "A query string has to be specified")
        }
        let start = ContinuousClock.now
        let page = try reader.query(
            soql,
            options: options(call, verb),
            call.jsonSink(reader, keepsRows: try marksRecent(call))
        )
        if page.plan.query.marksRecent, let writer = reader as? RecordWriter {
            try writer.markRecent(page.sink.rows().map { RecordID(number: $0.id) })
        }
        return QueryBody(page, verb: verb, since: start).response(call)
    }

    /// `GET query/<cursor>-<offset>`.
    @Sendable static func more(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        try laterPage(call, reader, verb: "query")
    }

    /// `GET queryAll/<cursor>-<offset>`.
    @Sendable static func moreOfAll(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        try laterPage(call, reader, verb: "queryAll")
    }

    private static func laterPage(
        _ call: APICall,
        _ reader: RecordReader,
        verb: String
    ) throws -> APIResponse {
        let start = ContinuousClock.now
        let page = try reader.queryMore(
            call["locator"],
            options: options(call, verb),
            call.jsonSink(reader)
        )
        return QueryBody(page, verb: verb, since: start).response(call)
    }

    /// The page size that `Sforce-Query-Options: batchSize=n` asks for.
    private static func options(_ call: APICall, _ verb: String) -> QueryOptions {
        var options = QueryOptions()
        options.includesDeleted = verb == "queryAll"
        if let size = call.headerOptions("sforce-query-options")["batchsize"].flatMap({ Int($0) }) {
            options.pageSize = min(max(size, 200), 2_000)
        }
        return options
    }
}

extension APICall {
    /// Makes the sinks that write a plan's rows as this call's answer has them.
    func jsonSink(
        _ reader: RecordReader,
        keepsRows: Bool = false
    ) -> (AuthorizedRead) -> JSONRowSink {
        let schema = reader.snapshot.schema
        return { plan in
            let program = parts.programs.program(for: plan, schema: schema, version: version)
            return JSONRowSink(program, keepsRows: keepsRows)
        }
    }
}
