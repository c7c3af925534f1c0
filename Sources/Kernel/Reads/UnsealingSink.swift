import Language
import Metadata

/// How sealed text is shown.
enum Unsealing {
    /// What those see who may not see the text.
    static let mask = "********"

    /// What the sealed text of an encrypted field is bound to.
    static let purpose = "encrypted-field"

    /// The columns of sealed text of each query of the plan, numbered as rows are.
    static func columns(of plan: AuthorizedRead) -> [Set<Int>] {
        let own = plan.query.columns.indices.filter { plan.query.columns[$0].type == .encrypted }
        return [Set(own)] + plan.children.flatMap(columns)
    }
}

/// Opens sealed texts for those who may see them, and masks them for the rest.
struct UnsealingSink<Inner: RowSink>: RowSink {
    var inner: Inner
    private let columns: [Set<Int>]
    private let secrets: SecretBox
    private let isRevealing: Bool

    init(_ inner: Inner, plan: AuthorizedRead, secrets: SecretBox, isRevealing: Bool) {
        self.inner = inner
        self.secrets = secrets
        self.isRevealing = isRevealing
        columns = Unsealing.columns(of: plan)
    }

    mutating func row(node: Int, parent: Int64, _ cursor: some RowCursor) throws {
        guard columns.indices.contains(node), !columns[node].isEmpty else {
            try inner.row(node: node, parent: parent, cursor)
            return
        }
        var opened: [Int: [UInt8]] = [:]
        for column in columns[node] where !cursor.isNull(column) {
            let sealed = String(decoding: cursor.text(column), as: UTF8.self)
            opened[column] = Array(text(of: sealed).utf8)
        }
        let revealed = OpenedTexts(opened)
        try inner.row(node: node, parent: parent, UnsealingCursor(inner: cursor, texts: revealed))
    }

    private func text(of sealed: String) -> String {
        guard isRevealing, let text = try? secrets.open(sealed, for: Unsealing.purpose) else {
            return Unsealing.mask
        }
        return text
    }
}

/// Opened texts at fixed addresses, for as long as a row is looked at.
private final class OpenedTexts {
    private var buffers: [Int: UnsafeMutableBufferPointer<UInt8>] = [:]

    init(_ texts: [Int: [UInt8]]) {
        for (column, bytes) in texts {
            let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
            _ = buffer.initialize(from: bytes)
            buffers[column] = buffer
        }
    }

    deinit {
        for buffer in buffers.values { buffer.deallocate() }
    }

    func text(_ column: Int) -> UnsafeBufferPointer<UInt8>? {
        buffers[column].map { UnsafeBufferPointer($0) }
    }
}

private struct UnsealingCursor<Inner: RowCursor>: RowCursor {
    let inner: Inner
    let texts: OpenedTexts

    func isNull(_ column: Int) -> Bool { inner.isNull(column) }
    func integer(_ column: Int) -> Int64 { inner.integer(column) }
    func real(_ column: Int) -> Double { inner.real(column) }

    func text(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        texts.text(column) ?? inner.text(column)
    }
}
