import Crypto
import Foundation
import Kernel
import Metadata

/// A concern as it is kept: sealed, with a mailbox.
struct ConcernPaper: Sendable {

    /// So much of a file fits into one record, sealed and in base64.
    private static let partSizeBytes = 60_000

    let receipt: Receipt?
    private let values: JSONObject
    private let files: [SealedFile]
    private let bands: [String]

    init(
        _ concern: NewConcern,
        sketch: KeptSketch?,
        for readers: VoiceReaders
    ) async throws {
        let officers = try readers.keys(.concerns)
        var values = concern.facts
        func set(_ name: String, _ text: String?) {
            guard let text else { return }
            values.members.append(JSONObject.Member(name: name, value: .string(text)))
        }
        let mailboxKey: Curve25519.KeyAgreement.PublicKey
        switch concern.words {
        case .plain(let text):
            let receipt = Receipt()
            let mailbox = try await readers.secret.mailbox(of: receipt)
            mailboxKey = mailbox.key.publicKey
            self.receipt = receipt
            set("ReceiptDigest", mailbox.digest)
            let sealed = try SealedText(
                Data(text.utf8),
                as: .concern,
                to: officers + [mailboxKey]
            )
            set("SealedText", sealed.text)
            if let identity = concern.identity {
                let keys = try readers.keys(.identities)
                let sealed = try SealedText(Data(identity.utf8), as: .identity, to: keys)
                set("SealedIdentity", sealed.text)
            }
        case .sealed(let sealed):
            guard officers.contains(where: sealed.text.isSealed) else {
                throw RecordError(
                    .invalidInput,
                    "sealed: it is sealed to nobody who reads concerns here"
                )
            }
            mailboxKey = sealed.mailboxKey
            receipt = nil
            set("ReceiptDigest", readers.secret.digest(ofDerived: sealed.derived))
            set("SealedText", sealed.text.text)
            set("SealedIdentity", sealed.identity?.text)
        }
        set("MailboxKey", mailboxKey.rawRepresentation.base64EncodedString())
        set("SketchDigest", sketch?.text)
        self.values = values
        bands = sketch?.bands ?? []
        files = try concern.files.map { try SealedFile($0, to: officers) }
    }

    /// - Returns: the new concern.
    func save(by writer: RecordWriter, copyOf first: RecordID?) throws -> RecordID {
        var values = values
        if let first {
            let member = JSONObject.Member(
                name: "DuplicateOfId",
                value: .string(first.description)
            )
            values.members.append(member)
        }
        return try writer.add("Concern", values)
    }

    func saveParts(of concern: RecordID, isFirst: Bool, by writer: RecordWriter) throws {
        let id = JSONValue.string(concern.description)
        if isFirst {
            for band in bands {
                _ = try writer.add("ConcernBand", ["ConcernId": id, "Digest": .string(band)])
            }
        }
        for (number, file) in files.enumerated() {
            for (part, sealed) in file.parts.enumerated() {
                _ = try writer.add(
                    "ConcernFile",
                    [
                        "ConcernId": id, "Kind": .string(file.kind),
                        "FileNumber": .number(JSONNumber(Int64(number + 1))),
                        "Part": .number(JSONNumber(Int64(part + 1))),
                        "SizeBytes": .number(JSONNumber(Int64(sealed.utf8.count))),
                        "Digest": .string(PolicyDigest.of(sealed)),
                        "SealedContent": .string(sealed),
                    ]
                )
            }
        }
    }

    /// A file in parts, each sealed by itself.
    private struct SealedFile {
        let kind: String
        let parts: [String]

        init(_ file: CleanedFile, to readers: [Curve25519.KeyAgreement.PublicKey]) throws {
            kind = file.kind.rawValue
            parts = try stride(from: 0, to: max(1, file.bytes.count), by: partSizeBytes).map {
                let part = Data(file.bytes.dropFirst($0).prefix(partSizeBytes))
                return try SealedText(part, as: .file, to: readers).text
            }
        }
    }
}
