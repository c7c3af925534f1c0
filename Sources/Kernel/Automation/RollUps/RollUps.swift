import Language
import Metadata

/// One roll-up summary field, with what it is worked out from.
struct RollUp: Sendable {
    let parent: ObjectDefinition
    /// The field that holds the result.
    let field: FieldDefinition
    let summary: FieldType.Summary
    let child: ObjectDefinition
    /// The child's lookup to the parent.
    let lookup: FieldDefinition
    /// The child's field; `nil` for a count.
    let summarised: FieldDefinition?
    /// The child's stored fields on which it depends, formulas followed to what they read; `nil` where
    /// a formula has a mistake.
    let sources: [FieldDefinition]?

    init?(_ field: FieldDefinition, of parent: ObjectDefinition, in schema: OrgSchema) {
        guard case .summary(let summary) = field.type, let child = schema.object(summary.child),
            let lookup = child.field(summary.lookup)
        else { return nil }
        let summarised = summary.field.flatMap { child.field($0) }
        if summary.field != nil && summarised == nil { return nil }
        self.parent = parent
        self.field = field
        self.summary = summary
        self.child = child
        self.lookup = lookup
        self.summarised = summarised
        let filtered = summary.filters.compactMap { child.field(APIName($0.field)) }
        let all = [lookup, child.field("IsDeleted"), summarised].compactMap(\.self) + filtered
        sources = RollUp.stored(all, of: child, in: schema)
    }

    private static func stored(
        _ fields: [FieldDefinition],
        of child: ObjectDefinition,
        in schema: OrgSchema
    ) -> [FieldDefinition]? {
        var stored: [FieldDefinition] = []
        for field in fields {
            guard field.type.isFormula else {
                stored.append(field)
                continue
            }
            let formula = try? FormulaCompiler.compile(field: field, of: child, in: schema)
            guard let formula else { return nil }
            stored += formula.fieldPaths.filter(\.steps.isEmpty).map(\.field)
        }
        return stored
    }

    var name: String { "\(parent.name).\(field.name)" }

    /// What the value is worked out by, in words that differ where the value may.
    var description: String {
        let filtered = summary.filters.compactMap { child.field(APIName($0.field)) }
        guard ([summarised].compactMap(\.self) + filtered).contains(where: \.type.isFormula) else {
            return summary.description
        }
        let formulas = child.fields.compactMap { field -> String? in
            guard case .formula(let formula) = field.type else { return nil }
            return "\(field.name) \(formula.returns) \(formula.blanks) \(formula.expression)"
        }
        return ([summary.description] + formulas).joined(separator: "\n")
    }

    /// The parents whose value a change of a child may have changed.
    func parents(of change: RecordChange) -> [RecordID] {
        let before = change.before?[lookup].id
        let after = change.after[lookup].id
        if let stored = change.before, let sources,
            sources.allSatisfy({ stored[$0] == change.after[$0] })
        {
            return []
        }
        return [before, after].compactMap(\.self).filter { $0.prefix == parent.keyPrefix }
    }

    /// The value that a query's aggregate stands for.
    ///
    /// - Throws: `RecordError` where it needs more digits than a field holds.
    func value(_ found: FieldValue) throws(RecordError) -> FieldValue {
        guard case .number(let number) = found else {
            return found.isNull ? summary.valueOfNone : found
        }
        guard let digits = number.unscaled(at: summary.scale),
            digits.magnitude < 1_000_000_000_000_000_000
        else {
            throw RecordError(
                .numberOutsideValidRange,
                "\(field.label): the \(summary.operation.rawValue) of \(child.pluralLabel) needs "
                    + "more than 18 digits",
                fields: [field.name]
            )
        }
        return .number(ExactDecimal(unscaled: digits, scale: summary.scale))
    }
}

/// The roll-up summaries of one schema, by the object whose records they summarise.
struct RollUps: Sendable {
    private let byChild: [APIName: [RollUp]]
    private let byParent: [APIName: [RollUp]]

    init(_ schema: OrgSchema) {
        let all = schema.objects.flatMap { object in
            object.fields.compactMap { RollUp($0, of: object, in: schema) }
        }
        byChild = Dictionary(grouping: all, by: \.child.name)
        byParent = Dictionary(grouping: all, by: \.parent.name)
    }

    func summarising(_ child: ObjectDefinition) -> [RollUp] { byChild[child.name] ?? [] }

    func fields(of parent: ObjectDefinition) -> [RollUp] { byParent[parent.name] ?? [] }

    var parents: [APIName] { byParent.keys.sorted() }

    /// Those on whose values this one depends.
    func inner(_ rollUp: RollUp) -> [RollUp] {
        fields(of: rollUp.child).filter { other in
            rollUp.sources?.contains { $0.name == other.field.name } ?? false
        }
    }

    /// The way from a roll-up back to itself, where there is one: such a value would never settle.
    func circle(from rollUp: RollUp) -> [RollUp]? {
        var seen: Set<String> = []
        func way(_ from: RollUp) -> [RollUp]? {
            for other in inner(from) {
                if other.name == rollUp.name { return [from, other] }
                guard seen.insert(other.name).inserted else { continue }
                if let rest = way(other) { return [from] + rest }
            }
            return nil
        }
        return way(rollUp)
    }

    /// All of them, each after those that it summarises.
    var inOrder: [RollUp] {
        var order: [RollUp] = []
        var seen: Set<String> = []
        func add(_ rollUp: RollUp) {
            guard seen.insert(rollUp.name).inserted else { return }
            inner(rollUp).forEach(add)
            order.append(rollUp)
        }
        for parent in parents {
            for rollUp in byParent[parent] ?? [] { add(rollUp) }
        }
        return order
    }
}
