package import Metadata
private import Synchronization

/// The formula fields of a schema, each compiled when it is first needed.
package final class FormulaFields: Sendable {
    private struct Key: Hashable {
        let object: APIName
        let field: APIName
    }

    private let known = Mutex<[Key: Result<FieldFormula, FormulaError>]>([:])

    init() {}

    /// The compiled formula of a field.
    ///
    /// - Parameter schema: the one to which these belong.
    /// - Throws: `FormulaError`, with the place in the formula's text.
    package func formula(
        of field: FieldDefinition,
        on object: ObjectDefinition,
        in schema: OrgSchema
    ) throws(FormulaError) -> FieldFormula {
        let key = Key(object: object.name, field: field.name)
        if let known = known.withLock({ $0[key] }) { return try known.get() }
        let result: Result<FieldFormula, FormulaError>
        do throws(FormulaError) {
            let formula = try FormulaCompiler.compile(field: field, of: object, in: schema)
            result = .success(try FieldFormula(formula, in: schema))
        } catch {
            result = .failure(error)
        }
        known.withLock { $0[key] = result }
        return try result.get()
    }
}

extension OrgSchema {
    /// The compiled formulas of its fields.
    package var formulaFields: FormulaFields { notes.note(FormulaFields.self) { FormulaFields() } }
}
