import Kernel
import Language
import Metadata

/// One row of values, as a sink looks at it.
final class ReferenceCursor: RowCursor {
    private let values: [(value: FieldValue, type: ValueType)]
    private let texts: [UnsafeMutableBufferPointer<UInt8>]

    init(_ values: [(FieldValue, ValueType)]) {
        self.values = values
        texts = values.map { value, _ in
            let bytes = Array((value.text ?? "").utf8)
            let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
            _ = buffer.initialize(from: bytes)
            return buffer
        }
    }

    deinit {
        for text in texts { text.deallocate() }
    }

    func isNull(_ column: Int) -> Bool { values[column].value.isNull }

    func integer(_ column: Int) -> Int64 {
        let (value, type) = values[column]
        if case .integer(let number) = ComparisonKey(value, type) { return number }
        return 0
    }

    func real(_ column: Int) -> Double {
        switch values[column].value {
        case .coordinate(let number): number
        case .number(let number): number.double
        case .null, .text, .boolean, .date, .dateTime, .time, .id, .blob: 0
        }
    }

    func text(_ column: Int) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(texts[column]) }
}
