/// A stretch of query text, by its UTF-8 offsets, and where it starts for a reader.
package struct SourceSpan: Hashable, Sendable {
    /// UTF-8 offset of the first byte.
    package var start: Int
    /// UTF-8 offset just past the last byte.
    package var end: Int
    /// 1-based line.
    package var row: Int
    /// 1-based column, counted in characters.
    package var column: Int

    package init(start: Int, end: Int, row: Int, column: Int) {
        self.start = start
        self.end = end
        self.row = row
        self.column = column
    }
}

extension SourceSpan {
    /// The same start with another end.
    func to(_ end: Int) -> SourceSpan {
        SourceSpan(start: start, end: end, row: row, column: column)
    }
}
