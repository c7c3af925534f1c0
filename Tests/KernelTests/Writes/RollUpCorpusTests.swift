import Foundation
import Kernel
import Metadata
import TestSupport
import Testing

/// Roll-up summaries of public packages: each can be declared, and gives what brute force gives.
@Suite struct RollUpCorpusTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data/corpus-formula/rollups.json")

    /// The corpus lies beside the package, not in it; a checkout without it skips these tests.
    private static let isPresent = FileManager.default.fileExists(atPath: file.path)

    fileprivate struct Declared: Decodable {
        private enum CodingKeys: String, CodingKey {
            case object, name, operation, filters, id
            case summarizedField = "summarized_field"
            case foreignKey = "foreign_key"
        }

        struct Filter: Decodable {
            let field: String
            let operation: String
            let value: String
        }

        let object: String
        let name: String
        let operation: String
        let summarizedField: String?
        let foreignKey: String
        let filters: [Filter]
        let id: String

        var child: String { part(foreignKey, 0) }
        var lookup: String { part(foreignKey, 1) }
        var field: String? { summarizedField.map { part($0, 1) } }
        /// Standard parents have a name of their own here.
        var parent: String { object.hasSuffix("__c") ? object : "\(object)__c" }

        func part(_ text: String, _ index: Int) -> String {
            String(text.split(separator: ".")[index])
        }
    }

    @Test(
        "every summary of the corpus is expressible, and right on random records",
        .enabled(if: isPresent, "the corpus is missing: ../shared/data/corpus-formula")
    )
    func corpus() async throws {
        let all = try JSONDecoder().decode([Declared].self, from: Data(contentsOf: Self.file))
        let world = RollUpCorpusWorld(all)
        let org = try await TestOrg(on: .sqlite, apps: ["platform"])
        let admin = org.administrator
        _ = try await Deployment(org.records).apply(world.files, in: org.id, as: admin.user)

        var random = SeededRandom(seed: 48)
        let objects = world.order
        var ids: [String: [RecordID]] = [:]
        for object in objects {
            let drafts = (0..<(object.lookups.isEmpty ? 3 : 12)).map { _ in
                RecordDraft(object: object.name, values: object.values(ids, &random))
            }
            let results = try await org.save(drafts, .create, as: admin)
            let errors = results.flatMap { $0.errors }
            #expect(errors.isEmpty, "\(object.name)")
            ids[object.name] = results.compactMap(\.id)
        }

        let problems = try await org.records.read(as: admin) { try $0.rollUpProblems() }
        #expect(problems.isEmpty)
        for declared in all {
            var columns = [declared.lookup] + [declared.field].compactMap(\.self)
            for filter in declared.filters {
                let name = declared.part(filter.field, 1)
                if !columns.contains(name) { columns.append(name) }
            }
            let children = try await org.query(
                "SELECT \(columns.joined(separator: ", ")) FROM \(declared.child)",
                as: admin
            )
            let parents = try await org.query(
                "SELECT Id, \(declared.name) FROM \(declared.parent)",
                as: admin
            )
            for parent in parents {
                let counted = children.filter { child in
                    child[declared.lookup] == parent["Id"] && declared.counts(child)
                }
                #expect(
                    parent[declared.name] == declared.result(of: counted),
                    "\(declared.id) \(declared.parent).\(declared.name)"
                )
            }
        }
    }
}

// MARK: - Brute force

extension RollUpCorpusTests.Declared {
    fileprivate func counts(_ child: TestRecord) -> Bool {
        filters.allSatisfy { filter in
            let value = child[part(filter.field, 1)]
            let words = filter.value.split(separator: ",").map {
                $0.trimmingCharacters(in: .whitespaces).lowercased()
            }
            let text = value.boolean.map { "\($0)" } ?? value.text?.lowercased()
            switch filter.operation {
            case "equals": return text.map(words.contains) ?? false
            case "notEqual": return !(text.map(words.contains) ?? false)
            case "greaterThan":
                guard case .number(let number) = value, let limit = ExactDecimal(filter.value)
                else { return false }
                return number > limit
            default: return false
            }
        }
    }

    fileprivate func result(of children: [TestRecord]) -> FieldValue {
        if operation == "count" {
            return .number(ExactDecimal(unscaled: Int64(children.count), scale: 0))
        }
        let values = children.map { $0[field ?? ""] }.filter { !$0.isNull }
        let numbers = values.compactMap { value -> Int64? in
            switch value {
            case .number(let number): number.unscaled(at: 2)
            case .date(let day): Int64(day)
            case .dateTime(let moment): moment.milliseconds
            case .null, .text, .boolean, .time, .id, .coordinate, .blob: nil
            }
        }
        let result: Int64? =
            switch operation {
            case "sum": numbers.reduce(0, +)
            case "min": numbers.min()
            default: numbers.max()
            }
        guard let result else { return .null }
        switch values.first {
        case .date: return .date(Int(result))
        case .dateTime: return .dateTime(Instant(milliseconds: result))
        default: return .number(ExactDecimal(unscaled: result, scale: 2))
        }
    }
}

// MARK: - Metadata

