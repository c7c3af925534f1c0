import Language
import Metadata

/// Conditions and choices: parts that are worked out only where they are wanted.
extension FormulaTranslator {
    mutating func all(_ nodes: [FormulaNode]) throws(FormulaRefusal) -> FormulaPart {
        try joined(nodes, "AND", goesOnWhere: "IS TRUE")
    }

    mutating func some(_ nodes: [FormulaNode]) throws(FormulaRefusal) -> FormulaPart {
        try joined(nodes, "OR", goesOnWhere: "IS NOT TRUE")
    }

    /// Conditions of which the first that decides is the last that is worked out.
    private mutating func joined(
        _ nodes: [FormulaNode],
        _ word: String,
        goesOnWhere wanted: String
    ) throws(FormulaRefusal) -> FormulaPart {
        var parts: [FormulaPart] = []
        for node in nodes { parts.append(try part(node, as: .boolean)) }
        var failures = FormulaFailures()
        for part in parts.reversed() {
            let later = failures.when("\(part.value) \(wanted)")
            failures = .joined([part.failures, later])
        }
        let values = parts.map { $0.isBlankable ? "(\($0.value) IS TRUE)" : $0.value }
        return FormulaPart(
            value: "(\(values.joined(separator: " \(word) ")))",
            type: .boolean,
            failures: failures,
            failsAsNull: failures.isNever,
            isBlankable: false
        )
    }

    func test(_ value: String, _ parts: [FormulaPart]) -> FormulaPart {
        let failures = FormulaFailures.joined(parts.map(\.failures))
        return FormulaPart(
            value: value,
            type: .boolean,
            failures: failures,
            failsAsNull: failures.isNever,
            isBlankable: false
        )
    }

