import Metadata

/// Writes CSV straight into bytes.
package struct CSVWriter: Sendable {
    /// Which cells get quotes.
    package enum Quoting: Sendable {
        /// Every cell, as the Bulk API's results have it.
        case all
        /// Only those whose text could be misread without.
        case minimal
    }

    /// What has been written so far.
    package private(set) var bytes: [UInt8]

    private let delimiter: UInt8
    private let lineEnding: CSVLineEnding
    private let quoting: Quoting
    /// Where the current row begins, and how many cells it has yet.
    private var rowStart = 0
    private var cellCount = 0

    /// A writer of one text, with room for `capacity` bytes from the start.
    ///
    /// The line ending is put after every row, the last one too.
    package init(
        capacity: Int = 4_096,
        delimiter: CSVDelimiter = .comma,
        lineEnding: CSVLineEnding = .lineFeed,
        quoting: Quoting = .all
    ) {
        bytes = []
        bytes.reserveCapacity(capacity)
        self.delimiter = delimiter.byte
        self.lineEnding = lineEnding
        self.quoting = quoting
    }

    /// Writes a row of text cells.
    package mutating func row(_ cells: [String]) {
        for cell in cells { self.cell(cell) }
        endRow()
    }

    /// Writes a cell of text; an empty one is empty.
    package mutating func cell(_ text: String) {
        var text = text
        text.withUTF8 { cell(utf8: UnsafeRawBufferPointer($0)) }
    }

    /// Writes a cell from its UTF-8 bytes, which are not checked.
    package mutating func cell(utf8: UnsafeRawBufferPointer) {
        separate()
        if quoting == .all || needsQuotes(utf8) {
            appendQuoted(utf8)
        } else {
            bytes.append(contentsOf: utf8)
        }
    }

    /// Writes the cell of a value that is not there.
    package mutating func null() {
        plain { _ in }
    }

    /// Writes `true` or `false`.
    package mutating func bool(_ value: Bool) {
        plain { $0.append(contentsOf: (value ? "true" : "false").utf8) }
    }

    /// Writes an integer.
    package mutating func int(_ value: Int64) {
        plain { $0.appendInteger(value) }
    }

    /// Writes a binary number, or nothing for infinities and not-a-number.
    package mutating func double(_ value: Double) {
        plain { _ = $0.appendDouble(value) }
    }

    /// Writes an exact decimal with one decimal at least; `scale` is 0 to 18.
    package mutating func decimal(_ value: Int64, scale: Int) {
        plain { $0.appendDecimal(value, scale: scale) }
    }

    /// Writes `2026-01-01`, or nothing outside the years 1 to 9999.
    package mutating func date(daysSinceEpoch: Int) {
        plain { _ = $0.appendDate(daysSinceEpoch: daysSinceEpoch) }
    }

    /// Writes `2026-01-01T00:00:00.000Z`, or nothing outside the years 1 to 9999.
    package mutating func datetime(millisecondsSinceEpoch: Int64) {
        plain {
            _ = $0.appendDatetime(millisecondsSinceEpoch: millisecondsSinceEpoch, zone: .zulu)
        }
    }

    /// Writes `10:30:00.000Z`, or nothing for what is not a moment of one day.
    package mutating func time(millisecondsOfDay: Int) {
        plain { _ = $0.appendTime(millisecondsOfDay: millisecondsOfDay) }
    }

    /// Ends the row.
    package mutating func endRow() {
        // An empty line would be no row at all for a reader.
        if cellCount == 1, bytes.count == rowStart { bytes.append(contentsOf: "\"\"".utf8) }
        switch lineEnding {
        case .lineFeed: bytes.append(UInt8(ascii: "\n"))
        case .carriageReturnLineFeed: bytes.append(contentsOf: "\r\n".utf8)
        }
        rowStart = bytes.count
        cellCount = 0
    }

    /// Hands over what has been written since the last time, to send it on.
    package mutating func takeBytes() -> [UInt8] {
        let taken = bytes
        bytes = []
        // Where the row began is now before the beginning, and the same bytes are not met again.
        rowStart -= taken.count
        return taken
    }
}

extension CSVWriter {
    private mutating func separate() {
        if cellCount > 0 { bytes.append(delimiter) }
        cellCount += 1
    }

    /// Writes a cell whose characters never need quotes.
    private mutating func plain(_ write: (inout [UInt8]) -> Void) {
        separate()
        if quoting == .all { bytes.append(UInt8(ascii: "\"")) }
        write(&bytes)
        if quoting == .all { bytes.append(UInt8(ascii: "\"")) }
    }

    private func needsQuotes(_ utf8: UnsafeRawBufferPointer) -> Bool {
        guard let first = utf8.first, let last = utf8.last else { return false }
        // Some readers trim blanks that are not quoted, and a text whose first cell begins with a
        // zero-width blank would seem to begin with a byte order mark.
        if first == 0x20 || last == 0x20 || first == 0xEF { return true }
        let delimiter = delimiter
        return utf8.contains { $0 == delimiter || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    }

    private mutating func appendQuoted(_ utf8: UnsafeRawBufferPointer) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        for index in utf8.indices where utf8[index] == UInt8(ascii: "\"") {
            // Up to and with the quote, which the next run begins with once more.
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: utf8[start...index]))
            start = index
        }
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: utf8[start...]))
        bytes.append(UInt8(ascii: "\""))
    }
}
