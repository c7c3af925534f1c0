import Gateway
import Kernel
import Metadata

/// Several independent requests in one: `composite/batch`.
enum BatchRoutes {
    private static let partsMax = 25

    /// Whether a batch changes anything.
    @Sendable static func batchWrites(_ call: APICall) throws -> Bool {
        let parts = try call.jsonObject()["batchRequests"]?.array ?? []
        return !SubrequestDesk.isReading(parts.map { $0["method"]?.string })
    }

    /// `POST composite/batch`.
    @Sendable static func batch(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let body = try call.jsonObject()
        guard let parts = body["batchRequests"]?.array, !parts.isEmpty else {
            throw RecordError(.invalidInput, "batchRequests must be a list of parts")
        }
        guard parts.count <= partsMax else {
            throw RecordError(
                .limitExceeded,
                "A batch has at most \(partsMax) parts, not \(parts.count)"
            )
        }
        let desk = SubrequestDesk(call, reader)
        let haltsOnError = body["haltOnError"]?.bool ?? false
        var responses: [APIResponse] = []
        var isHalted = false
        for part in parts {
            responses.append(isHalted ? halted : respond(to: part, desk))
            if haltsOnError, responses.last?.isSuccess == false { isHalted = true }
        }
        return .json { writer in
            writer.beginObject()
            writer.member("hasErrors", responses.contains { !$0.isSuccess })
            writer.key("results")
            writer.beginArray()
            for response in responses {
                writer.beginObject()
                writer.member("statusCode", response.status)
                writer.key("result")
                writer.body(of: response)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }

    private static func respond(to part: JSONValue, _ desk: SubrequestDesk) -> APIResponse {
        do {
            guard
                let method = part["method"]?.string
                    .flatMap({ APIRequest.Method(rawValue: $0.uppercased()) }),
                let url = part["url"]?.string, !url.isEmpty
            else { throw RecordError(.invalidInput, "Each part must have a method and a url") }
            let request = try desk.request(method: method, url: url, body: part["richInput"])
            let words = request.segments.map { $0.lowercased() }
            guard !(words.contains("composite") && words.contains("batch")) else {
                throw RecordError(.invalidInput, "\(url) cannot be part of a batch")
            }
            return desk.respond(to: request)
        } catch {
            return APIResponse.failure(error)
        }
    }

    /// What the parts after a failure are answered.
    private static var halted: APIResponse {
        var response = APIResponse.failure(
            RecordError(
                .batchProcessingHalted,
                "The batch processing is halted according to the request."
            )
        )
        response.status = HTTPStatus.preconditionFailed
        return response
    }
}
