import Foundation
import Kernel
import Language
import Metadata

/// Values as the caller's locale writes them.
struct ReferenceFormat {
    private let locale: Locale
    private let zone: TimeZone

    init(_ context: ReadContext) {
        locale = Locale(identifier: context.locale)
        zone = TimeZone(identifier: context.timeZone) ?? .gmt
    }

    /// - Parameter expression: what has the value, which says whether it is money.
    func value(_ value: FieldValue, of expression: ResolvedExpression) -> FieldValue {
        switch value {
        case .null, .text, .boolean, .id, .blob: value
        case .number(let number): .text(text(number, expression))
        case .coordinate(let number):
            .text(number.formatted(FloatingPointFormatStyle<Double>(locale: locale)))
        case .date(let days): .text(text(Double(days) * 86_400, .numeric, .omitted, .gmt))
        case .dateTime(let moment):
            .text(text(Double(moment.milliseconds) / 1_000, .numeric, .shortened, zone))
        case .time(let milliseconds):
            .text(text(Double(milliseconds) / 1_000, .omitted, .shortened, .gmt))
        }
    }

    private func text(_ number: ExactDecimal, _ expression: ResolvedExpression) -> String {
        let value = Decimal(number.unscaled) / pow(10, number.scale)
        let plain = value.formatted(
            Decimal.FormatStyle(locale: locale).precision(.fractionLength(0...number.scale))
        )
        switch Self.field(of: expression)?.type {
        case .currency(_, let scale): return money(value, scale)
        case .formula(let formula) where formula.returns == .currency:
            return money(value, formula.scale)
        case .percent: return plain + "%"
        case .formula(let formula) where formula.returns == .percent: return plain + "%"
        default: return plain
        }
    }

    private func money(_ value: Decimal, _ scale: Int) -> String {
        value.formatted(
            Decimal.FormatStyle.Currency(code: "USD", locale: locale)
                .precision(.fractionLength(scale))
        )
    }

    /// The field that a value has its unit from; a count has none.
    private static func field(of expression: ResolvedExpression) -> FieldDefinition? {
        switch expression {
        case .column(let column): column.field
        case .aggregate(let function, let argument?)
        where function != .count && function != .countDistinct:
            field(of: argument)
        case .aggregate, .firstOf, .objectName, .datePart, .label, .formatted, .distance,
            .isSubtotal:
            nil
        }
    }

    private func text(
        _ seconds: Double,
        _ date: Date.FormatStyle.DateStyle,
        _ time: Date.FormatStyle.TimeStyle,
        _ zone: TimeZone
    ) -> String {
        Date(timeIntervalSince1970: seconds).formatted(
            Date.FormatStyle(date: date, time: time, locale: locale, timeZone: zone)
        )
    }
}
