import Language
import Metadata

// What an org has declared that must not be true of its records.
extension SaveOrder {
    /// Every rule is asked of every record that got this far, other errors or not: whoever is
    /// refused learns all that is wrong at once.
    func checkValidationRules(_ batch: inout SaveBatch) throws {
        let rules = object.validationRules.filter(\.isActive)
        let places = batch.entries.indices.filter { batch.entries[$0].next != nil }
        guard !rules.isEmpty, !places.isEmpty else { return }
        let formulas = try rules.map(formula)
        let evaluation = try RecordFormulas(
            formulas,
            of: object,
            for: places.compactMap { batch.entries[$0].change },
            reader: writer
        )
        for (rule, formula) in zip(rules, formulas) {
            writer.trace?.note(
                "validation rule \(rule.name)",
                of: object,
                depth: writer.chain.depth
            )
            for (turn, index) in places.enumerated() {
                guard let error = refusal(rule, formula, evaluation, turn) else { continue }
                batch.fail(index, error)
            }
        }
    }

    private func formula(_ rule: ValidationRuleDefinition) throws(RecordError) -> ResolvedFormula {
        do {
            return try writer.snapshot.formulas.formula(rule.formula, in: scope, as: .boolean)
        } catch {
            throw RecordError(
                .unknownException,
                "the validation rule \(rule.name) of \(object.name) cannot be read: "
                    + error.message
            )
        }
    }

    private var scope: FormulaScope { writer.snapshot.formulas.scope(object, hasPriorRecord: true) }

    private func refusal(
        _ rule: ValidationRuleDefinition,
        _ formula: ResolvedFormula,
        _ evaluation: RecordFormulas,
        _ turn: Int
    ) -> RecordError? {
        do {
            guard try evaluation.isTrue(formula, at: turn) else { return nil }
            return RecordError(
                .fieldCustomValidationException,
                rule.message,
                fields: rule.displayField.map { [$0] } ?? []
            )
        } catch {
            return RecordError(
                .fieldIntegrityException,
                "The formula in the \"\(rule.name)\" validation rule is invalid due to the "
                    + "following: \(error.message)",
                fields: rule.displayField.map { [$0] } ?? []
            )
        }
    }
}

/// Whether the validation rules of a schema can be asked: for deploys.
struct ValidationRuleCheck {
    let schema: OrgSchema

    /// The longest message, in characters.
    private static let messageMax = 255

    var problems: [PackageProblem] {
        let formulas = FormulaCache(schema: schema)
        return schema.objects.flatMap { object in
            object.validationRules.flatMap { check($0, of: object, formulas) }
        }
    }

    private func check(
        _ rule: ValidationRuleDefinition,
        of object: ObjectDefinition,
        _ formulas: FormulaCache
    ) -> [PackageProblem] {
        var problems: [PackageProblem] = []
        if let field = rule.displayField, object.field(field) == nil {
            let hint = Suggestion.phrase(for: field.text, among: object.fields.map(\.name.text))
            problems.append(
                rule.declaration.problem(
                    "`\(object.name)` has no field `\(field)`\(hint)",
                    at: "errorDisplayField"
                )
            )
        }
        if rule.message.isEmpty || rule.message.count > Self.messageMax {
            problems.append(
                rule.declaration.problem(
                    "`errorMessage` has 1 to \(Self.messageMax) characters",
                    at: "errorMessage"
                )
            )
        }
        do {
            _ = try formulas.formula(
                rule.formula,
                in: formulas.scope(object, hasPriorRecord: true),
                as: .boolean
            )
        } catch {
            problems.append(
                rule.declaration.problem(
                    "the validation rule `\(rule.name)`: \(error.message)",
                    in: "errorConditionFormula",
                    line: error.line,
                    column: error.column
                )
            )
        }
        return problems
    }
}
