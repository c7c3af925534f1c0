import Metadata

extension FormulaResolver {
    mutating func call(
        _ name: String,
        _ arguments: [FormulaSyntax],
        at offset: Int
    ) throws(FormulaError) -> FormulaNode {
        let upper = name.uppercased()
        switch upper {
        case "AND", "OR":
            try count(arguments, 1..., upper, at: offset)
            var items: [FormulaNode] = []
            for argument in arguments {
                items.append(try boolean(try node(argument), upper, at: argument.offset))
            }
            return upper == "AND" ? .and(items) : .or(items)
        case "NOT":
            try count(arguments, 1...1, upper, at: offset)
            return .not(try boolean(try node(arguments[0]), upper, at: arguments[0].offset))
        default: break
        }
        guard let function = FormulaFunction(rawValue: upper) else {
            if let refused = FormulaFunction.refused.first(where: { $0.name == upper }) {
                throw error("\(upper) is not available: \(refused.reason)", at: offset)
            }
            let known = FormulaFunction.allCases.map(\.rawValue) + ["AND", "OR", "NOT"]
            throw error(
                "there is no function `\(name)`" + Suggestion.phrase(for: name, among: known),
                at: offset
            )
        }
        let signature = function.signature
        guard let parameters = signature.parameters else {
            return try special(function, arguments, at: offset)
        }
        if signature.repeats {
            try count(arguments, 1..., upper, at: offset)
        } else {
            try count(arguments, signature.required...parameters.count, upper, at: offset)
        }
        var nodes: [FormulaNode] = []
        for (index, argument) in arguments.enumerated() {
            let value = try node(argument)
            guard let parameter = index < parameters.count ? parameters[index] : parameters.last
            else { break }
            nodes.append(try fitted(value, parameter, upper, at: argument.offset))
        }
        return .call(function, nodes, try result(of: function, nodes, arguments))
    }

    private func count(
        _ arguments: [FormulaSyntax],
        _ wanted: some RangeExpression<Int>,
        _ name: String,
        at offset: Int
    ) throws(FormulaError) {
        guard !wanted.contains(arguments.count) else { return }
        let form = FormulaFunction(rawValue: name)?.signature.form
        let shown = form ?? (name == "NOT" ? "NOT(test)" : "\(name)(test, test, …)")
        let count = arguments.count
        throw error(
            "\(name) has \(count) argument\(count == 1 ? "" : "s"); it is written \(shown)",
            at: offset
        )
    }

    private func fitted(
        _ value: FormulaNode,
        _ parameter: FormulaSignature.Parameter,
        _ function: String,
        at offset: Int
    ) throws(FormulaError) -> FormulaNode {
        if parameter.types.contains(value.type) || value.type == .null { return value }
        if case .text = parameter { return try text(value, function, at: offset) }
        throw mismatch(function, parameter.types, value, at: offset)
    }

    private func result(
        of function: FormulaFunction,
        _ nodes: [FormulaNode],
        _ arguments: [FormulaSyntax]
    ) throws(FormulaError) -> FormulaType {
        guard let first = nodes.first, let at = arguments.first?.offset else {
            return function.signature.result
        }
        let allowed: [FormulaType]
        switch function {
        case .addMonths: return first.type == .dateTime ? .dateTime : .date
        case .dateValue: allowed = [.text, .dateTime, .date, .null]
        case .dateTimeValue: allowed = [.text, .dateTime, .date, .null]
        case .timeValue: allowed = [.text, .dateTime, .time, .null]
        case .unixTimestamp: allowed = [.date, .dateTime, .time, .null]
        default: return function.signature.result
        }
        guard allowed.contains(first.type) else {
            throw mismatch(function.rawValue, allowed, first, at: at)
        }
        return function.signature.result
    }

    // MARK: Functions with rules of their own

