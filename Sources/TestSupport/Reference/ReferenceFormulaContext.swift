import Foundation
import Kernel
import Language
import Metadata

/// What a formula reads, out of one row of a query.
struct ReferenceFormulaContext: FormulaContext {
    let row: ReferenceRow
    let use: FormulaUse
    let context: ReadContext
    let now: Instant

    var isNew: Bool { false }
    var timeZone: TimeZone { TimeZone(identifier: context.timeZone) ?? .gmt }
    var calendar: CalendarSettings { context.calendar }

    func value(_ path: FormulaPath) -> FieldValue {
        guard let place = use.columns[path], row.indices.contains(place.table),
            let record = row[place.table]
        else { return .null }
        return record[place.field]
    }

    func global(_ global: FormulaGlobal) -> FieldValue {
        use.formula.globals[global].map(value) ?? context.value(of: global)
    }
}
