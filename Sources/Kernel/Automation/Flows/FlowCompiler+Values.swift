import Metadata

// References, values and conditions.
extension FlowCompiler {
    /// What a value is for, as far as it is known.
    enum Expected {
        case type(FlowType)
        case field(FieldDefinition)
        case anything

        var type: FlowType? {
            switch self {
            case .type(let type): type
            case .field(let field): FlowType(field)
            case .anything: nil
            }
        }
    }

    mutating func source(_ source: FlowSource, as type: FlowType) -> FlowExpression? {
        self.source(source, for: .type(type))
    }

    /// A value with its names found, of the type that is wanted.
    mutating func source(_ source: FlowSource, for expected: Expected) -> FlowExpression? {
        switch source.content {
        case .none: return .constant(.null)
        case .literal(let text):
            if text.contains("{!") { return filled(text, source, expected) }
            return constant(text, source, expected)
        case .reference(let text):
            guard let path = path(text, source.map, source.key) else { return nil }
            return check(path.type, .path(path), text, source, expected)
        case .formula(let text):
            guard let plan = formula(text, source, expected.type) else { return nil }
            return .formula(plan)
        }
    }

    private mutating func check(
        _ type: FlowType,
        _ expression: FlowExpression,
        _ text: String,
        _ source: FlowSource,
        _ expected: Expected
    ) -> FlowExpression? {
        guard let wanted = expected.type, !wanted.takes(type) else { return expression }
        problem(source.map, source.key, "`\(text)` is \(type.name); \(wanted.name) is needed")
        return nil
    }

    // MARK: - Text with places

    private mutating func filled(
        _ text: String,
        _ source: FlowSource,
        _ expected: Expected
    ) -> FlowExpression? {
        guard let parts = FlowCompiler.parts(of: text) else {
            problem(source.map, source.key, "a place that `{!` opens needs a `}`")
            return nil
        }
        if parts.count == 1, case .reference(let name) = parts[0] {
            guard let path = path(name, source.map, source.key) else { return nil }
            return check(path.type, .path(path), name, source, expected)
        }
        var expressions: [FlowExpression] = []
        for part in parts {
            switch part {
            case .text(let text): expressions.append(.constant(.text(text)))
            case .reference(let name):
                guard let path = path(name, source.map, source.key) else { return nil }
                guard path.type.isValue else {
                    problem(source.map, source.key, "`\(name)` is \(path.type.name), not a value")
                    return nil
                }
                expressions.append(.path(path))
            }
        }
        return check(.text, .template(expressions), text, source, expected)
    }

    private enum Part {
        case text(String)
        case reference(String)
    }

