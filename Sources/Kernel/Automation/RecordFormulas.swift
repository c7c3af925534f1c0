import Foundation
import Language
import Metadata

/// Formulas at work on records that are being saved, or on any others.
///
/// What all of them need of parents is loaded first: one load for each object and level, however
/// many records and formulas there are.
final class RecordFormulas {
    private let reader: RecordReader
    private let records: [RecordChange]
    private let variables: [String: FieldValue]
    private var loaded: [RecordID: StoredRecord] = [:]
    private var user: StoredRecord?
    private var organization: StoredRecord?
    private var lookUps: [LookUpKey: FieldValue] = [:]
    private lazy var timeZone = TimeZone(identifier: reader.caller.timeZone) ?? .gmt

    private struct LookUpKey: Hashable {
        let object: APIName
        let key: APIName
        let result: APIName
        let value: FieldValue
    }

    /// - Parameters:
    ///   - formulas: those that will be asked.
    ///   - records: as stored and as they will be; formulas are about the latter.
    ///   - variables: by their names in lower case.
    init(
        _ formulas: [ResolvedFormula],
        of object: ObjectDefinition,
        for records: [RecordChange],
        variables: [String: FieldValue] = [:],
        reader: RecordReader
    ) throws {
        self.reader = reader
        self.records = records
        self.variables = variables
        // Fields of the record itself need no loading.
        let paths = Set(
            formulas.flatMap { $0.fieldPaths.filter { !$0.steps.isEmpty || $0.root == .user } }
        )
        try loadCaller(Set(formulas.flatMap(\.globals).map(\.kind)), paths)
        try loadParents(paths)
    }

    /// The formula's value for the record at this place.
    func value(
        of formula: ResolvedFormula,
        at index: Int
    ) throws(FormulaFailure) -> FieldValue {
        try FormulaEvaluator().value(of: formula, in: Context(formulas: self, index: index))
    }

    /// Whether a formula holds for the record at this place; blank counts as no.
    func isTrue(_ formula: ResolvedFormula, at index: Int) throws(FormulaFailure) -> Bool {
        try FormulaEvaluator().isTrue(formula, in: Context(formulas: self, index: index))
    }
}

// MARK: - Loading

extension RecordFormulas {
    private func loadCaller(
        _ kinds: Set<FormulaGlobal.Kind>,
        _ paths: Set<FormulaPath>
    ) throws {
        let wantsUser =
            !kinds.isDisjoint(with: [.user, .profile, .userRole])
            || paths.contains { $0.root == .user }
        if wantsUser, let users = reader.schema.object("User") {
            user = try reader.tx.load(users, [reader.caller.user]).first
            for name: APIName in ["ProfileId", "UserRoleId"] {
                guard let id = users.field(name).flatMap({ user?[$0].id }),
                    let object = reader.schema.object(withPrefix: id.prefix)
                else { continue }
                keep(try reader.tx.load(object, [id]))
            }
        }
        if kinds.contains(.organization), let object = reader.schema.object("Organization"),
            let id = try reader.ownRows("SELECT Id FROM Organization LIMIT 1").first?.first?.id
        {
            organization = try reader.tx.load(object, [id]).first
        }
    }

    private func loadParents(_ paths: Set<FormulaPath>) throws {
        let longest = paths.map(\.steps.count).max() ?? 0
        for level in 0..<longest {
            var wanted: [APIName: Set<RecordID>] = [:]
            for path in paths where path.steps.count > level {
                let step = path.steps[level]
                for index in path.root == .user ? 0..<1 : records.indices {
                    guard let record = record(path, upTo: level, index),
                        let id = record[step.lookup].id, id.prefix == step.target.keyPrefix,
                        loaded[id] == nil
                    else { continue }
                    wanted[step.target.name, default: []].insert(id)
                }
            }
            for (name, ids) in wanted {
                guard let object = reader.schema.object(name) else { continue }
                keep(try reader.tx.load(object, ids.sorted()))
            }
        }
    }

    private func keep(_ records: [StoredRecord]) {
        for record in records { loaded[record.id] = record }
    }

