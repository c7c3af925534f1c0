import Kernel
import Language
import Metadata

/// Writes a formula as SQL of PostgreSQL which gives what the evaluator gives.
///
/// Each part of the formula becomes an expression and the conditions on which it fails; only at the
/// end, and where a part takes a blank for something, does the text ask whether it failed. What
/// PostgreSQL's own operators do not give to the last digit, `PostgresFunctions` do.
struct FormulaTranslator {
    let compiler: SQLCompiler
    let use: FormulaUse
    let context: ReadContext
    /// What the parts bind.
    ///
    /// Not all that is met stands in the text at last, so places are given when that is known.
    private var parameters: [SQLParameter] = []

    private init(_ compiler: SQLCompiler, _ use: FormulaUse, _ context: ReadContext) {
        self.compiler = compiler
        self.use = use
        self.context = context
    }

    /// Longer text is not worth asking a database to read.
    private static let sizeMax = 400_000

    /// The value of a formula field, as a column of its type would keep it.
    static func value(
        of declaration: FieldType.Formula,
        _ use: FormulaUse,
        _ context: ReadContext,
        in compiler: inout SQLCompiler
    ) -> String {
        var translator = FormulaTranslator(compiler, use, context)
        do throws(FormulaRefusal) {
            let text = try translator.shown(declaration)
            return translator.bound(text, in: &compiler)
        } catch {
            let reason = "this formula has no SQL for PostgreSQL: \(error.reason)"
            let type = FormulaType(returnType: declaration.returns.rawValue) ?? .text
            return "steward_refused(\(compiler.share(.text(reason)))::text)::\(type.sqlType)"
        }
    }

    /// A place for a value, as long as its number is not known.
    mutating func place(_ parameter: SQLParameter) -> String {
        parameters.append(parameter)
        return "\u{1}\(parameters.count - 1)\u{2}"
    }

    mutating func place(_ value: SQLValue) -> String { place(.value(value)) }

    private func bound(_ text: String, in compiler: inout SQLCompiler) -> String {
        var pieces = text.split(separator: "\u{1}", omittingEmptySubsequences: false)[...]
        var result = String(pieces.popFirst() ?? "")
        for piece in pieces {
            let halves = piece.split(separator: "\u{2}", omittingEmptySubsequences: false)
            guard let index = halves.first.flatMap({ Int($0) }), halves.count == 2 else { continue }
            result += compiler.share(parameters[index]) + halves[1]
        }
        return result
    }

    private mutating func shown(
        _ declaration: FieldType.Formula
    ) throws(FormulaRefusal) -> String {
        let type = FormulaType(returnType: declaration.returns.rawValue) ?? .text
        let part = try part(use.formula.formula.root, as: type)
        guard part.type == type || part.type == .null else { return "NULL::\(type.sqlType)" }
        let value = shown(part, declaration)
        guard let failure = part.failures.any, !part.failsAsNull || type == .boolean else {
            return value
        }
        let instead = type == .boolean ? "FALSE" : "NULL"
        return "CASE WHEN \(failure) THEN \(instead) ELSE \(value) END"
    }

    private func shown(_ part: FormulaPart, _ declaration: FieldType.Formula) -> String {
        switch declaration.returns {
        case .checkbox:
            // A constant by itself would be no key to sort by.
            return part.isBlankable
                ? "COALESCE(\(part.value), FALSE)" : "\(part.value)::boolean"
        case .number, .currency, .percent:
            let places = declaration.scale
            if let digits = part.digits, let after = digits.after,
                max(digits.before, 0) + max(after, places) <= ExactDecimal.digitsMax
            {
                return "round(\(part.value), \(places))"
            }
            return "steward_shown(\(part.value), \(places))"
        case .text:
            let longest = FieldType.Formula.lengthMax
            let isShort = part.lengthMax.map { $0 <= longest } ?? false
            return isShort
                ? "NULLIF(\(part.value), '')" : "NULLIF(left(\(part.value), \(longest)), '')"
        case .date, .dateTime, .time: return part.value
        }
    }

    /// A part of the formula.
    ///
    /// - Parameter expected: the type of a `NULL`, which has none of its own.
    mutating func part(
        _ node: FormulaNode,
        as expected: FormulaType? = nil
    ) throws(FormulaRefusal) -> FormulaPart {
        let part = try translated(node, as: expected)
        let size = part.value.utf8.count + (part.failures.any?.utf8.count ?? 0)
        guard size <= Self.sizeMax else { throw FormulaRefusal(reason: "it is too large") }
        return part
    }

    private mutating func translated(
        _ node: FormulaNode,
        as expected: FormulaType?
    ) throws(FormulaRefusal) -> FormulaPart {
        switch node {
        case .literal(let value, let type):
            return literal(value, type == .null ? expected ?? .text : type)
        case .field(let path): return field(path)
        case .computed(_, let body): return try part(body, as: expected)
        case .global(let global): return self.global(global)
        case .variable(let name, _): throw FormulaRefusal(reason: "there is no `\(name)`")
        case .cast(let cast, let inner): return try converted(cast, inner)
        case .negate(let inner):
            var part = try part(inner, as: .number)
            part.value = "(- \(part.value))"
            part.constant = nil
            return part
        case .not(let inner):
            var part = try part(inner, as: .boolean)
            part.value = "(NOT \(part.value))"
            part.constant = nil
            return part
        case .and(let nodes): return try all(nodes)
        case .or(let nodes): return try some(nodes)
        case .binary(let operation, let left, let right):
            return try binary(operation, left, right)
        case .call(let function, let nodes, let type):
            return try call(function, nodes, type == .null ? expected ?? .text : type)
        case .during: throw FormulaRefusal(reason: "named days belong to filters")
        }
    }
}
