package import Kernel
import Language
import Metadata

/// Writes rows straight into the bytes of a JSON answer, by a program made once.
///
/// The rows of the query itself come first and leave marks where their children belong; the
/// children, which come later and grouped by parent, are put in there at the end.
package struct JSONRowSink: RowSink {
    private let program: JSONRowProgram
    private var nodes: [NodeRows]
    /// The ids of the query's own rows and where each begins, if they are asked for.
    private var starts: [(id: Int64, start: Int)] = []
    private let keepsStarts: Bool
    /// The state of the last row, where its columns tell.
    package private(set) var lastState: RecordState?

    /// What has been written for one query of the plan: every row with a comma in front.
    private struct NodeRows {
        var bytes: [UInt8] = []
        var count = 0
        var places: [ChildPlace] = []
        /// Children only: which stretch of the bytes is of which parent.
        var groups: [Int64: Group] = [:]
        var parent: Int64 = 0
    }

    /// Where in a row the children of one relationship belong.
    private struct ChildPlace {
        let offset: Int
        let parent: Int64
        let node: Int
    }

    private struct Group {
        var range: Range<Int>
        var count: Int
        /// Positions in `places` of the places within the range.
        var places: Range<Int>
    }

    /// - Parameters:
    ///   - program: made from the plan that the rows are of.
    ///   - keepsRows: whether single rows will be asked for.
    package init(_ program: JSONRowProgram, keepsRows: Bool = false) {
        self.program = program
        nodes = program.nodes.map { _ in NodeRows() }
        keepsStarts = keepsRows
    }

    /// How many rows the query itself has given.
    package var count: Int { nodes.first?.count ?? 0 }

    package mutating func row(node: Int, parent: Int64, _ cursor: some RowCursor) throws {
        guard nodes.indices.contains(node) else { return }
        let start = nodes[node].bytes.count
        let firstPlace = nodes[node].places.count
        if node == 0, keepsStarts {
            starts.append((cursor.isNull(0) ? 0 : cursor.integer(0), start))
        }
        if node == 0, let stamp = program.stampColumn, !cursor.isNull(stamp) {
            lastState = RecordState(
                id: RecordID(number: cursor.integer(0)),
                stamp: Instant(milliseconds: cursor.integer(stamp))
            )
        }
        nodes[node].bytes.append(UInt8(ascii: ","))
        Self.write(program.nodes[node], to: &nodes[node], cursor)
        nodes[node].count += 1
        if node > 0 { extendGroup(of: parent, node, from: start, firstPlace) }
    }

    private mutating func extendGroup(
        of parent: Int64,
        _ node: Int,
        from start: Int,
        _ firstPlace: Int
    ) {
        let end = nodes[node].bytes.count
        let places = nodes[node].places.count
        if var group = nodes[node].groups[parent], group.range.upperBound == start {
            group.range = group.range.lowerBound..<end
            group.count += 1
            group.places = group.places.lowerBound..<places
            nodes[node].groups[parent] = group
        } else {
            nodes[node].groups[parent] = Group(
                range: start..<end,
                count: 1,
                places: firstPlace..<places
            )
        }
    }
}

// MARK: - Rows

// Static, so that no copy of the sink is alive while its bytes grow.
extension JSONRowSink {
    private static func write(
        _ node: JSONRowProgram.Node,
        to rows: inout NodeRows,
        _ cursor: some RowCursor
    ) {
        open(node.opening, &rows.bytes, cursor)
        for item in node.items { write(item, to: &rows, cursor) }
        rows.bytes.append(UInt8(ascii: "}"))
    }

    private static func open(
        _ opening: JSONRowProgram.Opening,
        _ bytes: inout [UInt8],
        _ cursor: some RowCursor
    ) {
        switch opening {
        case .record(let prefix, let id):
            bytes.append(contentsOf: prefix)
            bytes.appendID(cursor.integer(id))
            bytes.append(contentsOf: "\"}".utf8)
        case .anyRecord(let openings, let other, let id):
            let number = cursor.integer(id)
            bytes.append(contentsOf: openings[RecordID(number: number).prefix] ?? other)
            bytes.appendID(number)
            bytes.append(contentsOf: "\"}".utf8)
        case .group:
            bytes.append(contentsOf: "{\"attributes\":{\"type\":\"AggregateResult\"}".utf8)
        }
    }