    private mutating func special(
        _ function: FormulaFunction,
        _ arguments: [FormulaSyntax],
        at offset: Int
    ) throws(FormulaError) -> FormulaNode {
        let name = function.rawValue
        switch function {
        case .if:
            try count(arguments, 3...3, name, at: offset)
            let test = try boolean(
                try node(arguments[0]),
                "the test of IF",
                at: arguments[0].offset
            )
            let branches = try alike(Array(arguments[1...]), "the results of IF")
            return .call(.if, [test] + branches.nodes, branches.type)
        case .case: return try choice(arguments, at: offset)
        case .ifError, .blankValue, .nullValue:
            try count(arguments, 2...2, name, at: offset)
            let values = try alike(arguments, name)
            return .call(function, values.nodes, values.type)
        case .isBlank, .isNull:
            try count(arguments, 1...1, name, at: offset)
            let value = try node(arguments[0])
            if function == .isNull, value.type == .picklist {
                throw mismatch(name, [.text], value, at: arguments[0].offset)
            }
            return .call(function, [value], .boolean)
        case .isChanged, .priorValue:
            try count(arguments, 1...1, name, at: offset)
            let before = try prior(arguments[0], in: name)
            if function == .priorValue { return .call(.priorValue, [before], before.type) }
            return .call(.isChanged, [try node(arguments[0]), before], .boolean)
        case .isPickVal, .includes: return try picked(function, arguments, at: offset)
        case .isIn:
            try count(arguments, 2..., name, at: offset)
            let values = try alike(arguments, name)
            return .call(.isIn, values.nodes, .boolean)
        case .text:
            try count(arguments, 1...1, name, at: offset)
            let value = try node(arguments[0])
            guard [.number, .date, .dateTime, .time, .picklist, .null].contains(value.type) else {
                throw error(
                    "TEXT takes a number, a date, a time or a picklist, not \(value.type.title)"
                        + (value.type == .text ? "; it is text already" : ""),
                    at: arguments[0].offset
                )
            }
            return .call(.text, [value], .text)
        case .formatDuration: return try duration(arguments, at: offset)
        default: return try lookUp(arguments, at: offset)
        }
    }

    /// Values that must be of one type, which is the type of the whole.
    private mutating func alike(
        _ arguments: [FormulaSyntax],
        _ place: String
    ) throws(FormulaError) -> (nodes: [FormulaNode], type: FormulaType) {
        var nodes: [FormulaNode] = []
        for argument in arguments { nodes.append(try node(argument)) }
        let type = try unified(&nodes, arguments, place)
        return (nodes, type)
    }

    private func unified(
        _ nodes: inout [FormulaNode],
        _ arguments: [FormulaSyntax],
        _ place: String
    ) throws(FormulaError) -> FormulaType {
        var type = FormulaType.null
        for (index, node) in nodes.enumerated() where node.type != .null {
            let at = arguments[index].offset
            if [.picklist, .multiselect].contains(node.type) {
                throw mismatch(place, [.text, .number, .date], node, at: at)
            }
            if type == .null || type == node.type {
                type = node.type
            } else if [.id, .text].contains(type), [.id, .text].contains(node.type) {
                type = .text
            } else {
                throw mismatch("\(place) begin with \(type.title): it", [type], node, at: at)
            }
        }
        if type == .text {
            nodes = nodes.map { $0.type == .id ? .cast(.idToShortText, $0) : $0 }
        }
        return type
    }

    private mutating func choice(
        _ arguments: [FormulaSyntax],
        at offset: Int
    ) throws(FormulaError) -> FormulaNode {
        guard arguments.count >= 4, arguments.count.isMultiple(of: 2) else {
            let advice =
                arguments.count >= 3 && !arguments.count.isMultiple(of: 2)
                ? "; the result for all other values is missing at its end" : ""
            throw error(
                "CASE has \(arguments.count) arguments; it is written "
                    + "\(FormulaFunction.case.signature.form)\(advice)",
                at: offset
            )
        }
        var subject = try node(arguments[0])
        if subject.type == .picklist { subject = .cast(.picklistToText, subject) }
        var values: [FormulaNode] = [subject]
        var results: [FormulaNode] = []
        var resultSyntax: [FormulaSyntax] = []
        for index in stride(from: 1, to: arguments.count - 1, by: 2) {
            values.append(try node(arguments[index]))
            results.append(try node(arguments[index + 1]))
            resultSyntax.append(arguments[index + 1])
        }
        if let last = arguments.last {
            results.append(try node(last))
            resultSyntax.append(last)
        }
        let valueSyntax = stride(from: 0, to: arguments.count - 1, by: 2).map { index in
            arguments[index == 0 ? 0 : index - 1]
        }
        _ = try unified(&values, valueSyntax, "the values of CASE")
        let type = try unified(&results, resultSyntax, "the results of CASE")
        var nodes = [values[0]]
        for index in 1..<values.count { nodes += [values[index], results[index - 1]] }
        if let last = results.last { nodes.append(last) }
        return .call(.case, nodes, type)
    }

