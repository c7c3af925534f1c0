import Foundation
import Language
import Metadata

/// Objects made up of what formulas name, and records of them.
final class FormulaWorld {
    private struct Draft {
        var fields: [(name: String, type: FieldType)] = []
    }

    private var drafts: [String: Draft] = [:]

    init() {
        add("User", "Id", .id)
        add("User", "Name", .text(length: 80))
    }

    func add(_ object: String, _ name: String, _ type: FieldType) {
        var draft = drafts[object] ?? Draft()
        let known = draft.fields.contains { $0.name.lowercased() == name.lowercased() }
        if !known { draft.fields.append((name, type)) }
        drafts[object] = draft
    }

    /// The schema, as declared so far.
    func schema() -> OrgSchema {
        let objects = drafts.sorted { $0.key < $1.key }.enumerated().map { place, entry in
            ObjectDefinition(
                name: APIName(entry.key),
                label: entry.key,
                pluralLabel: entry.key,
                description: nil,
                keyPrefix: KeyPrefix(number: Int32(place) + 1),
                sharingModel: .readWrite,
                sharingParent: nil,
                owners: [.user],
                traits: .init(),
                dataCategories: [],
                recordTypes: [],
                fields: entry.value.fields.map { field in
                    FieldDefinition(name: APIName(field.name), label: field.name, type: field.type)
                }
            )
        }
        return OrgSchema(version: 1, objects: objects)
    }

    static func picklist(_ values: [String] = []) -> FieldType {
        .picklist(
            Picklist(
                values: values.map { Picklist.Value(name: $0, label: $0) },
                isRestricted: false
            )
        )
    }

    static func lookup(_ targets: String...) -> FieldType {
        .lookup(
            Reference(
                targets: targets.map { APIName($0) },
                childRelationshipName: nil,
                deleteConstraint: .setNull
            )
        )
    }
}

/// A record whose values stand in a table, by the path a formula reads them with.
struct FormulaRow: FormulaContext {
    /// By lowercased path.
    var values: [String: FieldValue] = [:]
    var prior: [String: FieldValue] = [:]
    var isNew = false
    var now = Instant(milliseconds: 1_587_100_000_000)
    var timeZone = TimeZone(secondsFromGMT: 0) ?? .current

    func value(_ path: FormulaPath) -> FieldValue { values[path.text.lowercased()] ?? .null }

    func priorValue(_ path: FormulaPath) -> FieldValue {
        prior[path.field.name.text.lowercased()] ?? .null
    }

    func global(_ global: FormulaGlobal) -> FieldValue { .null }
}
