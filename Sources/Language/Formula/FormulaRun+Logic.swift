import Foundation
import Metadata

extension FormulaRun {
    func localDay(_ moment: Int64) -> Int {
        let date = Date(timeIntervalSince1970: Double(moment) / 1_000)
        let offset = Int64(context.timeZone.secondsFromGMT(for: date)) * 1_000
        let (local, overflow) = moment.addingReportingOverflow(offset)
        return FormulaFormat.split(overflow ? moment : local).days
    }

    func call(
        _ function: FormulaFunction,
        _ nodes: [FormulaNode],
        _ type: FormulaType
    ) throws(FormulaFailure) -> FormulaValue {
        switch function {
        case .if: return try value(nodes[try value(nodes[0]).isTrue ? 1 : 2])
        case .case: return try choice(nodes)
        case .ifError:
            do { return try value(nodes[0]) } catch {
                // What the context lacks and what costs too much is no matter of the formula.
                if error.kind == .unavailable || error.kind == .limit { throw error }
                return try value(nodes[1])
            }
        case .isBlank: return .boolean(try value(nodes[0]).isNull)
        case .isNull:
            let isBlank = try value(nodes[0]).isNull
            return .boolean(isBlank && nodes[0].type != .text)
        case .blankValue:
            let first = try value(nodes[0])
            return first.isNull ? try value(nodes[1]) : first
        case .nullValue:
            let first = try value(nodes[0])
            return first.isNull && type != .text ? try value(nodes[1]) : first
        case .isNew: return .boolean(context.isNew)
        case .isClone: return .boolean(context.isClone)
        case .isChanged:
            return .boolean(context.isNew ? false : try value(nodes[0]) != value(nodes[1]))
        case .priorValue: return try value(nodes[0])
        case .isPickVal: return .boolean(try value(nodes[0]) == value(nodes[1]))
        case .includes: return try includes(value(nodes[0]), value(nodes[1]))
        case .isIn:
            let wanted = try value(nodes[0])
            if wanted.isNull { return .boolean(false) }
            for node in nodes.dropFirst() where try value(node) == wanted { return .boolean(true) }
            return .boolean(false)
        case .vlookup: return try lookUp(nodes)
        case .now: return .dateTime(context.now.milliseconds)
        case .today: return .date(localDay(context.now.milliseconds))
        case .timeNow: return .time(FormulaFormat.split(context.now.milliseconds).rest)
        default: break
        }
        var values: [FormulaValue] = []
        values.reserveCapacity(nodes.count)
        for node in nodes { values.append(try value(node)) }
        let arguments = FormulaArguments(values)
        switch function.signature.section {
        case .text, .logic, .other: return try FormulaTexts.call(function, arguments)
        case .number: return try FormulaNumbers.call(function, arguments)
        case .date: return try FormulaDates.call(function, arguments)
        }
    }

    private func choice(_ nodes: [FormulaNode]) throws(FormulaFailure) -> FormulaValue {
        let subject = try value(nodes[0])
        let isText = nodes[0].type == .text
        var index = 1
        while index + 1 < nodes.count {
            let candidate = try value(nodes[index])
            if candidate == subject, isText || !subject.isNull {
                return try value(nodes[index + 1])
            }
            index += 2
        }
        return try value(nodes[nodes.count - 1])
    }

    private func includes(_ field: FormulaValue, _ wanted: FormulaValue) -> FormulaValue {
        guard case .text(let chosen) = field, case .text(let name) = wanted else {
            return .boolean(field.isNull && wanted.isNull)
        }
        return .boolean(chosen.split(separator: ";").contains { $0 == name })
    }

    private func lookUp(_ nodes: [FormulaNode]) throws(FormulaFailure) -> FormulaValue {
        guard case .field(let result) = nodes[0], case .field(let key) = nodes[1] else {
            return .null
        }
        let wanted = try value(nodes[2])
        if wanted.isNull { return .null }
        return try FormulaValue(
            context.lookUp(
                result.field,
                of: result.base,
                where: key.field,
                is: wanted.fieldValue()
            )
        )
    }
}

/// The values that a function was given; one that is missing is blank.
struct FormulaArguments {
    let values: [FormulaValue]

    init(_ values: [FormulaValue]) {
        self.values = values
    }

    var count: Int { values.count }
    var hasNull: Bool { values.contains(.null) }

    subscript(index: Int) -> FormulaValue {
        index < values.count ? values[index] : .null
    }

    /// The text; empty for a blank.
    func text(_ index: Int) -> String {
        switch self[index] {
        case .text(let text): text
        case .id(let id): id.short
        default: ""
        }
    }

    func number(_ index: Int) -> FormulaNumber? {
        if case .number(let number) = self[index] { number } else { nil }
    }

    /// The whole part of a number, within a billion either way.
    func integer(_ index: Int) -> Int? {
        guard let number = number(index) else { return nil }
        let limit = 1_000_000_000
        guard let whole = number.integer else { return number.isNegative ? -limit : limit }
        return min(max(whole, -limit), limit)
    }
}
