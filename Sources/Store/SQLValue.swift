/// A value that travels beside SQL text, in either database.
///
/// Values are always bound, never written into the text.
package enum SQLValue: Hashable, Sendable {
    /// No value.
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
    /// Many integers in one parameter: JSON for `json_each` in SQLite, `bigint[]` in PostgreSQL.
    ///
    /// One statement text then serves lists of every length, so it is prepared once.
    case integers([Int64])
    /// A formula that SQLite's `steward_formula` works out; never part of a result.
    case formula(FormulaProgram)
}
