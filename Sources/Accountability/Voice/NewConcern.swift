package import Crypto
package import Foundation
import Kernel
package import Metadata

/// What somebody says without a login, before it is sealed.
package struct NewConcern: Sendable {
    /// The words, or what was sealed where they were written.
    package enum Words: Sendable {
        case plain(String)
        case sealed(SealedConcern)
    }

    /// What a client has sealed by itself, so that this machine never saw the words.
    package struct SealedConcern: Sendable {
        package let text: SealedText
        package let identity: SealedText?
        package let sketch: TextSketch?
        /// The first 32 bytes that were derived from the receipt.
        package let derived: Data
        package let mailboxKey: Curve25519.KeyAgreement.PublicKey

        package init(
            text: SealedText,
            identity: SealedText?,
            sketch: TextSketch?,
            derived: Data,
            mailboxKey: Curve25519.KeyAgreement.PublicKey
        ) {
            self.text = text
            self.identity = identity
            self.sketch = sketch
            self.derived = derived
            self.mailboxKey = mailboxKey
        }
    }

    package static let textMaxBytes = 30_000
    package static let identityMaxBytes = 4_000
    package static let filesMax = 5

    package let words: Words
    /// Who they are, where they wish to say it; only with words that are not sealed yet.
    package let identity: String?
    package let files: [CleanedFile]
    /// What is kept as it is: `OrgNamed`, `Product`, `ReporterKind`, `Wish`, `Language`,
    /// `WantsMeeting`.
    package let facts: JSONObject

    /// - Throws: `RecordError` that names the part at fault.
    package init(
        words: Words,
        identity: String? = nil,
        files: [CleanedFile] = [],
        facts: JSONObject
    ) throws {
        if case .plain(let text) = words {
            guard text.contains(where: { !$0.isWhitespace }) else {
                throw RecordError(.missingArgument, "text: say what happens, and to whom")
            }
            guard text.utf8.count <= Self.textMaxBytes else {
                throw RecordError(
                    .stringTooLong,
                    "text: it has \(text.utf8.count) bytes; \(Self.textMaxBytes) can be taken"
                )
            }
        }
        guard identity.map({ $0.utf8.count <= Self.identityMaxBytes }) ?? true else {
            throw RecordError(
                .stringTooLong,
                "identity: \(Self.identityMaxBytes) bytes can be taken"
            )
        }
        guard files.count <= Self.filesMax else {
            throw RecordError(.invalidInput, "files: \(Self.filesMax) can be taken at once")
        }
        if identity != nil, facts["Wish"]?.string ?? "Anonymous" == "Anonymous" {
            throw RecordError(
                .invalidInput,
                "identity: leave it out to be anonymous, or choose to be confidential or named"
            )
        }
        self.words = words
        self.identity = identity
        self.files = files
        self.facts = facts
    }

    /// What it is about, as far as it belongs to whether two concerns say the same.
    var subject: String {
        "\(facts["OrgNamed"]?.string ?? "") \(facts["Product"]?.string ?? "")"
    }

    var sketch: TextSketch? {
        switch words {
        case .plain(let text): TextSketch(of: text, about: subject)
        case .sealed(let sealed): sealed.sketch
        }
    }
}

/// What whoever raised a concern is told at once.
package enum RaisedConcern: Sendable {
    /// It is kept; the receipt opens its mailbox, and is told this once. None for whoever made one.
    case kept(Receipt?)
    /// So many have said the same that one more is only counted, with the one that was first.
    case counted(with: String)
}
