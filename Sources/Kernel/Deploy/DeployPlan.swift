internal import Metadata

/// What a deploy would change, for a person to read before it happens.
package struct DeployPlan: Sendable {
    package struct Line: Sendable, Hashable {
        package enum Mark: String, Sendable {
            case added = "+"
            case changed = "~"
            case removed = "-"
        }

        package let mark: Mark
        package let text: String
    }

    package let package: String
    package let version: String
    /// What people would notice: objects, fields, permission sets, ….
    package let changes: [Line]
    /// What happens to the tables.
    package let steps: [SchemaStep]

    package var losesData: Bool { steps.contains(where: \.losesData) }
    package var isEmpty: Bool { changes.isEmpty && steps.isEmpty }
}

/// The differences between two schemas and two versions of a package's files.
enum PackageDiff {
    static func lines(
        from old: OrgSchema?,
        to new: OrgSchema,
        oldFiles: [MetadataPackage.File],
        newFiles: [MetadataPackage.File]
    ) -> [DeployPlan.Line] {
        objects(old, new) + files(oldFiles, newFiles)
    }

    private static func objects(_ old: OrgSchema?, _ new: OrgSchema) -> [DeployPlan.Line] {
        var lines: [DeployPlan.Line] = []
        for object in new.objects {
            if let before = old?.object(object.name) {
                lines += fields(before, object)
            } else {
                let count = object.fields.count
                lines.append(
                    .init(mark: .added, text: "object \(object.name) with \(count) fields")
                )
            }
        }
        for object in old?.objects ?? [] where new.object(object.name) == nil {
            lines.append(.init(mark: .removed, text: "object \(object.name)"))
        }
        return lines
    }

    private static func fields(
        _ old: ObjectDefinition,
        _ new: ObjectDefinition
    ) -> [DeployPlan.Line] {
        var lines: [DeployPlan.Line] = []
        for field in new.fields {
            guard let before = old.field(field.name) else {
                lines.append(.init(mark: .added, text: "field \(new.name).\(field.name)"))
                continue
            }
            if describe(before) != describe(field) {
                lines.append(.init(mark: .changed, text: "field \(new.name).\(field.name)"))
            }
        }
        for field in old.fields where new.field(field.name) == nil {
            lines.append(.init(mark: .removed, text: "field \(new.name).\(field.name)"))
        }
        return lines
    }

    /// All that a declaration says, as one text.
    private static func describe(_ field: FieldDefinition) -> String {
        "\(field.label) \(field.type) \(field.isRequired) \(field.isUnique) \(field.isExternalID) "
            + "\(field.isCaseSensitive) \(field.defaultValue) "
            + "\(field.defaultFormula?.expression ?? "") \(field.help ?? "") \(field.writing)"
    }

    /// Files that are not about objects: permission sets, queues, layouts, ….
    private static func files(
        _ old: [MetadataPackage.File],
        _ new: [MetadataPackage.File]
    ) -> [DeployPlan.Line] {
        let before = Dictionary(
            old.map { ($0.path, $0.text) },
            uniquingKeysWith: { first, _ in first }
        )
        let after = Dictionary(
            new.map { ($0.path, $0.text) },
            uniquingKeysWith: { first, _ in first }
        )
        var lines: [DeployPlan.Line] = []
        for path in Set(before.keys).union(after.keys).sorted() where !path.hasPrefix("objects/") {
            switch (before[path], after[path]) {
            case (nil, .some): lines.append(.init(mark: .added, text: path))
            case (.some, nil): lines.append(.init(mark: .removed, text: path))
            case (.some(let one), .some(let other)):
                if one != other { lines.append(.init(mark: .changed, text: path)) }
            case (nil, nil): break
            }
        }
        return lines
    }
}
