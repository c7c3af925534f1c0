import Kernel
import Language
import Metadata

/// Whether a condition holds: true or false, nothing is unknown.
extension ReferenceEvaluator {
    func holds(_ condition: ResolvedCondition) -> Bool {
        switch condition {
        case .and(let parts): return parts.allSatisfy(holds)
        case .or(let parts): return parts.contains(where: holds)
        case .not(let part): return !holds(part)
        case .compare(let expression, let comparison, let literal):
            return compare(value(expression), comparison, literal, expression.type)
        case .like(let expression, let pattern):
            guard case .text(let text) = value(expression) else { return false }
            return ReferencePattern(pattern).matches(text)
        case .isIn(let expression, let literals, let includesNull, let isNegated):
            let value = value(expression)
            let isIn =
                value.isNull && includesNull
                || literals.contains { compare(value, .equal, $0, expression.type) }
            return isIn != isNegated
        case .includes(let expression, let sets, let isNegated):
            return includes(value(expression), sets, expression.type) != isNegated
        case .dateLiteral(let expression, let comparison, let literal):
            return compare(value(expression), comparison, literal)
        // A query has put a list in the place of each.
        case .semiJoin: return false
        case .constant(let holds): return holds
        }
    }

    private func compare(
        _ value: FieldValue,
        _ comparison: Comparison,
        _ literal: ResolvedValue,
        _ type: ValueType
    ) -> Bool {
        if literal == .null {
            switch comparison {
            case .equal: return value.isNull
            case .notEqual: return !value.isNull
            case .less, .greater, .lessOrEqual, .greaterOrEqual: return false
            }
        }
        // A null is different from every literal, and neither less nor greater than one.
        if value.isNull { return comparison == .notEqual }
        return LiteralOrder(of: value, to: literal, type)?.satisfies(comparison) ?? false
    }

    private func includes(_ value: FieldValue, _ sets: [[String]], _ type: ValueType) -> Bool {
        guard case .text(let text) = value else { return false }
        let held = text.split(separator: ";").map { ComparisonKey.bytes(String($0), type) }
        return sets.contains { set in
            set.allSatisfy { held.contains(ComparisonKey.bytes($0, type)) }
        }
    }

    /// The day on the caller's clock, before, in or after a stretch of days.
    private func compare(
        _ value: FieldValue,
        _ comparison: Comparison,
        _ literal: DateLiteral
    ) -> Bool {
        let today = ReferenceCalendar.day(of: now, in: context.timeZone)
        let days = literal.days(from: today, settings: context.calendar)
        let day: Int
        switch value {
        case .date(let days): day = days
        case .dateTime(let moment): day = ReferenceCalendar.day(of: moment, in: context.timeZone)
        case .null, .text, .boolean, .number, .time, .id, .coordinate, .blob:
            return comparison == .notEqual
        }
        switch comparison {
        case .equal: return days.contains(day)
        case .notEqual: return !days.contains(day)
        case .less: return day < days.lowerBound
        case .greater: return day >= days.upperBound
        case .lessOrEqual: return day < days.upperBound
        case .greaterOrEqual: return day >= days.lowerBound
        }
    }
}

/// A pattern of `LIKE`: `%` is any text, `_` any one character, `\` makes the next one itself.
///
/// Pattern and text are compared in upper case, character by character.
struct ReferencePattern {
    private enum Part: Equatable {
        case character(Unicode.Scalar)
        case anyCharacter
        case anyText
    }

    private let parts: [Part]

    init(_ pattern: String) {
        var parts: [Part] = []
        var scalars = Array(pattern.uppercased().unicodeScalars)[...]
        while let next = scalars.popFirst() {
            switch next {
            case "%": parts.append(.anyText)
            case "_": parts.append(.anyCharacter)
            case "\\": parts.append(.character(scalars.popFirst() ?? next))
            default: parts.append(.character(next))
            }
        }
        self.parts = parts
    }

    func matches(_ text: String) -> Bool {
        let scalars = Array(text.uppercased().unicodeScalars)
        // Invariant: `fits[n]` tells whether the parts so far fit the first `n` characters.
        var fits = [true] + Array(repeating: false, count: scalars.count)
        for part in parts {
            var next = Array(repeating: false, count: scalars.count + 1)
            for count in fits.indices {
                switch part {
                case .anyText: next[count] = fits[count] || (count > 0 && next[count - 1])
                case .anyCharacter: next[count] = count > 0 && fits[count - 1]
                case .character(let scalar):
                    next[count] = count > 0 && fits[count - 1] && scalars[count - 1] == scalar
                }
            }
            fits = next
        }
        return fits.last ?? false
    }
}
