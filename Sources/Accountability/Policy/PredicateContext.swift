import Foundation
import Language
import Metadata

/// All that a predicate can ask for while it is evaluated: one value, and nothing else.
///
/// There is no record, no user and no clock: what a rule says depends on the facts alone.
struct PredicateContext: FormulaContext {
    let name: String
    let value: FieldValue

    var isNew: Bool { false }
    var now: Instant { Instant(milliseconds: 0) }
    var timeZone: TimeZone { .gmt }

    func value(_ path: FormulaPath) throws(FormulaFailure) -> FieldValue {
        throw FormulaFailure(.unavailable, "a rule reads no records")
    }

    func variable(_ name: String) throws(FormulaFailure) -> FieldValue {
        guard name == self.name else {
            throw FormulaFailure(.unavailable, "there is no fact \(name) here")
        }
        return value
    }
}
