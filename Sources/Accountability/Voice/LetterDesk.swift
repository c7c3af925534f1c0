import Crypto
package import Foundation
package import Kernel
import Metadata

/// Takes signatures under open letters: by name, entitled without a name, or in support.
package struct LetterDesk: Sendable {
    /// How somebody signs.
    package enum Signature: Sendable {
        /// With the words by which they wish to be named.
        case named(LetterToken, line: String)
        case unnamed(LetterToken)
        /// Counted apart; a nonce shows some work.
        case supporter(nonce: String)
    }

    /// More codes than this are asked for in several goes.
    package static let codesMax = 5_000
    private static let lineMaxBytes = 200
    private static let nonceMaxBytes = 64

    private let office: AccountabilityOffice

    package init(_ office: AccountabilityOffice) {
        self.office = office
    }

    private var today: Instant {
        LogCalendar.start(of: LogCalendar.day(of: office.records.clock.now()))
    }

    // MARK: Entitlement

    /// Makes codes to be handed to everybody who is entitled, all in one go, so that having one says
    /// nothing of who wants to sign.
    ///
    /// The letter's key is in the log before the first code exists: a key of one's own for a signer
    /// would show.
    ///
    /// - Returns: the codes, which are told this once.
    /// - Throws: `RecordError` where the caller may not, or the letter's text is not in the log.
    package func entitle(
        _ count: Int,
        to letter: String,
        as caller: Caller
    ) async throws -> [String] {
        guard 1...Self.codesMax ~= count else {
            throw RecordError(.invalidInput, "count: 1 to \(Self.codesMax) codes can be made")
        }
        let id = try await office.records.read(as: caller) { reader in
            let object = reader.snapshot.schema.object("LetterEntitlement")
            guard object.map(reader.access.mayCreate) == true else {
                throw RecordError(.insufficientAccess, "custodians of identities hand out codes")
            }
            return try Self.letter(letter, reader)
        }
        try await publishKey(of: letter)
        let codes = (0..<count).map { _ in Self.newCode() }
        try await office.records.write(as: caller) { writer in
            for start in stride(from: 0, to: codes.count, by: 200) {
                let drafts = codes.dropFirst(start).prefix(200).map { code in
                    RecordDraft(
                        object: "LetterEntitlement",
                        values: [
                            "OpenLetterId": .string(id.description),
                            "CodeDigest": .string(Self.digest(ofCode: code)),
                        ]
                    )
                }
                for result in try writer.save(Array(drafts), .create) {
                    if let error = result.errors.first { throw error }
                }
            }
        }
        return codes
    }

    private func publishKey(of letter: String) async throws {
        guard let known = try await office.requirePublicReading().record.letters[letter] else {
            throw RecordError(
                .invalidOperation,
                "the text of \(letter) is not in the log: it is there soon after its state is "
                    + "Collecting"
            )
        }
        let key = try key(of: letter, isNew: known.keys.isEmpty)
        guard !known.keys.contains(key.publicText) else { return }
        let entry = try LogEntry(
            kind: "letter-key",
            content: [
                "letter": .string(letter), "key": .string(key.publicText),
                "at": .string(LogCalendar.text(of: office.records.clock.now())),
            ]
        )
        _ = try await office.log.append(entry, mayBeThere: false)
    }

    private func key(of letter: String, isNew: Bool = false) throws -> LetterKey {
        guard let key = try office.letterKey(letter, isNew) else {
            throw RecordError(.notFound, "there is no letter `\(letter.prefix(20))` to be signed")
        }
        return key
    }

    /// Gives a token for a code, unseen.
    ///
    /// A code that was used gives the same token again, and no other one.
    ///
    /// - Parameter blinded: the blinded message, 256 bytes.
    package func token(for code: String, blinded: Data, of letter: String) async throws -> Data {
        let key = try key(of: letter)
        let signature = try key.sign(blinded: blinded)
        let code = Self.digest(ofCode: code)
        let asked = PolicyDigest.of(blinded)
        try await office.writing(because: "a token is given for a code", at: today) { writer in
            let id = try Self.letter(letter, writer)
            let row = try writer.rows(
                "SELECT Id, BlindedDigest FROM LetterEntitlement WHERE CodeDigest = '\(code)' "
                    + "AND OpenLetterId = '\(id)'"
            ).first
            guard let row, row.count == 2, let found = row[0].id else {
                throw RecordError(.notFound, "code: it is none of this letter")
            }
            guard let before = row[1].text else {
                return try writer.change(
                    "LetterEntitlement",
                    found,
                    ["BlindedDigest": .string(asked)]
                )
            }
            guard before == asked else {
                throw RecordError(.invalidOperation, "code: it was used")
            }
        }
        return signature
    }

    // MARK: Signing

    /// - Throws: `RecordError` where the token is none, or was used.
    package func sign(_ letter: String, _ signature: Signature) async throws {
        let values = try values(of: signature, under: letter)
        try await office.writing(because: "somebody signs a letter", at: today) { writer in
            let id = try Self.letter(letter, writer)
            var values = values
            values.members.append(.init(name: "OpenLetterId", value: .string(id.description)))
            do {
                _ = try writer.add("LetterSignature", values)
            } catch let error as RecordError where error.code == .duplicateValue {
                throw RecordError(.duplicateValue, "this token has signed already")
            }
        }
    }

    private func values(of signature: Signature, under letter: String) throws -> JSONObject {
        switch signature {
        case .named(let token, let line):
            try key(of: letter).check(token, of: letter)
            guard line.utf8.count <= Self.lineMaxBytes, line.contains(where: { !$0.isWhitespace })
            else {
                throw RecordError(
                    .invalidInput,
                    "line: say in at most \(Self.lineMaxBytes) bytes how you wish to be named"
                )
            }
            return [
                "Mode": "Named", "IsVerified": .bool(true), "Nullifier": .string(token.nullifier),
                "DisplayLine": .string(line),
            ]
        case .unnamed(let token):
            try key(of: letter).check(token, of: letter)
            return [
                "Mode": "Verified unnamed", "IsVerified": .bool(true),
                "Nullifier": .string(token.nullifier),
            ]
        case .supporter(let nonce):
            let hash = SupporterWork.hash(nonce, for: letter)
            guard nonce.utf8.count <= Self.nonceMaxBytes, SupporterWork.isDone(hash) else {
                throw RecordError(
                    .invalidInput,
                    "nonce: the hash of a supporter's nonce begins with \(SupporterWork.bits) zeros"
                )
            }
            return ["Mode": "Supporter", "Nullifier": .string("work-\(HexText.of(hash))")]
        }
    }

    /// Takes a signature back: without a trace before it was published, struck through after that.
    package func withdraw(_ token: LetterToken, from letter: String) async throws {
        try key(of: letter).check(token, of: letter)
        let nullifier = token.nullifier
        let day = LogCalendar.dayText(of: today)
        try await office.writing(because: "somebody takes a signature back", at: today) { writer in
            let row = try writer.rows(
                "SELECT Id, LetterBatchId FROM LetterSignature WHERE Nullifier = '\(nullifier)'"
            ).first
            guard let row, row.count == 2, let id = row[0].id else {
                throw RecordError(.notFound, "this token has signed nothing")
            }
            if row[1].id == nil {
                // Out of the recycle bin too: nothing is to be found there by whoever looks.
                for results in [
                    try writer.delete([id.description]), try writer.purge([id.description]),
                ] {
                    if let error = results.first?.errors.first { throw error }
                }
            } else {
                try writer.change("LetterSignature", id, ["StruckOn": .string(day)])
            }
        }
    }

    // MARK: Codes

    private static let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    /// Twenty characters that are not taken for each other, with 100 bits of chance.
    private static func newCode() -> String {
        var generator = SystemRandomNumberGenerator()
        let characters = (0..<20).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }
        return stride(from: 0, to: 20, by: 5)
            .map { String(characters[$0..<($0 + 5)]) }
            .joined(separator: "-")
    }

    private static func digest(ofCode code: String) -> String {
        PolicyDigest.of(code.uppercased().filter { $0.isLetter || $0.isNumber })
    }

    private static func letter(_ number: String, _ reader: RecordReader) throws -> RecordID {
        guard let id = try reader.row("Id", of: "OpenLetter", numbered: number)?.first?.id else {
            throw RecordError(.notFound, "there is no letter `\(number.prefix(20))`")
        }
        return id
    }
}
