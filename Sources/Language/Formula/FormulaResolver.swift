package import Metadata

/// Looks up the names of a formula and checks its types.
struct FormulaResolver {
    let scope: FormulaScope
    private let bytes: [UInt8]
    /// The formula fields that are being looked into, to find circles.
    private let open: [String]
    private let root: FormulaPath.Root
    private let prefix: [FormulaPath.Step]
    private let base: ObjectDefinition?
    private var count = 0

    /// How many parts a formula may have, those of the formula fields it names included.
    static let nodesMax = 10_000
    /// How deep formula fields may name formula fields.
    static let nestingMax = 10

    init(
        _ text: String,
        scope: FormulaScope,
        root: FormulaPath.Root = .record,
        base: ObjectDefinition? = nil,
        prefix: [FormulaPath.Step] = [],
        open: [String] = []
    ) {
        self.scope = scope
        self.root = root
        self.base = base ?? scope.object
        self.prefix = prefix
        self.open = open
        bytes = Array(text.utf8)
    }

    func error(_ message: String, at offset: Int) -> FormulaError {
        FormulaLexer.error(message, at: offset, in: bytes)
    }

    mutating func node(_ syntax: FormulaSyntax) throws(FormulaError) -> FormulaNode {
        count += 1
        guard count <= FormulaResolver.nodesMax else {
            throw error(
                "the formula has more than \(FormulaResolver.nodesMax) parts",
                at: syntax.offset
            )
        }
        switch syntax {
        case .number(let text, let at):
            guard let value = ExactDecimal(text) else {
                throw error("a number has at most 18 digits", at: at)
            }
            return .literal(.number(value), .number)
        case .text(let text, _): return .literal(text.isEmpty ? .null : .text(text), .text)
        case .name(let name, let at): return try self.name(name, at: at)
        case .call(let name, let arguments, let at):
            return try call(name, arguments, at: at)
        case .unary(let symbol, let operand, let at):
            let value = try node(operand)
            if symbol == "!" {
                return .not(try boolean(value, "`!`", at: operand.offset))
            }
            guard [.number, .null].contains(value.type) else {
                throw mismatch("`\(symbol)`", [.number], value, at: operand.offset)
            }
            _ = at
            return symbol == "-" ? .negate(value) : value
        case .binary(let symbol, let left, let right, _):
            return try binary(symbol, left, right)
        }
    }

    func boolean(
        _ node: FormulaNode,
        _ place: String,
        at offset: Int
    ) throws(FormulaError) -> FormulaNode {
        guard [.boolean, .null].contains(node.type) else {
            throw mismatch(place, [.boolean], node, at: offset)
        }
        return node
    }

    /// Why a value does not fit, with advice for what is often meant.
    func mismatch(
        _ place: String,
        _ wanted: [FormulaType],
        _ node: FormulaNode,
        at offset: Int
    ) -> FormulaError {
        let kinds = wanted.filter { $0 != .null }.map(\.title).joined(separator: " or ")
        let message = "\(place) takes \(kinds), not \(node.type.title)"
        return error(message + advice(wanted, node), at: offset)
    }

    private func advice(_ wanted: [FormulaType], _ node: FormulaNode) -> String {
        let name =
            switch node {
            case .field(let path), .computed(let path, _): path.text
            default: "it"
            }
        switch node.type {
        case .picklist: return "; \(name) is a picklist: use ISPICKVAL or TEXT"
        case .multiselect: return "; \(name) is a multi-select picklist: use INCLUDES"
        case .number, .date, .dateTime, .time:
            if wanted.contains(.text) { return "; use TEXT to make it text" }
            if node.type == .dateTime, wanted.contains(.date) { return "; use DATEVALUE" }
            if node.type == .dateTime, wanted.contains(.time) { return "; use TIMEVALUE" }
            if node.type == .date, wanted.contains(.dateTime) { return "; use DATETIMEVALUE" }
            return ""
        case .text:
            if wanted.contains(.number) { return "; use VALUE to read a number" }
            if wanted.contains(.date) { return "; use DATEVALUE to read a date" }
            return ""
        case .boolean:
            return wanted.contains(.text) ? "; use IF to make it text" : ""
        case .id, .geolocation, .null: return ""
        }
    }

    // MARK: Operators

    private mutating func binary(
        _ symbol: String,
        _ left: FormulaSyntax,
        _ right: FormulaSyntax
    ) throws(FormulaError) -> FormulaNode {
        let a = try node(left)
        let b = try node(right)
        switch symbol {
        case "&&", "||":
            let items = [
                try boolean(a, "`\(symbol)`", at: left.offset),
                try boolean(b, "`\(symbol)`", at: right.offset),
            ]
            return symbol == "&&" ? joined(and: items) : joined(or: items)
        case "&":
            return .binary(
                .concatenate,
                try text(a, "`&`", at: left.offset),
                try text(b, "`&`", at: right.offset)
            )
        case "=", "==", "!=", "<>", "<", "<=", ">", ">=":
            return try comparison(symbol, a, left.offset, b, right.offset)
        default: return try arithmetic(symbol, a, left.offset, b, right.offset)
        }
    }

