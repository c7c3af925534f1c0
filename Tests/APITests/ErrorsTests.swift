import Kernel
import Metadata
import Testing

@testable import Gateway

/// How refusals look on the wire.
@Suite struct ErrorsTests {
    @Test("an error is an array of message, code and the fields it is about")
    func shape() {
        let response = ErrorResponses.response(
            RecordError(.invalidField, "no such field `X`", fields: ["X"])
        )
        #expect(response.status == 400)
        #expect(response.contentType == "application/json;charset=UTF-8")
        #expect(
            String(decoding: response.body, as: UTF8.self)
                == #"[{"message":"no such field `X`","errorCode":"INVALID_FIELD","fields":["X"]}]"#
        )
    }

    @Test(
        "statuses are those that clients expect",
        arguments: [
            (RecordError.Code.invalidSessionID, 401), (.requestLimitExceeded, 403),
            (.insufficientAccess, 403), (.insufficientAccessOrReadonly, 400), (.notFound, 404),
            (.entityIsDeleted, 404), (.methodNotAllowed, 405),
            (.entityFailedIfLastModifiedOnUpdate, 412), (.uriTooLong, 414),
            (.unsupportedMediaType, 415), (.unknownException, 500), (.serverUnavailable, 503),
            (.malformedQuery, 400), (.useRestricted, 403),
        ]
    )
    func statuses(_ code: RecordError.Code, _ status: Int) {
        #expect(ErrorResponses.status(of: code) == status)
    }

    @Test("an error that nobody foresaw tells an id and nothing else")
    func unexpected() {
        struct Leak: Error { let secret = "hunter2" }
        let response = ErrorResponses.response(Leak())
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(response.status == 500)
        #expect(text.contains(#""errorCode":"UNKNOWN_EXCEPTION""#))
        #expect(text.contains("ErrorId"))
        #expect(!text.contains("hunter2") && !text.contains("Leak"))
    }

    @Test("a target is taken apart and decoded")
    func target() throws {
        let target = try RequestTarget(
            "/services//data/v59.0/sobjects/X/a%2Fb%40c?q=SELECT+Id%2BName&x&y=a=b#f"
        )
        #expect(target.segments == ["services", "data", "v59.0", "sobjects", "X", "a/b@c"])
        #expect(target.parameters.map(\.name) == ["q", "x", "y"])
        #expect(target.parameters.map(\.value) == ["SELECT Id+Name", "", "a=b"])
        #expect(target.path == "/services//data/v59.0/sobjects/X/a%2Fb%40c")

        let whole = try RequestTarget("https://host:8443/services/Soap/u/36.0")
        #expect(whole.authority == "host:8443")
        #expect(whole.segments == ["services", "Soap", "u", "36.0"])
        #expect(try RequestTarget("https://host").path == "/")
    }

    @Test(
        "a target that is none, or no UTF-8, is refused",
        arguments: ["/a%ff", "/a?q=%C3", "/a%", "/a?q=%zz", "/a%00b", "services", "/\u{FFFD}"]
    )
    func wrongTarget(_ text: String) {
        #expect(throws: TransportError.self) { try RequestTarget(text) }
    }

    @Test("the timing header has milliseconds with two decimals")
    func timing() {
        let header = ServerTiming.header(
            [("parse", .microseconds(25)), ("store", .milliseconds(12))],
            total: .seconds(1)
        )
        #expect(header == "parse;dur=0.02, store;dur=12.00, total;dur=1000.00")
    }

    @Test("dates are those of HTTP")
    func date() {
        let moment = Instant(milliseconds: 784_111_777_000)
        #expect(HTTPDate.text(of: moment) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    @Test("a listener without TLS is refused where others could reach it")
    func listeners() throws {
        for host in ["127.0.0.1", "localhost", "::1"] {
            _ = try HTTPListener.plain(host: host, port: 8080)
        }
        for host in ["0.0.0.0", "::", "192.168.1.5", "crm.example.org"] {
            #expect(throws: HTTPListener.Refusal.self) {
                try HTTPListener.plain(host: host, port: 8080)
            }
        }
        _ = try HTTPListener.plain(host: "0.0.0.0", port: 8080, isAllowedBeyondLoopback: true)
    }

    @Test("tries run out and come back with time")
    func buckets() {
        var buckets = TokenBuckets()
        let start = Instant(milliseconds: 0)
        for _ in 0..<3 {
            #expect(buckets.take("a", at: start, burst: 3, perMinute: 6) == nil)
        }
        #expect(buckets.take("a", at: start, burst: 3, perMinute: 6) == 10)
        #expect(buckets.take("b", at: start, burst: 3, perMinute: 6) == nil)
        #expect(buckets.take("a", at: start.adding(seconds: 10), burst: 3, perMinute: 6) == nil)
    }
}
