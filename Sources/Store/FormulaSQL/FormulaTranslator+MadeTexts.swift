import Language
import Metadata

/// The functions that make a text.
extension FormulaTranslator {
    mutating func made(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode]
    ) throws(FormulaRefusal) -> FormulaPart {
        switch function {
        case .br: return text("'<br>'", [], 4)
        case .text: return try written(nodes[0])
        case .chr: return try character(nodes[0])
        case .caseSafeID: return try caseSafe(nodes[0])
        case .left, .right, .mid, .substr: return try cut(function, nodes)
        case .lpad, .rpad: return try padded(function, nodes)
        case .lower, .upper: return try inCase(function, nodes)
        case .hyperlink, .image: return try element(function, nodes)
        case .formatCurrency: return try currency(nodes)
        case .jsonValue, .jsonPathValue:
            let parts = try parts(nodes, .text)
            let isPath = function == .jsonPathValue ? "TRUE" : "FALSE"
            let value = "steward_json(\(parts[0].value), \(parts[1].value), \(isPath))"
            return text(value, parts, parts[0].lengthMax)
        case .substitute:
            let parts = try parts(nodes, .text)
            let list = parts.map(\.value).joined(separator: ", ")
            // Each of its characters may become another text.
            let length = parts[0].lengthMax.flatMap { count in
                parts[2].lengthMax.map { count * max(1, $0) }
            }
            return bounded("steward_substitute(\(list))", parts, length)
        default: return try changed(function, nodes)
        }
    }

    /// A text which fails where it is too long.
    private func bounded(_ value: String, _ parts: [FormulaPart], _ length: Int?) -> FormulaPart {
        let isShort = length.map { $0 * 4 <= FormulaEvaluator.textMax } ?? false
        return text(value, parts, length, canBeTooLong: !isShort)
    }

    /// One text out of another.
    private mutating func changed(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode]
    ) throws(FormulaRefusal) -> FormulaPart {
        let parts = try parts(nodes, .text)
        let value = parts[0].value
        let (name, growth) =
            switch function {
            case .initCap: ("steward_capitalized", 3)
            case .reverse: ("reverse", 1)
            case .trim: ("steward_trim", 1)
            case .htmlEncode: ("steward_html", 6)
            case .jsEncode: ("steward_script", 6)
            case .urlEncode: ("steward_url", 12)
            default: ("steward_script(steward_html", 12)
            }
        let ending = name.contains("(") ? ")" : ""
        return kept("\(name)(\(value))\(ending)", parts, parts[0].lengthMax.map { $0 * growth })
    }

    /// A text which fails where it is too long, when nothing that made it looked.
    private func kept(_ value: String, _ parts: [FormulaPart], _ length: Int?) -> FormulaPart {
        let isShort = length.map { $0 * 4 <= FormulaEvaluator.textMax } ?? false
        return isShort ? text(value, parts, length) : bounded("steward_kept(\(value))", parts, nil)
    }

    private mutating func inCase(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode]
    ) throws(FormulaRefusal) -> FormulaPart {
        let parts = try parts(nodes, .text)
        let name = function == .lower ? "lower" : "upper"
        let length = parts[0].lengthMax.map { $0 * 3 }
        guard parts.count > 1, parts[1].constant != .null else {
            return kept("steward_\(name)(\(parts[0].value))", [parts[0]], length)
        }
        let value = "steward_\(name)(\(parts[0].value), \(parts[1].value))"
        return kept(value, parts, length)
    }

    private mutating func written(_ node: FormulaNode) throws(FormulaRefusal) -> FormulaPart {
        let part = try part(node, as: .text)
        let (value, length): (String, Int) =
            switch part.type {
            case .number: ("trim_scale(\(part.value))::text", 450)
            case .date: ("to_char(\(part.value), 'YYYY-MM-DD')", 10)
            case .dateTime:
                (
                    "to_char(\(part.value) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS\"Z\"')", 20
                )
            case .time: ("to_char(\(part.value), 'HH24:MI:SS.MS')", 12)
            case .text, .picklist, .multiselect: (part.value, part.lengthMax ?? 255)
            case .boolean, .id, .geolocation, .null: ("''", 0)
            }
        guard !part.isText else { return text(value, [part], part.lengthMax) }
        return orEmpty(value, [part], length)
    }

    /// A text that is '' where it would be null.
    private func orEmpty(_ value: String, _ parts: [FormulaPart], _ length: Int) -> FormulaPart {
        var result = text("COALESCE(\(value), '')", parts, length)
        result.failsAsNull = result.failures.isNever
        return result
    }

    private mutating func character(_ node: FormulaNode) throws(FormulaRefusal) -> FormulaPart {
        let part = try part(node, as: .number)
        let value = "steward_character(steward_integer(\(part.value)))"
        var result = orEmpty(value, [part], 1)
        let isThere = part.isThere.map { "\($0) AND " } ?? ""
        let own = FormulaFailures(any: "(\(isThere)\(value) IS NULL)")
        result.failures = .joined([part.failures, own])
        result.failsAsNull = false
        return result
    }

    private mutating func caseSafe(_ node: FormulaNode) throws(FormulaRefusal) -> FormulaPart {
        let part = try part(node, as: .text)
        guard part.type == .text else {
            return orEmpty("steward_id(\(part.value))", [part], 18)
        }
        let id = "steward_id(steward_identified(\(part.value)))"
        let length = part.lengthMax.map { max($0, 18) }
        return text("COALESCE(\(id), \(part.value))", [part], length)
    }

    private mutating func cut(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode]
    ) throws(FormulaRefusal) -> FormulaPart {
        let parts = try parts(nodes, .text, .number)
        let whole = parts[0].value
        func count(_ index: Int) -> String {
            if let constant = wholeConstant(parts[index]) { return "\(max(0, constant))" }
            return "greatest(0, \(integer(parts[index], blank: 0)))"
        }
        let value: String
        switch function {
        case .left, .right: value = "\(function.rawValue.lowercased())(\(whole), \(count(1)))"
        default:
            let start = wholeConstant(parts[1]).map { "\(max(1, $0))" }
            let from = start ?? "greatest(1, \(integer(parts[1], blank: 1)))"
            let size = parts.count > 2 ? ", \(count(2))" : ""
            let text = "substr(\(whole), \(from)\(size))"
            value =
                parts[1].isBlankable
                ? "CASE WHEN \(parts[1].isBlank) THEN '' ELSE \(text) END" : text
        }
        var result = kept(value, parts, parts[0].lengthMax)
        // A count that fails counts as none.
        let countsNeverFail = parts.dropFirst().allSatisfy(\.failures.isNever)
        result.failsAsNull = result.failsAsNull && countsNeverFail
        return result
    }

    private mutating func padded(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode]
    ) throws(FormulaRefusal) -> FormulaPart {
        let parts = try parts(nodes, .text, .number, .text)
        let size = integer(parts[1], blank: 0)
        let fill = parts.count > 2 ? parts[2].value : "' '"
        let value = "steward_\(function.rawValue.lowercased())(\(parts[0].value), \(size), \(fill))"
        var result = bounded(value, parts, wholeConstant(parts[1]).map { max(0, $0) })
        result.failsAsNull = result.failsAsNull && parts[1].failures.isNever
        return result
    }

    private mutating func element(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode]
    ) throws(FormulaRefusal) -> FormulaPart {
        let parts = try parts(nodes, .text, .text, function == .image ? .number : .text, .number)
        var pieces: [String]
        if function == .hyperlink {
            pieces = ["'<a href=\"'", parts[0].value, "'\"'"]
            if parts.count > 2 {
                let target = parts[2].value
                pieces.append(
                    "CASE WHEN \(target) <> '' THEN ' target=\"' || \(target) || '\"' ELSE '' END"
                )
            }
            pieces += ["'>'", parts[1].value, "'</a>'"]
        } else {
            pieces = ["'<img src=\"'", parts[0].value, "'\" alt=\"'", parts[1].value, "'\"'"]
            for (part, name) in zip(parts.dropFirst(2), ["height", "width"]) {
                let number = "steward_integer(\(part.value))"
                pieces.append("COALESCE(' \(name)=\"' || \(number) || '\"', '')")
            }
            pieces.append("'/>'")
        }
        let texts = parts.filter(\.isText)
        let lengths = texts.compactMap(\.lengthMax)
        let length = lengths.count == texts.count ? lengths.reduce(100, +) : nil
        var result = kept("(\(pieces.joined(separator: " || ")))", parts, length)
        result.failsAsNull = parts.allSatisfy(\.failures.isNever)
        return result
    }

    private mutating func currency(_ nodes: [FormulaNode]) throws(FormulaRefusal) -> FormulaPart {
        let parts = try parts(nodes, .text, .number)
        let value = "steward_currency(\(parts[0].value), \(parts[1].value))"
        return orEmpty(value, parts, (parts[0].lengthMax ?? 50_000) * 3 + 600)
    }
}
