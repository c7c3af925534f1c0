/// How a record becomes others, as a lead becomes an account and a contact: what each new record
/// gets, when one that is there already is used, and what moves over.
package struct RecordConversion: Sendable {
    /// Where a field of a new record gets its value.
    package enum Source: Sendable {
        case value(String)
        /// A field of the record that is converted, or of its parents.
        case field(String)
        /// The id of a target that comes before.
        case target(APIName)
    }

    package struct Assignment: Sendable {
        package let field: APIName
        package let source: Source
        package let map: ShapedMap
    }

    /// One kind of record that a conversion makes or finds.
    package struct Target: Sendable {
        package let name: APIName
        package let object: APIName
        package let assignments: [Assignment]
        /// Fields by which a record that is there is found, all of them together; none where a new
        /// one is always made.
        package let matchBy: [APIName]
        /// The converted record's lookup that gets the id.
        package let sourceLookup: APIName?
        /// Relationships of the converted record whose records move to this one.
        package let moves: [APIName]
        package let map: ShapedMap
    }

    package let name: APIName
    package let label: String
    package let description: String?
    /// Records of which object are converted.
    package let object: APIName
    package let targets: [Target]
    /// The converted record's checkbox that says that it is; one that has it is not converted again.
    package let convertedField: APIName?
    /// What else the converted record gets.
    package let assignments: [Assignment]
    package let map: ShapedMap

    init(_ map: ShapedMap) throws(PackageProblem) {
        name = map.name("conversion") ?? ""
        label = map.text("label") ?? ""
        description = map.text("description")
        object = map.name("object") ?? ""
        convertedField = map.name("convertedField")
        assignments = try RecordConversion.assignments(map.list("assignments"))
        var targets: [Target] = []
        for map in map.list("targets") {
            targets.append(
                Target(
                    name: map.name("name") ?? "",
                    object: map.name("object") ?? "",
                    assignments: try RecordConversion.assignments(map.list("assignments")),
                    matchBy: map.texts("matchBy").map { APIName($0) },
                    sourceLookup: map.name("sourceLookup"),
                    moves: map.texts("moves").map { APIName($0) },
                    map: map
                )
            )
        }
        self.targets = targets
        self.map = map
    }

    private static func assignments(
        _ maps: [ShapedMap]
    ) throws(PackageProblem) -> [Assignment] {
        var assignments: [Assignment] = []
        for map in maps {
            var sources: [Source] = []
            if let text = map.text("value") { sources.append(.value(text)) }
            if let field = map.text("sourceField") { sources.append(.field(field)) }
            if let target = map.name("target") { sources.append(.target(target)) }
            guard let source = sources.first, sources.count == 1 else {
                throw map.problem("needs one of `value`, `sourceField` and `target`", at: "field")
            }
            assignments.append(
                Assignment(field: map.name("field") ?? "", source: source, map: map)
            )
        }
        return assignments
    }

    private static let assignment = Shape(
        title: "an assignment",
        summary: "A field and where its value comes from.",
        keys: [
            .init("field", .name, required: true, "The field."),
            .init("value", .scalar, "The value itself."),
            .init("sourceField", .text, "A field of the converted record, or of its parents."),
            .init("target", .name, "The id of a target above."),
        ]
    )

    private static let target = Shape(
        title: "a target",
        summary: "A record that a conversion makes or finds.",
        keys: [
            .init("name", .name, required: true, "Its name in this conversion."),
            .init("object", .name, required: true, "Its object."),
            .init("assignments", .list(assignment), required: true, "What its fields get."),
            .init("matchBy", .texts, "A record with these values is used instead of a new one."),
            .init("sourceLookup", .name, "The converted record's lookup that gets its id."),
            .init("moves", .texts, "Relationships of the converted record that move to it."),
        ]
    )

    package static let shape = Shape(
        title: "a record conversion",
        summary: "How a record becomes others, as a lead becomes an account and a contact.",
        keys: [
            .init("conversion", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("description", .text, "What it is for."),
            .init("object", .name, required: true, "Records of which object are converted."),
            .init("targets", .list(target), required: true, "What it becomes, in order."),
            .init("convertedField", .name, "A checkbox that says that it was converted."),
            .init("assignments", .list(assignment), "What else the converted record gets."),
        ]
    )
}
