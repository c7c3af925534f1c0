import Foundation
import Kernel
import Language
import Metadata

/// The value of an expression for a row, or for a group of rows.
struct ReferenceEvaluator {
    /// One row, or the rows of a group.
    let rows: [ReferenceRow]
    var keys: [ResolvedExpression] = []
    /// The keys over which the group sums: they have no value.
    var absentKeys: Set<Int> = []
    let context: ReadContext
    let now: Instant
    var formulas: [ColumnReference: FormulaUse] = [:]

    func value(_ expression: ResolvedExpression) -> FieldValue {
        if let key = keys.firstIndex(of: expression), absentKeys.contains(key) { return .null }
        switch expression {
        case .column(let column): return self.column(column)
        case .firstOf(let columns):
            return columns.map(column).first { !$0.isNull } ?? .null
        case .objectName(let lookup, let objects):
            guard let id = column(lookup).id else { return .null }
            return objects.first { $0.prefix == id.prefix }.map { .text($0.name) } ?? .null
        case .aggregate(let function, let argument): return aggregate(function, argument)
        case .datePart(let part, let inner, let inUserZone):
            let zone = inUserZone ? context.timeZone : nil
            return ReferenceCalendar(context.calendar).value(part, of: first(inner), in: zone)
        case .label(let column): return label(column)
        case .formatted(let inner):
            return ReferenceFormat(context).value(value(inner), of: inner)
        case .distance(let from, let to, let unit): return distance(from, to, unit)
        case .isSubtotal(let key):
            return .number(ExactDecimal(unscaled: absentKeys.contains(key) ? 1 : 0, scale: 0))
        }
    }

    /// The value for the first row, whether or not the group sums over it.
    private func first(_ expression: ResolvedExpression) -> FieldValue {
        alone(Array(rows.prefix(1))).value(expression)
    }

    /// The same for some rows, whatever the group sums over.
    private func alone(_ rows: [ReferenceRow]) -> ReferenceEvaluator {
        ReferenceEvaluator(rows: rows, context: context, now: now, formulas: formulas)
    }

    private func column(_ column: ColumnReference) -> FieldValue {
        guard let row = rows.first, let record = row[column.table] else { return .null }
        guard case .formula(let declaration) = column.field.type else {
            return record[column.field]
        }
        guard let use = formulas[column] else { return .null }
        let inputs = ReferenceFormulaContext(row: row, use: use, context: context, now: now)
        let value = try? FormulaEvaluator().value(of: use.formula.formula, in: inputs)
        return declaration.shown(value ?? .null)
    }

    /// The label of a picklist's value, where that is another; every other value stays as it is.
    private func label(_ column: ColumnReference) -> FieldValue {
        if !keys.contains(.label(column)), let key = keys.firstIndex(of: .column(column)),
            absentKeys.contains(key)
        {
            return .null
        }
        guard case .text(let text) = self.column(column) else { return self.column(column) }
        let value = column.field.picklist?.values.first { value in
            ComparisonKey.bytes(value.name, column.field.valueType)
                == ComparisonKey.bytes(text, column.field.valueType)
        }
        guard let value, value.label != value.name else { return .text(text) }
        return .text(value.label)
    }
}

// MARK: - Aggregates

extension ReferenceEvaluator {
    private func aggregate(
        _ function: AggregateFunction,
        _ argument: ResolvedExpression?
    ) -> FieldValue {
        guard let argument else { return number(Int64(rows.count)) }
        let values = rows.map { row in
            alone([row]).value(argument)
        }.filter { !$0.isNull }
        let keys = values.map { ComparisonKey($0, argument.type) }
        switch function {
        case .count: return number(Int64(values.count))
        case .countDistinct: return number(Int64(Set(keys).count))
        case .sum: return sum(values, argument.type)
        case .average: return average(values, argument.type)
        case .minimum: return keys.min().flatMap(keys.firstIndex(of:)).map { values[$0] } ?? .null
        case .maximum: return keys.max().flatMap(keys.firstIndex(of:)).map { values[$0] } ?? .null
        }
    }

    private func number(_ digits: Int64, scale: Int = 0) -> FieldValue {
        .number(ExactDecimal(unscaled: digits, scale: scale))
    }

    private func sum(_ values: [FieldValue], _ type: ValueType) -> FieldValue {
        guard !values.isEmpty else { return .null }
        if case .real = type { return .coordinate(reals(values).reduce(0, +)) }
        return number(digits(values, type), scale: scale(of: type))
    }

    private func average(_ values: [FieldValue], _ type: ValueType) -> FieldValue {
        guard !values.isEmpty else { return .null }
        let count = Double(values.count)
        if case .real = type { return .coordinate(reals(values).reduce(0, +) / count) }
        let divisor = count * ExactDecimal.power(scale(of: type))
        return .coordinate(Double(digits(values, type)) / divisor)
    }

    private func digits(_ values: [FieldValue], _ type: ValueType) -> Int64 {
        values.reduce(0) { sum, value in
            guard case .number(let number) = value else { return sum }
            return sum + (number.unscaled(at: scale(of: type)) ?? 0)
        }
    }

    private func reals(_ values: [FieldValue]) -> [Double] {
        values.compactMap { if case .coordinate(let number) = $0 { number } else { nil } }
    }

    private func scale(of type: ValueType) -> Int {
        if case .decimal(let scale) = type { scale } else { 0 }
    }
}

// MARK: - Distance

extension ReferenceEvaluator {
    /// The great-circle distance on a sphere of the earth's mean radius, by the haversine formula.
    private func distance(
        _ from: ResolvedExpression.Place,
        _ to: ResolvedExpression.Place,
        _ unit: DistanceUnit
    ) -> FieldValue {
        guard let (latitude1, longitude1) = point(from), let (latitude2, longitude2) = point(to)
        else { return .null }
        let radians = Double.pi / 180
        let sine1 = sin((latitude2 - latitude1) * radians / 2)
        let sine2 = sin((longitude2 - longitude1) * radians / 2)
        let haversine =
            sine1 * sine1
            + cos(latitude1 * radians) * cos(latitude2 * radians) * sine2 * sine2
        let kilometres = 2 * 6371.0088 * asin(min(1, haversine.squareRoot()))
        switch unit {
        case .kilometres: return .coordinate(kilometres)
        case .miles: return .coordinate(kilometres / 1.609344)
        }
    }

    private func point(_ place: ResolvedExpression.Place) -> (Double, Double)? {
        switch place {
        case .point(let latitude, let longitude): return (latitude, longitude)
        case .columns(let latitude, let longitude):
            guard case .coordinate(let first) = column(latitude),
                case .coordinate(let second) = column(longitude)
            else { return nil }
            return (first, second)
        }
    }
}