/// The objects that the corpus speaks of, as a package.
private struct RollUpCorpusWorld {
    final class Object {
        let name: String
        var lookups: [(name: String, parent: String)] = []
        var fields: [(name: String, type: String, values: [String])] = []
        var summaries: [RollUpCorpusTests.Declared] = []

        init(_ name: String) {
            self.name = name
        }

        func add(_ name: String, _ type: String, _ values: [String] = []) {
            if let index = fields.firstIndex(where: { $0.name == name }) {
                fields[index].values += values.filter { !fields[index].values.contains($0) }
                if !values.isEmpty { fields[index].type = type }
            } else {
                fields.append((name, type, values))
            }
        }

        func values(_ ids: [String: [RecordID]], _ random: inout SeededRandom) -> JSONObject {
            var members = [JSONObject.Member(name: "Name", value: "Record")]
            for lookup in lookups {
                guard Int.random(in: 0..<6, using: &random) > 0,
                    let id = ids[lookup.parent]?.randomElement(using: &random)
                else { continue }
                members.append(JSONObject.Member(name: lookup.name, value: .id(id)))
            }
            for field in fields {
                guard Int.random(in: 0..<5, using: &random) > 0 else { continue }
                let day = "2026-02-\(Int.random(in: 10...28, using: &random))"
                let value: JSONValue =
                    switch field.type {
                    case "Checkbox": .bool(Bool.random(using: &random))
                    case "Date": .string(day)
                    case "DateTime": .string("\(day)T08:00:00Z")
                    case "Picklist": .string(field.values.randomElement(using: &random) ?? "Other")
                    default: .string("\(Int.random(in: -40...99, using: &random)).25")
                    }
                members.append(JSONObject.Member(name: field.name, value: value))
            }
            return JSONObject(members)
        }
    }

    private var objects: [String: Object] = [:]

    init(_ all: [RollUpCorpusTests.Declared]) {
        for declared in all {
            object(declared.parent).summaries.append(declared)
            let child = object(declared.child)
            if !child.lookups.contains(where: { $0.name == declared.lookup }) {
                child.lookups.append((declared.lookup, declared.parent))
            }
            for filter in declared.filters {
                let name = declared.part(filter.field, 1)
                switch filter.value.lowercased() {
                case "true", "false": child.add(name, "Checkbox")
                default:
                    if filter.operation == "greaterThan" {
                        child.add(name, "Number")
                    } else {
                        let words = filter.value.split(separator: ",").map {
                            $0.trimmingCharacters(in: .whitespaces)
                        }
                        child.add(name, "Picklist", words + ["Other"])
                    }
                }
            }
        }
        for declared in all {
            guard let field = declared.field else { continue }
            let child = object(declared.child)
            if child.summaries.contains(where: { $0.name == field }) { continue }
            let name = field.lowercased()
            let type =
                name.contains("date_time")
                ? "DateTime"
                : declared.operation != "sum" && name.contains("date") ? "Date" : "Number"
            child.add(field, type)
        }
    }

    private mutating func object(_ name: String) -> Object {
        if let known = objects[name] { return known }
        let object = Object(name)
        objects[name] = object
        return object
    }

    /// Parents before their children.
    var order: [Object] {
        var order: [Object] = []
        func add(_ object: Object) {
            guard !order.contains(where: { $0.name == object.name }) else { return }
            for lookup in object.lookups {
                if let parent = objects[lookup.parent] { add(parent) }
            }
            order.append(object)
        }
        for name in objects.keys.sorted() {
            if let object = objects[name] { add(object) }
        }
        return order
    }

    var files: [MetadataPackage.File] {
        let manifest = """
            package: corpus
            label: Corpus
            version: 1.0.0
            needs: [platform]
            """
        return [MetadataPackage.File(path: "package.yaml", text: manifest)]
            + order.map { object in
                MetadataPackage.File(path: "objects/\(object.name).yaml", text: yaml(object))
            }
    }

    private func yaml(_ object: Object) -> String {
        var lines = [
            "object: \(object.name)", "label: \(object.name)", "pluralLabel: \(object.name)",
            "fields:",
        ]
        for lookup in object.lookups {
            lines.append(
                "  - { name: \(lookup.name), type: Lookup, referenceTo: [\(lookup.parent)] }"
            )
        }
        for field in object.fields {
            switch field.type {
            case "Number":
                lines.append(
                    "  - { name: \(field.name), type: Number, precision: 10, scale: 2 }"
                )
            case "Picklist":
                let values = field.values.map { "{ name: \"\($0)\" }" }.joined(separator: ", ")
                lines.append("  - { name: \(field.name), type: Picklist, values: [\(values)] }")
            default: lines.append("  - { name: \(field.name), type: \(field.type) }")
            }
        }
        for summary in object.summaries {
            lines += [
                "  - name: \(summary.name)", "    type: Summary",
                "    summaryOperation: \(summary.operation)",
                "    summaryForeignKey: \(summary.foreignKey)",
            ]
            if let field = summary.summarizedField {
                lines.append("    summarizedField: \(field)")
            }
            guard !summary.filters.isEmpty else { continue }
            lines.append("    summaryFilterItems:")
            for filter in summary.filters {
                lines.append(
                    "      - { field: \(filter.field), operation: \(filter.operation), "
                        + "value: \"\(filter.value)\" }"
                )
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
