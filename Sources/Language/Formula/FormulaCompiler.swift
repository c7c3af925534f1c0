package import Metadata

/// Turns the text of formulas into checked trees.
package enum FormulaCompiler {
    /// The longest text of a formula, in UTF-8 bytes.
    package static let bytesMax = 50_000

    /// - Parameter expected: what the place of the formula needs; `nil` where any type will do.
    package static func compile(
        _ text: String,
        in scope: FormulaScope,
        as expected: FormulaType? = nil
    ) throws(FormulaError) -> ResolvedFormula {
        throw FormulaError("formulas cannot be compiled yet")
    }

    /// A formula field, as what it computes; formula fields it names are part of it.
    package static func compile(
        field: FieldDefinition,
        of object: ObjectDefinition,
        in schema: OrgSchema
    ) throws(FormulaError) -> ResolvedFormula {
        throw FormulaError("formulas cannot be compiled yet")
    }

    /// Criteria, as a formula that is true for the records they are about.
    package static func compile(
        _ criteria: Criteria,
        in scope: FormulaScope
    ) throws(FormulaError) -> ResolvedFormula {
        throw FormulaError("formulas cannot be compiled yet")
    }
}
