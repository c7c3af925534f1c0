package import Foundation
package import Metadata

/// What a formula can ask while it is evaluated for one record.
package protocol FormulaContext {
    /// The stored value of a field of this record, of a parent, of a variable's record or of the
    /// user; `.null` where a lookup on the way is empty.
    ///
    /// Paths whose root is `.priorRecord` are asked of `priorValue`.
    func value(_ path: FormulaPath) throws(FormulaFailure) -> FieldValue
    /// The same of the record before the save; of a new record its present value.
    func priorValue(_ path: FormulaPath) throws(FormulaFailure) -> FieldValue
    var isNew: Bool { get }
    var isClone: Bool { get }
    func global(_ global: FormulaGlobal) throws(FormulaFailure) -> FieldValue
    func variable(_ name: String) throws(FormulaFailure) -> FieldValue
    var now: Instant { get }
    /// The caller's zone: `TODAY`, and the day of a datetime in criteria.
    var timeZone: TimeZone { get }
    var calendar: CalendarSettings { get }
    /// The value of `result` in the record of `object` whose `key` field has a value; `VLOOKUP`.
    func lookUp(
        _ result: FieldDefinition,
        of object: ObjectDefinition,
        where key: FieldDefinition,
        is value: FieldValue
    ) throws(FormulaFailure) -> FieldValue
}

extension FormulaContext {
    package var isClone: Bool { false }
    package var calendar: CalendarSettings { CalendarSettings() }

    package func priorValue(_ path: FormulaPath) throws(FormulaFailure) -> FieldValue {
        throw FormulaFailure(.unavailable, "there is no earlier version of the record here")
    }

    package func global(_ global: FormulaGlobal) throws(FormulaFailure) -> FieldValue {
        throw FormulaFailure(.unavailable, "\(global.text) has no value here")
    }

    package func variable(_ name: String) throws(FormulaFailure) -> FieldValue {
        throw FormulaFailure(.unavailable, "there is no variable \(name) here")
    }

    package func lookUp(
        _ result: FieldDefinition,
        of object: ObjectDefinition,
        where key: FieldDefinition,
        is value: FieldValue
    ) throws(FormulaFailure) -> FieldValue {
        throw FormulaFailure(.unavailable, "VLOOKUP finds no records here")
    }
}
