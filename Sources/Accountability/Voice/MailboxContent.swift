import Crypto
import Foundation
import Kernel
import Metadata

/// What whoever raised a concern can read of it.
package struct MailboxContent: Sendable {
    package struct Message: Sendable {
        /// `From reporter` or `To reporter`.
        package let direction: String
        /// `2026-11-24`: the day alone is known.
        package let day: String
        /// Sealed; `nil` after it was erased.
        package let sealed: String?
        /// The words, where the receipt opened them.
        package let text: String?
    }

    /// `C-00012`.
    package let number: String
    package let stage: String
    package let received: String
    /// By when the office owes what, by the names of the steps.
    package let due: [(step: String, day: String)]
    /// Why it was judged as it was; empty before that.
    package let reasons: String
    package let outcome: String
    package let referredTo: String
    package let canAskAgain: Bool
    /// The first is the concern itself.
    package let messages: [Message]
    /// When somebody looked who the reporter is, and why.
    package let openings: [(day: String, reason: String)]

    /// - Throws: `RecordError` `NOT_FOUND` where there is no such mailbox.
    static func concern(ofDigest digest: String, _ reader: RecordReader) throws -> RecordID {
        let rows = try reader.rows("SELECT Id FROM Concern WHERE ReceiptDigest = '\(digest)'")
        guard let id = rows.first?.first?.id else { throw Self.noMailbox }
        return id
    }

    private static let noMailbox = RecordError(.notFound, "there is no mailbox of this receipt")

    private static let fields = [
        "Name", "Stage", "ReceivedOn", "AcknowledgeDue", "TriageDue", "FeedbackDue", "Reasons",
        "Outcome", "ReferredTo", "RelookAskedOn", "SealedText",
    ]

    init(digest: String, _ reader: RecordReader) throws {
        let id = try Self.concern(ofDigest: digest, reader)
        let row = try reader.rows(
            "SELECT \(Self.fields.joined(separator: ", ")) FROM Concern WHERE Id = '\(id)'"
        ).first
        guard let row, row.count == Self.fields.count else { throw Self.noMailbox }
        let texts = row.map(\.mailboxText)
        number = texts[0]
        stage = texts[1]
        received = texts[2]
        let isJudged = ["Triaged", "In review", "Referred", "Closed"].contains(texts[1])
        due = [
            ("acknowledged", texts[3]), ("judged", texts[4]), ("answered", texts[5]),
        ].map { (step: $0.0, day: $0.1) }
        reasons = isJudged ? texts[6] : ""
        outcome = isJudged ? texts[7] : ""
        referredTo = isJudged ? texts[8] : ""
        canAskAgain = ["Referred", "Closed"].contains(texts[1]) && texts[9].isEmpty
        let first = Message(
            direction: "From reporter",
            day: texts[2],
            sealed: row[10].text,
            text: nil
        )
        messages =
            [first]
            + (try reader.rows(
                "SELECT Direction, SentOn, SealedText FROM ConcernMessage "
                    + "WHERE ConcernId = '\(id)' ORDER BY Name LIMIT 2000"
            ).map { row in
                Message(
                    direction: row[0].mailboxText,
                    day: row[1].mailboxText,
                    sealed: row[2].text,
                    text: nil
                )
            })
        openings = try reader.rows(
            "SELECT OpenedOn, Reason FROM IdentityOpening WHERE ConcernId = '\(id)' "
                + "AND OpenedOn != null ORDER BY OpenedOn LIMIT 200"
        ).map { (day: $0[0].mailboxText, reason: $0[1].mailboxText) }
    }

    /// The same with the words of what is sealed to a key.
    func opened(with key: Curve25519.KeyAgreement.PrivateKey) -> MailboxContent {
        MailboxContent(
            self,
            messages: messages.enumerated().map { place, message in
                let purpose: SealedText.Purpose = place == 0 ? .concern : .message
                let bytes = message.sealed
                    .flatMap { try? SealedText(text: $0) }
                    .flatMap { try? $0.open(as: purpose, with: key) }
                return Message(
                    direction: message.direction,
                    day: message.day,
                    sealed: message.sealed,
                    text: bytes.map { String(decoding: $0, as: UTF8.self) }
                )
            }
        )
    }

    private init(_ other: MailboxContent, messages: [Message]) {
        number = other.number
        stage = other.stage
        received = other.received
        due = other.due
        reasons = other.reasons
        outcome = other.outcome
        referredTo = other.referredTo
        canAskAgain = other.canAskAgain
        openings = other.openings
        self.messages = messages
    }
}

extension FieldValue {
    /// A day or a text as people read it; empty for nothing.
    fileprivate var mailboxText: String {
        if case .date(let days) = self { return LogCalendar.dayText(days) }
        return text ?? ""
    }
}
