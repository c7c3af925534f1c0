import ArgumentParser
import Configuration
import Foundation
import SystemPackage

/// Where a deployment lives; part of every command.
struct DataOptions: ParsableArguments {
    @Option(name: .long, help: "The deployment's folder. [STEWARD_DATA; default: ./var]")
    var data: String?

    @Option(
        name: .long,
        help: "A YAML file of settings. [default: steward.yaml in the data folder]"
    )
    var config: String?

    /// The settings below the command line: environment, then file.
    func reader() async throws -> ConfigReader {
        let environment = EnvironmentVariablesProvider()
        let folder = data ?? ProcessInfo.processInfo.environment["STEWARD_DATA"] ?? "./var"
        let path = config ?? "\(folder)/steward.yaml"
        if config != nil && !FileManager.default.fileExists(atPath: path) {
            throw ValidationError("there is no file \(path)")
        }
        let file = try await FileProvider<YAMLSnapshot>(
            filePath: FilePath(path),
            allowMissing: true
        )
        return ConfigReader(providers: [environment, file]).scoped(to: "steward")
    }

    func folder(_ reader: ConfigReader) -> URL {
        let path = data ?? reader.string(forKey: "data") ?? "./var"
        return URL(fileURLWithPath: path, isDirectory: true)
    }
}

/// How a deployment is reached.
struct ServerOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "Port of plain HTTP, on loopback only; 0 for none. [STEWARD_HTTP_PORT; default: 8080]"
    )
    var port: Int?

    @Option(
        name: .long,
        help: "Port of HTTPS. [STEWARD_HTTPS_PORT; default: plain port + 363]"
    )
    var tlsPort: Int?

    @Option(
        name: .long,
        help: "Address at which HTTPS listens. [STEWARD_HTTPS_HOST; default: 127.0.0.1]"
    )
    var host: String?

    @Option(
        name: .long,
        help: "Host name that clients use; may be given several times. [STEWARD_HTTPS_NAMES]"
    )
    var hostName: [String] = []

    @Option(
        name: .long,
        help: "Certificate chain file, PEM. [STEWARD_HTTPS_CERTIFICATE; default: one of its own CA]"
    )
    var certificate: String?

    @Option(name: .long, help: "Private key file of the certificate. [STEWARD_HTTPS_KEY]")
    var key: String?

    @Option(
        name: .long,
        help: """
            Where clients reach the deployment, when a proxy stands before it: \
            https://crm.example.org. [STEWARD_ORIGIN]
            """
    )
    var origin: String?

    @Option(name: .long, help: "API requests an org may make in a day. [STEWARD_REQUESTS_PER_DAY]")
    var requestsPerDay: Int?

    @Option(
        name: .long,
        help: """
            Host inside your networks to which webhooks may go, as `host` or `host:port`; may be \
            given several times. [STEWARD_WEBHOOKS_ALLOWED_HOSTS]
            """
    )
    var allowWebhookHost: [String] = []

    @Option(name: .long, help: "Sender of mails that name none. [STEWARD_MAIL_SENDER]")
    var mailSender: String?

    func settings(_ reader: ConfigReader) throws -> ServerSettings {
        let plain = port ?? reader.int(forKey: "http.port") ?? 8_080
        let secure =
            tlsPort ?? reader.int(forKey: "https.port") ?? (plain == 0 ? 8_443 : plain + 363)
        for (name, value) in [("port", plain), ("tls-port", secure)]
        where !(0...65_535).contains(value) {
            throw ValidationError("--\(name) must be 0 to 65535, not \(value)")
        }
        let names = hostName.isEmpty ? reader.stringArray(forKey: "https.names") ?? [] : hostName
        let certificate = certificate ?? reader.string(forKey: "https.certificate")
        let key = key ?? reader.string(forKey: "https.key")
        guard (certificate == nil) == (key == nil) else {
            throw ValidationError("--certificate and --key go together")
        }
        let webhookHosts =
            allowWebhookHost.isEmpty
            ? reader.stringArray(forKey: "webhooks.allowed.hosts") ?? [] : allowWebhookHost
        let sender = mailSender ?? reader.string(forKey: "mail.sender") ?? "steward@localhost"
        return ServerSettings(
            plainPort: plain == 0 ? nil : plain,
            securePort: secure == 0 ? nil : secure,
            host: host ?? reader.string(forKey: "https.host") ?? "127.0.0.1",
            hostNames: names,
            certificate: certificate,
            key: key,
            origin: origin ?? reader.string(forKey: "origin"),
            requestsPerDay: requestsPerDay ?? reader.int(forKey: "requests.per.day") ?? 10_000_000,
            jobs: JobSettings(allowedHosts: Set(webhookHosts), mailSender: sender)
        )
    }
}

/// The settings of a server, put together.
struct ServerSettings: Sendable {
    var plainPort: Int?
    var securePort: Int?
    var host: String
    var hostNames: [String]
    var certificate: String?
    var key: String?
    var origin: String?
    var requestsPerDay: Int
    var jobs = JobSettings()

    /// The names by which clients reach the deployment.
    var ownNames: [String] {
        hostNames + [origin.flatMap { URL(string: $0)?.host }].compactMap { $0 }
    }
}

/// Which org a command is about.
struct OrgOptions: ParsableArguments {
    @Option(name: .long, help: "The org's name or id; not needed where there is only one.")
    var org: String?
}
