import Metadata

/// Reads CSV as its bytes arrive, in chunks cut anywhere.
///
/// The format is RFC 4180 with a choice of delimiters: cells may be quoted, a quote inside is
/// doubled, and quoted cells may hold delimiters and line breaks. Rows end with LF or CRLF. All
/// rows must have as many cells as the first. Lines without a byte are passed over, and so is a
/// byte order mark.
///
/// ```swift
/// var reader = CSVReader()
/// for try await chunk in body {
///     reader.feed(chunk)
///     while try reader.next() { use(reader.row) }
/// }
/// reader.finish()
/// while try reader.next() { use(reader.row) }
/// ```
package struct CSVReader: Sendable {
    /// How large the parts of a text may be.
    package struct Limits: Hashable, Sendable {
        /// The largest cell: long text of 131,072 characters, each of four bytes.
        package var cellBytesMax = 524_288
        /// The largest row.
        package var rowBytesMax = 4_194_304
        /// The most cells in a row.
        package var columnCountMax = 5_000

        /// The limits as they stand by default.
        package init() {}
    }

    /// Where in the grammar the reader is between two bytes.
    private enum State {
        case byteOrderMark, rowStart, cellStart, plainCell, quotedCell
        /// After a quote in a quoted cell: the cell's end, or the first of two.
        case quoteInQuotedCell
        /// After an unquoted carriage return, which only a line feed may follow.
        case carriageReturn
    }

    /// The row that `next` has just completed; of no use before and after.
    package private(set) var row = CSVRow()

    private let delimiter: UInt8
    private let limits: Limits
    private var state = State.byteOrderMark
    private var isRowComplete = false
    private var columnCount: Int?

    private var chunk: [UInt8] = []
    /// How much of the chunk has been read.
    private var offset = 0
    private var isFinished = false

    /// The 1-based line that is being read, and its first byte's offset in the chunk, which is
    /// negative when an earlier chunk had it.
    private var line = 1
    private var lineStart = 0
    /// How many bytes of a byte order mark have been seen.
    private var markLength = 0

    /// A reader at the beginning of a text that is yet to come.
    package init(delimiter: CSVDelimiter = .comma, limits: Limits = Limits()) {
        self.delimiter = delimiter.byte
        self.limits = limits
    }

    /// A reader of a text that is there whole.
    package init(_ text: [UInt8], delimiter: CSVDelimiter = .comma, limits: Limits = Limits()) {
        self.init(delimiter: delimiter, limits: limits)
        feed(text)
        finish()
    }

    /// Gives the next bytes of the text, wherever they are cut.
    ///
    /// Cheapest when `next` has said that it needs more, since nothing is then copied.
    package mutating func feed(_ bytes: [UInt8]) {
        lineStart -= offset
        chunk = offset == chunk.count ? bytes : chunk[offset...] + bytes
        offset = 0
    }

    /// Says that no more bytes come, so that `next` can complete the last row.
    package mutating func finish() {
        isFinished = true
    }

    /// Completes the next row, which is then in `row`.
    ///
    /// After a failure the reader is of no further use.
    ///
    /// - Returns: `false` when it needs more bytes, or after `finish` when there are no more rows.
    package mutating func next() throws(CSVFailure) -> Bool {
        if isRowComplete {
            isRowComplete = false
            row.clear()
        }
        // A second reference, because reading changes the reader itself.
        let chunk = chunk
        try chunk.withUnsafeBufferPointer { (buffer) throws(CSVFailure) in
            try read(UnsafeRawBufferPointer(buffer))
        }
        if !isRowComplete, isFinished { try endText() }
        return isRowComplete
    }
}

extension CSVReader {
    /// Reads a whole text into rows of text; the first is the header.
    package static func rows(
        of text: [UInt8],
        delimiter: CSVDelimiter = .comma,
        limits: Limits = Limits()
    ) throws(CSVFailure) -> [[String]] {
        var reader = CSVReader(text, delimiter: delimiter, limits: limits)
        var rows: [[String]] = []
        while try reader.next() { rows.append(reader.row.strings) }
        return rows
    }

    /// Reads until a row is complete or the chunk is used up.
    private mutating func read(_ bytes: UnsafeRawBufferPointer) throws(CSVFailure) {
        while offset < bytes.count, !isRowComplete {
            switch state {
            case .byteOrderMark: passByteOrderMark(bytes[offset])
            case .rowStart: try startRow(bytes[offset])
            case .cellStart: startCell(bytes[offset])
            case .plainCell: try readPlainCell(bytes)
            case .quotedCell: try readQuotedCell(bytes)
            case .quoteInQuotedCell: try readAfterQuote(bytes[offset])
            case .carriageReturn: try readLineFeed(bytes[offset])
            }
        }
    }

