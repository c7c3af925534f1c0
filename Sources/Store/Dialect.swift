import Metadata

/// A database's way of writing SQL.
package enum Dialect: String, Hashable, Sendable, CaseIterable {
    case sqlite
    case postgres
}

extension Dialect {
    /// The place of a bound value in a statement, counted from one.
    func parameter(_ number: Int) -> String {
        switch self {
        case .sqlite: "?\(number)"
        case .postgres: "$\(number)"
        }
    }

    /// A name between quotes; only names of an org's schema, or of this module, come here.
    func quoted(_ name: String) -> String {
        // Hardly any name holds a quote, and every statement has many names.
        let clean =
            name.utf8.contains(UInt8(ascii: "\"")) ? name.replacing("\"", with: "\"\"") : name
        return "\"\(clean)\""
    }

    func quoted(_ name: APIName) -> String { quoted(name.text) }

    func boolean(_ value: Bool) -> String {
        switch self {
        case .sqlite: value ? "1" : "0"
        case .postgres: value ? "TRUE" : "FALSE"
        }
    }

    /// An operator that is true of different values, and of a value and a null.
    var isDistinctFrom: String {
        switch self {
        case .sqlite: "IS NOT"
        case .postgres: "IS DISTINCT FROM"
        }
    }
}
