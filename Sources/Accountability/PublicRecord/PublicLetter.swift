package import Metadata

/// An open letter, from the freezing of its text to its answer.
package struct PublicLetter: Hashable, Sendable {
    /// Signatures that were published together.
    package struct Batch: Hashable, Sendable {
        package let index: Int
        package let number: String
        package let at: Instant
        /// The lines of those who sign with their names.
        package let named: [String]
        /// How many more were shown to be entitled, without their names.
        package let verified: Int
        /// How many others, of whom nothing is known; a band.
        package let supporters: String?
        package let nullifiers: [String]

        /// How many entitled people signed, each once.
        var entitled: Int { max(nullifiers.count, verified + named.count) }
    }

    package let frozen: PublicFacts
    /// The letter's key for tokens, and when it was committed to.
    package internal(set) var keys: [String] = []
    package internal(set) var batches: [Batch] = []
    package internal(set) var published: PublicFacts?
    package internal(set) var answered: PublicFacts?

    package var id: String { frozen.id }
    package var named: [String] { batches.flatMap(\.named) }
    /// Entitled people without their names.
    package var verified: Int { batches.map(\.verified).reduce(0, PublicLetter.sum) }
    /// Everybody who is known to be entitled; supporters are never among them.
    package var entitled: Int { batches.map(\.entitled).reduce(0, PublicLetter.sum) }
    /// The bands of supporters, batch by batch; they are not added up.
    package var supporterBands: [String] { batches.compactMap(\.supporters) }

    /// The sum, no more than a number of the log can be: strangers say there are more.
    private static func sum(_ one: Int, _ other: Int) -> Int {
        min(one + other, CanonicalJSON.integerMax)
    }

    /// When as many entitled people had signed as oblige to an answer.
    package var thresholdReachedAt: Instant? {
        guard let threshold = frozen.count("AnswerThreshold"), threshold > 0 else { return nil }
        var sum = 0
        for batch in batches {
            sum = PublicLetter.sum(sum, batch.entitled)
            if sum >= threshold { return batch.at }
        }
        return nil
    }
}

extension PublicLetter.Batch {
    /// - Throws: `LogFormatError` where the entry names no letter or moment.
    static func read(
        _ entry: LogEntry,
        index: Int
    ) throws(LogFormatError) -> (letter: String, batch: Self) {
        let content = ContentReader(entry.content)
        let number =
            switch entry.content["batch"] {
            case .integer(let number): String(number)
            case .string(let text): text
            default: throw LogFormatError("log entry", "batch", "is missing")
            }
        let supporters: String? =
            switch entry.content["supporters"] {
            case .string(let band): band
            case .integer(let count): CountBand.text(count)
            default: nil
            }
        return (
            try content.text("letter"),
            Self(
                index: index,
                number: number,
                at: try content.moment("at"),
                named: content.texts("named"),
                verified: try content.count("verified"),
                supporters: supporters,
                nullifiers: content.texts("nullifiers")
            )
        )
    }
}
