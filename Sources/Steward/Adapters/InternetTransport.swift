import Glibc
import Kernel
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Carries webhooks over HTTP/1.1, to addresses that the policy allows and no others.
///
/// A name is resolved here, and the connection goes to the very address that was checked: a name that
/// resolves to another one a moment later changes nothing. Redirects are not followed.
struct InternetTransport: WebhookTransport {
    private static let excerptSizeMaxBytes = 2_000

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let tls: NIOSSLContext

    init() throws {
        tls = try NIOSSLContext(configuration: .makeClientConfiguration())
    }

    func send(
        _ request: WebhookRequest,
        under policy: OutboundPolicy
    ) async throws -> WebhookResponse {
        try await withThrowingTaskGroup(of: WebhookResponse.self) { group in
            group.addTask { try await answer(to: request, policy) }
            group.addTask {
                try await Task.sleep(for: .seconds(request.timeoutSeconds))
                throw Failure(
                    description: "no answer within \(request.timeoutSeconds) seconds"
                )
            }
            defer { group.cancelAll() }
            guard let response = try await group.next() else {
                throw Failure(description: "no answer")
            }
            return response
        }
    }

    private func answer(
        to request: WebhookRequest,
        _ policy: OutboundPolicy
    ) async throws -> WebhookResponse {
        let address = try await address(of: request.url, policy)
        let url = request.url
        let tls = tls
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(Int64(request.timeoutSeconds)))
            .connect(to: address) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if url.isSecure {
                        let isName = (try? SocketAddress(ipAddress: url.host, port: 0)) == nil
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(
                                context: tls,
                                serverHostname: isName ? url.host : nil
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
            try await outbound.write(.head(head(of: request)))
            try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: request.body))))
            try await outbound.write(.end(nil))
            return try await response(inbound)
        }
    }

    private func head(of request: WebhookRequest) -> HTTPRequestHead {
        var headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        headers.replaceOrAdd(name: "Host", value: request.url.hostHeader)
        headers.replaceOrAdd(name: "Content-Length", value: String(request.body.count))
        headers.replaceOrAdd(name: "Connection", value: "close")
        return HTTPRequestHead(
            version: .http1_1,
            method: .POST,
            uri: request.url.target,
            headers: headers
        )
    }

    /// The status, and the beginning of the body; the rest is not waited for.
    private func response(
        _ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
    ) async throws -> WebhookResponse {
        var status: Int?
        var excerpt: [UInt8] = []
        for try await part in inbound {
            switch part {
            case .head(let head):
                // What comes before the answer proper, such as 100 and 103.
                if head.status.code >= 200 { status = Int(head.status.code) }
            case .body(let buffer):
                let room = InternetTransport.excerptSizeMaxBytes - excerpt.count
                excerpt += buffer.readableBytesView.prefix(room)
            case .end:
                break
            }
            if case .end = part, status != nil { break }
            if excerpt.count >= InternetTransport.excerptSizeMaxBytes { break }
        }
        guard let status else {
            throw Failure(description: "the connection was closed without an answer")
        }
        return WebhookResponse(
            status: status,
            excerpt: String(decoding: excerpt, as: UTF8.self)
        )
    }

    /// The first address of the host to which a connection may go.
    private func address(
        of url: OutboundURL,
        _ policy: OutboundPolicy
    ) async throws -> SocketAddress {
        let found = try await NIOThreadPool.singleton.runIfActive {
            try InternetTransport.resolve(url.host, url.port)
        }
        guard !found.isEmpty else {
            throw Failure(description: "the host \(url.host) has no address")
        }
        guard
            let open = found.first(where: { address in
                InternetTransport.bytes(of: address).map { policy.mayConnect(to: $0, for: url) }
                    ?? false
            })
        else {
            throw Failure(
                description: "the host \(url.host) is in a network that is not open to webhooks; "
                    + "the operator can allow it"
            )
        }
        return open
    }

    private static func resolve(_ host: String, _ port: Int) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_protocol = Int32(IPPROTO_TCP)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else {
            throw Failure(
                description: "the host \(host) is not found: \(String(cString: gai_strerror(code)))"
            )
        }
        defer { freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = list
        while let entry = next {
            if let raw = entry.pointee.ai_addr {
                switch entry.pointee.ai_family {
                case AF_INET:
                    raw.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                        found.append(SocketAddress($0.pointee, host: host))
                    }
                case AF_INET6:
                    raw.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                        found.append(SocketAddress($0.pointee, host: host))
                    }
                default: break
                }
            }
            next = entry.pointee.ai_next
        }
        return found
    }

    private static func bytes(of address: SocketAddress) -> [UInt8]? {
        guard let text = address.ipAddress else { return nil }
        let isShort = if case .v4 = address { true } else { false }
        var bytes = [UInt8](repeating: 0, count: isShort ? 4 : 16)
        guard inet_pton(isShort ? AF_INET : AF_INET6, text, &bytes) == 1 else { return nil }
        return bytes
    }
}
