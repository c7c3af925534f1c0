import Yams

/// Where the characters of a YAML text stand in its file.
struct TextPlace: Sendable {
    /// One line of the text's source.
    private struct Line {
        /// In the file.
        let number: Int
        /// Of its first character.
        let column: Int
        let count: Int
    }

    private let lines: [Line]
    /// Whether the line breaks of the source are those of the text.
    private let keepsLines: Bool

    /// `nil` for what is no text.
    init?(_ node: Node, in source: [Substring]) {
        guard case .scalar(let scalar) = node, let mark = scalar.mark, mark.line >= 1,
            mark.line <= source.count
        else { return nil }
        let count = scalar.string.count
        switch scalar.style {
        case .literal, .folded:
            keepsLines = scalar.style == .literal
            lines = Self.block(after: mark.line, in: source, count)
        case .singleQuoted, .doubleQuoted:
            keepsLines = false
            lines = Self.flow(at: mark.line, column: mark.column + 1, in: source, count)
        case .any, .plain:
            keepsLines = false
            lines = Self.flow(at: mark.line, column: mark.column, in: source, count)
        }
    }

    /// The lines of a block, whose indentation is that of its first line with characters.
    private static func block(after header: Int, in source: [Substring], _ count: Int) -> [Line] {
        let body = source[header...]
        let first = body.first { line in !line.allSatisfy(\.isWhitespace) } ?? ""
        let indentation = first.prefix { $0 == " " }.count
        return lines(body, from: header + 1, count) { _, _ in indentation }
    }

    /// The rest of the first line, and the further lines without the blanks in front of them.
    private static func flow(
        at line: Int,
        column: Int,
        in source: [Substring],
        _ count: Int
    ) -> [Line] {
        lines(source[(line - 1)...], from: line, count) { number, text in
            number == line ? column - 1 : text.prefix { $0 == " " }.count
        }
    }

    /// As many lines as it takes to hold so many characters.
    private static func lines(
        _ source: ArraySlice<Substring>,
        from first: Int,
        _ count: Int,
        indentation: (Int, Substring) -> Int
    ) -> [Line] {
        var lines: [Line] = []
        var rest = count
        for (number, text) in zip(first..., source) {
            let blanks = indentation(number, text)
            let line = Line(number: number, column: blanks + 1, count: max(0, text.count - blanks))
            lines.append(line)
            rest -= line.count + 1
            if rest < 0 { break }
        }
        return lines
    }

    /// The place in the file of a place in the text; both count from one.
    ///
    /// Exact for text that stands as it is; where it was folded, a line break is a blank.
    func place(ofLine line: Int, column: Int) -> (line: Int, column: Int)? {
        if keepsLines {
            guard lines.indices.contains(line - 1) else { return nil }
            return (lines[line - 1].number, lines[line - 1].column + column - 1)
        }
        var rest = line == 1 ? column - 1 : 0
        for place in lines {
            if rest <= place.count { return (place.number, place.column + rest) }
            rest -= place.count + 1
        }
        return nil
    }
}
