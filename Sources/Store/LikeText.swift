/// A pattern of `LIKE`, taken apart as far as an index needs it.
struct LikeText {
    let text: String
    /// What stands before the first wild card, without escapes.
    let prefix: String
    /// Whether there is no wild card.
    let isPlain: Bool
    /// Whether a `%` at the end is the only one.
    let isPrefixOnly: Bool

    init(_ pattern: String) {
        text = pattern
        var prefix = String.UnicodeScalarView()
        var scalars = Substring(pattern).unicodeScalars
        while let next = scalars.first, next != "%", next != "_" {
            scalars.removeFirst()
            // A backslash at the very end stands for itself.
            prefix.append(next == "\\" ? scalars.popFirst() ?? next : next)
        }
        self.prefix = String(prefix)
        isPlain = scalars.isEmpty
        isPrefixOnly = scalars.count == 1 && scalars.first == "%"
    }

    /// Text as a pattern that only it fits.
    static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { escaped.append("\\") }
            escaped.append(scalar)
        }
        return String(escaped)
    }
}
