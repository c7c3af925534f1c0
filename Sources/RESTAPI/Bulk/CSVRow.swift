import Metadata

/// The cells of one row; its memory serves for the next row too.
package struct CSVRow: Sendable {
    /// The cells' bytes, one after the other, without quotes.
    private var bytes: [UInt8] = []
    /// Where each cell ends in `bytes`.
    private var ends: [Int] = []
    /// The 1-based line on which the row begins.
    package internal(set) var line = 1

    init() {}

    /// How many cells there are.
    package var count: Int { ends.count }

    /// All cells as text.
    package var strings: [String] {
        (0..<count).map { self[$0] }
    }

    /// One cell as text; the reader has checked that it is UTF-8.
    package subscript(column: Int) -> String {
        withCell(column) { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a cell is empty, quoted or not.
    package func isEmpty(at column: Int) -> Bool {
        start(of: column) == ends[column]
    }

    /// Lends the bytes of one cell, which are UTF-8.
    package func withCell<Value>(
        _ column: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Value
    ) rethrows -> Value {
        let range = start(of: column)..<ends[column]
        return try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    private func start(of column: Int) -> Int {
        column == 0 ? 0 : ends[column - 1]
    }
}

// MARK: For the reader

extension CSVRow {
    /// How long the cells are together.
    var byteCount: Int { bytes.count }

    /// How long the cell is that has not ended yet.
    var openCellByteCount: Int { bytes.count - (ends.last ?? 0) }

    /// The index of the first cell whose bytes are not UTF-8.
    var firstCellNotUTF8: Int? {
        let isASCII = bytes.withUnsafeBytes { UTF8Check.firstNonASCIIOffset(in: $0) == $0.count }
        if isASCII { return nil }
        // Each by itself: a sequence cut off in one cell is not completed by the next.
        return (0..<count).first { column in
            withCell(column) { UTF8Check.firstInvalidOffset(in: $0) != nil }
        }
    }

    mutating func append(_ run: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: run)
    }

    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func endCell() {
        ends.append(bytes.count)
    }

    /// Makes room for the next row.
    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }
}
