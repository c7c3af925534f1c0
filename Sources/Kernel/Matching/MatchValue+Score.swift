import Metadata

/// How alike two values are.
extension MatchValue {
    /// From 0 to 100, the same either way; both values are there and made ready by the same method.
    func likeness(_ other: MatchValue) -> Double {
        if text == other.text { return 100 }
        switch method {
        case .exact, .email: return 0
        case .firstName: return firstNameLikeness(other)
        case .lastName: return lastNameLikeness(other)
        case .companyName: return companyLikeness(other)
        case .phone:
            guard case .phone(let one) = parts, case .phone(let two) = other.parts else { return 0 }
            return PhoneDigits.likeness(one, two)
        case .city, .editDistance: return 100 * Similarity.edits(letters, other.letters)
        case .street:
            guard case .street(let one) = parts, case .street(let two) = other.parts else {
                return 0
            }
            return StreetParts.likeness(one, two)
        case .zip: return zipLikeness(other)
        case .title: return titleLikeness(other)
        case .jaroWinkler: return 100 * Similarity.jaroWinkler(letters, other.letters)
        case .nGram: return 100 * Similarity.nGrams(letters, other.letters)
        case .metaphone: return sounds == other.sounds && !sounds.contains("") ? 100 : 0
        }
    }

    /// Forms of one name, initials, and slips of the pen.
    private func firstNameLikeness(_ other: MatchValue) -> Double {
        guard let one = words.first, let two = other.words.first else { return 0 }
        var best = 100 * Similarity.jaroWinkler(letters, other.letters)
        if one == two { best = max(best, 90) }
        if one.count == 1 || two.count == 1, one.first == two.first { best = max(best, 85) }
        if Nicknames.areForms(MatchText.string(one), MatchText.string(two)) {
            best = max(best, 95)
        }
        return best
    }

    /// Slips of the finger, and names that sound alike.
    private func lastNameLikeness(_ other: MatchValue) -> Double {
        let typed = 100 * Similarity.keyboard(letters, other.letters)
        guard !sounds.isEmpty, !sounds.contains(""), sounds == other.sounds else { return typed }
        return max(typed, 75 + 25 * Similarity.edits(letters, other.letters))
    }

    /// Words that look alike in any order, one word for several, and initials.
    private func companyLikeness(_ other: MatchValue) -> Double {
        let joined = [letters, other.letters].map { $0.filter { $0 != " " } }
        var best =
            100
            * max(
                Similarity.alignment(words, other.words),
                Similarity.nGrams(joined[0], joined[1])
            )
        if isAcronym(of: other) || other.isAcronym(of: self) { best = max(best, 85) }
        return best
    }

    private func titleLikeness(_ other: MatchValue) -> Double {
        if isAcronym(of: other) || other.isAcronym(of: self) { return 90 }
        return 100 * Similarity.words(words, other.words)
    }

    /// The first five characters count nine tenths.
    private func zipLikeness(_ other: MatchValue) -> Double {
        guard letters.count >= 5, other.letters.count >= 5 else { return 0 }
        guard letters.prefix(5) == other.letters.prefix(5) else { return 0 }
        // The further digits of one may be missing; different ones cost the last tenth.
        return letters.count == 5 || other.letters.count == 5 ? 95 : 90
    }

    private func isAcronym(of other: MatchValue) -> Bool {
        guard words.count == 1, let word = words.first, other.words.count >= 2 else { return false }
        return word == other.words.compactMap(\.first)
    }
}