    private mutating func passByteOrderMark(_ byte: UInt8) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if byte == mark[markLength] {
            markLength += 1
            offset += 1
            if markLength == mark.count { state = .rowStart }
        } else if markLength == 0 {
            state = .rowStart
        } else {
            keepFalseMark(mark)
        }
    }

    /// What began like a byte order mark is the first cell's text.
    private mutating func keepFalseMark(_ mark: [UInt8]) {
        for byte in mark.prefix(markLength) { row.append(byte) }
        state = .plainCell
    }

    private mutating func startRow(_ byte: UInt8) throws(CSVFailure) {
        switch byte {
        case UInt8(ascii: "\n"):
            offset += 1
            countLine()
        case UInt8(ascii: "\r"):
            offset += 1
            state = .carriageReturn
        default:
            row.line = line
            state = .cellStart
        }
    }

    private mutating func startCell(_ byte: UInt8) {
        if byte == UInt8(ascii: "\"") {
            offset += 1
            state = .quotedCell
        } else {
            state = .plainCell
        }
    }

    private mutating func readPlainCell(_ bytes: UnsafeRawBufferPointer) throws(CSVFailure) {
        let start = offset
        let delimiter = delimiter
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            if byte == delimiter || byte == 0x22 || byte == 0x0A || byte == 0x0D { break }
            end += 1
        }
        try append(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        offset = end
        guard end < bytes.count else { return }
        if bytes[end] == UInt8(ascii: "\"") {
            throw failure("a quote in an unquoted cell")
        }
        try endCell(before: bytes[end])
    }

    private mutating func readQuotedCell(_ bytes: UnsafeRawBufferPointer) throws(CSVFailure) {
        let start = offset
        var end = start
        while end < bytes.count, bytes[end] != 0x22, bytes[end] != 0x0A { end += 1 }
        let isLineFeed = end < bytes.count && bytes[end] == UInt8(ascii: "\n")
        if isLineFeed { end += 1 }
        try append(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        offset = end
        if isLineFeed {
            countLine()
        } else if end < bytes.count {
            offset += 1
            state = .quoteInQuotedCell
        }
    }

    private mutating func readAfterQuote(_ byte: UInt8) throws(CSVFailure) {
        if byte == UInt8(ascii: "\"") {
            row.append(byte)
            offset += 1
            state = .quotedCell
        } else {
            try endCell(before: byte)
        }
    }

    /// Ends a cell at the delimiter or line break that follows it.
    private mutating func endCell(before byte: UInt8) throws(CSVFailure) {
        switch byte {
        case delimiter:
            try endCell()
            offset += 1
            state = .cellStart
        case UInt8(ascii: "\n"):
            try endCell()
            offset += 1
            countLine()
            try endRow()
        case UInt8(ascii: "\r"):
            try endCell()
            offset += 1
            state = .carriageReturn
        default:
            throw failure("text after the closing quote of a cell")
        }
    }

    private mutating func readLineFeed(_ byte: UInt8) throws(CSVFailure) {
        guard byte == UInt8(ascii: "\n") else {
            throw failure("a carriage return without a line feed")
        }
        offset += 1
        countLine()
        if row.count > 0 { try endRow() } else { state = .rowStart }
    }

    /// Completes the row that the end of the text ends, if there is one.
    private mutating func endText() throws(CSVFailure) {
        switch state {
        case .byteOrderMark where markLength > 0:
            throw failure("a byte order mark cut short", kind: .encoding)
        case .byteOrderMark, .rowStart: return
        case .cellStart, .plainCell, .quoteInQuotedCell:
            try endCell()
            try endRow()
        case .quotedCell:
            throw failure("the text ends inside a quoted cell", kind: .incomplete)
        case .carriageReturn:
            throw failure("a carriage return without a line feed")
        }
    }
}

// MARK: Limits and checks

extension CSVReader {
    private mutating func append(_ run: UnsafeRawBufferPointer) throws(CSVFailure) {
        row.append(run)
        guard row.openCellByteCount <= limits.cellBytesMax else {
            throw failure("a cell of more than \(limits.cellBytesMax) bytes", kind: .limit)
        }
        guard row.byteCount <= limits.rowBytesMax else {
            throw failure("a row of more than \(limits.rowBytesMax) bytes", kind: .limit)
        }
    }

    private mutating func endCell() throws(CSVFailure) {
        row.endCell()
        if let columnCount, row.count > columnCount {
            throw rowFailure("a row with more than the first row's \(columnCount) cells")
        }
        guard row.count <= limits.columnCountMax else {
            throw failure("a row with more than \(limits.columnCountMax) cells", kind: .limit)
        }
    }

    private mutating func endRow() throws(CSVFailure) {
        if let columnCount, row.count < columnCount {
            throw rowFailure("a row with \(row.count) cells where the first has \(columnCount)")
        }
        if let column = row.firstCellNotUTF8 {
            throw rowFailure("cell \(column + 1) of the row is not UTF-8", kind: .encoding)
        }
        columnCount = row.count
        isRowComplete = true
        state = .rowStart
    }

    private mutating func countLine() {
        line += 1
        lineStart = offset
    }

    private func failure(_ message: String, kind: CSVFailure.Kind = .syntax) -> CSVFailure {
        CSVFailure(kind: kind, message: message, line: line, column: offset - lineStart + 1)
    }

    /// A failure of a row as a whole, told where it begins.
    private func rowFailure(
        _ message: String,
        kind: CSVFailure.Kind = .raggedRow
    ) -> CSVFailure {
        CSVFailure(kind: kind, message: message, line: row.line, column: 1)
    }
}
