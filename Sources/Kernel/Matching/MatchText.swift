private import Foundation

/// Texts as matching sees them: without case, accents, width and punctuation.
///
/// Folding is for comparing only; what is stored and shown stays as it was written.
package enum MatchText {
    /// Lower case, compatibility forms made plain (`ﬁ` is `fi`, `Ａ` is `a`), accents dropped,
    /// white space made single blanks.
    package static func folded(_ text: String) -> String {
        var folded = ""
        folded.reserveCapacity(text.utf8.count)
        var isGap = false
        for scalar in letters(text) {
            if scalar.properties.isWhitespace {
                isGap = !folded.isEmpty
            } else {
                if isGap { folded.unicodeScalars.append(" ") }
                isGap = false
                folded.unicodeScalars.append(scalar)
            }
        }
        return folded
    }

    /// The words: runs of letters and digits; an apostrophe does not part them.
    package static func words(_ text: String) -> [[Unicode.Scalar]] {
        var words: [[Unicode.Scalar]] = []
        var word: [Unicode.Scalar] = []
        for scalar in letters(text) {
            if isWordLetter(scalar) {
                word.append(scalar)
            } else if !isApostrophe(scalar), !word.isEmpty {
                words.append(word)
                word = []
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    package static func string(_ letters: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: letters)
        return String(view)
    }

    private static func letters(_ text: String) -> [Unicode.Scalar] {
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            return text.utf8.map { byte in
                Unicode.Scalar(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
            }
        }
        // Lower case first: some capitals have no plain form of their own.
        let plain = text.lowercased().decomposedStringWithCompatibilityMapping
        var letters: [Unicode.Scalar] = []
        for scalar in plain.unicodeScalars where !isAccent(scalar) {
            if let spelling = spellings[scalar] {
                letters += spelling.unicodeScalars
            } else {
                letters += scalar.properties.lowercaseMapping.unicodeScalars.filter {
                    !isAccent($0)
                }
            }
        }
        return letters
    }

    /// Letters that are no other letter with an accent, and are written so where they are missing.
    private static let spellings: [Unicode.Scalar: String] = [
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l",
        "ħ": "h", "ı": "i", "ĸ": "k", "ŋ": "n", "ŧ": "t", "ς": "σ",
    ]

    /// The combining marks of alphabets; vowel signs of other scripts are no accents.
    private static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0300...0x036F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F:
            true
        default: false
        }
    }

    private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "'" || scalar == "\u{2019}" || scalar == "\u{02BC}" || scalar == "`"
    }

    private static func isWordLetter(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .spacingMark, .nonspacingMark:
            return true
        default:
            return false
        }
    }
}
