import Foundation
import Metadata

/// One form of a value for another: what a person wrote, what a field takes, what text shows.
enum FlowConversion {
    /// The value that a text stands for; `nil` where it stands for none of that type.
    static func value(of text: String, as type: FlowType) -> FieldValue? {
        if text.isEmpty { return type == .boolean ? .boolean(false) : .null }
        switch type {
        case .text, .picklist, .multipicklist: return .text(text)
        case .number: return ExactDecimal(text).map { .number($0) }
        case .boolean:
            switch text.lowercased() {
            case "true": return .boolean(true)
            case "false": return .boolean(false)
            default: return nil
            }
        case .date: return CivilText.daysSinceEpoch(text).map { .date($0) }
        case .dateTime:
            return CivilText.millisecondsSinceEpoch(text)
                .map { .dateTime(Instant(milliseconds: $0)) }
        case .time: return CivilText.millisecondsOfDay(text).map { .time($0) }
        case .id: return (try? RecordID(text)).map { .id($0) }
        case .coordinate: return Double(text).map { .coordinate($0) }
        case .record, .collection: return nil
        }
    }

    /// A value in the form that a type has; `nil` where it has none.
    static func value(_ value: FieldValue, as type: FlowType, in zone: String) -> FieldValue? {
        switch (value, type) {
        case (.null, .boolean): return .boolean(false)
        case (.null, _): return .null
        case (.text(let text), .text), (.text(let text), .picklist),
            (.text(let text), .multipicklist):
            return .text(text)
        case (.text(let text), _): return self.value(of: text, as: type)
        case (.boolean, .boolean), (.number, .number), (.date, .date), (.dateTime, .dateTime),
            (.time, .time), (.id, .id), (.coordinate, .coordinate):
            return value
        case (_, .text), (_, .picklist), (_, .multipicklist): return text(value).map { .text($0) }
        case (.date(let days), .dateTime): return midnight(days, in: zone).map { .dateTime($0) }
        case (.dateTime(let moment), .date): return .date(day(of: moment, in: zone))
        case (.number(let number), .coordinate): return .coordinate(number.double)
        case (.coordinate(let number), .number):
            return ExactDecimal("\(number)").map { .number($0) }
        default: return nil
        }
    }

    /// The day that the clocks of a zone show.
    static func day(of moment: Instant, in zone: String) -> Int {
        let date = Date(timeIntervalSince1970: Double(moment.milliseconds) / 1_000)
        let offset = TimeZone(identifier: zone)?.secondsFromGMT(for: date) ?? 0
        let (shifted, _) = moment.milliseconds.addingReportingOverflow(Int64(offset) * 1_000)
        let day = shifted / 86_400_000
        return Int(shifted % 86_400_000 < 0 ? day - 1 : day)
    }

    /// When a day begins by the clocks of a zone.
    static func midnight(_ days: Int, in zone: String) -> Instant? {
        moment(days, milliseconds: 0, in: zone)
    }

    /// A day and a time of day by the clocks of a zone.
    static func moment(_ days: Int, milliseconds: Int, in zone: String) -> Instant? {
        let (start, overflows) = Int64(days).multipliedReportingOverflow(by: 86_400_000)
        guard !overflows, abs(days) < 10_000_000 else { return nil }
        let local = start + Int64(milliseconds)
        let guess = Date(timeIntervalSince1970: Double(local) / 1_000)
        let first = TimeZone(identifier: zone)?.secondsFromGMT(for: guess) ?? 0
        let shifted = Date(timeIntervalSince1970: Double(local) / 1_000 - Double(first))
        let second = TimeZone(identifier: zone)?.secondsFromGMT(for: shifted) ?? 0
        return Instant(milliseconds: local - Int64(second) * 1_000)
    }

