import Foundation
import Store

/// Writes values as a locale writes them: SOQL's `FORMAT()`.
///
/// Source: SOQL and SOSL Reference, "FORMAT()": numbers, currencies, dates and times as in the user's
/// locale.
final class LocalFormat {
    private let locale: Locale
    private let zone: TimeZone

    init(locale: String, zone: String) {
        self.locale = Locale(identifier: locale)
        self.zone = TimeZone(identifier: zone) ?? .gmt
    }

    /// - Parameters:
    ///   - digits: the number without its point.
    ///   - scale: how many of the digits stand behind it.
    func number(_ digits: Int64, scale: Int, kind: String) -> String {
        let value = Decimal(digits) / pow(10, scale)
        switch kind {
        case "currency":
            return value.formatted(
                Decimal.FormatStyle.Currency(code: "USD", locale: locale)
                    .precision(.fractionLength(scale))
            )
        case "percent": return plain(value, scale) + "%"
        default: return plain(value, scale)
        }
    }

    private func plain(_ value: Decimal, _ scale: Int) -> String {
        value.formatted(Decimal.FormatStyle(locale: locale).precision(.fractionLength(0...scale)))
    }

    func number(_ value: Double) -> String {
        value.formatted(FloatingPointFormatStyle<Double>(locale: locale))
    }

    func date(days: Int64) -> String {
        style(date: .numeric, time: .omitted, .gmt, Double(days) * 86_400)
    }

    func dateTime(milliseconds: Int64) -> String {
        style(date: .numeric, time: .shortened, zone, Double(milliseconds) / 1_000)
    }

    func time(milliseconds: Int64) -> String {
        style(date: .omitted, time: .shortened, .gmt, Double(milliseconds) / 1_000)
    }

    private func style(
        date: Date.FormatStyle.DateStyle,
        time: Date.FormatStyle.TimeStyle,
        _ zone: TimeZone,
        _ seconds: Double
    ) -> String {
        Date(timeIntervalSince1970: seconds).formatted(
            Date.FormatStyle(date: date, time: time, locale: locale, timeZone: zone)
        )
    }
}

extension SQLiteConnection {
    func registerFormat() throws {
        try function("steward_format", argumentCount: 5, isDeterministic: true) { call in
            guard !call.isNull(1) else { return .null }
            let format = call.constant(3) {
                LocalFormat(locale: call.string(3), zone: call.string(4))
            }
            let kind = call.string(0)
            switch kind {
            case "date": return .text(format.date(days: call.int64(1)))
            case "datetime": return .text(format.dateTime(milliseconds: call.int64(1)))
            case "time": return .text(format.time(milliseconds: call.int64(1)))
            default:
                guard !call.isNull(2) else { return .text(format.number(call.double(1))) }
                return .text(
                    format.number(call.int64(1), scale: Int(call.int64(2)), kind: kind)
                )
            }
        }
    }
}
