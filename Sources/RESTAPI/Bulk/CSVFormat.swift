/// What separates the cells of a row, by the names of the Bulk API.
package enum CSVDelimiter: String, CaseIterable, Sendable {
    case backquote = "BACKQUOTE"
    case caret = "CARET"
    case comma = "COMMA"
    case pipe = "PIPE"
    case semicolon = "SEMICOLON"
    case tab = "TAB"

    /// The character itself.
    package var byte: UInt8 {
        switch self {
        case .backquote: UInt8(ascii: "`")
        case .caret: UInt8(ascii: "^")
        case .comma: UInt8(ascii: ",")
        case .pipe: UInt8(ascii: "|")
        case .semicolon: UInt8(ascii: ";")
        case .tab: UInt8(ascii: "\t")
        }
    }
}

/// What ends a row that is written, by the names of the Bulk API; a reader takes both.
package enum CSVLineEnding: String, CaseIterable, Sendable {
    case lineFeed = "LF"
    case carriageReturnLineFeed = "CRLF"
}

/// Why a text is not the CSV it should be, and where.
package struct CSVFailure: Error, Hashable, Sendable {
    /// What kind of rule was broken.
    package enum Kind: Hashable, Sendable {
        /// A quote where none may be, text after a closing quote, or a lone carriage return.
        case syntax
        /// The text ended inside quotes.
        case incomplete
        /// A row with more or fewer cells than the first.
        case raggedRow
        /// Bytes that are not UTF-8.
        case encoding
        /// A cell, row or number of columns beyond the limits.
        case limit
    }

    /// The rule that was broken.
    package let kind: Kind
    /// What was wrong, without the place.
    package let message: String
    /// 1-based line of the text; line breaks in quotes count too.
    package let line: Int
    /// 1-based column on that line, counted in bytes.
    package let column: Int
}

extension CSVFailure: CustomStringConvertible {
    package var description: String { "\(message) at [line:\(line), column:\(column)]" }
}