    /// The record that the first steps of a path lead to; `nil` where a lookup is empty or points
    /// to another object.
    private func record(_ path: FormulaPath, upTo count: Int, _ index: Int) -> StoredRecord? {
        var record: StoredRecord?
        switch path.root {
        case .record: record = records.indices.contains(index) ? records[index].after : nil
        case .priorRecord:
            record =
                records.indices.contains(index)
                ? records[index].before ?? records[index].after : nil
        case .user: record = user
        case .variable: record = nil
        }
        for step in path.steps.prefix(count) {
            guard let id = record?[step.lookup].id, id.prefix == step.target.keyPrefix else {
                return nil
            }
            record = loaded[id]
        }
        return record
    }
}

// MARK: - Answers

extension RecordFormulas {
    fileprivate func value(_ path: FormulaPath, _ index: Int) -> FieldValue {
        record(path, upTo: path.steps.count, index)?[path.field] ?? .null
    }

    fileprivate func isNew(_ index: Int) -> Bool {
        records.indices.contains(index) && records[index].before == nil
    }

    fileprivate func variable(_ name: String) throws(FormulaFailure) -> FieldValue {
        guard let value = variables[name.lowercased()] else {
            throw FormulaFailure(.unavailable, "there is no variable \(name) here")
        }
        return value
    }

    fileprivate func global(_ global: FormulaGlobal) throws(FormulaFailure) -> FieldValue {
        switch global.kind {
        case .user: return field(global, of: user, "User")
        case .profile: return field(global, of: parent("ProfileId"), "Profile")
        case .userRole: return field(global, of: parent("UserRoleId"), "UserRole")
        case .organization: return field(global, of: organization, "Organization")
        case .permission:
            let permission = global.path.first.flatMap(UserPermission.init(rawValue:))
            return .boolean(permission.map(reader.access.has) ?? false)
        case .system where global.path == ["OriginDateTime"]:
            // 1900-01-01, from which formulas count.
            return .dateTime(Instant(milliseconds: -2_208_988_800_000))
        case .label, .customMetadata, .setup, .system, .api, .flow, .record, .priorRecord:
            throw FormulaFailure(.unavailable, "\(global.text) has no value here")
        }
    }

    private func parent(_ lookup: APIName) -> StoredRecord? {
        let field = reader.schema.object("User")?.field(lookup)
        return field.flatMap { user?[$0].id }.flatMap { loaded[$0] }
    }

    private func field(
        _ global: FormulaGlobal,
        of record: StoredRecord?,
        _ name: APIName
    ) -> FieldValue {
        guard let record, let field = global.path.last.map({ APIName($0) }),
            let definition = reader.schema.object(name)?.field(field)
        else { return .null }
        return record[definition]
    }

    fileprivate func lookUp(
        _ result: FieldDefinition,
        of object: ObjectDefinition,
        where key: FieldDefinition,
        is value: FieldValue
    ) throws -> FieldValue {
        let place = LookUpKey(
            object: object.name,
            key: key.name,
            result: result.name,
            value: value
        )
        if let known = lookUps[place] { return known }
        let id = try reader.tx.find(object, by: key, [value]).map(\.id).min()
        let found = try id.flatMap { try reader.tx.load(object, [$0]).first?[result] } ?? .null
        lookUps[place] = found
        return found
    }

    /// What a formula asks about one record.
    private struct Context: FormulaContext {
        let formulas: RecordFormulas
        let index: Int

        var isNew: Bool { formulas.isNew(index) }
        var now: Instant { formulas.reader.now }
        var timeZone: TimeZone { formulas.timeZone }
        var calendar: CalendarSettings { formulas.reader.snapshot.organization.calendar }

        func value(_ path: FormulaPath) throws(FormulaFailure) -> FieldValue {
            formulas.value(path, index)
        }

        func priorValue(_ path: FormulaPath) throws(FormulaFailure) -> FieldValue {
            formulas.value(
                FormulaPath(
                    root: .priorRecord,
                    base: path.base,
                    steps: path.steps,
                    field: path.field
                ),
                index
            )
        }

        func global(_ global: FormulaGlobal) throws(FormulaFailure) -> FieldValue {
            try formulas.global(global)
        }

        func variable(_ name: String) throws(FormulaFailure) -> FieldValue {
            try formulas.variable(name)
        }

        func lookUp(
            _ result: FieldDefinition,
            of object: ObjectDefinition,
            where key: FieldDefinition,
            is value: FieldValue
        ) throws(FormulaFailure) -> FieldValue {
            do {
                return try formulas.lookUp(result, of: object, where: key, is: value)
            } catch {
                throw FormulaFailure(.unavailable, "VLOOKUP cannot look into \(object.name)")
            }
        }
    }
}
