import HTTPTypes

/// A request's line and headers.
enum HTTPHead {
    /// Refuses what is too large.
    ///
    /// `bytesMax`: for the target alone, and for it and the headers together.
    static func check(_ head: HTTPRequest, bytesMax: Int) throws(TransportError) {
        let targetSize = head.path?.utf8.count ?? 0
        guard targetSize <= bytesMax else { throw .targetTooLong(bytesMax: bytesMax) }
        let headerSize = head.headerFields.reduce(0) { size, field in
            size + field.name.rawName.utf8.count + field.value.utf8.count + 4
        }
        guard targetSize + headerSize <= bytesMax else {
            throw .headersTooLarge(bytesMax: bytesMax)
        }
    }

    /// The request without its body.
    static func read(
        _ head: HTTPRequest,
        _ connection: HTTPConnection,
        _ publicOrigin: String?
    ) throws(TransportError) -> APIRequest {
        let target = try RequestTarget(head.path ?? "/")
        let authority = target.authority ?? head.authority
        return APIRequest(
            method: try method(head),
            path: target.path,
            segments: target.segments,
            parameters: target.parameters,
            headers: head.headerFields.map { ($0.name.canonicalName, $0.value) },
            origin: publicOrigin ?? origin(authority, isTLS: connection.isTLS),
            peer: connection.peer
        )
    }

    /// The method, as handlers know it: HEAD is GET to them, and its body is left out on the way back.
    private static func method(_ head: HTTPRequest) throws(TransportError) -> APIRequest.Method {
        guard let method = APIRequest.Method(rawValue: head.method.rawValue) else {
            throw .unknownMethod(head.method.rawValue)
        }
        return method == .head ? .get : method
    }

    private static func origin(_ authority: String?, isTLS: Bool) -> String {
        let scheme = isTLS ? "https" : "http"
        // It will stand in URLs of the answer, so it must be nothing but a host and a port.
        guard let authority, (1...255).contains(authority.utf8.count),
            authority.utf8.allSatisfy(isOfAuthority)
        else { return "\(scheme)://localhost" }
        return "\(scheme)://\(authority)"
    }

    private static func isOfAuthority(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default:
            false
        }
    }
}
