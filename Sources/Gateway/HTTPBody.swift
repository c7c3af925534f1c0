import HummingbirdCore
import NIOCore

/// A request's body: collected from its chunks, and inflated if it came compressed.
enum HTTPBody {
    /// All of a body.
    ///
    /// `bytesMax`: for the body as it comes, and again for what it inflates to.
    static func collect(
        _ body: RequestBody,
        _ request: APIRequest,
        bytesMax: Int
    ) async throws -> [UInt8] {
        let announced = request.header("content-length").flatMap(Int.init) ?? 0
        guard announced <= bytesMax else { throw TransportError.bodyTooLarge(bytesMax: bytesMax) }
        var bytes: [UInt8] = []
        // Not more than a little on a client's word: it may promise much and send nothing.
        bytes.reserveCapacity(min(max(announced, 0), 1 << 20))
        for try await chunk in body {
            guard bytes.count + chunk.readableBytes <= bytesMax else {
                throw TransportError.bodyTooLarge(bytesMax: bytesMax)
            }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        guard let coding = request.header("content-encoding")?.lowercased(), !bytes.isEmpty else {
            return bytes
        }
        return try inflate(bytes, coding: coding, bytesMax: bytesMax)
    }

    private static func inflate(
        _ bytes: [UInt8],
        coding: String,
        bytesMax: Int
    ) throws(TransportError) -> [UInt8] {
        switch coding {
        case "identity", "": return bytes
        case "gzip", "x-gzip", "deflate": break
        default: throw .unknownContentCoding(coding)
        }
        do {
            return try Compression.inflate(bytes, bytesMax: bytesMax)
        } catch {
            switch error {
            case .tooLarge: throw .bodyTooLarge(bytesMax: bytesMax)
            case .malformed, .incomplete: throw .malformedBody
            case .outOfMemory: throw .overloaded
            }
        }
    }
}