    /// `a && b && c` is one node, as `AND(a, b, c)` is.
    private func joined(and items: [FormulaNode]) -> FormulaNode {
        if case .and(let before) = items[0] { return .and(before + items.dropFirst()) }
        return .and(items)
    }

    private func joined(or items: [FormulaNode]) -> FormulaNode {
        if case .or(let before) = items[0] { return .or(before + items.dropFirst()) }
        return .or(items)
    }

    /// The value as text where that needs no function.
    func text(
        _ node: FormulaNode,
        _ place: String,
        at offset: Int
    ) throws(FormulaError) -> FormulaNode {
        switch node.type {
        case .text, .null: return node
        case .id: return .cast(.idToShortText, node)
        case .number, .boolean, .date, .dateTime, .time, .picklist, .multiselect, .geolocation:
            throw mismatch(place, [.text], node, at: offset)
        }
    }

    private func arithmetic(
        _ symbol: String,
        _ a: FormulaNode,
        _ atA: Int,
        _ b: FormulaNode,
        _ atB: Int
    ) throws(FormulaError) -> FormulaNode {
        guard let operation = FormulaOperation(rawValue: symbol) else {
            throw error("`\(symbol)` is no operator", at: atB)
        }
        let moments: [FormulaType] = [.date, .dateTime, .time]
        switch (operation, a.type, b.type) {
        case (_, .number, .number), (_, .null, .number), (_, .number, .null), (_, .null, .null):
            return .binary(operation, a, b)
        case (.add, .text, _), (.add, .id, _), (.add, _, .text), (.add, _, .id):
            return .binary(
                .concatenate,
                try text(a, "`+` with text", at: atA),
                try text(b, "`+` with text", at: atB)
            )
        case (.add, let moment, .number), (.subtract, let moment, .number),
            (.add, let moment, .null), (.subtract, let moment, .null):
            if moments.contains(moment) { return .binary(operation, a, b) }
        case (.add, .number, let moment), (.add, .null, let moment):
            if moments.contains(moment) { return .binary(operation, a, b) }
        case (.subtract, let left, let right):
            if moments.contains(left), left == right { return .binary(operation, a, b) }
            if left == .null, moments.contains(right) { return .binary(operation, a, b) }
            if left == .dateTime, right == .date {
                return .binary(operation, a, .cast(.dateToDateTime, b))
            }
            if left == .date, right == .dateTime {
                return .binary(operation, .cast(.dateToDateTime, a), b)
            }
        default: break
        }
        let wanted: [FormulaType] =
            operation == .add || operation == .subtract ? [.number, .date, .dateTime] : [.number]
        if !wanted.contains(a.type), a.type != .null {
            throw mismatch("`\(symbol)`", wanted, a, at: atA)
        }
        if !wanted.contains(b.type) || [.date, .dateTime].contains(a.type) {
            throw mismatch("`\(symbol)` after \(a.type.title)", [.number], b, at: atB)
        }
        throw mismatch("`\(symbol)`", [.number], a, at: atA)
    }

    func comparison(
        _ symbol: String,
        _ a: FormulaNode,
        _ atA: Int,
        _ b: FormulaNode,
        _ atB: Int
    ) throws(FormulaError) -> FormulaNode {
        let plain = symbol == "==" ? "=" : symbol == "!=" ? "<>" : symbol
        guard let operation = FormulaOperation(rawValue: plain) else {
            throw error("`\(symbol)` is no operator", at: atB)
        }
        for (node, at) in [(a, atA), (b, atB)] {
            if [.picklist, .multiselect, .geolocation].contains(node.type) {
                throw mismatch(
                    "`\(symbol)`",
                    [.number, .text, .date, .dateTime, .boolean],
                    node,
                    at: at
                )
            }
        }
        let isOrder = operation != .equal && operation != .notEqual
        if isOrder {
            for (node, at) in [(a, atA), (b, atB)] where [.boolean, .id].contains(node.type) {
                throw mismatch(
                    "`\(symbol)`",
                    [.number, .text, .date, .dateTime, .time],
                    node,
                    at: at
                )
            }
        }
        switch (a.type, b.type) {
        case (let left, let right) where left == right: return .binary(operation, a, b)
        case (.null, _), (_, .null): return .binary(operation, a, b)
        case (.id, .text): return .binary(operation, a, .cast(.textToID, b))
        case (.text, .id): return .binary(operation, .cast(.textToID, a), b)
        default: throw mismatch("`\(symbol)` after \(a.type.title)", [a.type], b, at: atB)
        }
    }

    // MARK: Names

