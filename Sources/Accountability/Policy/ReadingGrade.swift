import Foundation

/// How many years of school an English text asks of its reader.
///
/// Source: Kincaid, Fishburne, Rogers, Chissom (1975): 0.39 words per sentence + 11.8 syllables per
/// word - 15.59. Syllables are counted as groups of vowels, a silent `e` at the end left out, which
/// is near enough for a bound.
package struct ReadingGrade: Hashable, Sendable {
    package let words: Int
    package let sentences: Int
    package let syllables: Int

    /// - Parameter text: Markdown or plain; a heading and an item of a list end a sentence.
    package init(of text: String) {
        var words = 0
        var syllables = 0
        var sentences = 0
        for sentence in ReadingGrade.sentences(of: text) {
            let parts = sentence.split { !$0.isLetter && $0 != "'" && $0 != "’" }
                .filter { $0.contains(where: \.isLetter) }
            guard !parts.isEmpty else { continue }
            sentences += 1
            words += parts.count
            for part in parts { syllables += ReadingGrade.syllables(of: part) }
        }
        self.words = words
        self.sentences = sentences
        self.syllables = syllables
    }

    /// The years; 0 for a text without words.
    package var years: Double {
        guard words > 0, sentences > 0 else { return 0 }
        return 0.39 * Double(words) / Double(sentences)
            + 11.8 * Double(syllables) / Double(words) - 15.59
    }

    private static func sentences(of text: String) -> [Substring] {
        var paragraphs: [String] = [""]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            let begins = ["#", "- ", "* ", "|", ">"].contains { trimmed.hasPrefix($0) }
            if trimmed.isEmpty || begins { paragraphs.append("") }
            paragraphs[paragraphs.count - 1] += trimmed + " "
        }
        return paragraphs.flatMap { paragraph in
            paragraph.split { ".!?:;|".contains($0) }
        }
    }

    static func syllables(of word: Substring) -> Int {
        let letters = word.lowercased().filter(\.isLetter)
        var count = 0
        var wasVowel = false
        for letter in letters {
            let isVowel = "aeiouyäöüéè".contains(letter)
            if isVowel && !wasVowel { count += 1 }
            wasVowel = isVowel
        }
        let isSilent = letters.hasSuffix("e") && !letters.hasSuffix("le") && count > 1
        return max(1, isSilent ? count - 1 : count)
    }
}
