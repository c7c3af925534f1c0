import Accountability
import ArgumentParser
import Foundation

/// `steward log`: the transparency log.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract:
            "Begins the deployment's transparency log, verifies any log, and vouches for others.",
        subcommands: [
            LogCreate.self, LogShow.self, LogVerify.self, LogWitnessKey.self, LogWitness.self,
            LogCosign.self,
        ]
    )
}

/// `steward log create`.
struct LogCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Begins the deployment's transparency log, and prints the key to verify it by."
    )

    @Argument(help: "The log's name, for good, without a scheme: crm.example.org/log.")
    var name: String

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let folder = DataFolder(url: dataOptions.folder(reader))
        guard folder.exists else {
            throw ValidationError("there is no deployment in \(folder.url.path)")
        }
        Output.line("\(try await DeploymentLog(data: folder).create(name: name))")
    }
}

/// `steward log show`.
struct LogShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints the entries of the deployment's transparency log, one a line."
    )

    @Option(name: .long, help: "The first entry, counted from 0.")
    var from: Int = 0

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        guard from >= 0 else { throw ValidationError("--from counts from 0") }
        let reader = try await dataOptions.reader()
        let log = DeploymentLog(data: DataFolder(url: dataOptions.folder(reader)))
        // Only read: a server may be writing it.
        let files = DirectoryTiles(reading: log.folder.path)
        let checkpoint = try await LogVerifier(log: try log.verifierKey())
            .verifyCheckpoint(of: files).checkpoint
        var index = from
        try await TileTree(files, size: checkpoint.size).forEachEntry(from: from) { entry in
            Output.line("\(index) \(String(decoding: entry, as: UTF8.self))")
            index += 1
        }
    }
}

/// `steward log verify`.
struct LogVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verifies a transparency log whole: every entry, tile and signature.",
        discussion: """
            Needs nothing but the log's files and its key. Ends with 0 where the log is sound, and \
            with 1 and the first fault where it is not.
            """
    )

    @Argument(help: "The log's folder or address; the deployment's own where none is named.")
    var place: String?

    @Option(name: .long, help: "The log's verifier key, or a file with it.")
    var key: String?

    @Option(name: .long, help: "A checkpoint kept from earlier, which the log must extend.")
    var seen: String?

    @Option(name: .long, help: "The verifier key of a witness; may be given several times.")
    var witness: [String] = []

    @Option(name: .long, help: "How many of the witnesses must have cosigned; all, if not given.")
    var quorum: Int?

    @Option(name: .long, help: "PEM file of authorities beside the system's, for an address.")
    var authorities: String?

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let (files, key) = try await logAndKey()
        var known: [Checkpoint] = []
        if let seen {
            let note = try SignedNote(try Data(contentsOf: URL(fileURLWithPath: seen)))
            known = [try Checkpoint(note, signedBy: key)]
        }
        let policy = try WitnessPolicy(
            witnesses: try witness.map { try VerifierKey($0) },
            quorum: quorum ?? witness.count
        )
        do {
            let verified = try await LogVerifier(log: key, policy: policy, seen: known)
                .verify(files)
            Output.line(
                "sound: \(verified.checkpoint.size) entries of \(key.name), "
                    + "\(verified.witnesses.count) of \(witness.count) witnesses"
            )
            for path in verified.uncoveredPaths {
                Output.note("the checkpoint says nothing of \(path)")
            }
        } catch let fault as LogFault {
            Output.note("not sound: \(fault)")
            throw ExitCode(1)
        }
    }

    private func logAndKey() async throws -> (files: any LogReader, key: VerifierKey) {
        if let place {
            guard let key else {
                throw ValidationError(
                    "--key is needed: a log's own word for its key proves nothing"
                )
            }
            return (try files(at: place), try LogKeyOption.read(key))
        }
        let reader = try await dataOptions.reader()
        let log = DeploymentLog(data: DataFolder(url: dataOptions.folder(reader)))
        return (DirectoryTiles(reading: log.folder.path), try log.verifierKey())
    }

    private func files(at place: String) throws -> any LogReader {
        guard LogAddress.isMeant(place) else { return DirectoryTiles(reading: place) }
        let fetch = try HTTPFetch(try HTTPFetch.Base(place), authorities: authorities)
        return LogAddress(fetch: fetch).reader
    }
}
