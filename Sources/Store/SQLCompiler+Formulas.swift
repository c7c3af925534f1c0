import Kernel
import Language
import Metadata

/// Formula fields: values that are worked out wherever they are read.
extension SQLCompiler {
    /// A field's value: of a formula field, what its formula gives.
    mutating func fieldValue(_ reference: ColumnReference) -> String {
        guard reference.field.type.isFormula else { return column(reference) }
        guard let use = scope.formulas[reference],
            scope.aliases.indices.contains(reference.table)
        else { return "NULL" }
        let text = formula(reference, use)
        // Of a parent that is not there, nothing is worked out.
        guard reference.table > 0 else { return text }
        let alias = scope.aliases[reference.table]
        return "CASE WHEN \(alias).\"Id\" IS NOT NULL THEN \(text) END"
    }

    /// The formula as SQL for PostgreSQL; in SQLite the evaluator is asked.
    ///
    /// With the formula it gets the moment and the values that the formula reads.
    private mutating func formula(_ reference: ColumnReference, _ use: FormulaUse) -> String {
        guard case .formula(let declaration) = reference.field.type, let context = scope.context
        else { return "NULL" }
        if dialect == .postgres {
            return FormulaTranslator.value(of: declaration, use, context, in: &self)
        }
        let program =
            scope.programs[reference] ?? FormulaProgram(declaration, use.formula, context)
        scope.programs[reference] = program
        var arguments = [share(.value(.formula(program))), share(.now)]
        for path in program.paths {
            arguments.append(use.columns[path].map { column($0) } ?? "NULL")
        }
        return "steward_formula(\(arguments.joined(separator: ", ")))"
    }
}
