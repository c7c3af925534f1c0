import Accountability
import ArgumentParser
import Crypto
import Foundation
import Metadata

/// `steward accountability reader`: who can read what people send in.
struct ReaderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reader",
        abstract: "Names those to whom concerns are sealed.",
        subcommands: [ReaderKey.self, ReaderAdd.self]
    )
}

/// `steward accountability reader key`.
struct ReaderKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Makes a reader's key, and prints its public half.",
        discussion: "Needs no deployment: each reader makes it where it is to stay."
    )

    @Argument(help: "The file to keep the private half in; it must not exist.")
    var file: String

    func run() throws {
        let key = Curve25519.KeyAgreement.PrivateKey()
        try SecretFile.make(
            key.rawRepresentation.base64EncodedString(),
            at: URL(fileURLWithPath: file)
        )
        Output.line(key.publicKey.rawRepresentation.base64EncodedString())
    }
}

/// `steward accountability reader add`.
struct ReaderAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Seals what is sent in from now on to one more reader."
    )

    @Argument(help: "The reader's name.")
    var name: String

    @Argument(help: "The public half of the reader's key.")
    var publicKey: String

    @Option(name: .long, help: "concerns, for what is said; identities, for who says it.")
    var role = "concerns"

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        guard let role = VoiceReaders.Role(rawValue: role) else {
            throw ValidationError("--role is concerns or identities")
        }
        guard let bytes = Data(base64Encoded: publicKey),
            let key = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: bytes)
        else { throw ValidationError("the public key is not 32 bytes in base64") }
        let folder = DataFolder(url: dataOptions.folder(try await dataOptions.reader()))
        guard try OfficeFile(folder).org() != nil else {
            throw ValidationError("the deployment has no office: `steward accountability create`")
        }
        try ReadersFile(folder).add(name, role, key)
        Output.line("\(name) reads \(role.rawValue) with the key \(SealedText.id(of: key))")
    }
}

/// `steward accountability open`.
struct OpenSealed: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Reads a sealed text with a reader's key, where the key is.",
        discussion:
            "Needs no deployment. The text comes from standard input where no file is named."
    )

    @Option(name: .long, help: "The file with the private half of the reader's key.")
    var key: String

    @Argument(help: "A file with the sealed text, as the field holds it.")
    var file: String?

    func run() throws {
        let path = key
        guard
            let key = try? Curve25519.KeyAgreement.PrivateKey(
                rawRepresentation: try SecretFile.key(at: path)
            )
        else { throw ValidationError("\(path) holds no key") }
        let data: Data
        if let file {
            guard let read = try? Data(contentsOf: URL(fileURLWithPath: file)) else {
                throw ValidationError("\(file) cannot be read")
            }
            data = read
        } else {
            data = try FileHandle.standardInput.readToEnd() ?? Data()
        }
        let sealed = try SealedText(
            text: String(decoding: data, as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        )
        for purpose in SealedText.Purpose.allCases {
            if let bytes = try? sealed.open(as: purpose, with: key) {
                try FileHandle.standardOutput.write(contentsOf: bytes)
                return
            }
        }
        throw ValidationError("this key does not open the text")
    }
}
