package import Metadata
import Synchronization

/// Formulas compiled from one version of an org's schema.
package final class FormulaCache: Sendable {
    private struct Key: Hashable {
        let object: APIName?
        let formula: String?
        let criteria: Criteria?
        let expected: FormulaType?
        let blanks: FormulaScope.Blanks
        let hasPriorRecord: Bool
        let globals: Set<FormulaGlobal.Kind>

        /// By what tells most keys apart; equality looks at all of it.
        func hash(into hasher: inout Hasher) {
            hasher.combine(object)
            hasher.combine(formula)
            hasher.combine(criteria?.formula)
            hasher.combine(criteria?.items.count)
            hasher.combine(criteria?.items.first?.value)
        }
    }

    private let schema: OrgSchema
    private let compiled = Mutex<[Key: ResolvedFormula]>([:])

    /// The most formulas that are kept; when they are reached, all are let go.
    package static let countMax = 10_000

    package init(schema: OrgSchema) {
        self.schema = schema
    }

    /// A scope over the cache's schema.
    package func scope(
        _ object: ObjectDefinition?,
        hasPriorRecord: Bool = false,
        blanks: FormulaScope.Blanks = .asBlank
    ) -> FormulaScope {
        FormulaScope(
            schema: schema,
            object: object,
            blanks: blanks,
            hasPriorRecord: hasPriorRecord
        )
    }

    /// Compiles a formula once; one whose scope has variables is compiled each time.
    package func formula(
        _ text: String,
        in scope: FormulaScope,
        as expected: FormulaType? = nil
    ) throws(FormulaError) -> ResolvedFormula {
        guard scope.variables.isEmpty else {
            return try FormulaCompiler.compile(text, in: scope, as: expected)
        }
        let key = key(scope, formula: text, expected: expected)
        if let known = known(key) { return known }
        let formula = try FormulaCompiler.compile(text, in: scope, as: expected)
        keep(formula, as: key)
        return formula
    }

    /// Compiles criteria once.
    package func formula(
        _ criteria: Criteria,
        in scope: FormulaScope
    ) throws(FormulaError) -> ResolvedFormula {
        guard scope.variables.isEmpty else {
            return try FormulaCompiler.compile(criteria, in: scope)
        }
        let key = key(scope, criteria: criteria)
        if let known = known(key) { return known }
        let formula = try FormulaCompiler.compile(criteria, in: scope)
        keep(formula, as: key)
        return formula
    }

    /// What a formula field computes.
    package func formula(
        field: FieldDefinition,
        of object: ObjectDefinition
    ) throws(FormulaError) -> ResolvedFormula {
        let scope = FormulaScope(schema: schema, object: object)
        let key = key(scope, formula: "field \(field.name.folded)")
        if let known = known(key) { return known }
        let formula = try FormulaCompiler.compile(field: field, of: object, in: schema)
        keep(formula, as: key)
        return formula
    }

    /// What a new record gets in a field.
    package func formula(
        default formula: DefaultFormula,
        of field: FieldDefinition,
        on object: ObjectDefinition
    ) throws(FormulaError) -> ResolvedFormula {
        let scope = FormulaScope(schema: schema, object: object)
        let key = key(scope, formula: "default \(field.name.folded)")
        if let known = known(key) { return known }
        let formula = try FormulaCompiler.compile(default: formula, of: field, in: schema)
        keep(formula, as: key)
        return formula
    }

    private func key(
        _ scope: FormulaScope,
        formula: String? = nil,
        criteria: Criteria? = nil,
        expected: FormulaType? = nil
    ) -> Key {
        Key(
            object: scope.object?.name,
            formula: formula,
            criteria: criteria,
            expected: expected,
            blanks: scope.blanks,
            hasPriorRecord: scope.hasPriorRecord,
            globals: scope.globals
        )
    }

    private func known(_ key: Key) -> ResolvedFormula? {
        compiled.withLock { $0[key] }
    }

    private func keep(_ formula: ResolvedFormula, as key: Key) {
        compiled.withLock { compiled in
            if compiled.count >= FormulaCache.countMax { compiled.removeAll() }
            compiled[key] = formula
        }
    }
}
