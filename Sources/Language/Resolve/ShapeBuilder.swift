import Metadata

/// Puts selected values together into records: fields of one parent share one object.
struct ShapeBuilder {
    private indirect enum Node {
        case item(OutputItem)
        case parent(key: String, object: OutputItem.ParentObject, id: Int, ShapeBuilder)
    }

    private var nodes: [Node] = []
    private var keys: [String: Int] = [:]

    /// Adds an item under a chain of parents.
    ///
    /// - Returns: false where the key is taken.
    mutating func add(
        _ item: OutputItem,
        key: String,
        under parents: ArraySlice<Parent>
    ) -> Bool {
        guard let parent = parents.first else {
            guard keys[key.lowercased()] == nil else { return false }
            keys[key.lowercased()] = nodes.count
            nodes.append(.item(item))
            return true
        }
        let position: Int
        if let known = keys[parent.key.lowercased()] {
            position = known
        } else {
            position = nodes.count
            keys[parent.key.lowercased()] = position
            nodes.append(
                .parent(key: parent.key, object: parent.object, id: parent.id, ShapeBuilder())
            )
        }
        guard case .parent(let name, let object, let id, var inner) = nodes[position] else {
            return false
        }
        let isNew = inner.add(item, key: key, under: parents.dropFirst())
        nodes[position] = .parent(key: name, object: object, id: id, inner)
        return isNew
    }

    struct Parent {
        let key: String
        let object: OutputItem.ParentObject
        /// Column of the parent's id.
        let id: Int
    }

    var items: [OutputItem] {
        nodes.map { node in
            switch node {
            case .item(let item): item
            case .parent(let key, let object, let id, let inner):
                .parent(key: key, object: object, id: id, items: inner.items)
            }
        }
    }
}
