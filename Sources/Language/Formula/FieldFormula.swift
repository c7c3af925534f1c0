import Metadata

/// A formula field's formula, with all that it reads.
package struct FieldFormula: Sendable {
    package let formula: ResolvedFormula
    /// The stored fields that it reads, each once: of the record and its parents, of the user and
    /// of the user's.
    package private(set) var paths: [FormulaPath] = []
    /// The values of the user's profile and role and of the org, with where they are kept.
    package private(set) var globals: [FormulaGlobal: FormulaPath] = [:]
    /// All that it reads, each once.
    package var inputs: [FormulaPath] {
        let further = globals.values.sorted { $0.text < $1.text }.filter { !paths.contains($0) }
        return paths + further
    }

    /// Whether it gives the same until a record changes, whoever asks and whenever.
    package private(set) var isDeterministic = true
    /// How many parts it has, with those of the formula fields that it reads.
    package private(set) var size = 0

    /// More parts make SQL that a database should not be asked to read.
    package static let sizeMax = 5_000
    /// As many values as SQLite hands to a function for certain.
    package static let inputsMax = 100
    /// So many lookups may be followed to a value.
    package static let depthMax = 10

    /// - Throws: `FormulaError` where no formula field can be that: it would be too large, or reads
    ///   what there is only while a record is saved.
    init(_ formula: ResolvedFormula, in schema: OrgSchema) throws(FormulaError) {
        self.formula = formula
        try add(formula.root, schema)
        guard inputs.count <= Self.inputsMax else {
            throw FormulaError(
                "the formula reads \(inputs.count) fields, with those of the formula fields in it; "
                    + "a formula field reads at most \(Self.inputsMax)"
            )
        }
    }

    /// The relationships that it follows, each with those that lead to it.
    package var relationships: Set<String> {
        var relationships: Set<String> = []
        for path in paths where path.root == .record {
            var name = ""
            for step in path.steps {
                name += ".\(step.lookup.name.folded):\(step.target.name.folded)"
                relationships.insert(name)
            }
        }
        return relationships
    }

    private mutating func add(_ nodes: [FormulaNode], _ schema: OrgSchema) throws(FormulaError) {
        for node in nodes { try add(node, schema) }
    }

    private mutating func add(_ node: FormulaNode, _ schema: OrgSchema) throws(FormulaError) {
        size += 1
        guard size <= Self.sizeMax else {
            throw FormulaError(
                "the formula is too large: with the formula fields that it reads it has more than "
                    + "\(Self.sizeMax) parts; keep some of it in a stored field"
            )
        }
        switch node {
        case .literal: break
        case .field(let path): try add(path)
        case .computed(_, let inner): try add(inner, schema)
        case .global(let global): try add(global, schema)
        case .variable(let name, _):
            throw FormulaError("a formula field has no variable `\(name)`")
        case .cast(_, let inner), .negate(let inner), .not(let inner): try add(inner, schema)
        case .and(let parts), .or(let parts): try add(parts, schema)
        case .binary(_, let left, let right): try add([left, right], schema)
        case .call(let function, let arguments, _):
            try add(function)
            try add(arguments, schema)
        case .during(_, let inner, _):
            isDeterministic = false
            try add(inner, schema)
        }
    }

    private mutating func add(_ path: FormulaPath) throws(FormulaError) {
        switch path.root {
        case .record: break
        case .user: isDeterministic = false
        case .priorRecord, .variable:
            throw FormulaError("`\(path.text)` has no value in a formula field")
        }
        guard path.steps.count <= Self.depthMax else {
            throw FormulaError(
                "`\(path.text)` follows \(path.steps.count) relationships; a formula field follows "
                    + "at most \(Self.depthMax)"
            )
        }
        if !paths.contains(path) { paths.append(path) }
    }

    private mutating func add(
        _ global: FormulaGlobal,
        _ schema: OrgSchema
    ) throws(FormulaError) {
        isDeterministic = false
        let name = global.path.count == 1 ? global.path.first.map { APIName($0) } : nil
        let place: (base: APIName, lookup: APIName?)
        switch global.kind {
        case .profile: place = ("User", "ProfileId")
        case .userRole: place = ("User", "UserRoleId")
        case .organization: place = ("Organization", nil)
        case .user: place = ("User", nil)
        case .permission, .system: return
        case .label, .customMetadata, .setup, .api, .flow, .record, .priorRecord:
            throw FormulaError("`\(global.text)` has no value in a formula field")
        }
        guard let name, let base = schema.object(place.base) else {
            throw FormulaError("`\(global.text)` has no value in a formula field")
        }
        var steps: [FormulaPath.Step] = []
        if let lookup = place.lookup.flatMap({ base.field($0) }),
            let target = lookup.reference?.targets.first.flatMap({ schema.object($0) })
        {
            steps.append(FormulaPath.Step(lookup: lookup, target: target))
        }
        guard let field = (steps.last?.target ?? base).field(name) else {
            throw FormulaError("`\(global.text)` has no value in a formula field")
        }
        globals[global] = FormulaPath(root: .user, base: base, steps: steps, field: field)
    }

    private static let ofClock: Set<FormulaFunction> = [.now, .today, .timeNow]
    private static let ofSaves: Set<FormulaFunction> = [
        .isNew, .isClone, .isChanged, .priorValue, .vlookup,
    ]

    /// What there is only while a record is saved, and what changes by itself.
    private mutating func add(_ function: FormulaFunction) throws(FormulaError) {
        if Self.ofClock.contains(function) { isDeterministic = false }
        guard !Self.ofSaves.contains(function) else {
            throw FormulaError("\(function.rawValue)() has no value in a formula field")
        }
    }
}
