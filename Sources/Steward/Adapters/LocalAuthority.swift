import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate authority of the deployment's own, and the server certificate it issues.
///
/// API clients insist on HTTPS, also towards `localhost`, and no public authority issues for that
/// name. So the first start makes an authority, and people give its `ca.pem` to their clients. Should
/// its key leak, the harm is small: by its name constraints nobody accepts it for any other host.
///
/// A deployment with a public name should get a public certificate; this is for the demo, for tests
/// and for closed networks.
struct LocalAuthority {
    /// Where the files are kept: `DIR/tls`.
    let directory: URL
    /// Host names and addresses served besides `localhost`, `127.0.0.1` and `::1`.
    let hostNames: [String]

    /// What a server and its clients need.
    struct Files {
        /// For clients to trust.
        let authority: URL
        /// For the server to present.
        let certificate: URL
        let key: URL
        /// Whether clients have to be given `authority` (again).
        let isNewAuthority: Bool
    }

    /// The authority of the deployment whose folder is `data`.
    init(data: URL, hostNames: [String] = []) {
        directory = data.appending(path: "tls", directoryHint: .isDirectory)
        self.hostNames = hostNames
    }

    /// Makes what is missing, and makes anew what is about to lapse or no longer fits.
    ///
    /// Cheap when there is nothing to do, so a long-running server may ask every day. The authority
    /// is replaced only if it is unreadable, lapses within 30 days, or does not cover a host name.
    ///
    /// - Throws: `Failure` for a host name that cannot be one; errors of the file system.
    func prepare(at now: Date) throws -> Files {
        let names = try servedNames()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let kept = keptAuthority(for: names, at: now)
        let authority = try kept ?? makeAuthority(for: names, at: now)
        if !isServerCertificateFit(issuedBy: authority, for: names, at: now) {
            try issueServerCertificate(by: authority, for: names, at: now)
        }
        return Files(
            authority: authorityFile,
            certificate: certificateFile,
            key: keyFile,
            isNewAuthority: kept == nil
        )
    }

    /// A certificate with the key that belongs to it.
    private struct Identity {
        let certificate: Certificate
        let key: P256.Signing.PrivateKey
    }

    private var authorityFile: URL { directory.appending(path: "ca.pem") }
    private var authorityKeyFile: URL { directory.appending(path: "ca.key") }
    private var certificateFile: URL { directory.appending(path: "server.pem") }
    private var keyFile: URL { directory.appending(path: "server.key") }

    private func servedNames() throws -> [ServedName] {
        var seen: Set<String> = []
        return try (["localhost", "127.0.0.1", "::1"] + hostNames)
            .map { $0.lowercased() }
            .filter { seen.insert($0).inserted }
            .map(ServedName.init)
    }

    // MARK: The authority

    private func keptAuthority(for names: [ServedName], at now: Date) -> Identity? {
        guard let kept = identity(in: authorityFile, key: authorityKeyFile),
            kept.certificate.notValidBefore <= now,
            now + Self.renewalLead < kept.certificate.notValidAfter,
            let constraints = try? kept.certificate.extensions.nameConstraints,
            names.allSatisfy({ constraints.permittedSubtrees.contains($0.constraint) })
        else { return nil }
        return kept
    }

