import Metadata

/// One field's value, made ready to be compared by one method.
struct MatchValue: Sendable {
    typealias Letters = [Unicode.Scalar]

    let method: MatchingMethod
    /// The value as a whole, folded; empty where there is none.
    let text: String
    let letters: Letters
    let words: [Letters]
    /// How the first words sound.
    let sounds: [String]
    /// The parts of a phone number, a street or a postal code.
    let parts: Parts

    enum Parts: Sendable, Hashable {
        case none
        case phone(PhoneDigits)
        case street(StreetParts)
    }

    var isBlank: Bool { text.isEmpty }

    init(_ value: FieldValue, _ field: FieldDefinition, _ method: MatchingMethod) {
        self.method = method
        let raw: String =
            switch value {
            case .text(let text): text
            case .null, .blob: ""
            case .boolean, .number, .date, .dateTime, .time, .id, .coordinate:
                HistoricText.text(of: value, field) ?? ""
            }
        var words = method.comparesWords ? MatchText.words(raw) : []
        switch method {
        case .companyName: words = CompanyWords.significant(words)
        case .street: words = StreetParts.plain(words)
        case .exact, .firstName, .lastName, .phone, .city, .zip, .title, .email, .editDistance,
            .jaroWinkler, .nGram, .metaphone:
            break
        }
        self.words = words
        switch method {
        case .exact: text = MatchText.folded(raw)
        case .email: text = EmailAddress.normalized(raw)
        case .phone: text = PhoneDigits(raw)?.all ?? ""
        case .zip: text = MatchText.string(MatchText.words(raw).joined())
        case .firstName, .lastName, .companyName, .city, .street, .title, .editDistance,
            .jaroWinkler, .nGram, .metaphone:
            text = words.map(MatchText.string).joined(separator: " ")
        }
        letters = Array(text.unicodeScalars)
        sounds = method.comparesSounds ? words.prefix(4).map(Metaphone.code) : []
        switch method {
        case .phone: parts = PhoneDigits(raw).map { .phone($0) } ?? .none
        case .street: parts = words.isEmpty ? .none : .street(StreetParts(words))
        case .exact, .firstName, .lastName, .companyName, .city, .zip, .title, .email,
            .editDistance, .jaroWinkler, .nGram, .metaphone:
            parts = .none
        }
    }
}

extension MatchingMethod {
    fileprivate var comparesWords: Bool {
        switch self {
        case .exact, .email, .phone, .zip: false
        case .firstName, .lastName, .companyName, .city, .street, .title, .editDistance,
            .jaroWinkler, .nGram, .metaphone:
            true
        }
    }

    fileprivate var comparesSounds: Bool {
        switch self {
        case .lastName, .companyName, .metaphone: true
        case .exact, .firstName, .phone, .city, .street, .zip, .title, .email, .editDistance,
            .jaroWinkler, .nGram:
            false
        }
    }
}

// MARK: - Kinds of values

/// Addresses of mail that reach the same box.
package enum EmailAddress {
    /// Lower case, without what stands behind a `+`; without dots where the host ignores them.
    package static func normalized(_ text: String) -> String {
        let folded = MatchText.folded(text)
        guard let at = folded.lastIndex(of: "@") else { return folded }
        var host = String(folded[folded.index(after: at)...])
        var box = String(folded[..<at].prefix { $0 != "+" })
        if host == "googlemail.com" { host = "gmail.com" }
        if host == "gmail.com" { box = box.replacing(".", with: "") }
        return "\(box)@\(host)"
    }
}

/// The digits of a phone number, without what leads to another country and without an extension.
package struct PhoneDigits: Sendable, Hashable {
    /// All digits, without leading zeros.
    package let all: String

    /// `nil` for a text with fewer than five digits.
    package init?(_ text: String) {
        let folded = MatchText.folded(text)
        // `x12` and `ext. 12` are not part of the number.
        let number = folded.prefix { $0 != "x" && $0 != "e" && $0 != "#" }
        let digits = number.unicodeScalars.compactMap { scalar in
            scalar.properties.numericType == .decimal
                ? scalar.properties.numericValue.map { String(Int($0)) } : nil
        }
        .joined()
        let significant = String(digits.drop { $0 == "0" })
        guard significant.count >= 5 else { return nil }
        all = significant
    }

    /// The last ten digits, as a number within one country; `nil` for a shorter one.
    var national: Substring? { all.count >= 10 ? all.suffix(10) : nil }
    var country: Substring { all.dropLast(min(10, all.count)) }

    /// How alike, of 100: the area counts half, then the exchange, the line and the country.
    package static func likeness(_ left: PhoneDigits, _ right: PhoneDigits) -> Double {
        if left.all == right.all { return 100 }
        let (short, long) =
            left.all.count <= right.all.count ? (left.all, right.all) : (right.all, left.all)
        // The same number, once with its area or country and once without.
        if short.count >= 7, long.hasSuffix(short) { return 95 }
        guard let one = left.national, let other = right.national else { return 0 }
        var sum = 0.0
        if one.prefix(3) == other.prefix(3) { sum += 50 }
        if one.dropFirst(3).prefix(3) == other.dropFirst(3).prefix(3) { sum += 30 }
        if one.suffix(4) == other.suffix(4) { sum += 10 }
        if left.country == right.country || left.country.isEmpty || right.country.isEmpty {
            sum += 10
        }
        return sum
    }
}

