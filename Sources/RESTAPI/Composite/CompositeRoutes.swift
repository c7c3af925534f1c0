import Gateway
import Kernel
import Metadata

/// Several requests in one, whose parts may refer to one another's answers.
enum CompositeRoutes {
    private static let partsMax = 25
    private static let queriesMax = 5
    private static let graphsMax = 75
    private static let nodesMax = 500

    /// `GET composite`: the resources below.
    @Sendable static func resources(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        .json { writer in
            writer.beginObject()
            for name in ["tree", "batch", "sobjects", "graph"] {
                writer.memberNamed(name, call.url("composite/\(name)"))
            }
            writer.endObject()
        }
    }

    /// Whether a composite changes anything; one that only reads runs beside writers.
    @Sendable static func compositeWrites(_ call: APICall) throws -> Bool {
        let parts = try call.jsonObject()["compositeRequest"]?.array ?? []
        return !SubrequestDesk.isReading(parts.map { $0["method"]?.string })
    }

    /// `POST composite`.
    @Sendable static func composite(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let body = try call.jsonObject()
        let parts = try CompositePart.all(
            body["compositeRequest"],
            max: partsMax,
            version: call.version
        )
        guard parts.filter(isQueryOrCollection).count <= queriesMax else {
            throw RecordError(
                .limitExceeded,
                "A composite has at most \(queriesMax) parts that are queries or collections"
            )
        }
        try refuseNesting(parts)
        let answers = try CompositeRun(call, reader)
            .answers(parts, allOrNone: body["allOrNone"]?.bool ?? false)
        return .json { writer in
            writer.beginObject()
            write(answers, to: &writer)
            writer.endObject()
        }
    }

    /// Whether graphs change anything.
    @Sendable static func graphsWrite(_ call: APICall) throws -> Bool {
        let graphs = try call.jsonObject()["graphs"]?.array ?? []
        let parts = graphs.flatMap { $0["compositeRequest"]?.array ?? [] }
        return !SubrequestDesk.isReading(parts.map { $0["method"]?.string })
    }

    /// `POST composite/graph`: composites side by side, each kept whole or not at all.
    @Sendable static func graphs(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        guard let values = try call.jsonObject()["graphs"]?.array, !values.isEmpty else {
            throw RecordError(.invalidInput, "graphs must be a list")
        }
        guard values.count <= graphsMax else {
            throw RecordError(.limitExceeded, "There may be at most \(graphsMax) graphs")
        }
        var nodes = 0
        let graphs = try values.map { value -> (id: String, parts: [CompositePart]) in
            guard let id = value["graphId"]?.string, !id.isEmpty else {
                throw RecordError(.invalidInput, "Each graph must have a graphId")
            }
            let parts = try CompositePart.all(
                value["compositeRequest"],
                max: nodesMax,
                version: call.version
            )
            try refuseNesting(parts)
            nodes += parts.count
            guard nodes <= nodesMax else {
                throw RecordError(.limitExceeded, "Graphs have at most \(nodesMax) nodes together")
            }
            return (id, parts)
        }
        let run = CompositeRun(call, reader)
        let answers = try graphs.map { try run.answers($0.parts, allOrNone: true) }
        return .json { writer in
            writer.beginObject()
            writer.key("graphs")
            writer.beginArray()
            for (graph, answers) in zip(graphs, answers) {
                writer.beginObject()
                writer.member("graphId", graph.id)
                writer.key("graphResponse")
                writer.beginObject()
                write(answers, to: &writer)
                writer.endObject()
                writer.member("isSuccessful", answers.allSatisfy(\.response.isSuccess))
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }

    private static func write(_ answers: [CompositeRun.Answer], to writer: inout JSONWriter) {
        writer.key("compositeResponse")
        writer.beginArray()
        for answer in answers {
            writer.beginObject()
            writer.key("body")
            writer.body(of: answer.response)
            writer.key("httpHeaders")
            writer.beginObject()
            for header in answer.response.headers where header.name == "Location" {
                writer.memberNamed(header.name, header.value)
            }
            writer.endObject()
            writer.member("httpStatusCode", answer.response.status)
            writer.member("referenceId", answer.referenceID)
            writer.endObject()
        }
        writer.endArray()
    }

    private static func isQueryOrCollection(_ part: CompositePart) -> Bool {
        let path = part.url.lowercased().split(separator: "?").first ?? ""
        let words = path.split(separator: "/")
        return words.contains("query") || words.contains("queryall")
            || (words.contains("composite") && words.contains("sobjects"))
    }

    /// A composite within a composite would have no end.
    private static func refuseNesting(_ parts: [CompositePart]) throws {
        for part in parts {
            let path = part.url.lowercased().split(separator: "?").first ?? ""
            let words = path.split(separator: "/").drop { $0 != "composite" }
            guard let second = words.dropFirst().first ?? words.first else { continue }
            if ["composite", "batch", "graph"].contains(second) {
                throw RecordError(
                    .invalidInput,
                    "\(part.url) cannot be part of a composite"
                )
            }
        }
    }
}