    mutating func logic(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode],
        _ type: FormulaType
    ) throws(FormulaRefusal) -> FormulaPart {
        switch function {
        case .if: return try condition(nodes, type)
        case .case: return try choice(nodes, type)
        case .ifError: return try instead(nodes, type)
        case .isBlank:
            let part = try part(nodes[0], as: .text)
            return test("(\(part.isBlank))", [part])
        case .isNull:
            let part = try part(nodes[0], as: .number)
            return test(nodes[0].type == .text ? "FALSE" : "(\(part.isBlank))", [part])
        case .blankValue: return try filled(nodes, type)
        case .nullValue:
            return type == .text ? try part(nodes[0], as: type) : try filled(nodes, type)
        case .isPickVal:
            let (field, value) = (try part(nodes[0], as: .text), try part(nodes[1], as: .text))
            return test("(\(plain(field)) = \(plain(value)))", [field, value])
        case .includes:
            let (field, value) = (try part(nodes[0], as: .text), try part(nodes[1], as: .text))
            return test("steward_includes(\(field.value), \(value.value))", [field, value])
        case .isIn: return try membership(nodes)
        default: throw FormulaRefusal(reason: "\(function.rawValue) belongs to saves")
        }
    }

    private mutating func condition(
        _ nodes: [FormulaNode],
        _ type: FormulaType
    ) throws(FormulaRefusal) -> FormulaPart {
        let test = try part(nodes[0], as: .boolean)
        let (then, other) = (try part(nodes[1], as: type), try part(nodes[2], as: type))
        var result = alternative([then, other], type)
        result.value = "CASE WHEN \(test.value) THEN \(then.value) ELSE \(other.value) END"
        let later = FormulaFailures.choice(test.value, then.failures, other.failures)
        result.failures = .joined([test.failures, later])
        result.failsAsNull = result.failsAsNull && test.failures.isNever
        return result
    }

    /// What one of several parts is, whichever it is.
    private func alternative(_ parts: [FormulaPart], _ type: FormulaType) -> FormulaPart {
        var result = FormulaPart(value: "", type: type)
        result.failsAsNull = parts.allSatisfy(\.failsAsNull)
        result.isBlankable = parts.contains(where: \.isBlankable)
        let lengths = parts.compactMap(\.lengthMax)
        result.lengthMax = lengths.count == parts.count ? lengths.max() : nil
        let digits = parts.map { $0.digits ?? .unknown }
        let places = digits.compactMap(\.after)
        result.digits = FormulaDigits(
            digits.map(\.before).max() ?? 0,
            places.count == digits.count ? places.max() : nil
        )
        return result
    }

    private mutating func choice(
        _ nodes: [FormulaNode],
        _ type: FormulaType
    ) throws(FormulaRefusal) -> FormulaPart {
        let kind = nodes[0].type
        let subject = try part(nodes[0], as: kind)
        var cases: [(value: FormulaPart, result: FormulaPart)] = []
        for index in stride(from: 1, to: nodes.count - 1, by: 2) {
            cases.append((try part(nodes[index], as: kind), try part(nodes[index + 1], as: type)))
        }
        let other = try part(nodes[nodes.count - 1], as: type)
        var result = alternative(cases.map(\.result) + [other], type)
        let whens = cases.map { "WHEN \(plain($0.value)) THEN \($0.result.value)" }
        let key = plain(subject)
        result.value = "CASE \(key) \(whens.joined(separator: " ")) ELSE \(other.value) END"
        var failures = other.failures
        for (value, result) in cases.reversed() {
            let isHit = "\(key) = \(plain(value))"
            failures = .joined([value.failures, .choice(isHit, result.failures, failures)])
        }
        result.failsAsNull =
            result.failsAsNull && ([subject] + cases.map(\.value)).allSatisfy(\.failures.isNever)
        result.failures = .joined([subject.failures, failures])
        return result
    }

    private mutating func instead(
        _ nodes: [FormulaNode],
        _ type: FormulaType
    ) throws(FormulaRefusal) -> FormulaPart {
        let (first, second) = (try part(nodes[0], as: type), try part(nodes[1], as: type))
        guard let failure = first.failures.any else { return first }
        var result = alternative([first, second], type)
        result.value = "CASE WHEN \(failure) THEN \(second.value) ELSE \(first.value) END"
        var failures = second.failures.when(failure)
        if let limit = first.failures.limit {
            failures = .joined([FormulaFailures(any: limit, limit: limit), failures])
        }
        result.failures = failures
        result.failsAsNull = first.failures.limit == nil && second.failsAsNull
        return result
    }

    private mutating func filled(
        _ nodes: [FormulaNode],
        _ type: FormulaType
    ) throws(FormulaRefusal) -> FormulaPart {
        let (first, second) = (try part(nodes[0], as: type), try part(nodes[1], as: type))
        guard let isThere = first.isThere else { return first }
        var result = alternative([first, second], type)
        result.isBlankable = second.isBlankable
        let value = first.isText ? "NULLIF(\(first.value), '')" : first.value
        result.value = "COALESCE(\(value), \(second.value))"
        let later = FormulaFailures.choice(isThere, FormulaFailures(), second.failures)
        result.failures = .joined([first.failures, later])
        result.failsAsNull = first.failures.isNever && second.failsAsNull
        return result
    }

    private mutating func membership(_ nodes: [FormulaNode]) throws(FormulaRefusal) -> FormulaPart {
        let kind = nodes.map(\.type).first { $0 != .null } ?? .text
        let wanted = try part(nodes[0], as: kind)
        var others: [FormulaPart] = []
        for node in nodes.dropFirst() { others.append(try part(node, as: kind)) }
        let list = others.map { plain($0) }.joined(separator: ", ")
        let isIn = "\(plain(wanted)) IN (\(list))"
        var failures = FormulaFailures()
        for other in others.reversed() {
            let isHit = "\(plain(wanted)) = \(plain(other))"
            failures = .joined([
                other.failures, .choice(isHit, FormulaFailures(), failures),
            ])
        }
        if let isThere = wanted.isThere { failures = failures.when(isThere) }
        let all = [wanted.failures, failures]
        let isThere = wanted.isText ? "\(wanted.value) <> '' AND " : ""
        return FormulaPart(
            value: "((\(isThere)\(isIn)) IS TRUE)",
            type: .boolean,
            failures: .joined(all),
            failsAsNull: FormulaFailures.joined(all).isNever,
            isBlankable: false
        )
    }

    /// A value as it is compared: of a text, one of its spellings.
    func plain(_ part: FormulaPart) -> String {
        guard part.isText, part.value != "''" else { return part.value }
        if case .text(let text) = part.constant, text.utf8.allSatisfy({ $0 < 0x80 }) {
            return part.value
        }
        return "steward_plain(\(part.value))"
    }
}
