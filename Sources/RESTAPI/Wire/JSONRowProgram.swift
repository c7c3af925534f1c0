import Kernel
package import Language
package import Metadata

/// How the rows of one plan become JSON, worked out once: every key and URL is bytes already.
package final class JSONRowProgram: Sendable {
    /// The query itself, then its child queries numbered depth first.
    let nodes: [Node]
    /// The column of `SystemModstamp` of the query's own rows, if they have it.
    let stampColumn: Int?

    /// One query of the plan.
    struct Node: Sendable {
        /// What a row begins with, up to and with the opening brace.
        let opening: Opening
        let items: [Item]
        /// Whether a row has places for the children that come later.
        let hasChildren: Bool
    }

    /// How a record's `attributes` are written.
    enum Opening: Sendable {
        /// `{"attributes":{"type":"Case","url":"/services/data/v62.0/sobjects/Case/`, then the id.
        case record(prefix: [UInt8], id: Int)
        /// By the id's object, with its name as type or the word `Name`.
        case anyRecord(openings: [KeyPrefix: [UInt8]], other: [UInt8], id: Int)
        case group
    }

    indirect enum Item: Sendable {
        case value(key: [UInt8], column: Int, format: ValueFormat)
        case parent(key: [UInt8], opening: Opening, id: Int, items: [Item])
        case child(key: [UInt8], node: Int)
        case compound(key: [UInt8], parts: [(key: [UInt8], column: Int, format: ValueFormat)])
        case typeOf(
            key: [UInt8],
            opening: Opening,
            id: Int,
            branches: [KeyPrefix: [Item]],
            otherwise: [Item]
        )
    }

    /// - Parameters:
    ///   - query: what is read; its `shape` says how the columns make up a record.
    ///   - schema: where the objects of polymorphic parents are found.
    ///   - version: the API version that URLs name.
    package init(_ query: ResolvedQuery, schema: OrgSchema, version: APIVersion) {
        var compiler = JSONRowCompiler(schema: schema, version: version)
        compiler.compile(query)
        nodes = compiler.nodes
        stampColumn =
            query.kind != .records
            ? nil
            : query.columns.firstIndex { column in
                guard case .column(let reference) = column else { return false }
                return reference.table == 0 && reference.field.name == "SystemModstamp"
            }
    }
}

/// The work of making a program; nodes are numbered as they are met.
private struct JSONRowCompiler {
    typealias Item = JSONRowProgram.Item
    typealias Opening = JSONRowProgram.Opening

    let schema: OrgSchema
    let version: APIVersion
    var nodes: [JSONRowProgram.Node] = []

    /// Where the items stand: on which object's record, whose id is in which column.
    struct Place {
        let query: ResolvedQuery
        let object: ObjectDefinition?
        let id: Int
    }

    mutating func compile(_ query: ResolvedQuery) {
        let node = nodes.count
        let opening: Opening =
            query.kind == .records ? record(query.object, id: 0) : .group
        // Holds the number while the children take theirs.
        nodes.append(.init(opening: opening, items: [], hasChildren: false))
        var childNodes: [Int] = []
        for child in query.children {
            childNodes.append(nodes.count)
            compile(child.query)
        }
        let place = Place(query: query, object: query.object, id: 0)
        let items = query.shape.compactMap { item($0, at: place, childNodes) }
        nodes[node] = .init(opening: opening, items: items, hasChildren: !childNodes.isEmpty)
    }

    private func item(_ item: OutputItem, at place: Place, _ childNodes: [Int]) -> Item? {
        switch item {
        case .value(let key, let column, let type):
            let format = ValueFormat(type, file: file(column, at: place))
            return .value(key: JSONKey(key).bytes, column: column, format: format)
        case .parent(let key, let object, let id, let items):
            return parent(key, object, id, items, at: place)
        case .child(let key, let index):
            guard childNodes.indices.contains(index) else { return nil }
            return .child(key: JSONKey(key).bytes, node: childNodes[index])
        case .compound(let key, let parts):
            return .compound(
                key: JSONKey(key).bytes,
                parts: parts.map {
                    (JSONKey($0.key).bytes, $0.column, ValueFormat($0.type))
                }
            )
        case .typeOf(let key, let id, let branches, let otherwise):
            let compiled = branches.map { branch in
                let inner = Place(query: place.query, object: branch.object, id: id)
                let items = branch.items.compactMap { self.item($0, at: inner, []) }
                return (branch.object.keyPrefix, items)
            }
            let inner = Place(query: place.query, object: nil, id: id)
            return .typeOf(
                key: JSONKey(key).bytes,
                opening: anyRecord(id: id, saysName: false),
                id: id,
                branches: Dictionary(compiled, uniquingKeysWith: { first, _ in first }),
                otherwise: otherwise.compactMap { self.item($0, at: inner, []) }
            )
        }
    }

    private func parent(
        _ key: String,
        _ object: OutputItem.ParentObject,
        _ id: Int,
        _ items: [OutputItem],
        at place: Place
    ) -> Item {
        let opening: Opening
        let inner: Place
        switch object {
        case .one(let definition):
            opening = record(definition, id: id)
            inner = Place(query: place.query, object: definition, id: id)
        case .any:
            opening = anyRecord(id: id, saysName: true)
            inner = Place(query: place.query, object: nil, id: id)
        }
        return .parent(
            key: JSONKey(key).bytes,
            opening: opening,
            id: id,
            items: items.compactMap { item($0, at: inner, []) }
        )
    }

    private func record(_ object: ObjectDefinition, id: Int) -> Opening {
        .record(prefix: opening(type: object.name.text, object: object.name.text), id: id)
    }

    /// - Parameter saysName: the type is the word `Name`, as it is for parents of which only what
    ///   all objects have in common is read.
    private func anyRecord(id: Int, saysName: Bool) -> Opening {
        let openings = schema.objects.map { object in
            let name = object.name.text
            return (object.keyPrefix, opening(type: saysName ? "Name" : name, object: name))
        }
        return .anyRecord(
            openings: Dictionary(openings, uniquingKeysWith: { first, _ in first }),
            other: opening(type: "Name", object: "Name"),
            id: id
        )
    }

    private func opening(type: String, object: String) -> [UInt8] {
        var bytes = Array("{\"attributes\":{\"type\":".utf8)
        bytes.appendJSONString(type)
        bytes += ",\"url\":\"\(version.path)/sobjects/\(object)/".utf8
        return bytes
    }

    private func file(_ column: Int, at place: Place) -> ValueFormat {
        guard let object = place.object, place.query.columns.indices.contains(column),
            case .column(let reference) = place.query.columns[column]
        else { return .text }
        return .file(
            path: Array("\(version.path)/sobjects/\(object.name.text)/".utf8),
            field: Array("/\(reference.field.name.text)".utf8),
            id: place.id
        )
    }
}
