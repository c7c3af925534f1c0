import HTTPTypes
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOPosix
import NIOSSL
package import ServiceLifecycle
import UnixSignals

/// Listens at one address or several, and hands each request to the pipeline.
///
/// When it is told to shut down it takes no new connections, closes those that wait, and finishes
/// the requests it is at.
package struct HTTPServer: Service {
    /// How many connections there may be, and how long an idle one stays.
    package struct Settings: Sendable {
        package var connectionsMax = 20_000
        /// Connections that the system has made and we have not taken yet.
        package var backlog = 4_096
        /// Longer than browsers and pools keep theirs, so that seldom a request meets a closing one.
        package var idleSeconds: Int64 = 75

        package init() {}
    }

    private let listeners: [HTTPListener]
    private let pipeline: Pipeline
    private let settings: Settings
    private let logger: Logger
    private let onListening: @Sendable (HTTPListener, Int) async -> Void

    /// A server that `run` starts.
    ///
    /// `onListening`: called for each listener with its port, once it takes connections.
    package init(
        listeners: [HTTPListener],
        pipeline: Pipeline,
        settings: Settings = Settings(),
        logger: Logger = Logger(label: "steward.http"),
        onListening: @escaping @Sendable (HTTPListener, Int) async -> Void = { _, _ in }
    ) {
        self.listeners = listeners
        self.pipeline = pipeline
        self.settings = settings
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until a graceful shutdown or cancellation.
    ///
    /// - Throws: when an address cannot be listened at or a certificate cannot be read.
    package func run() async throws {
        FileDescriptorLimit.raise(logger: logger)
        let services = try listeners.map { try service(for: $0) }
        let group = ServiceGroup(configuration: .init(services: services, logger: logger))
        try await group.run()
    }

    /// Serves until the process is asked to end, by SIGTERM or SIGINT.
    ///
    /// `others`: what runs beside the server, and is shut down after it.
    package func runUntilTerminated(with others: [any Service] = []) async throws {
        let group = ServiceGroup(
            configuration: .init(
                services: others + [self],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }

    private func service(for listener: HTTPListener) throws -> any Service {
        let configuration = ServerConfiguration(
            address: .hostname(listener.host, port: listener.port),
            backlog: settings.backlog,
            availableConnectionsDelegate: MaximumAvailableConnections(settings.connectionsMax)
        )
        let isTLS = listener.certificate != nil
        let pipeline = pipeline
        let onListening = onListening
        return try builder(for: listener).buildServer(
            configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger,
            responder: { request, writer, channel in
                try await Self.respond(to: request, writer, channel, isTLS, pipeline)
            },
            onServerRunning: { channel in
                await onListening(listener, channel.localAddress?.port ?? listener.port)
            }
        )
    }

    private static func respond(
        to request: Request,
        _ writer: consuming ResponseWriter,
        _ channel: any Channel,
        _ isTLS: Bool,
        _ pipeline: Pipeline
    ) async throws {
        let connection = HTTPConnection(
            isTLS: isTLS,
            peer: channel.remoteAddress?.ipAddress ?? "unknown"
        )
        // Some clients wait with a large body until they are told to send it.
        if request.head.headerFields[.expect]?.lowercased() == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        var response = await pipeline.respond(to: request, over: connection)
        response.headers[.date] = HTTPDate.now()
        try await writer.write(response: response.head, body: response.body)
    }

    private func builder(for listener: HTTPListener) throws -> HTTPServerBuilder {
        let http = HTTPServerBuilder.http1(
            configuration: .init(
                idleTimeout: .seconds(settings.idleSeconds),
                // Above the pipeline's own limit, which answers in words before it closes.
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 65_536,
                    maxHeaderListSize: 131_072,
                    maxHeaderFieldCount: 256
                )
            )
        )
        guard let certificate = listener.certificate else { return http }
        return try .tls(http, tlsConfiguration: Self.tlsConfiguration(certificate))
    }

    private static func tlsConfiguration(
        _ certificate: HTTPListener.Certificate
    ) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificate.chainPath)
                .map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: certificate.keyPath, format: .pem))
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }
}
