import Gateway
import Kernel
import Metadata

/// A page of query results: `{totalSize, done, nextRecordsUrl?, records}`.
struct QueryBody {
    private let page: QueryPage<JSONRowSink>
    private let verb: String
    private let start: ContinuousClock.Instant

    /// - Parameters:
    ///   - verb: `query` or `queryAll`, by which the next page is asked for.
    ///   - start: when the query began.
    init(_ page: QueryPage<JSONRowSink>, verb: String, since start: ContinuousClock.Instant) {
        self.page = page
        self.verb = verb
        self.start = start
    }

    func response(_ call: APICall) -> APIResponse {
        let read = ContinuousClock.now
        var body: [UInt8] = []
        body.reserveCapacity(page.sink.byteCount + 192)
        append(to: &body, call)
        var response = APIResponse.ok(body)
        response.timings = [("query", read - start), ("render", ContinuousClock.now - read)]
        return response
    }

    private func append(to body: inout [UInt8], _ call: APICall) {
        body.append(contentsOf: "{\"totalSize\":".utf8)
        body.appendInteger(Int64(page.total))
        if let locator = page.nextLocator {
            body.append(contentsOf: ",\"done\":false,\"nextRecordsUrl\":".utf8)
            body.appendJSONString(call.url("\(verb)/\(locator)"))
        } else {
            body.append(contentsOf: ",\"done\":true".utf8)
        }
        body.append(contentsOf: ",\"records\":[".utf8)
        page.sink.appendRows(to: &body)
        body.append(contentsOf: "]}".utf8)
    }
}
