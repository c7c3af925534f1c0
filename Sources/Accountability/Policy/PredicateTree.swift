import Language
package import Metadata

/// A checked predicate, as small as the language of rules: facts compared with constants.
package indirect enum PredicateTree: Hashable, Sendable {
    case constant(Bool)
    case flag(String)
    case comparison(PredicateComparison)
    case not(PredicateTree)
    case all([PredicateTree])
    case any([PredicateTree])
    case choose(PredicateTree, PredicateTree, PredicateTree)

    /// How the predicate moves when one fact is raised: from false to true, or to a higher step.
    package enum Direction: Hashable, Sendable {
        case absent, rising, falling, mixed

        var reversed: Direction {
            switch self {
            case .rising: .falling
            case .falling: .rising
            case .absent, .mixed: self
            }
        }

        func joined(_ other: Direction) -> Direction {
            if self == .absent { return other }
            return other == .absent || other == self ? self : .mixed
        }
    }

    package var names: Set<String> {
        switch self {
        case .constant: []
        case .flag(let name): [name]
        case .comparison(let comparison): [comparison.name]
        case .not(let part): part.names
        case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.names) }
        case .choose(let condition, let one, let other):
            condition.names.union(one.names).union(other.names)
        }
    }

    /// A proof by form: what rises nowhere but in rising places can only raise the whole.
    package func direction(of name: String) -> Direction {
        switch self {
        case .constant: return .absent
        case .flag(let flag): return flag == name ? .rising : .absent
        case .comparison(let comparison):
            return comparison.name == name ? comparison.direction : .absent
        case .not(let part): return part.direction(of: name).reversed
        case .all(let parts), .any(let parts):
            return parts.reduce(.absent) { $0.joined($1.direction(of: name)) }
        case .choose(let condition, let one, let other):
            guard condition.direction(of: name) == .absent else { return .mixed }
            return one.direction(of: name).joined(other.direction(of: name))
        }
    }

    func truth(_ values: [String: FeatureValue]) -> ThreeValued {
        switch self {
        case .constant(let flag): return ThreeValued(flag)
        case .flag(let name):
            guard case .flag(let flag) = values[name] else { return .unknown }
            return ThreeValued(flag)
        case .comparison(let comparison): return comparison.truth(values[comparison.name])
        case .not(let part): return !part.truth(values)
        case .all(let parts): return .all(parts.lazy.map { $0.truth(values) })
        case .any(let parts): return .any(parts.lazy.map { $0.truth(values) })
        case .choose(let condition, let one, let other):
            switch condition.truth(values) {
            case .yes: return one.truth(values)
            case .no: return other.truth(values)
            case .unknown:
                let first = one.truth(values)
                return first == other.truth(values) ? first : .unknown
            }
        }
    }
}

/// One fact compared with constants, by the platform's formula engine.
package struct PredicateComparison: Hashable, Sendable {
    package let name: String
    package let constants: [FieldValue]
    package let direction: PredicateTree.Direction
    let formula: ResolvedFormula

    /// What is not known compares with nothing, and a value that the engine cannot compare is not
    /// known either.
    func truth(_ value: FeatureValue?) -> ThreeValued {
        guard let value else { return .unknown }
        let context = PredicateContext(name: name, value: value.fieldValue)
        guard let holds = try? FormulaEvaluator().isTrue(formula, in: context) else {
            return .unknown
        }
        return ThreeValued(holds)
    }
}

extension FeatureValue {
    var fieldValue: FieldValue {
        switch self {
        case .flag(let flag): .boolean(flag)
        case .level(let level): .number(ExactDecimal(unscaled: Int64(level), scale: 0))
        case .code(let code): code.isEmpty ? .null : .text(code)
        case .codes(let codes): codes.isEmpty ? .null : .text(text)
        }
    }
}