    private static func parts(of text: String) -> [Part]? {
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstRange(of: "{!") {
            if open.lowerBound > rest.startIndex {
                parts.append(.text(String(rest[..<open.lowerBound])))
            }
            guard let close = rest[open.upperBound...].firstIndex(of: "}") else { return nil }
            parts.append(.reference(String(rest[open.upperBound..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return parts
    }

    mutating func template(_ index: Int) {
        let template = definition.textTemplates[index]
        let source = FlowSource(content: .literal(template.text), map: template.map, key: "text")
        templates[index] = resolving(template.name, template.map, "text") {
            $0.source(source, for: .type(.text))
        }
    }

    mutating func formula(_ index: Int) {
        let formula = definition.formulas[index]
        let source = FlowSource(
            content: .formula(formula.expression),
            map: formula.map,
            key: "expression"
        )
        formulas[index] = resolving(formula.name, formula.map, "expression") {
            $0.source(source, as: FlowType(formula.dataType, objectType: nil))
        }
    }

    /// Formulas and templates can name each other, but not in a circle.
    private mutating func resolving(
        _ name: APIName,
        _ map: ShapedMap,
        _ key: String,
        _ body: (inout FlowCompiler) -> FlowExpression?
    ) -> FlowExpression? {
        if compiling.contains(name) {
            let circle = (compiling + [name]).map(\.text).joined(separator: " → ")
            problem(map, key, "it needs its own value: \(circle)")
            return nil
        }
        compiling.append(name)
        defer { compiling.removeLast() }
        return body(&self) ?? .constant(.null)
    }

    // MARK: - Constants

    private mutating func constant(
        _ text: String,
        _ source: FlowSource,
        _ expected: Expected
    ) -> FlowExpression? {
        if text.isEmpty { return .constant(.null) }
        guard let type = expected.type else { return .constant(.text(text)) }
        if case .field(let field) = expected, let picklist = field.picklist, picklist.isRestricted {
            for name in text.split(separator: ";").map(String.init)
            where picklist.value(named: name) == nil {
                let names = picklist.values.map(\.name)
                let hint = Suggestion.phrase(for: name, among: names)
                problem(
                    source.map,
                    source.key,
                    "`\(name)` is no value of \(field.name)\(hint); one of "
                        + names.joined(separator: ", ")
                )
                return nil
            }
        }
        if let value = FlowConversion.value(of: text, as: type) { return .constant(value) }
        problem(source.map, source.key, "`\(text)` is not \(type.name)")
        return nil
    }

    // MARK: - Conditions

    /// - Parameter object: whose records the left sides are fields of; `nil` where they are
    ///   references.
    mutating func conditions(
        _ conditions: FlowConditions,
        of object: ObjectDefinition? = nil
    ) -> FlowPlan.Conditions {
        if let formula = conditions.formula {
            let expression = source(formula, as: .boolean)
            return FlowPlan.Conditions(items: [], logic: nil, formula: expression)
        }
        var items: [FlowPlan.Conditions.Item] = []
        var isSound = true
        for item in conditions.items {
            if let item = condition(item, object) { items.append(item) } else { isSound = false }
        }
        let logic = logic(conditions)
        guard isSound, !items.isEmpty else { return .always }
        return FlowPlan.Conditions(items: items, logic: logic, formula: nil)
    }

    private mutating func condition(
        _ item: FlowConditions.Item,
        _ object: ObjectDefinition?
    ) -> FlowPlan.Conditions.Item? {
        let left: FlowPath
        if let object {
            guard let field = field(item.left, of: object, item.map, "field") else { return nil }
            guard let type = FlowType(field), field.isStored || item.operator != .isChanged else {
                problem(item.map, "field", "`\(field.name)` cannot be compared")
                return nil
            }
            left = FlowPath(
                root: .record,
                object: object,
                field: field,
                type: type,
                text: field.name.text
            )
        } else {
            guard let path = path(item.left, item.map, "leftValueReference") else { return nil }
            left = path
        }
        guard let right = right(of: item, left) else { return nil }
        let shown = FlowCompiler.shown(item.right)
        return FlowPlan.Conditions.Item(
            left: left,
            operation: item.operator,
            right: right,
            text: "\(item.left) \(item.operator.rawValue) \(shown)"
        )
    }

    private static func shown(_ source: FlowSource) -> String {
        switch source.content {
        case .none: ""
        case .literal(let text): text
        case .reference(let text): "{!\(text)}"
        case .formula: "a formula"
        }
    }

    private mutating func right(
        of item: FlowConditions.Item,
        _ left: FlowPath
    ) -> FlowExpression? {
        switch item.operator {
        case .isNull: return source(item.right, as: .boolean)
        case .isChanged:
            guard left.root == .record, left.field != nil, left.parents.isEmpty,
                !isLater, definition.start.trigger.isOfRecord
            else {
                problem(item.map, "operator", "`IsChanged` is for fields of `$Record` in a save")
                return nil
            }
            if case .none = item.right.content { return .constant(.boolean(true)) }
            return source(item.right, as: .boolean)
        case .isIn, .isNotIn:
            guard case .reference(let text) = item.right.content,
                let path = path(text, item.right.map, item.right.key)
            else {
                problem(item.map, "operator", "`\(item.operator.rawValue)` needs a collection")
                return nil
            }
            guard let type = path.type.item, left.type.isValue, left.type.takes(type) else {
                problem(item.map, item.right.key, "`\(text)` is \(path.type.name)")
                return nil
            }
            return .path(path)
        case .startsWith, .endsWith, .contains:
            guard left.type.isValue else { return notAValue(item, left) }
            return source(item.right, as: .text)
        case .equalTo, .notEqualTo, .lessThan, .lessThanOrEqualTo, .greaterThan,
            .greaterThanOrEqualTo:
            guard left.type.isValue else { return notAValue(item, left) }
            if let field = left.field { return source(item.right, for: .field(field)) }
            return source(item.right, as: left.type)
        }
    }

    private mutating func notAValue(
        _ item: FlowConditions.Item,
        _ left: FlowPath
    ) -> FlowExpression? {
        problem(
            item.map,
            "operator",
            "`\(item.left)` is \(left.type.name): ask for one of its fields, or use `IsNull`"
        )
        return nil
    }

    private mutating func logic(_ conditions: FlowConditions) -> FlowPlan.Conditions.Logic? {
        let count = conditions.items.count
        guard count > 0, let map = conditions.map else { return nil }
        let all = (0..<count).map { FlowPlan.Conditions.Logic.item($0) }
        let text = conditions.logic ?? "and"
        switch text.lowercased() {
        case "and": return .and(all)
        case "or": return .or(all)
        default: break
        }
        var parser = FlowLogicParser(text, count: count)
        if let logic = parser.logic() { return logic }
        let key = map.has("filterLogic") ? "filterLogic" : "conditionLogic"
        problem(map, key, "`\(text)` is not understood: \(parser.problem)")
        return nil
    }
}

/// Reads `1 AND (2 OR NOT 3)`.
private struct FlowLogicParser {
    private var words: [String]
    private let count: Int
    private var used: Set<Int> = []
    private var depth = 0
    private(set) var problem = ""

    init(_ text: String, count: Int) {
        let spaced = text.replacing("(", with: " ( ").replacing(")", with: " ) ")
        words = spaced.split(whereSeparator: \.isWhitespace).map { $0.uppercased() }.reversed()
        self.count = count
    }

    mutating func logic() -> FlowPlan.Conditions.Logic? {
        guard let logic = either() else { return nil }
        guard words.isEmpty else {
            problem = "`\(words.last ?? "")` is too much"
            return nil
        }
        let missing = (1...count).filter { !used.contains($0) }
        guard missing.isEmpty else {
            problem = "condition \(missing[0]) is not used"
            return nil
        }
        return logic
    }

    private mutating func either() -> FlowPlan.Conditions.Logic? {
        guard let first = both() else { return nil }
        var terms = [first]
        while words.last == "OR" {
            words.removeLast()
            guard let next = both() else { return nil }
            terms.append(next)
        }
        return terms.count == 1 ? first : .or(terms)
    }

    private mutating func both() -> FlowPlan.Conditions.Logic? {
        guard let first = term() else { return nil }
        var terms = [first]
        while words.last == "AND" {
            words.removeLast()
            guard let next = term() else { return nil }
            terms.append(next)
        }
        return terms.count == 1 ? first : .and(terms)
    }

    private mutating func term() -> FlowPlan.Conditions.Logic? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 32, let word = words.popLast() else {
            problem = depth > 32 ? "it is nested too deeply" : "it ends too early"
            return nil
        }
        if word == "NOT" { return term().map { .not($0) } }
        if word == "(" {
            guard let inner = either() else { return nil }
            guard words.popLast() == ")" else {
                problem = "a `)` is missing"
                return nil
            }
            return inner
        }
        guard let number = Int(word), (1...count).contains(number) else {
            problem = "`\(word)` is no number of a condition"
            return nil
        }
        used.insert(number)
        return .item(number - 1)
    }
}
