import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One request over HTTP/1.1 to an address that the operator has chosen, and its whole answer.
///
/// Redirects are not followed, and an answer that is too long or too slow is none.
struct HTTPFetch: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Where requests go: a scheme, a host and the path that all others are below.
    struct Base: Hashable, Sendable, CustomStringConvertible {
        let isSecure: Bool
        let host: String
        let port: Int
        /// Without a slash at its end.
        let path: String

        /// - Throws: `Failure` where it is no address over HTTP, or has a query or a user in it.
        init(_ text: String) throws {
            guard let parts = URLComponents(string: text),
                let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
                let host = parts.host, !host.isEmpty, parts.user == nil, parts.query == nil,
                parts.fragment == nil
            else { throw Failure(description: "`\(text)` is no address such as https://host/log") }
            isSecure = scheme == "https"
            // A host of IPv6 stands in brackets, and is connected to without them.
            self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
            port = parts.port ?? (isSecure ? 443 : 80)
            var path = parts.percentEncodedPath
            while path.hasSuffix("/") { path.removeLast() }
            self.path = path
        }

        var description: String { "\(isSecure ? "https" : "http")://\(hostHeader)\(path)" }

        var hostHeader: String {
            let name = host.contains(":") ? "[\(host)]" : host
            return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
        }
    }

    private let base: Base
    private let tls: NIOSSLContext
    private let seconds: Int64

    /// - Parameters:
    ///   - authorities: a PEM file with the certificates that the server's leads to, besides those
    ///     of the system.
    ///   - seconds: how long an answer is waited for.
    init(_ base: Base, authorities: String? = nil, seconds: Int64 = 20) throws {
        self.base = base
        self.seconds = seconds
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let authorities {
            configuration.additionalTrustRoots = [
                .certificates(try NIOSSLCertificate.fromPEMFile(authorities))
            ]
        }
        tls = try NIOSSLContext(configuration: configuration)
    }

    /// - Throws: `Failure`, or what the network throws.
    func get(_ path: String, sizeMaxBytes: Int) async throws -> (status: Int, body: Data) {
        try await send(.GET, path, body: nil, sizeMaxBytes: sizeMaxBytes)
    }

    /// - Throws: as above.
    func post(
        _ path: String,
        _ body: Data,
        sizeMaxBytes: Int
    ) async throws -> (status: Int, body: Data) {
        try await send(.POST, path, body: body, sizeMaxBytes: sizeMaxBytes)
    }

    private func send(
        _ method: HTTPMethod,
        _ path: String,
        body: Data?,
        sizeMaxBytes: Int
    ) async throws -> (status: Int, body: Data) {
        try await withThrowingTaskGroup(of: (status: Int, body: Data).self) { group in
            group.addTask { try await exchange(method, path, body, sizeMaxBytes) }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw Failure(description: "no answer within \(seconds) seconds from \(base)")
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else {
                throw Failure(description: "no answer from \(base)")
            }
            return answer
        }
    }

    private func exchange(
        _ method: HTTPMethod,
        _ path: String,
        _ body: Data?,
        _ sizeMaxBytes: Int
    ) async throws -> (status: Int, body: Data) {
        let base = base
        let tls = tls
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(seconds))
            .connect(host: base.host, port: base.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if base.isSecure {
                        let isName = (try? SocketAddress(ipAddress: base.host, port: 0)) == nil
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(
                                context: tls,
                                serverHostname: isName ? base.host : nil
                            )
                        )
                    }
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel
                    )
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(.head(head(method, path, body)))
            if let body {
                try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body))))
            }
            try await outbound.write(.end(nil))
            return try await Self.answer(inbound, sizeMaxBytes)
        }
    }

    private func head(_ method: HTTPMethod, _ path: String, _ body: Data?) -> HTTPRequestHead {
        var headers = HTTPHeaders([("Host", base.hostHeader), ("Connection", "close")])
        if let body {
            headers.add(name: "Content-Length", value: String(body.count))
            headers.add(name: "Content-Type", value: "text/plain; charset=utf-8")
        }
        return HTTPRequestHead(
            version: .http1_1,
            method: method,
            uri: "\(base.path)/\(path)",
            headers: headers
        )
    }

    private static func answer(
        _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>,
        _ sizeMaxBytes: Int
    ) async throws -> (status: Int, body: Data) {
        var status: Int?
        var body = Data()
        for try await part in inbound {
            switch part {
            case .head(let head):
                // What comes before the answer proper, such as 100 and 103.
                if head.status.code >= 200 { status = Int(head.status.code) }
            case .body(let buffer):
                guard body.count + buffer.readableBytes <= sizeMaxBytes else {
                    throw Failure(description: "an answer of over \(sizeMaxBytes) bytes")
                }
                body.append(contentsOf: buffer.readableBytesView)
            case .end:
                if let status { return (status, body) }
            }
        }
        throw Failure(description: "the connection was closed before the answer was whole")
    }
}
