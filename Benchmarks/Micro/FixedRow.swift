import Kernel

/// A row that is the same whatever is asked: every third column empty, the others short.
struct FixedRow: RowCursor {
    private static let word: StaticString = "Street light out"

    let columns: Int

    func isNull(_ column: Int) -> Bool { column % 3 == 2 }

    func integer(_ column: Int) -> Int64 { 6_371_112_183_701_505 + Int64(column) }

    func real(_ column: Int) -> Double { 47.25 }

    func text(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(
            start: FixedRow.word.utf8Start,
            count: FixedRow.word.utf8CodeUnitCount
        )
    }
}
