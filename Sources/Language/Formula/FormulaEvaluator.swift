package import Metadata

/// Computes a formula for one record.
package struct FormulaEvaluator: Sendable {
    package init() {}

    /// The value, with numbers rounded to the digits that a decimal holds.
    package func value(
        of formula: ResolvedFormula,
        in context: some FormulaContext
    ) throws(FormulaFailure) -> FieldValue {
        throw FormulaFailure(.unavailable, "formulas cannot be evaluated yet")
    }

    /// Whether a boolean formula holds; blank counts as no.
    package func isTrue(
        _ formula: ResolvedFormula,
        in context: some FormulaContext
    ) throws(FormulaFailure) -> Bool {
        try value(of: formula, in: context).boolean ?? false
    }
}
