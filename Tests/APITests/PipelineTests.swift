import HTTPTypes
import HummingbirdCore
import Kernel
import NIOCore
import Testing

@testable import Gateway

/// The way of a request from HTTP to its handler and back, without a socket.
@Suite struct PipelineTests {
    /// Answers with what it was asked.
    private struct Echo: APIHandler {
        func respond(to request: APIRequest) async -> APIResponse {
            switch request.segments.first {
            case "empty": return .noContent
            case "long":
                return APIResponse(body: Array(String(repeating: "long ", count: 1_000).utf8))
            case "same":
                return APIResponse(status: 304, contentType: nil, headers: [("etag", "\"1\"")])
            case "slow":
                try? await Task.sleep(for: .seconds(60))
                return .noContent
            default:
                let text = """
                    \(request.method.rawValue) \(request.origin)\(request.path) \(request.peer) \
                    \(String(decoding: request.body, as: UTF8.self))
                    """
                return APIResponse(contentType: "text/plain", body: Array(text.utf8))
            }
        }
    }

    private func respond(
        _ method: HTTPRequest.Method = .get,
        _ path: String,
        headers: HTTPFields = [:],
        body: [UInt8] = [],
        limits: HTTPLimits = HTTPLimits(),
        isTLS: Bool = true
    ) async throws -> (response: Response, body: [UInt8]) {
        let head = HTTPRequest(
            method: method,
            scheme: nil,
            authority: "localhost:8443",
            path: path,
            headerFields: headers
        )
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: body)))
        let response = await Pipeline(handler: Echo(), limits: limits).respond(
            to: request,
            over: HTTPConnection(isTLS: isTLS, peer: "10.0.0.9")
        )
        let collector = BodyCollector()
        try await response.body.write(collector)
        return (response, collector.bytes.withLock { $0 })
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("a request arrives whole, and the answer has what browsers must know")
    func wayAndBack() async throws {
        let (response, body) = try await respond(.post, "/a/b?x=1", body: Array("body".utf8))
        #expect(response.status.code == 200)
        #expect(text(body) == "POST https://localhost:8443/a/b 10.0.0.9 body")
        #expect(response.headers[.contentLength] == String(body.count))
        #expect(response.headers[.xContentTypeOptions] == "nosniff")
        #expect(response.headers[.strictTransportSecurity] != nil)
        #expect(response.headers[.cacheControl] == "no-store")
        #expect(response.headers[try #require(.init("server-timing"))]?.hasPrefix("total;") == true)
        let plain = try await respond(.get, "/a", isTLS: false)
        #expect(plain.response.headers[.strictTransportSecurity] == nil)
    }

    @Test("HEAD announces the body of GET and has none")
    func head() async throws {
        let (response, body) = try await respond(.head, "/a")
        #expect(body.isEmpty)
        #expect(response.headers[.contentLength] == "38")
    }

    @Test("204 and 304 have neither body nor type")
    func withoutBody() async throws {
        for (path, status) in [("/empty", 204), ("/same", 304)] {
            let (response, body) = try await respond(.get, path)
            #expect(response.status.code == status)
            #expect(body.isEmpty)
            #expect(response.headers[.contentType] == nil)
            #expect(response.headers[.contentLength] == nil)
        }
    }

    @Test("long answers are compressed for those who take it")
    func compression() async throws {
        let (response, body) = try await respond(.get, "/long", headers: [.acceptEncoding: "gzip"])
        #expect(response.headers[.contentEncoding] == "gzip")
        #expect(response.headers[.vary] == "Accept-Encoding")
        #expect(try Compression.inflate(body, bytesMax: 10_000).count == 5_000)
        let plain = try await respond(.get, "/long")
        #expect(plain.response.headers[.contentEncoding] == nil)
        #expect(plain.body.count == 5_000)
    }

    @Test("a compressed body is inflated, and a damaged or boundless one refused")
    func inflation() async throws {
        let zipped = try Compression.gzip(Array("hello".utf8))
        let good = try await respond(
            .post,
            "/a",
            headers: [.contentEncoding: "gzip"],
            body: zipped
        )
        #expect(text(good.body).hasSuffix(" hello"))
        let bad = try await respond(
            .post,
            "/a",
            headers: [.contentEncoding: "gzip"],
            body: Array("hello".utf8)
        )
        #expect(bad.response.status.code == 400)
        let unknown = try await respond(
            .post,
            "/a",
            headers: [.contentEncoding: "br"],
            body: zipped
        )
        #expect(unknown.response.status.code == 415)
        var limits = HTTPLimits()
        limits.bodyBytesMax = 1_000
        let bomb = try Compression.gzip([UInt8](repeating: 0, count: 100_000))
        let large = try await respond(
            .post,
            "/a",
            headers: [.contentEncoding: "gzip"],
            body: bomb,
            limits: limits
        )
        #expect(large.response.status.code == 413)
    }

    @Test("what is too long is refused: target 414, headers 431, body 413; CSV may be longer")
    func limits() async throws {
        let long = String(repeating: "a", count: 16_384)
        #expect(try await respond(.get, "/" + long).response.status.code == 414)
        #expect(
            try await respond(.get, "/a", headers: [.cookie: long]).response.status.code == 431
        )
        #expect(
            try await respond(.get, "/" + String(repeating: "a", count: 15_600))
                .response.status.code == 200
        )
        var limits = HTTPLimits()
        limits.bodyBytesMax = 3
        limits.csvBytesMax = 4
        let body = Array("1234".utf8)
        #expect(
            try await respond(.post, "/a", body: body, limits: limits).response.status.code == 413
        )
        let csv = try await respond(
            .post,
            "/a",
            headers: [.contentType: "text/csv; charset=UTF-8"],
            body: body,
            limits: limits
        )
        #expect(csv.response.status.code == 200)
    }

    @Test("methods that no resource has, and targets that cannot be read, are refused")
    func refusals() async throws {
        let method = try #require(HTTPRequest.Method("BREW"))
        #expect(try await respond(method, "/a").response.status.code == 405)
        #expect(try await respond(.get, "/a%ff").response.status.code == 400)
    }

    @Test("above so many requests at one time, more are sent away for a moment")
    func overload() async throws {
        var limits = HTTPLimits()
        limits.requestsAtOnceMax = 1
        let pipeline = Pipeline(handler: Echo(), limits: limits)
        let connection = HTTPConnection(isTLS: false, peer: "10.0.0.9")
        func request(_ path: String) -> Request {
            Request(
                head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: path),
                body: RequestBody(buffer: ByteBuffer())
            )
        }
        let slow = Task { await pipeline.respond(to: request("/slow"), over: connection) }
        var status = 200
        while status != 503 {
            await Task.yield()
            status = await pipeline.respond(to: request("/a"), over: connection).status.code
        }
        slow.cancel()
        _ = await slow.value
        #expect(await pipeline.respond(to: request("/a"), over: connection).status.code == 200)
    }
}

/// Keeps what a response writes.
private struct BodyCollector: ResponseBodyWriter {
    let bytes = Locked<[UInt8]>([])

    func write(_ buffer: ByteBuffer) async throws {
        bytes.withLock { $0 += Array(buffer.readableBytesView) }
    }

    func write(contentsOf buffers: some Sequence<ByteBuffer>) async throws {
        for buffer in buffers { try await write(buffer) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