/// A name of an organization without the words that say its legal form.
enum CompanyWords {
    private static let forms: Set<String> = [
        "ab", "ag", "as", "asa", "bv", "co", "company", "corp", "corporation", "cv", "eg", "ek",
        "ev", "gbr", "gmbh", "gmbhcokg", "inc", "incorporated", "kg", "kgaa", "kk", "limited",
        "llc", "llp", "lp", "ltd", "ltda", "mbh", "nv", "ohg", "oy", "oyj", "plc", "pte", "pty",
        "sa", "sarl", "sas", "se", "sl", "spa", "sro", "srl", "ug",
    ]
    private static let fillers: Set<String> = [
        "and", "the", "of", "und", "der", "die", "das", "et", "y", "e", "le", "la", "de",
    ]

    /// Without legal forms and fillers, unless nothing else is there.
    static func significant(_ words: [[Unicode.Scalar]]) -> [[Unicode.Scalar]] {
        let kept = words.filter { word in
            let text = MatchText.string(word)
            return !forms.contains(text) && !fillers.contains(text)
        }
        return kept.isEmpty ? words : kept
    }
}

/// The parts of a street line: its name, the house's number, the kind of street, the unit.
struct StreetParts: Sendable, Hashable {
    let name: [Unicode.Scalar]
    let number: String
    let kind: String
    let unit: String

    private static let kinds: [String: String] = [
        "street": "st", "str": "st", "strasse": "st", "avenue": "ave", "av": "ave", "road": "rd",
        "boulevard": "blvd", "drive": "dr", "lane": "ln", "court": "ct", "place": "pl",
        "square": "sq", "terrace": "ter", "highway": "hwy", "parkway": "pkwy", "circle": "cir",
        "platz": "pl", "weg": "way", "allee": "ave", "st": "st", "ave": "ave", "rd": "rd",
        "blvd": "blvd", "dr": "dr", "ln": "ln", "ct": "ct", "pl": "pl", "sq": "sq", "ter": "ter",
        "hwy": "hwy", "pkwy": "pkwy", "cir": "cir", "way": "way",
    ]
    private static let directions: [String: String] = [
        "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne",
        "northwest": "nw", "southeast": "se", "southwest": "sw",
    ]
    private static let units: Set<String> = [
        "apt", "apartment", "suite", "ste", "unit", "room", "rm", "floor", "fl", "no", "c",
    ]

    /// Words in their short forms; a kind of street that is written onto its name stands apart.
    static func plain(_ words: [[Unicode.Scalar]]) -> [[Unicode.Scalar]] {
        words.flatMap { word -> [[Unicode.Scalar]] in
            let text = MatchText.string(word)
            if let short = kinds[text] ?? directions[text] { return [Array(short.unicodeScalars)] }
            for ending in ["strasse", "straße", "str"] where text.count > ending.count + 2 {
                guard text.hasSuffix(ending) else { continue }
                return [
                    Array(text.dropLast(ending.count).unicodeScalars), Array("st".unicodeScalars),
                ]
            }
            return [word]
        }
    }

    /// - Parameter words: in their short forms.
    init(_ words: [[Unicode.Scalar]]) {
        var name: [[Unicode.Scalar]] = []
        var (number, kind, unit) = ("", "", "")
        var isUnit = false
        for word in words {
            let text = MatchText.string(word)
            let hasDigit = word.contains { $0.properties.numericType != nil }
            if isUnit {
                unit += text
            } else if StreetParts.units.contains(text), !name.isEmpty {
                isUnit = true
            } else if hasDigit, number.isEmpty {
                number = text
            } else if StreetParts.kinds[text] != nil, !name.isEmpty, kind.isEmpty {
                kind = text
            } else {
                name.append(word)
            }
        }
        self.name = Array(name.joined())
        self.number = number
        self.kind = kind
        self.unit = unit
    }

    /// How alike, of 100: the name counts half, then the number, the kind and the unit.
    static func likeness(_ left: StreetParts, _ right: StreetParts) -> Double {
        var (sum, total) = (50 * Similarity.edits(left.name, right.name), 50.0)
        func add(_ one: String, _ other: String, _ weight: Double, missingCounts: Bool) {
            if one.isEmpty && other.isEmpty { return }
            if !missingCounts && (one.isEmpty || other.isEmpty) { return }
            total += weight
            if one == other { sum += weight }
        }
        add(left.number, right.number, 20, missingCounts: true)
        add(left.kind, right.kind, 15, missingCounts: false)
        add(left.unit, right.unit, 15, missingCounts: false)
        return 100 * sum / total
    }
}
