/// Why a query text was refused before any name in it was looked up.
package struct SyntaxError: Error, Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case malformedQuery, malformedSearch, numberOutsideValidRange
    }

    package let kind: Kind
    /// What is wrong and what would be right, without the place.
    package let detail: String
    /// Where it starts; `nil` when it concerns the whole text.
    package let span: SourceSpan?

    package init(_ detail: String, at span: SourceSpan?, kind: Kind = .malformedQuery) {
        self.kind = kind
        self.detail = detail
        self.span = span
    }
}
