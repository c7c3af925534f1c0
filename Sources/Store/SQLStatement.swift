package import Kernel
package import Language
package import Metadata

/// SQL text with the values that travel beside it.
package struct SQLStatement: Hashable, Sendable {
    package let text: String
    /// In the order of the numbers that stand for them in the text.
    package let parameters: [SQLParameter]
    /// Whether a parameter has no value before the statement runs.
    private let hasOpenParameters: Bool

    package init(_ text: String, _ parameters: [SQLParameter] = []) {
        self.text = text
        self.parameters = parameters
        hasOpenParameters = parameters.contains { parameter in
            if case .value = parameter { false } else { true }
        }
    }
}

/// A value of a statement, or what it will be worked out from whenever the statement runs.
///
/// So a statement can be kept and run again on another day, or for another page.
package enum SQLParameter: Hashable, Sendable {
    package enum Edge: Hashable, Sendable {
        case start
        /// The first day, or moment, after it.
        case end
    }

    case value(SQLValue)
    /// Where a stretch of days begins or ends, in days or in milliseconds since 1970.
    case dateLiteral(DateLiteral, Edge, isDateTime: Bool)
    /// The ids of the records that are wanted, or of the parents whose children are.
    case givenIDs
    /// The only one of these.
    case givenID
    /// How many rows are to be read at most.
    case rowsMax
    /// The present moment, in milliseconds since 1970 in UTC.
    case now
}

/// What the open parameters of a statement depend on.
package struct StatementInputs: Sendable {
    package var ids: [Int64]
    package var rowsMax: Int
    package var now: Instant

    package init(ids: [Int64] = [], rowsMax: Int = 0, now: Instant) {
        self.ids = ids
        self.rowsMax = rowsMax
        self.now = now
    }
}

extension SQLStatement {
    /// The values to bind when the statement runs now.
    package func values(_ inputs: StatementInputs, _ context: ReadContext) -> [SQLValue] {
        guard hasOpenParameters else {
            return parameters.map { if case .value(let value) = $0 { value } else { .null } }
        }
        var today: LocalDay?
        return parameters.map { parameter in
            switch parameter {
            case .value(let value): return value
            case .givenIDs: return .integers(inputs.ids)
            case .givenID: return inputs.ids.first.map { .integer($0) } ?? .null
            case .rowsMax: return .integer(Int64(inputs.rowsMax))
            case .now: return .integer(inputs.now.milliseconds)
            case .dateLiteral(let literal, let edge, let isDateTime):
                let local = today ?? LocalDay(of: inputs.now, zone: context.timeZone)
                today = local
                let days = literal.days(from: local.days, settings: context.calendar)
                let day = edge == .start ? days.lowerBound : days.upperBound
                return .integer(isDateTime ? local.milliseconds(atStartOf: day) : Int64(day))
            }
        }
    }

    /// The values to bind of a statement that depends on nothing else.
    package var values: [SQLValue] {
        parameters.map { if case .value(let value) = $0 { value } else { .null } }
    }
}
