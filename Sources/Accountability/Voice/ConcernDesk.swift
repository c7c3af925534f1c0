import Crypto
package import Foundation
package import Kernel
import Metadata

/// Takes down what people say without a login, sealed, and lets them read what comes of it.
///
/// Nothing is kept by which they could be found: no address, no program, and of the time the day.
package struct ConcernDesk: Sendable {
    /// So many that say the same are kept beside the first; more are counted and nothing else.
    ///
    /// That any are kept means that nobody can find out by sending a text whether it was sent before.
    package static let copiesKept = 5

    private let office: AccountabilityOffice
    private let readers: VoiceReaders

    /// - Throws: `RecordError` `FUNCTIONALITY_NOT_ENABLED` where nobody reads concerns.
    package init(_ office: AccountabilityOffice) throws {
        guard let readers = try office.voice() else {
            throw RecordError(
                .functionalityNotEnabled,
                "this deployment takes no concerns yet: it names nobody who reads them"
            )
        }
        _ = try readers.keys(.concerns)
        self.office = office
        self.readers = readers
    }

    /// The public halves to seal to, and the salt to derive from receipts with.
    package var publicKeys: VoiceReaders { readers }

    /// Midnight: the hour in which somebody writes can tell who it is.
    private var today: Instant {
        LogCalendar.start(of: LogCalendar.day(of: office.records.clock.now()))
    }

    /// Takes a concern.
    ///
    /// - Throws: `RecordError` with what is wrong with it.
    package func raise(_ concern: NewConcern) async throws -> RaisedConcern {
        let sketch = concern.sketch.map { KeptSketch($0, by: readers.secret) }
        if let sketch, let first = try await countCopy(of: sketch) { return .counted(with: first) }
        let paper = try await ConcernPaper(concern, sketch: sketch, for: readers)
        let today = today
        try await office.writing(because: "somebody raises a concern", at: today) { writer in
            let first = try sketch.flatMap { try CopySearch(writer).first(like: $0) }
            let id = try paper.save(by: writer, copyOf: first?.id)
            if let first { try first.count(by: writer) }
            try paper.saveParts(of: id, isFirst: first == nil, by: writer)
        }
        return .kept(paper.receipt)
    }

    /// Counts one more copy where enough are kept.
    ///
    /// - Returns: the number of the concern that came first.
    private func countCopy(of sketch: KeptSketch) async throws -> String? {
        let asking = try await office.caller(because: "whether others have said the same")
        let found = try await office.records.read(as: asking) { reader in
            try CopySearch(reader).first(like: sketch)
        }
        guard let found, found.copies >= Self.copiesKept else { return nil }
        return try await office.writing(because: "one more says the same", at: today) { writer in
            try found.count(by: writer)
            return found.name
        }
    }

    /// What a receipt opens.
    ///
    /// - Throws: `RecordError` `NOT_FOUND` where there is no mailbox of it.
    package func mailbox(of receipt: Receipt) async throws -> MailboxContent {
        let mailbox = try await readers.secret.mailbox(of: receipt)
        return try await content(ofDigest: mailbox.digest).opened(with: mailbox.key)
    }

    /// The same for a client that opens by itself what is sealed.
    ///
    /// - Parameter derived: the first 32 bytes that the client derived from the receipt.
    package func mailbox(ofDerived derived: Data) async throws -> MailboxContent {
        try await content(ofDigest: readers.secret.digest(ofDerived: derived))
    }

    private func content(ofDigest digest: String) async throws -> MailboxContent {
        let asking = try await office.caller(because: "a reporter opens the mailbox")
        return try await office.records.read(as: asking) { reader in
            try MailboxContent(digest: digest, reader)
        }
    }

    /// Takes a message of the reporter.
    ///
    /// - Throws: `RecordError` `NOT_FOUND` where there is no mailbox of the receipt.
    package func write(_ text: String, by receipt: Receipt) async throws {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw RecordError(.missingArgument, "text: write something")
        }
        guard text.utf8.count <= NewConcern.textMaxBytes else {
            throw RecordError(.stringTooLong, "text: \(NewConcern.textMaxBytes) bytes can be taken")
        }
        let mailbox = try await readers.secret.mailbox(of: receipt)
        let sealed = try SealedText(
            Data(text.utf8),
            as: .message,
            to: try readers.keys(.concerns) + [mailbox.key.publicKey]
        )
        let digest = mailbox.digest
        try await office.writing(because: "a reporter writes", at: today) { writer in
            let id = try MailboxContent.concern(ofDigest: digest, writer)
            let erased = try writer.rows("SELECT ErasedOn FROM Concern WHERE Id = '\(id)'").first
            guard erased?.first == .null else {
                throw RecordError(
                    .invalidOperation,
                    "the concern was closed and its words erased: please raise it anew"
                )
            }
            try ConcernDesk.add(sealed, to: id, "From reporter", by: writer)
        }
    }

    /// Asks, once, that what was closed is looked at again by somebody else.
    package func askAgain(by receipt: Receipt) async throws {
        let digest = try await readers.secret.mailbox(of: receipt).digest
        let day = LogCalendar.dayText(of: today)
        try await office.writing(because: "a reporter asks again", at: today) { writer in
            let id = try MailboxContent.concern(ofDigest: digest, writer)
            guard try MailboxContent(digest: digest, writer).canAskAgain else {
                throw RecordError(
                    .invalidOperation,
                    "it is looked at again once, after it was closed; a decision can be appealed"
                )
            }
            try writer.change("Concern", id, ["RelookAskedOn": .string(day)])
        }
    }

    /// Sends the reporter an answer, in the name of somebody of the office and with their rights.
    ///
    /// - Parameter number: the concern's: `C-00012`.
    package func answer(
        _ number: String,
        _ text: String,
        as caller: Caller
    ) async throws {
        let officers = try readers.keys(.concerns)
        try await office.records.write(as: caller) { writer in
            let row = try writer.row("Id, MailboxKey", of: "Concern", numbered: number)
            guard let row, row.count == 2, let id = row[0].id else {
                throw RecordError(.notFound, "there is no concern `\(number.prefix(20))`")
            }
            guard let key = row[1].text.flatMap(Self.publicKey) else {
                throw RecordError(.invalidOperation, "the concern has no mailbox: it came on paper")
            }
            let sealed = try SealedText(Data(text.utf8), as: .message, to: officers + [key])
            try ConcernDesk.add(sealed, to: id, "To reporter", by: writer)
        }
    }

    private static func publicKey(_ text: String) -> Curve25519.KeyAgreement.PublicKey? {
        Data(base64Encoded: text).flatMap {
            try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: $0)
        }
    }

    private static func add(
        _ sealed: SealedText,
        to concern: RecordID,
        _ direction: String,
        by writer: RecordWriter
    ) throws {
        _ = try writer.add(
            "ConcernMessage",
            [
                "ConcernId": .string(concern.description), "Direction": .string(direction),
                "SealedText": .string(sealed.text),
            ]
        )
    }
}
