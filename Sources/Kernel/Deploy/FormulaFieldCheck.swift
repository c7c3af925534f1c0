import Language
import Metadata

/// Checks that every formula field and every default has a value: its names refer, its types fit, it
/// does not go round in a circle, and it is not too large for a query.
struct FormulaFieldCheck {
    let schema: OrgSchema

    /// So many relationships the formula fields of an object may follow, all of them together, so
    /// that a query can name all fields.
    static let relationshipsMax = 15

    var problems: [PackageProblem] {
        schema.objects.flatMap { problems($0) + defaultProblems($0) }
    }

    private func defaultProblems(_ object: ObjectDefinition) -> [PackageProblem] {
        object.fields.compactMap { field -> PackageProblem? in
            guard let formula = field.defaultFormula else { return nil }
            do throws(FormulaError) {
                _ = try FormulaCompiler.compile(default: formula, of: field, in: schema)
                return nil
            } catch {
                return formula.declaration?.problem(
                    error.message,
                    in: "defaultFormula",
                    line: error.line,
                    column: error.column
                )
            }
        }
    }

    private func problems(_ object: ObjectDefinition) -> [PackageProblem] {
        var relationships: Set<String> = []
        return object.fields.compactMap { field -> PackageProblem? in
            guard case .formula(let formula) = field.type else { return nil }
            do throws(FormulaError) {
                let known = relationships.count
                relationships.formUnion(
                    try schema.formulaFields.formula(of: field, on: object, in: schema)
                        .relationships
                )
                guard relationships.count > Self.relationshipsMax, relationships.count > known
                else { return nil }
                return formula.declaration?.problem(
                    "with `\(field.name)` the formula fields of \(object.name) follow "
                        + "\(relationships.count) relationships; they may follow "
                        + "\(Self.relationshipsMax)",
                    at: "formula"
                )
            } catch {
                return problem(error, formula, "\(object.name).\(field.name)")
            }
        }
    }

    /// At the place in the formula's text, where it was declared in a file.
    private func problem(
        _ error: FormulaError,
        _ formula: FieldType.Formula,
        _ name: String
    ) -> PackageProblem {
        formula.declaration?.problem(
            error.message,
            in: "formula",
            line: error.line,
            column: error.column
        ) ?? PackageProblem(file: name, line: 0, column: 0, message: error.message)
    }
}
