import Metadata

/// What a value is found by: two values that match have a token in common.
///
/// Tokens narrow a search; they decide nothing. Where a method lets two values match that share no
/// token (a first letter mistyped, and the like), `docs/metadata/duplicates.md` says so.
extension MatchValue {
    static let tokensMax = 12

    /// Few and never empty for a value that is there.
    func tokens(threshold: Int) -> [String] {
        let found = allTokens(threshold: threshold)
        var seen: Set<String> = []
        return Array(found.filter { seen.insert($0).inserted }.prefix(MatchValue.tokensMax))
    }

    private func allTokens(threshold: Int) -> [String] {
        switch method {
        case .exact, .email: return [text]
        case .firstName: return firstNameTokens
        case .lastName:
            return MatchValue.neighbourhood(of: sound.map { Array($0.unicodeScalars) } ?? letters)
        case .companyName: return companyTokens(threshold)
        case .phone:
            guard case .phone(let digits) = parts else { return [] }
            let line = "l" + digits.all.suffix(7)
            return digits.national.map { [line, "a" + $0.prefix(6)] } ?? [line]
        case .city, .editDistance: return editTokens(threshold)
        case .street:
            guard case .street(let street) = parts else { return [] }
            let name = "s" + MatchText.string(street.name.prefix(4))
            return street.number.isEmpty ? [name] : ["n" + street.number, name]
        case .zip: return [MatchText.string(letters.prefix(5))]
        case .title: return words.map(MatchText.string) + [MatchText.string(initials)]
        case .jaroWinkler: return MatchValue.neighbourhood(of: Array(letters.prefix(4)))
        case .nGram: return MatchValue.gramTokens(letters, threshold)
        case .metaphone: return sounds.contains("") ? [text] : [sounds.joined(separator: " ")]
        }
    }

    /// How a name of one word sounds; `nil` where that cannot be said.
    private var sound: String? {
        let sound = sounds.joined()
        return sounds.contains("") || sound.isEmpty ? nil : sound
    }

    /// The initial of the name, and of each name that it may be a form of.
    private var firstNameTokens: [String] {
        guard let first = words.first else { return [text] }
        let forms = [MatchText.string(first)] + Nicknames.groups(of: MatchText.string(first))
        return forms.compactMap(\.unicodeScalars.first).map { String(Character($0)) }
    }

    private var initials: [Unicode.Scalar] { words.compactMap(\.first) }

    /// The longest words by their sound, the initials, and runs of letters of the whole.
    private func companyTokens(_ threshold: Int) -> [String] {
        let longest = words.sorted {
            ($1.count, MatchText.string($0)) < ($0.count, MatchText.string($1))
        }
        let sounds = longest.prefix(3).map { word in
            let code = Metaphone.code(word)
            return "w" + (code.isEmpty ? MatchText.string(word) : code)
        }
        let acronym = words.count == 1 ? words[0] : initials
        return sounds + ["i" + MatchText.string(acronym)]
            + MatchValue.gramTokens(letters.filter { $0 != " " }, threshold)
    }

    /// A text and what is left of it without one of its letters: two texts that one mistake parts
    /// share one of these.
    private static func neighbourhood(of letters: Letters) -> [String] {
        let word = Array(letters.prefix(MatchValue.tokensMax - 2))
        let without = word.indices.map { index in
            var rest = word
            rest.remove(at: index)
            return MatchText.string(rest)
        }
        return [MatchText.string(word)] + without.filter { !$0.isEmpty }
    }

    /// Of the pairs of letters, those that come first in an order without meaning: so few that two
    /// texts with so few mistakes cannot differ in all of them.
    private func editTokens(_ threshold: Int) -> [String] {
        let share = Double(100 - threshold) / 100
        let longest = Double(letters.count) / max(0.01, 1 - share)
        let mistakes = Int((share * longest).rounded(.down))
        guard letters.count > 2 * mistakes else { return [text] + pairs }
        return Array(MatchValue.shuffled(pairs).prefix(2 * mistakes + 1))
    }

    private var pairs: [String] {
        let padded = [" "] + letters + [" "]
        return (0..<(padded.count - 1)).map { MatchText.string(padded[$0...($0 + 1)]) }
    }

    private static func gramTokens(_ letters: Letters, _ threshold: Int) -> [String] {
        let grams = NGrams.of(letters)
        // Dice's measure d lets the sizes differ by the factor (2 - d) / d.
        let dice = Double(threshold) / 100
        let shared = Int((dice / (2 - dice) * Double(grams.count)).rounded(.up))
        return Array(shuffled(grams).prefix(max(1, grams.count - shared + 1)))
    }

    private static func shuffled(_ texts: [String]) -> [String] {
        texts.map { (MatchKey.hash($0), $0) }.sorted { $0 < $1 }.map(\.1)
    }
}

/// The numbers under which records are found.
package enum MatchKey {
    /// FNV-1a, 64 bits, with its bits mixed at the end: the same in every process and for ever.
    package static func hash(_ text: String) -> UInt64 {
        var code: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { code = (code ^ UInt64(byte)) &* 0x100_0000_01b3 }
        code ^= code >> 33
        code &*= 0xff51_afd7_ed55_8ccd
        code ^= code >> 33
        return code
    }

    static func number(_ text: String) -> Int64 { Int64(bitPattern: hash(text)) }
}
