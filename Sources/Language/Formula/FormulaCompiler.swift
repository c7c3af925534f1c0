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
        let syntax = try FormulaParser.parse(text)
        var resolver = FormulaResolver(text, scope: scope)
        let root = try resolver.node(syntax)
        let fitted = try fit(root, to: expected, syntax, resolver)
        return ResolvedFormula(root: fitted, text: text)
    }

    /// What a new record gets in a field; no field of the record can be named.
    ///
    /// The value is that of the field: a percentage counts in hundredths.
    package static func compile(
        default formula: DefaultFormula,
        of field: FieldDefinition,
        in schema: OrgSchema
    ) throws(FormulaError) -> ResolvedFormula {
        let scope = FormulaScope(schema: schema, object: nil)
        let compiled = try compile(formula.expression, in: scope, as: field.formulaType)
        guard field.isPercent else { return compiled }
        return ResolvedFormula(root: .cast(.toPercent, compiled.root), text: compiled.text)
    }

    private static func fit(
        _ root: FormulaNode,
        to expected: FormulaType?,
        _ syntax: FormulaSyntax,
        _ resolver: FormulaResolver
    ) throws(FormulaError) -> FormulaNode {
        guard let expected, root.type != expected, root.type != .null else { return root }
        switch (expected, root.type) {
        case (.text, .id): return .cast(.idToShortText, root)
        case (.id, .text): return .cast(.textToID, root)
        case (.picklist, .text), (.multiselect, .text): return root
        default: throw resolver.mismatch("the result", [expected], root, at: syntax.offset)
        }
    }

    /// A formula field, as what it computes; formula fields it names are part of it.
    ///
    /// The value is that of the field: a percentage counts in hundredths.
    package static func compile(
        field: FieldDefinition,
        of object: ObjectDefinition,
        in schema: OrgSchema
    ) throws(FormulaError) -> ResolvedFormula {
        guard case .formula(let formula) = field.type else {
            throw FormulaError("\(object.name.text).\(field.name.text) is no formula field")
        }
        guard let type = FormulaType(returnType: formula.returns.rawValue) else {
            throw FormulaError("a formula field gives no `\(formula.returns.rawValue)`")
        }
        var scope = FormulaScope(schema: schema, object: object)
        scope.blanks = formula.blanks
        let syntax = try FormulaParser.parse(formula.expression)
        var resolver = FormulaResolver(
            formula.expression,
            scope: scope,
            open: ["\(object.name.text).\(field.name.text)"]
        )
        let root = try resolver.node(syntax)
        let fitted = try fit(root, to: type, syntax, resolver)
        let isPercent = formula.returns == .percent
        return ResolvedFormula(
            root: isPercent ? .cast(.toPercent, fitted) : fitted,
            text: formula.expression
        )
    }
}
