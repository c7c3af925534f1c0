import Foundation
import Kernel
package import Metadata
import UseMeter

/// Answers "is this product used by this org for that?" with what is known and what is not, signed.
package struct StatementDesk: Sendable {
    private static let questionMaxBytes = 500
    private static let daysLookedAt: Int32 = 90

    private let office: AccountabilityOffice

    package init(_ office: AccountabilityOffice) {
        self.office = office
    }

    /// A statement, and its text as a signed note.
    ///
    /// - Parameters:
    ///   - question: one line.
    ///   - product: as declarations name it: `service-desk`.
    /// - Throws: `RecordError` where a part is missing, or the deployment has no log.
    package func statement(
        _ question: String,
        of org: OrgID,
        product: String
    ) async throws -> SignedStatement {
        guard question.contains(where: { !$0.isWhitespace }),
            question.utf8.count <= Self.questionMaxBytes,
            !question.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x2028 })
        else {
            throw RecordError(
                .invalidInput,
                "question: one line of at most \(Self.questionMaxBytes) bytes is needed"
            )
        }
        guard RegisterVocabulary.products.contains(product) else {
            let known = RegisterVocabulary.products.sorted()
            throw RecordError(
                .invalidInput,
                "product: there is no `\(product.prefix(40))`"
                    + Suggestion.phrase(for: product, among: known)
                    + "; one of \(known.joined(separator: ", "))"
            )
        }
        let record = try await office.requirePublicReading().record
        guard let key = try office.statementKey() else {
            throw RecordError(.invalidOperation, "this deployment has no key to sign with")
        }
        try await publish(key.verifier, unlessIn: record)
        let today = office.records.clock.now().useDay
        let days = (today - Self.daysLookedAt)...today
        let statement = KnownStatement(
            question: question,
            org: org.description,
            product: product,
            date: UseSnapshot.date(today),
            declarations: record.declarations.values.filter { $0.org == org.description }
                .map { declaration in
                    DeclaredUse(
                        name: declaration.id,
                        fields: declaration.current.fields,
                        isInForce: declaration.withdrawn == nil
                    )
                },
            snapshots: try await RegisterDesk(office.records).snapshots(of: org, on: days)
        )
        return try SignedStatement(statement, by: key)
    }

    /// Whoever checks a statement finds its key in the log.
    private func publish(_ key: VerifierKey, unlessIn record: PublicRecord) async throws {
        let known = record.notables("key-rotated").contains { $0.values["key"] == "\(key)" }
        guard !known else { return }
        let entry = try LogEntry(
            kind: "key-rotated",
            content: [
                "purpose": .string("statements"), "key": .string("\(key)"),
                "at": .string(LogCalendar.text(of: office.records.clock.now())),
            ]
        )
        _ = try await office.log.append(entry, mayBeThere: false)
    }
}

/// A statement of what is known, with who vouches for it.
package struct SignedStatement: Sendable {
    /// The statement as data: the digest that stands in the note is of these bytes.
    package let data: String
    /// The text for people as a signed note (C2SP signed-note).
    package let note: String

    init(_ statement: KnownStatement, by key: SigningKey) throws {
        let bytes = try statement.bytes()
        data = String(decoding: bytes, as: UTF8.self)
        let text = statement.text + "\nSHA-256 of the data: \(PolicyDigest.of(bytes))\n"
        let signed = SignedNote(text: text, signatures: [try key.sign(text)])
        note = String(decoding: signed.bytes, as: UTF8.self)
    }
}