    private mutating func name(_ name: String, at offset: Int) throws(FormulaError) -> FormulaNode {
        switch name.lowercased() {
        case "true": return .literal(.boolean(true), .boolean)
        case "false": return .literal(.boolean(false), .boolean)
        case "null": return .literal(.null, .null)
        default: break
        }
        return try read(try target(name, at: offset), at: offset)
    }

    /// A field as a formula reads it: blanks and percentages as the scope wants them.
    private mutating func read(
        _ target: FormulaNameTarget,
        at offset: Int
    ) throws(FormulaError) -> FormulaNode {
        switch target {
        case .global(let global): return .global(global)
        case .variable(let name, let type):
            let node = FormulaNode.variable(name, type)
            return type == .number ? blankAware(node) : node
        case .path(let path): return try field(path, at: offset)
        }
    }

    mutating func field(_ path: FormulaPath, at offset: Int) throws(FormulaError) -> FormulaNode {
        if case .location = path.field.type {
            let parts = path.object.components(of: path.field.name).prefix(2).map { part in
                FormulaNode.field(
                    FormulaPath(root: path.root, base: path.base, steps: path.steps, field: part)
                )
            }
            guard parts.count == 2 else {
                throw error("\(path.text) has no coordinates", at: offset)
            }
            return .call(.geolocation, parts, .geolocation)
        }
        guard let type = path.field.formulaType else {
            throw error("no formula may read \(path.text)", at: offset)
        }
        if case .formula(let formula) = path.field.type {
            return .computed(path, try computed(formula, path, at: offset))
        }
        var node = FormulaNode.field(path)
        if type == .number {
            node = blankAware(node)
            if path.field.isPercent { node = .cast(.fromPercent, node) }
        }
        if type == .boolean { node = .cast(.blankToFalse, node) }
        return node
    }

    private func blankAware(_ node: FormulaNode) -> FormulaNode {
        scope.blanks == .asZero ? .cast(.blankToZero, node) : node
    }

    /// What a formula field computes, with paths from this formula's record.
    private mutating func computed(
        _ formula: FieldType.Formula,
        _ path: FormulaPath,
        at offset: Int
    ) throws(FormulaError) -> FormulaNode {
        let name = "\(path.object.name.text).\(path.field.name.text)"
        if let first = open.firstIndex(where: { $0.lowercased() == name.lowercased() }) {
            let circle = (open[first...] + [name]).joined(separator: " → ")
            throw error("formula fields refer to each other in a circle: \(circle)", at: offset)
        }
        guard open.count < FormulaResolver.nestingMax else {
            throw error(
                "formula fields name formula fields more than "
                    + "\(FormulaResolver.nestingMax) deep: \(open.joined(separator: " → "))",
                at: offset
            )
        }
        var inner = FormulaScope(schema: scope.schema, object: path.object)
        inner.globals = scope.globals
        inner.blanks = formula.blanks
        do {
            var resolver = FormulaResolver(
                formula.expression,
                scope: inner,
                root: path.root,
                base: path.base,
                prefix: path.steps,
                open: open + [name]
            )
            resolver.count = count
            let syntax = try FormulaParser.parse(formula.expression)
            let node = try resolver.node(syntax)
            count = resolver.count
            return node
        } catch {
            if Self.isOfTheWhole(error) {
                throw self.error(error.message, at: offset)
            }
            throw self.error(
                "the formula of \(name) has a mistake at line \(error.line), column "
                    + "\(error.column): \(error.message)",
                at: offset
            )
        }
    }

    /// Whether the mistake lies in how formula fields name each other, not in one of them.
    private static func isOfTheWhole(_ error: FormulaError) -> Bool {
        ["in a circle", "deep:", "the formula has more than"].contains {
            error.message.contains($0)
        }
    }

    func target(_ name: String, at offset: Int) throws(FormulaError) -> FormulaNameTarget {
        let names = FormulaNames(scope: scope, root: root, base: base, prefix: prefix)
        switch names.target(name) {
        case .success(let target): return target
        case .failure(let problem): throw error(problem.message, at: offset)
        }
    }

    /// The same field before the save.
    mutating func prior(
        _ syntax: FormulaSyntax,
        in function: String
    ) throws(FormulaError) -> FormulaNode {
        guard case .name(let name, let at) = syntax,
            case .path(let path) = try target(name, at: at), path.root == .record,
            path.steps.isEmpty
        else {
            throw error("\(function) takes a field of the record itself", at: syntax.offset)
        }
        guard scope.hasPriorRecord else {
            throw error(
                "\(function) works only where a record is being saved: in rules and flows",
                at: syntax.offset
            )
        }
        return try field(
            FormulaPath(root: .priorRecord, base: path.base, field: path.field),
            at: at
        )
    }
}

extension FieldType.Formula {
    /// How the formula's blank numbers count.
    package var blanks: FormulaScope.Blanks { treatsBlanksAsZero ? .asZero : .asBlank }
}
