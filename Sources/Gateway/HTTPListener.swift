import Kernel

/// An address that is listened at.
package struct HTTPListener: Hashable, Sendable {
    /// The files of a certificate, in PEM form.
    package struct Certificate: Hashable, Sendable {
        /// The certificate, followed by those that lead to its root.
        package var chainPath: String
        package var keyPath: String

        package init(chainPath: String, keyPath: String) {
            self.chainPath = chainPath
            self.keyPath = keyPath
        }
    }

    package var host: String
    /// 0 lets the system choose.
    package var port: Int
    /// Without one, HTTP is spoken in the clear.
    package var certificate: Certificate?

    /// A listener without TLS.
    ///
    /// `isAllowedBeyondLoopback`: whether the operator has said that passwords may be
    /// sent in the clear on the network, as behind a proxy that ends TLS on another machine.
    /// - Throws: `Refusal` if others than this machine could reach it and that was not said.
    package static func plain(
        host: String,
        port: Int,
        isAllowedBeyondLoopback: Bool = false
    ) throws(Refusal) -> HTTPListener {
        guard isAllowedBeyondLoopback || isLoopback(host) else {
            throw .plainBeyondLoopback(host: host, port: port)
        }
        return HTTPListener(host: host, port: port, certificate: nil)
    }

    /// A listener with TLS.
    package static func secure(
        host: String,
        port: Int,
        certificate: Certificate
    ) -> HTTPListener {
        HTTPListener(host: host, port: port, certificate: certificate)
    }

    /// Why an address is not listened at.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case plainBeyondLoopback(host: String, port: Int)

        package var description: String {
            switch self {
            case .plainBeyondLoopback(let host, let port):
                """
                refusing to listen at \(host):\(port) without TLS: passwords and records would cross \
                the network in the clear. Configure a certificate, listen at 127.0.0.1, or allow \
                plain HTTP explicitly if a proxy in front ends TLS.
                """
            }
        }
    }

    private init(host: String, port: Int, certificate: Certificate?) {
        self.host = host
        self.port = port
        self.certificate = certificate
    }

    private static func isLoopback(_ host: String) -> Bool {
        host.lowercased() == "localhost" || PeerNetwork.loopback.contains { $0.contains(host) }
    }
}
