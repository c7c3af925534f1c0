/// A pattern of `REGEX`, as PostgreSQL's regular expressions write it.
///
/// The whole text must match, so it does not matter which of several matches is found first.
struct PostgresPattern {
    /// Fits the whole text.
    private(set) var text = ""
    private(set) var ignoresCase = false
    /// The same over folded letters, where a letter of the pattern may be several when folded.
    private(set) var folded: String?

    /// `nil` for what PostgreSQL has no way to write.
    init?(_ source: String) {
        guard source.utf8.count <= 2_000 else { return nil }
        var reader = PatternReader(source)
        if reader.take("(?i)") { ignoresCase = true }
        guard let body = reader.alternatives(), reader.isAtEnd else { return nil }
        text = "^(?:\(body))$"
        guard ignoresCase else { return }
        var rest = PatternReader(source.lowercasedLetters)
        guard rest.take("(?i)"), let lowered = rest.plainAlternatives() else { return }
        folded = "^(?:\(lowered))$"
    }
}

extension String {
    /// With the letters of a pattern folded; escapes stay what they are.
    fileprivate var lowercasedLetters: String {
        var result = ""
        var isEscaped = false
        for scalar in unicodeScalars {
            if isEscaped {
                result.unicodeScalars.append(scalar)
                isEscaped = false
            } else if scalar == "\\" {
                result.unicodeScalars.append(scalar)
                isEscaped = true
            } else {
                result += String(scalar).uppercased().lowercased()
            }
        }
        return result
    }
}