    private func makeAuthority(for names: [ServedName], at now: Date) throws -> Identity {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        // The number keeps two deployments apart where one client trusts both.
        let number = String(UInt32.random(in: .min ... .max), radix: 16)
        let name = try DistinguishedName {
            CommonName("Steward local authority \(number)")
        }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: publicKey,
            notValidBefore: now - Self.clockSkew,
            notValidAfter: now + Self.authorityLifetime,
            issuer: name,
            subject: name,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                Critical(NameConstraints(permittedSubtrees: names.map(\.constraint)))
                SubjectKeyIdentifier(hash: publicKey)
            },
            issuerPrivateKey: Certificate.PrivateKey(key)
        )
        let identity = Identity(certificate: certificate, key: key)
        try write(identity, to: authorityFile, key: authorityKeyFile)
        return identity
    }

    // MARK: The server's certificate

    private func isServerCertificateFit(
        issuedBy authority: Identity,
        for names: [ServedName],
        at now: Date
    ) -> Bool {
        guard let kept = identity(in: certificateFile, key: keyFile),
            kept.certificate.notValidBefore <= now,
            now + Self.renewalLead < kept.certificate.notValidAfter,
            authority.certificate.publicKey.isValidSignature(
                kept.certificate.signature,
                for: kept.certificate
            ),
            let certified = try? kept.certificate.extensions.subjectAlternativeNames
        else { return false }
        return Array(certified) == names.map(\.name)
    }

    private func issueServerCertificate(
        by authority: Identity,
        for names: [ServedName],
        at now: Date
    ) throws {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: publicKey,
            notValidBefore: now - Self.clockSkew,
            notValidAfter: min(now + Self.serverLifetime, authority.certificate.notValidAfter),
            issuer: authority.certificate.subject,
            subject: DistinguishedName { CommonName("Steward server") },
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names.map(\.name))
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(
                    keyIdentifier: SubjectKeyIdentifier(hash: authority.certificate.publicKey)
                        .keyIdentifier
                )
            },
            issuerPrivateKey: Certificate.PrivateKey(authority.key)
        )
        try write(
            Identity(certificate: certificate, key: key),
            to: certificateFile,
            key: keyFile
        )
    }

    // MARK: Files

    /// What the two files hold, if they can be read and belong together.
    private func identity(in certificateFile: URL, key keyFile: URL) -> Identity? {
        guard let certificateText = try? String(contentsOf: certificateFile, encoding: .utf8),
            let keyText = try? String(contentsOf: keyFile, encoding: .utf8),
            let certificate = try? Certificate(pemEncoded: certificateText),
            let key = try? P256.Signing.PrivateKey(pemRepresentation: keyText),
            certificate.publicKey == Certificate.PublicKey(key.publicKey)
        else { return nil }
        return Identity(certificate: certificate, key: key)
    }

    /// Writes key and certificate; should the machine stop in between, the two do not belong together
    /// and the next start makes them again.
    private func write(_ identity: Identity, to certificateFile: URL, key keyFile: URL) throws {
        try write(identity.key.pemRepresentation + "\n", to: keyFile, permissions: 0o600)
        let text = try identity.certificate.serializeAsPEM().pemString
        try write(text + "\n", to: certificateFile, permissions: 0o644)
    }

    /// Replaces a file in one step; the new one has its permissions from the moment it exists.
    private func write(_ text: String, to file: URL, permissions: mode_t) throws {
        let draft = file.appendingPathExtension("new")
        unlink(draft.path)
        let descriptor = open(draft.path, O_WRONLY | O_CREAT | O_EXCL, permissions)
        guard descriptor >= 0 else { throw Failure.cannotWrite(draft.path, errno) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.synchronize()
        try handle.close()
        guard rename(draft.path, file.path) == 0 else {
            throw Failure.cannotWrite(file.path, errno)
        }
    }

    private static let day: TimeInterval = 24 * 3_600
    private static let authorityLifetime = 3_652 * day
    /// Browsers accept a day more.
    private static let serverLifetime = 397 * day
    private static let renewalLead = 30 * day
    /// A client's clock may be a little behind ours.
    private static let clockSkew: TimeInterval = 3_600

    /// Why no certificate could be made.
    enum Failure: Error, CustomStringConvertible {
        case hostName(String)
        case cannotWrite(String, Int32)

        var description: String {
            switch self {
            case .hostName(let name):
                "`\(name)` is neither a host name nor an address: expected something like "
                    + "crm.example.org or 192.0.2.10, without scheme and port"
            case .cannotWrite(let path, let number):
                "cannot write \(path): \(String(cString: strerror(number)))"
            }
        }
    }
}

/// A name under which the server is reached, as certificates write it.
private struct ServedName {
    /// In the server's certificate.
    let name: GeneralName
    /// In the authority's: what it may issue for.
    let constraint: GeneralName

    init(_ text: String) throws {
        if let address = Self.addressBytes(text) {
            // A constraint is an address and a mask; all ones allow this one address.
            let mask = [UInt8](repeating: 0xFF, count: address.count)
            name = .ipAddress(ASN1OctetString(contentBytes: address[...]))
            constraint = .ipAddress(ASN1OctetString(contentBytes: (address + mask)[...]))
        } else if let domain = text.wholeMatch(of: Self.hostName)?.output.domain {
            name = .dnsName(text)
            constraint = .dnsName(String(domain))
        } else {
            throw LocalAuthority.Failure.hostName(text)
        }
    }

    /// Labels joined by dots, the first perhaps a `*`.
    private static var hostName: Regex<(Substring, domain: Substring)> {
        /(?:\*\.)?(?<domain>[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?)*)/
    }

    private static func addressBytes(_ text: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &four) == 1 {
            return four
        }
        var sixteen = [UInt8](repeating: 0, count: 16)
        return inet_pton(AF_INET6, text, &sixteen) == 1 ? sixteen : nil
    }
}
