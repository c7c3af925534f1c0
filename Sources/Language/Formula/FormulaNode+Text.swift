import Metadata

extension FormulaNode {
    /// The node as formula text, with names as they were declared; reading it gives the same tree.
    ///
    /// Criteria have two forms that no formula has: a comparison with a stretch of days, written
    /// `CloseDate = LAST_N_DAYS:30`, and literal dates and ids, written plainly.
    package var text: String { text(0) }

    private func text(_ least: Int) -> String {
        switch self {
        case .literal(let value, let type): return FormulaNode.literal(value, type)
        case .field(let path), .computed(let path, _): return path.text
        case .global(let global): return global.text
        case .variable(let name, _): return name
        case .cast(_, let node): return node.text(least)
        case .negate(let node): return "-\(node.text(7))"
        case .not(let node): return "NOT(\(node.text))"
        case .and(let nodes): return "AND(\(nodes.map(\.text).joined(separator: ", ")))"
        case .or(let nodes): return "OR(\(nodes.map(\.text).joined(separator: ", ")))"
        case .binary(let operation, let left, let right):
            let level = operation.level
            let inner =
                "\(left.text(level)) \(operation.rawValue) \(right.text(level + 1))"
            return level < least ? "(\(inner))" : inner
        case .call(.isChanged, let nodes, _):
            return "ISCHANGED(\(nodes.first?.text ?? ""))"
        case .call(.priorValue, let nodes, _):
            let name = nodes.first?.text ?? ""
            return "PRIORVALUE(\(name.replacing("$Record__Prior.", with: "")))"
        case .call(.vlookup, let nodes, _):
            let names = nodes.map { node in
                guard case .field(let path) = node, path.root == .variable("$ObjectType") else {
                    return node.text
                }
                return "$ObjectType.\(path.base.name.text).Fields.\(path.field.name.text)"
            }
            return "VLOOKUP(\(names.joined(separator: ", ")))"
        case .call(let function, let nodes, let type):
            if function == .geolocation, type == .geolocation, case .field(let path)? = nodes.first,
                let compound = path.field.compound, path.object.field(compound) != nil
            {
                let whole = path.text.dropLast(path.field.name.text.count)
                return "\(whole)\(compound.text)"
            }
            return "\(function.rawValue)(\(nodes.map(\.text).joined(separator: ", ")))"
        case .during(let operation, let node, let days):
            let inner = "\(node.text(3)) \(operation.rawValue) \(days.text)"
            return least > 2 ? "(\(inner))" : inner
        }
    }

    private static func literal(_ value: FieldValue, _ type: FormulaType) -> String {
        switch value {
        case .null: return type == .text ? "\"\"" : "NULL"
        case .text(let text):
            let escaped =
                text
                .replacing("\\", with: "\\\\")
                .replacing("\"", with: "\\\"")
                .replacing("\n", with: "\\n")
                .replacing("\r", with: "\\r")
                .replacing("\t", with: "\\t")
            return "\"\(escaped)\""
        case .boolean(let flag): return flag ? "TRUE" : "FALSE"
        case .number(let number): return number.description
        case .date(let days):
            guard let date = CivilDate(daysSinceEpoch: days) else { return "NULL" }
            return "DATE(\(date.year), \(date.month), \(date.day))"
        case .dateTime(let instant):
            return "DATETIMEVALUE(\"\(FormulaFormat.dateTime(instant.milliseconds).dropLast())\")"
        case .time(let milliseconds): return "TIMEVALUE(\"\(FormulaFormat.time(milliseconds))\")"
        case .id(let id): return "\"\(id.description)\""
        case .coordinate(let degrees): return degrees.description
        case .blob: return "NULL"
        }
    }
}

extension FormulaOperation {
    /// How tightly it binds; see `FormulaParser`.
    fileprivate var level: Int {
        switch self {
        case .equal, .notEqual: 2
        case .less, .lessOrEqual, .greater, .greaterOrEqual: 3
        case .add, .subtract, .concatenate: 4
        case .multiply, .divide: 5
        case .power: 6
        }
    }
}

extension FormulaDays {
    fileprivate var text: String {
        switch self {
        case .day(let day):
            guard let date = CivilDate(daysSinceEpoch: day) else { return "NULL" }
            return FormulaFormat.date(date)
        case .literal(let literal): return literal.text
        }
    }
}

extension DateLiteral {
    /// As a filter writes it: `LAST_N_DAYS:30`.
    fileprivate var text: String {
        let unit = unit.rawValue.uppercased()
        switch position {
        case .whole(-1): return self.unit == .day ? "YESTERDAY" : "LAST_\(unit)"
        case .whole(0): return self.unit == .day ? "TODAY" : "THIS_\(unit)"
        case .whole(1): return self.unit == .day ? "TOMORROW" : "NEXT_\(unit)"
        case .whole(let step): return "N_\(unit)S_AGO:\(-step)"
        case .lastN(let count): return "LAST_N_\(unit)S:\(count)"
        case .nextN(let count): return "NEXT_N_\(unit)S:\(count)"
        }
    }
}
