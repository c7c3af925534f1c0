import Foundation
import Gateway
import Kernel
import Metadata
import RESTAPI
import TestSupport

/// The REST API over one org with the platform and the service desk, without a socket.
final class RESTFixture: Sendable {
    let org: TestOrg
    let router: APIRouter
    let bulk: BulkJobs
    let folder = FileManager.default.temporaryDirectory
        .appending(path: "steward-bulk-\(UUID().uuidString)").path

    var clock: TestClock { org.clock }
    var administrator: Caller { org.administrator }

    init(isSandbox: Bool = false) async throws {
        org = try await TestOrg(
            on: .sqlite,
            apps: ["service-desk"],
            clock: TestClock("2026-01-02T00:00:00Z"),
            isSandbox: isSandbox
        )
        bulk = BulkJobs(records: org.records, store: FileBulkJobStore(folder: folder))
        router = APIRouter(
            APIParts(records: org.records, usage: DailyUsage(), passwords: nil, bulk: bulk)
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Sends a request to a path below `/services/data/v62.0/`, or from the root.
    func send(
        _ method: APIRequest.Method,
        _ target: String,
        body: String = "",
        headers: [(name: String, value: String)] = [],
        as caller: Caller? = nil
    ) async -> APIResponse {
        let whole = target.hasPrefix("/") ? target : "/services/data/v62.0/\(target)"
        let sides = whole.split(separator: "?", maxSplits: 1).map(String.init)
        let segments = (sides.first ?? "").split(separator: "/")
            .map { $0.removingPercentEncoding ?? String($0) }
        let parameters = (sides.count == 2 ? sides[1] : "").split(separator: "&")
            .map { pair -> (name: String, value: String) in
                let parts = pair.split(separator: "=", maxSplits: 1)
                    .map { $0.removingPercentEncoding ?? String($0) }
                return (parts.first ?? "", parts.count == 2 ? parts[1] : "")
            }
        return await router.respond(
            to: APIRequest(
                method: method,
                path: sides.first ?? "",
                segments: segments,
                parameters: parameters,
                headers: headers,
                body: Array(body.utf8)
            ),
            as: caller ?? administrator
        )
    }

    /// The rows of a query.
    func query(_ soql: String) async throws -> [JSONValue] {
        let allowed = CharacterSet.alphanumerics
        let encoded = soql.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        return try await send(.get, "query?q=\(encoded)").json["records"]?.array ?? []
    }

    /// Creates a record and gives its id.
    func create(_ object: String, _ values: String) async throws -> String {
        let response = await send(.post, "sobjects/\(object)", body: values)
        return try response.json["id"]?.string ?? "none: \(response.text)"
    }
}

extension APIResponse {
    var text: String { String(decoding: body, as: UTF8.self) }

    var json: JSONValue {
        get throws { try JSONParser.parse(body) }
    }

    /// The code of the first error.
    var errorCode: String? {
        (try? json)?.array?.first?["errorCode"]?.string
    }

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