    /// What text shows of a value; `nil` for nothing.
    static func text(_ value: FieldValue) -> String? {
        var bytes: [UInt8] = []
        switch value {
        case .null, .blob: return nil
        case .text(let text): return text
        case .boolean(let value): return value ? "true" : "false"
        case .number(let number): return number.description
        case .id(let id): return id.description
        case .coordinate(let number): return "\(number)"
        case .date(let days):
            guard bytes.appendDate(daysSinceEpoch: days) else { return nil }
        case .dateTime(let moment):
            guard bytes.appendDatetime(millisecondsSinceEpoch: moment.milliseconds, zone: .zulu)
            else { return nil }
        case .time(let milliseconds):
            guard bytes.appendTime(millisecondsOfDay: milliseconds) else { return nil }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A value as a client would send it.
    static func json(_ value: FieldValue) -> JSONValue {
        switch value {
        case .null, .blob: .null
        case .boolean(let value): .bool(value)
        case .number(let number): .number(JSONNumber(number))
        case .coordinate(let number): JSONNumber(number).map { .number($0) } ?? .null
        case .text, .id, .date, .dateTime, .time: text(value).map { .string($0) } ?? .null
        }
    }
}

/// How two values stand to each other in a flow's conditions: text without regard to case, as in
/// queries.
enum FlowComparison {
    /// Whether the operator holds between two values of one type.
    static func holds(
        _ left: FieldValue,
        _ operation: FlowConditions.Operator,
        _ right: FieldValue
    ) -> Bool {
        switch operation {
        case .equalTo: return isEqual(left, right)
        case .notEqualTo: return !isEqual(left, right)
        case .lessThan: return order(left, right).map { $0 < 0 } ?? false
        case .lessThanOrEqualTo: return order(left, right).map { $0 <= 0 } ?? false
        case .greaterThan: return order(left, right).map { $0 > 0 } ?? false
        case .greaterThanOrEqualTo: return order(left, right).map { $0 >= 0 } ?? false
        case .startsWith, .endsWith, .contains:
            guard let text = FlowConversion.text(left)?.uppercased(),
                let part = FlowConversion.text(right)?.uppercased(), !part.isEmpty
            else { return false }
            if operation == .startsWith { return text.hasPrefix(part) }
            return operation == .endsWith ? text.hasSuffix(part) : text.contains(part)
        case .isNull: return left.isNull == (right.boolean ?? true)
        // They ask about more than two values.
        case .isChanged, .isIn, .isNotIn: return false
        }
    }

    static func isEqual(_ left: FieldValue, _ right: FieldValue) -> Bool {
        if left.isNull || right.isNull { return left.isNull && right.isNull }
        return order(left, right) == 0
    }

    /// Negative where the left is less; `nil` where they cannot be compared.
    static func order(_ left: FieldValue, _ right: FieldValue) -> Int? {
        func compare<Value: Comparable>(_ one: Value, _ two: Value) -> Int {
            one < two ? -1 : one == two ? 0 : 1
        }
        switch (left, right) {
        case (.text(let one), .text(let two)): return compare(one.uppercased(), two.uppercased())
        case (.number(let one), .number(let two)):
            return one == two ? 0 : one < two ? -1 : 1
        case (.boolean(let one), .boolean(let two)): return compare(one ? 1 : 0, two ? 1 : 0)
        case (.date(let one), .date(let two)): return compare(one, two)
        case (.dateTime(let one), .dateTime(let two)): return compare(one, two)
        case (.time(let one), .time(let two)): return compare(one, two)
        case (.id(let one), .id(let two)): return compare(one, two)
        case (.coordinate(let one), .coordinate(let two)): return compare(one, two)
        case (.coordinate(let one), .number(let two)): return compare(one, two.double)
        case (.number(let one), .coordinate(let two)): return compare(one.double, two)
        case (.text(let text), .id(let id)), (.id(let id), .text(let text)):
            return (try? RecordID(text)).map { compare($0, id) }
        default: return nil
        }
    }
}
