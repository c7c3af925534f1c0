import Foundation
import Kernel
package import Language
package import Metadata

/// A formula field as SQLite's `steward_formula` works it out: by the evaluator itself, from the
/// values of the columns that it reads.
///
/// So it gives what the evaluator gives, whatever the formula.
package final class FormulaProgram: Sendable {
    private let declaration: FieldType.Formula
    private let formula: FieldFormula
    private let context: ReadContext
    private let timeZone: TimeZone
    private let places: [FormulaPath: Int]
    /// What is read, in the order in which `value` gets the values.
    package let paths: [FormulaPath]

    init(_ declaration: FieldType.Formula, _ formula: FieldFormula, _ context: ReadContext) {
        self.declaration = declaration
        self.formula = formula
        self.context = context
        timeZone = TimeZone(identifier: context.timeZone) ?? .gmt
        paths = formula.inputs
        places = Dictionary(
            paths.enumerated().map { ($0.element, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The formula as it was declared.
    package var text: String { declaration.expression }

    /// The value as a column of the field's type would keep it; null where the formula fails.
    package func value(_ arguments: [SQLValue], now: Instant) -> SQLValue {
        let values = zip(paths, arguments).map { $0.field.value(ofStored: $1) }
        let row = Row(program: self, values: values, now: now)
        let value = try? FormulaEvaluator().value(of: formula.formula, in: row)
        return stored(declaration.shown(value ?? .null))
    }

    private func stored(_ value: FieldValue) -> SQLValue {
        switch value {
        case .null, .id, .coordinate, .blob: .null
        case .text(let text): .text(text)
        case .boolean(let value): .integer(value ? 1 : 0)
        case .number(let number):
            number.unscaled(at: declaration.scale).map { .integer($0) } ?? .null
        case .date(let days): .integer(Int64(days))
        case .dateTime(let moment): .integer(moment.milliseconds)
        case .time(let milliseconds): .integer(Int64(milliseconds))
        }
    }

    /// One row's values.
    private struct Row: FormulaContext {
        let program: FormulaProgram
        let values: [FieldValue]
        let now: Instant

        var isNew: Bool { false }
        var timeZone: TimeZone { program.timeZone }
        var calendar: CalendarSettings { program.context.calendar }

        func value(_ path: FormulaPath) -> FieldValue {
            guard let place = program.places[path], values.indices.contains(place) else {
                return .null
            }
            return values[place]
        }

        func global(_ global: FormulaGlobal) -> FieldValue {
            program.formula.globals[global].map(value) ?? program.context.value(of: global)
        }
    }
}

extension FormulaProgram: Hashable {
    package static func == (left: FormulaProgram, right: FormulaProgram) -> Bool { left === right }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension FieldDefinition {
    /// The value that SQLite keeps so.
    fileprivate func value(ofStored value: SQLValue) -> FieldValue {
        switch (columnType, value) {
        case (.recordID, .integer(let number)): .id(RecordID(number: number))
        case (.text, .text(let text)): .text(text)
        case (.boolean, .integer(let number)): .boolean(number != 0)
        case (.decimal(_, let scale), .integer(let digits)):
            .number(ExactDecimal(unscaled: digits, scale: scale))
        case (.date, .integer(let days)): .date(Int(days))
        case (.dateTime, .integer(let moment)): .dateTime(Instant(milliseconds: moment))
        case (.time, .integer(let milliseconds)): .time(Int(milliseconds))
        case (.real, .real(let number)): .coordinate(number)
        case (.real, .integer(let number)): .coordinate(Double(number))
        case (.byteCount, .integer(let count)):
            .number(ExactDecimal(unscaled: count, scale: 0))
        case (.recordID, _), (.text, _), (.boolean, _), (.decimal, _), (.date, _), (.dateTime, _),
            (.time, _), (.real, _), (.byteCount, _), (nil, _):
            .null
        }
    }
}