    private mutating func picked(
        _ function: FormulaFunction,
        _ arguments: [FormulaSyntax],
        at offset: Int
    ) throws(FormulaError) -> FormulaNode {
        let name = function.rawValue
        try count(arguments, 2...2, name, at: offset)
        let field = try node(arguments[0])
        let wanted: FormulaType = function == .includes ? .multiselect : .picklist
        guard field.type == wanted else {
            let advice =
                field.type == .text
                ? "; compare text with `=`"
                : field.type == .multiselect
                    ? "; use INCLUDES" : field.type == .picklist ? "; use ISPICKVAL" : ""
            throw error(
                "\(name) takes a \(wanted.title) field, not \(field.type.title)\(advice)",
                at: arguments[0].offset
            )
        }
        guard case .text = arguments[1] else {
            throw error(
                "\(name) takes the value as a text in quotes",
                at: arguments[1].offset
            )
        }
        return .call(function, [field, try node(arguments[1])], .boolean)
    }

    private mutating func duration(
        _ arguments: [FormulaSyntax],
        at offset: Int
    ) throws(FormulaError) -> FormulaNode {
        try count(arguments, 1...2, "FORMATDURATION", at: offset)
        let first = try node(arguments[0])
        guard arguments.count == 2 else {
            guard [.number, .null].contains(first.type) else {
                throw mismatch("FORMATDURATION", [.number], first, at: arguments[0].offset)
            }
            return .call(.formatDuration, [first], .text)
        }
        let second = try node(arguments[1])
        let isSpan = [.dateTime, .time].contains(first.type) && second.type == first.type
        guard isSpan || (first.type == .number && second.type == .boolean) else {
            throw error(
                "FORMATDURATION takes a number and whether to show days, or two moments",
                at: arguments[1].offset
            )
        }
        return .call(.formatDuration, [first, second], .text)
    }

    /// `VLOOKUP($ObjectType.Zip__c.Fields.City__c, $ObjectType.Zip__c.Fields.Name, Zip)`.
    private mutating func lookUp(
        _ arguments: [FormulaSyntax],
        at offset: Int
    ) throws(FormulaError) -> FormulaNode {
        try count(arguments, 3...3, "VLOOKUP", at: offset)
        let result = try column(arguments[0])
        let key = try column(arguments[1])
        guard result.base.name == key.base.name else {
            throw error("both fields of VLOOKUP belong to one object", at: arguments[1].offset)
        }
        guard let type = result.field.formulaType,
            type == .text || type == .number
                || type == .date || type == .id || type == .boolean
        else {
            throw error(
                "VLOOKUP cannot give \(result.text)",
                at: arguments[0].offset
            )
        }
        let value = try node(arguments[2])
        guard key.field.formulaType == value.type || value.type == .null else {
            throw mismatch(
                "VLOOKUP by \(key.field.name.text)",
                [key.field.formulaType ?? .text],
                value,
                at: arguments[2].offset
            )
        }
        return .call(.vlookup, [.field(result), .field(key), value], type)
    }

    private func column(_ syntax: FormulaSyntax) throws(FormulaError) -> FormulaPath {
        guard case .name(let name, let at) = syntax else {
            throw error(
                "VLOOKUP takes a field as `$ObjectType.Object__c.Fields.Field__c`",
                at: syntax.offset
            )
        }
        let parts = name.split(separator: ".").map(String.init)
        guard parts.count == 4, parts[0].lowercased() == "$objecttype",
            parts[2].lowercased() == "fields"
        else {
            throw error(
                "VLOOKUP takes a field as `$ObjectType.Object__c.Fields.Field__c`",
                at: at
            )
        }
        guard let object = scope.schema.object(APIName(parts[1])) else {
            throw error(
                "there is no object `\(parts[1])`"
                    + Suggestion.phrase(for: parts[1], among: scope.schema.objects.map(\.name.text)),
                at: at
            )
        }
        guard let field = object.field(APIName(parts[3])) else {
            throw error(
                "\(object.name.text) has no field `\(parts[3])`"
                    + Suggestion.phrase(for: parts[3], among: object.fields.map(\.name.text)),
                at: at
            )
        }
        return FormulaPath(root: .variable("$ObjectType"), base: object, field: field)
    }
}
