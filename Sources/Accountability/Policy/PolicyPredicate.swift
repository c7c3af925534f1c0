package import Language
import Metadata

/// A condition of a rule: a formula over facts of a closed list.
///
/// It is written in the platform's formula language, of which it may use `AND`, `OR`, `NOT`, `IF`,
/// comparisons of one fact with a constant, `IN`, `INCLUDES`, and `ISBLANK` of codes. So it reads
/// nothing but facts, has a result for every input, and ends: its size bounds its steps.
package struct PolicyPredicate: Hashable, Sendable {
    package let text: String
    package let tree: PredicateTree

    /// - Throws: `FormulaError`, with the place where the engine knows it.
    package init(
        _ text: String,
        over vocabulary: [String: FeatureKind]
    ) throws(FormulaError) {
        var scope = FormulaScope(
            schema: OrgSchema(version: 0, objects: []),
            object: nil,
            globals: []
        )
        for (name, kind) in vocabulary { scope.variables[name] = .value(kind.formulaType) }
        let formula = try FormulaCompiler.compile(text, in: scope, as: .boolean)
        self.text = text
        tree = try PredicateBuilding(vocabulary: vocabulary).tree(formula.root)
    }

    /// The facts that it reads.
    package var names: Set<String> { tree.names }

    /// Whether it holds of what is known.
    package func truth(of values: [String: FeatureValue]) -> ThreeValued { tree.truth(values) }
}

extension FeatureKind {
    var formulaType: FormulaType {
        switch self {
        case .flag: .boolean
        case .level: .number
        case .code: .text
        case .codes: .multiselect
        }
    }
}

/// Turns a resolved formula into a predicate, or says what does not belong into one.
private struct PredicateBuilding {
    let vocabulary: [String: FeatureKind]

    func tree(_ node: FormulaNode) throws(FormulaError) -> PredicateTree {
        switch node {
        case .literal(.boolean(let flag), _): return .constant(flag)
        case .variable(let name, .boolean): return .flag(name)
        case .cast(.blankToFalse, let inner): return try tree(inner)
        case .not(let inner): return .not(try tree(inner))
        case .and(let nodes): return .all(try trees(nodes))
        case .or(let nodes): return .any(try trees(nodes))
        case .call(.if, let nodes, _):
            let parts = try trees(nodes)
            guard parts.count == 3 else { throw notAllowed }
            return .choose(parts[0], parts[1], parts[2])
        case .binary(let operation, let left, let right) where operation.isComparison:
            return .comparison(try comparison(operation, left, right, in: node))
        case .call(.isIn, let nodes, _), .call(.includes, let nodes, _):
            return .comparison(try membership(nodes, in: node))
        // Of codes it asks whether there are none, which is something known.
        case .call(.isBlank, let nodes, _):
            guard case .variable(let name, .multiselect)? = nodes.first else { throw notAllowed }
            return .comparison(
                PredicateComparison(
                    name: name,
                    constants: [],
                    direction: .falling,
                    formula: ResolvedFormula(root: node, text: "")
                )
            )
        default: throw notAllowed
        }
    }

    private var notAllowed: FormulaError {
        FormulaError(
            "a rule is made of AND, OR, NOT, IF, IN, INCLUDES and comparisons of one fact with a "
                + "constant"
        )
    }

    private func trees(_ nodes: [FormulaNode]) throws(FormulaError) -> [PredicateTree] {
        var trees: [PredicateTree] = []
        for node in nodes { trees.append(try tree(node)) }
        return trees
    }

    private func comparison(
        _ operation: FormulaOperation,
        _ left: FormulaNode,
        _ right: FormulaNode,
        in node: FormulaNode
    ) throws(FormulaError) -> PredicateComparison {
        guard case .variable(let name, let type) = left, case .literal(let constant, _) = right,
            type != .multiselect
        else { throw notAllowed }
        try check([constant], of: name)
        return PredicateComparison(
            name: name,
            constants: [constant],
            direction: Self.direction(operation, constant),
            formula: ResolvedFormula(root: node, text: "")
        )
    }

    private func membership(
        _ nodes: [FormulaNode],
        in node: FormulaNode
    ) throws(FormulaError) -> PredicateComparison {
        guard let first = nodes.first, case .variable(let name, let type) = first else {
            throw notAllowed
        }
        var constants: [FieldValue] = []
        for other in nodes.dropFirst() {
            guard case .literal(let constant, _) = other else { throw notAllowed }
            constants.append(constant)
        }
        try check(constants, of: name)
        return PredicateComparison(
            name: name,
            constants: constants,
            direction: type == .multiselect ? .rising : .mixed,
            formula: ResolvedFormula(root: node, text: "")
        )
    }

    /// A constant that the fact can never be is a slip of the pen, and would never be noticed.
    private func check(_ constants: [FieldValue], of name: String) throws(FormulaError) {
        guard let kind = vocabulary[name] else {
            throw FormulaError("there is no fact `\(name)`")
        }
        for constant in constants {
            guard let value = kind.value(constant), kind.admits(value) else {
                let known: [String] =
                    switch kind {
                    case .code(let known), .codes(let known): known
                    case .flag, .level: []
                    }
                let hint = Suggestion.phrase(for: constant.text ?? "", among: known)
                throw FormulaError(
                    "`\(name)` is never `\(constant.shown)`\(hint): it is \(kind.advice)"
                )
            }
        }
    }

    private static func direction(
        _ operation: FormulaOperation,
        _ constant: FieldValue
    ) -> PredicateTree.Direction {
        switch operation {
        case .greater, .greaterOrEqual: .rising
        case .less, .lessOrEqual: .falling
        case .equal:
            constant.boolean.map { $0 ? .rising : .falling } ?? .mixed
        case .notEqual:
            constant.boolean.map { $0 ? .falling : .rising } ?? .mixed
        default: .mixed
        }
    }
}

extension FeatureKind {
    fileprivate func value(_ constant: FieldValue) -> FeatureValue? {
        switch (self, constant) {
        case (.flag, .boolean(let flag)): .flag(flag)
        case (.level, .number(let number)): Int(number.description).map { .level($0) }
        case (.code, .text(let text)): .code(text)
        case (.codes, .text(let text)): .codes([text])
        default: nil
        }
    }
}

extension FieldValue {
    fileprivate var shown: String {
        switch self {
        case .text(let text): text
        case .boolean(let flag): String(flag)
        case .number(let number): number.description
        default: "blank"
        }
    }
}
