extension SourceSpan {
    /// What is wrong here, under the offending row and a caret that points at the place.
    ///
    /// ```
    ///
    /// SELECT Id FRM Account
    ///           ^
    /// ERROR at Row:1:Column:11
    /// unexpected token: 'Account'
    /// ```
    ///
    /// The first line is empty. Only the offending row is quoted, from 32 characters before the
    /// column to 64 after it.
    ///
    /// - Parameters:
    ///   - detail: what is wrong, without the place.
    ///   - text: the text that the span was made from; with another one the quotation is wrong, but
    ///     nothing else.
    /// - Returns: five lines, the last of them the detail.
    package func located(_ detail: String, in text: String) -> String {
        let row = rowText(in: text)
        let before = max(0, column - 1)
        let quotedBefore = min(before, 32)
        let quoted = row.dropFirst(before - quotedBefore).prefix(quotedBefore + 64)
        let indent = String(repeating: " ", count: quotedBefore)
        var message = "\n"
        message.unicodeScalars.append(contentsOf: quoted)
        message += "\n\(indent)^\nERROR at Row:\(self.row):Column:\(column)\n\(detail)"
        return message
    }

    /// The line in which the span starts.
    ///
    /// In Unicode scalars, as columns are: in a `String`, CR and LF would be one character.
    private func rowText(in text: String) -> Substring.UnicodeScalarView {
        let scalars = text.unicodeScalars
        let utf8 = text.utf8
        let place =
            utf8.index(utf8.startIndex, offsetBy: max(0, start), limitedBy: utf8.endIndex)
            ?? utf8.endIndex
        let before = scalars[..<place].lastIndex(of: "\n")
        let first = before.map { scalars.index(after: $0) } ?? scalars.startIndex
        let rest = scalars[first...]
        let line = rest[..<(rest.firstIndex(of: "\n") ?? rest.endIndex)]
        return line.last == "\r" ? line.dropLast() : line
    }
}

extension SyntaxError {
    /// The whole message for the writer of `text`: the detail, and the place where there is one.
    package func message(in text: String) -> String {
        span?.located(detail, in: text) ?? detail
    }
}
