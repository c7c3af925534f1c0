extension SOQLStatement {
    /// A piece of what `LIKE` compares with.
    package enum LikePart: Hashable, Sendable {
        /// Exactly these characters; never empty.
        case text(String)
        /// `%`: any characters, or none.
        case anyCharacters
        /// `_`: one character.
        case oneCharacter
    }

    /// Takes the pattern apart that a string compared with `LIKE` is.
    ///
    /// - Parameter string: the text of a `Value.string` that stands after `LIKE`: `%` and `_` are
    ///   wild cards unless a backslash stands before them.
    /// - Returns: its pieces in order; none for an empty string.
    package static func likePattern(_ string: String) -> [LikePart] {
        var parts: [LikePart] = []
        var text = ""
        var isEscaped = false

        func endText() {
            guard !text.isEmpty else { return }
            parts.append(.text(text))
            text = ""
        }

        for scalar in string.unicodeScalars {
            switch scalar {
            case _ where isEscaped:
                text.unicodeScalars.append(scalar)
                isEscaped = false
            case "\\":
                isEscaped = true
            case "%":
                endText()
                parts.append(.anyCharacters)
            case "_":
                endText()
                parts.append(.oneCharacter)
            default:
                text.unicodeScalars.append(scalar)
            }
        }
        endText()
        return parts
    }

    /// What the string of a `LIKE` says when nothing in it is a wild card: escapes lose their
    /// backslash, and `%` and `_` stand for themselves.
    ///
    /// Only a string that stands after `LIKE` needs this; every other one is plain already.
    package static func plainText(ofLike string: String) -> String {
        var text = ""
        for part in likePattern(string) {
            switch part {
            case .text(let characters): text += characters
            case .anyCharacters: text += "%"
            case .oneCharacter: text += "_"
            }
        }
        return text
    }
}
