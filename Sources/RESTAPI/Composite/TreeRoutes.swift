import Gateway
import Kernel
import Metadata

/// Records with their children, created together or not at all: `composite/tree/X`.
enum TreeRoutes {
    private static let levelsMax = 5
    private static let typesMax = 5

    /// One record of the tree, before its parent has an id.
    private struct Node {
        let object: ObjectDefinition
        let referenceID: String
        var values: JSONObject
        /// Where its parent stands in the level above, and the field that points there.
        let parent: (index: Int, field: FieldDefinition)?
        let children: [(OrgSchema.ChildRelationship, JSONValue)]
    }

    private struct Refused: Error {
        let errors: [(referenceID: String, errors: [RecordError])]
    }

    /// `POST composite/tree/X`.
    @Sendable static func create(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        let object = try writer.object(call["object"])
        guard let records = try call.jsonObject()["records"]?.array, !records.isEmpty else {
            throw RecordError(.invalidInput, "records must be a list of records")
        }
        let levels = try levels(records, of: object, writer)
        do {
            let saved = try writer.savepoint { try save(levels, writer) }
            return .created(body(saved))
        } catch let refused as Refused {
            return .refused(body(refused))
        }
    }

    // MARK: Reading

    /// The tree level by level, since a child needs its parent's id.
    private static func levels(
        _ records: [JSONValue],
        of object: ObjectDefinition,
        _ reader: RecordReader
    ) throws -> [[Node]] {
        let roots = try records.map { try node($0, of: object, parent: nil, reader) }
        var levels = [roots]
        while let last = levels.last, last.contains(where: { !$0.children.isEmpty }) {
            guard levels.count < levelsMax else {
                throw RecordError(.limitExceeded, "A tree has at most \(levelsMax) levels")
            }
            levels.append(try children(of: last, reader))
        }
        try check(levels.flatMap { $0 })
        return levels
    }

    private static func children(of level: [Node], _ reader: RecordReader) throws -> [Node] {
        try level.enumerated().flatMap { index, node in
            try node.children.flatMap { relationship, value -> [Node] in
                guard let records = value["records"]?.array else {
                    throw RecordError(
                        .invalidInput,
                        "\(relationship.name?.text ?? "") must be an object with records"
                    )
                }
                return try records.map {
                    try self.node(
                        $0,
                        of: relationship.child,
                        parent: (index, relationship.field),
                        reader
                    )
                }
            }
        }
    }

    private static func node(
        _ value: JSONValue,
        of object: ObjectDefinition,
        parent: (Int, FieldDefinition)?,
        _ reader: RecordReader
    ) throws -> Node {
        guard let members = value.object, let attributes = members["attributes"] else {
            throw RecordError(.invalidInput, "Each record must be an object with attributes")
        }
        guard let referenceID = attributes["referenceId"]?.string, !referenceID.isEmpty else {
            throw RecordError(.invalidInput, "Each record must have attributes.referenceId")
        }
        if let type = attributes["type"]?.string, APIName(type) != object.name {
            throw RecordError(
                .invalidInput,
                "\(referenceID) must be of type \(object.name), not \(type)"
            )
        }
        var values: [JSONObject.Member] = []
        var children: [(OrgSchema.ChildRelationship, JSONValue)] = []
        for member in members.fieldValues.members {
            if let relationship = reader.snapshot.schema.childRelationship(
                APIName(member.name),
                of: object.name
            ),
                member.value["records"] != nil
            {
                children.append((relationship, member.value))
            } else {
                values.append(member)
            }
        }
        return Node(
            object: object,
            referenceID: referenceID,
            values: JSONObject(values),
            parent: parent.map { ($0.0, $0.1) },
            children: children
        )
    }

    private static func check(_ nodes: [Node]) throws {
        try CollectionRoutes.refuseTooMany(nodes.count, max: Limits.saveBatchMax)
        guard Set(nodes.map(\.object.name)).count <= typesMax else {
            throw RecordError(.limitExceeded, "A tree has at most \(typesMax) types of records")
        }
        var seen: Set<String> = []
        for node in nodes where !seen.insert(node.referenceID.lowercased()).inserted {
            throw RecordError(.invalidInput, "Duplicate ReferenceId provided: \(node.referenceID)")
        }
    }

    // MARK: Saving

    private static func save(
        _ levels: [[Node]],
        _ writer: RecordWriter
    ) throws -> [(referenceID: String, id: RecordID)] {
        var parents: [RecordID] = []
        var saved: [(referenceID: String, id: RecordID)] = []
        for level in levels {
            let drafts = level.map { node -> RecordDraft in
                var values = node.values
                if let parent = node.parent, parents.indices.contains(parent.index) {
                    let name = parent.field.name.text
                    values = values.without(name)
                        .adding(name, .string(parents[parent.index].description))
                }
                return RecordDraft(object: node.object.name.text, values: values)
            }
            let results = try writer.save(drafts, .create)
            let failed = zip(level, results).filter { !$0.1.errors.isEmpty }
            guard failed.isEmpty else {
                throw Refused(errors: failed.map { ($0.0.referenceID, $0.1.errors) })
            }
            parents = results.compactMap(\.id)
            saved += zip(level.map(\.referenceID), parents).map { ($0, $1) }
        }
        return saved
    }

    // MARK: Answering

    private static func body(_ saved: [(referenceID: String, id: RecordID)]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("hasErrors", false)
        writer.key("results")
        writer.beginArray()
        for record in saved {
            writer.beginObject()
            writer.member("referenceId", record.referenceID)
            writer.member("id", record.id.description)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private static func body(_ refused: Refused) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("hasErrors", true)
        writer.key("results")
        writer.beginArray()
        for record in refused.errors {
            writer.beginObject()
            writer.member("referenceId", record.referenceID)
            writer.key("errors")
            writer.beginArray()
            for error in record.errors { writer.resultError(error) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