    private static func write(
        _ item: JSONRowProgram.Item,
        to rows: inout NodeRows,
        _ cursor: some RowCursor
    ) {
        switch item {
        case .value(let key, let column, let format):
            rows.bytes.append(contentsOf: key)
            rows.bytes.appendJSON(format, column, of: cursor)
        case .parent(let key, let opening, let id, let items):
            record(key, opening, id, items, &rows, cursor)
        case .child(let key, let node):
            rows.bytes.append(contentsOf: key)
            rows.places.append(
                ChildPlace(offset: rows.bytes.count, parent: cursor.integer(0), node: node)
            )
        case .compound(let key, let parts):
            rows.bytes.append(contentsOf: key)
            compound(parts, &rows.bytes, cursor)
        case .typeOf(let key, let opening, let id, let branches, let otherwise):
            let object = cursor.isNull(id) ? nil : RecordID(number: cursor.integer(id)).prefix
            let items = object.flatMap { branches[$0] } ?? otherwise
            record(key, opening, id, items, &rows, cursor)
        }
    }

    private static func record(
        _ key: [UInt8],
        _ opening: JSONRowProgram.Opening,
        _ id: Int,
        _ items: [JSONRowProgram.Item],
        _ rows: inout NodeRows,
        _ cursor: some RowCursor
    ) {
        rows.bytes.append(contentsOf: key)
        guard !cursor.isNull(id) else {
            rows.bytes.append(contentsOf: [UInt8].null)
            return
        }
        open(opening, &rows.bytes, cursor)
        for item in items { write(item, to: &rows, cursor) }
        rows.bytes.append(UInt8(ascii: "}"))
    }

    private static func compound(
        _ parts: [(key: [UInt8], column: Int, format: ValueFormat)],
        _ bytes: inout [UInt8],
        _ cursor: some RowCursor
    ) {
        guard parts.contains(where: { !cursor.isNull($0.column) }) else {
            bytes.append(contentsOf: [UInt8].null)
            return
        }
        // Every key begins with a comma, the first of which becomes the brace.
        let start = bytes.count
        for part in parts {
            bytes.append(contentsOf: part.key)
            bytes.appendJSON(part.format, part.column, of: cursor)
        }
        bytes[start] = UInt8(ascii: "{")
        bytes.append(UInt8(ascii: "}"))
    }
}

// MARK: - The answer

extension JSONRowSink {
    /// Appends all rows, with their children in place and commas between.
    package func appendRows(to output: inout [UInt8]) {
        guard let root = nodes.first, root.count > 0 else { return }
        append(
            Group(
                range: 0..<root.bytes.count,
                count: root.count,
                places: 0..<root.places.count
            ),
            of: 0,
            to: &output
        )
    }

    /// How many bytes the rows will take, children aside.
    package var byteCount: Int { nodes.reduce(0) { $0 + $1.bytes.count } }

    /// Each of the query's own rows with its id; only where rows are kept.
    package func rows() -> [(id: Int64, bytes: [UInt8])] {
        guard let root = nodes.first else { return [] }
        var place = 0
        return starts.indices.map { index in
            let next = index + 1
            let end = next < starts.count ? starts[next].start : root.bytes.count
            let first = place
            while place < root.places.count, root.places[place].offset <= end { place += 1 }
            var bytes: [UInt8] = []
            append(
                Group(range: starts[index].start..<end, count: 1, places: first..<place),
                of: 0,
                to: &bytes
            )
            return (starts[index].id, bytes)
        }
    }

    /// Appends a stretch of one query's rows, without the comma in front of the first.
    private func append(_ group: Group, of node: Int, to output: inout [UInt8]) {
        let rows = nodes[node]
        var position = group.range.lowerBound + 1
        for place in rows.places[group.places] {
            output.append(contentsOf: rows.bytes[position..<place.offset])
            position = place.offset
            appendChildren(of: place.parent, place.node, to: &output)
        }
        output.append(contentsOf: rows.bytes[position..<group.range.upperBound])
    }

    private func appendChildren(of parent: Int64, _ node: Int, to output: inout [UInt8]) {
        guard nodes.indices.contains(node), let group = nodes[node].groups[parent] else {
            output.append(contentsOf: [UInt8].null)
            return
        }
        output.append(contentsOf: "{\"totalSize\":".utf8)
        output.appendInteger(Int64(group.count))
        output.append(contentsOf: ",\"done\":true,\"records\":[".utf8)
        append(group, of: node, to: &output)
        output.append(contentsOf: "]}".utf8)
    }
}
