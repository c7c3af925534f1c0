import Accountability
import ArgumentParser
import Foundation
import Gateway

/// `steward log witness-key`.
struct LogWitnessKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness-key",
        abstract: "Makes the key of a witness, and prints its public half for witnesses.json."
    )

    @Argument(help: "The witness's name, for good, without a scheme: witness.example.org/w1.")
    var name: String

    @Argument(help: "The file to keep the private half in; it must not exist.")
    var file: String

    func run() throws {
        let key = try SigningKey(name: name, kind: .cosignature)
        try SecretFile.make(key.secretText, at: URL(fileURLWithPath: file))
        Output.line("\(key.verifier)")
    }
}

/// `steward log witness`.
struct LogWitness: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Vouches that logs of others only grow.",
        discussion: """
            Runs anywhere but with those who run the logs, and needs no deployment. With --listen it \
            answers logs that ask (C2SP tlog-witness); with --follow it looks at a log itself every \
            so often, cosigns what extends the last it saw, and ends with 1 where the log does not. \
            What it cosigned last is kept in --state: whoever loses that loses the protection.
            """
    )

    @Option(name: .long, help: "The file with the witness's private key.")
    var key: String

    @Option(name: .long, help: "The folder in which it keeps what it has cosigned.")
    var state: String

    @Option(
        name: .long,
        help: "A log's verifier key, or a file with it; may be given several times."
    )
    var log: [String] = []

    @Option(name: .long, help: "Host and port at which logs ask: 127.0.0.1:8765.")
    var listen: String?

    @Option(name: .long, help: "Certificate chain file for --listen, PEM; plain HTTP without one.")
    var certificate: String?

    @Option(name: .long, help: "Private key file of the certificate.")
    var certificateKey: String?

    @Flag(name: .long, help: "Plain HTTP beyond this machine: a proxy in front ends TLS.")
    var behindProxy = false

    @Option(name: .long, help: "The address of a log to look at: https://host/accountability/log.")
    var follow: String?

    @Option(name: .long, help: "Seconds between two looks; 0 to look once.")
    var every: Int = 300

    @Option(name: .long, help: "PEM file of authorities beside the system's, for --follow.")
    var authorities: String?

    func run() async throws {
        guard !log.isEmpty else { throw ValidationError("--log is needed: whose log is followed") }
        guard (listen == nil) != (follow == nil) else {
            throw ValidationError("either --listen or --follow is needed")
        }
        let text = try String(contentsOfFile: key, encoding: .utf8)
        let logs = try log.map { try LogKeyOption.read($0) }
        let witness = try Witness(
            key: try SigningKey(text.trimmingCharacters(in: .whitespacesAndNewlines)),
            logs: logs,
            store: try DirectoryWitnessStore(folder: state),
            now: { CosignatureTime(max(0, Date().timeIntervalSince1970)) }
        )
        if let listen {
            try await serve(witness, at: listen)
        } else if let follow {
            try await look(at: follow, of: logs, witness)
        }
    }

    private func serve(_ witness: Witness, at address: String) async throws {
        guard let colon = address.lastIndex(of: ":"),
            let port = Int(address[address.index(after: colon)...]), 0...65_535 ~= port
        else { throw ValidationError("--listen takes a host and a port: 127.0.0.1:8765") }
        let host = String(address[..<colon]).trimmingCharacters(
            in: CharacterSet(charactersIn: "[]")
        )
        let listener: HTTPListener
        if let certificate, let certificateKey {
            listener = .secure(
                host: host,
                port: port,
                certificate: .init(chainPath: certificate, keyPath: certificateKey)
            )
        } else {
            listener = try .plain(host: host, port: port, isAllowedBeyondLoopback: behindProxy)
        }
        var limits = HTTPLimits()
        limits.bodyBytesMax = AddCheckpointRequest.sizeMaxBytes
        limits.requestsAtOnceMax = 100
        let server = HTTPServer(
            listeners: [listener],
            pipeline: Pipeline(handler: WitnessHandler(witness: witness), limits: limits),
            onListening: { _, port in
                Output.line("\(witness.verifierKey) listens at port \(port)")
            }
        )
        try await server.runUntilTerminated()
    }

    private func look(at address: String, of logs: [VerifierKey], _ witness: Witness) async throws {
        guard let log = logs.first, logs.count == 1 else {
            throw ValidationError("--follow takes one --log")
        }
        let base = try HTTPFetch.Base(address)
        let reader = LogAddress(fetch: try HTTPFetch(base, authorities: authorities)).reader
        repeat {
            do {
                try await look(reader, log, witness)
            } catch let fault as LogFault {
                Output.note("not sound: \(fault)")
                throw ExitCode(1)
            } catch let error where every > 0 && !(error is ExitCode) {
                Output.note("\(base): \(error)")
            }
            if every > 0 { try await Task.sleep(for: .seconds(every)) }
        } while every > 0
    }

    /// Looks once, and cosigns what extends the last that was seen.
    private func look(_ reader: FetchedLog, _ log: VerifierKey, _ witness: Witness) async throws {
        let seen = try await CheckpointToCosign(publishedIn: reader, signedBy: log)
        var answer = try await witness.answer(try await seen.request(oldSize: 0))
        if case .conflict(let size) = answer {
            guard size <= seen.size else {
                Output.note("not sound: the log had \(size) entries and has \(seen.size)")
                throw ExitCode(1)
            }
            answer = try await witness.answer(try await seen.request(oldSize: size))
        }
        switch answer {
        case .cosigned(let signatures):
            Output.line("cosigned: \(seen.size) entries of \(log.name)")
            for signature in signatures { Output.line("\(signature)") }
        default:
            Output.note("not sound: the log does not extend what was seen before")
            throw ExitCode(1)
        }
    }
}

/// `steward log cosign`.
struct LogCosign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cosign",
        abstract: "Asks the witnesses of the deployment's log once.",
        discussion: """
            A server does so by itself every few seconds. The witnesses are named in \
            accountability/witnesses.json. Ends with 1 where fewer have cosigned than must.
            """
    )

    @Option(name: .long, help: "PEM file of authorities beside the system's.")
    var authorities: String?

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let rounds = WitnessRounds(
            DataFolder(url: dataOptions.folder(reader)),
            authorities: authorities
        ) { Output.note($0) }
        guard let outcome = try await rounds.run() else {
            throw ValidationError("there is no log, or accountability/witnesses.json names nobody")
        }
        Output.line(
            "\(outcome.cosigned.count) witnesses have cosigned \(outcome.size) entries, "
                + "\(outcome.quorum) must: \(outcome.cosigned.joined(separator: ", "))"
        )
        guard outcome.cosigned.count >= outcome.quorum else { throw ExitCode(1) }
    }
}

/// A verifier key on the command line: itself, or a file with it.
enum LogKeyOption {
    static func read(_ text: String) throws -> VerifierKey {
        let kept = (try? String(contentsOfFile: text, encoding: .utf8)) ?? text
        return try VerifierKey(kept.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
