/// Why a formula was refused, and where in its text.
package struct FormulaError: Error, Hashable, Sendable {
    /// What is wrong and what would be right, without the place.
    package let message: String
    /// UTF-8 offset in the formula's text, from 0.
    package let offset: Int
    /// From 1.
    package let line: Int
    /// In characters, from 1.
    package let column: Int
    /// Of criteria, the condition at fault, counted from zero.
    package let item: Int?

    package init(
        _ message: String,
        offset: Int = 0,
        line: Int = 1,
        column: Int = 1,
        item: Int? = nil
    ) {
        self.message = message
        self.offset = offset
        self.line = line
        self.column = column
        self.item = item
    }
}

/// Why a formula has no value for one record.
package struct FormulaFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable {
        /// Division by zero, a root of a negative number and the like.
        case arithmetic
        /// A number, a date or a text beyond what can be held.
        case range
        /// A text that is no number, date, time or id.
        case conversion
        /// What the context was asked for and does not have.
        case unavailable
        /// More work than one formula may make.
        case limit
    }

    package let kind: Kind
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }
}
