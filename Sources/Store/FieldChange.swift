import Metadata

/// What becomes of the values of a field that is declared otherwise.
struct FieldChange {
    private enum Conversion: Hashable {
        /// The values are as they were; the column may need another collation.
        case none
        /// Digits of one scale become digits of another.
        case rescale(from: Int, to: Int)
        case dateToDateTime
        case dateTimeToDate
        case decimalToText(scale: Int)
        /// Nothing of the one kind is of the other.
        case clear
    }

    private let name: APIName
    private let before: ColumnType
    private let after: ColumnType
    /// The greatest number of characters, where there are fewer than before.
    private let shorterLength: Int?
    private let conversion: Conversion

    init(from old: FieldDefinition, to new: FieldDefinition) {
        name = new.name
        before = old.columnType ?? .text(isCaseSensitive: false)
        after = new.columnType ?? .text(isCaseSensitive: false)
        let isText = if case .text = before, case .text = after { true } else { false }
        if isText, let length = new.lengthMax, length < old.lengthMax ?? .max {
            shorterLength = length
        } else {
            shorterLength = nil
        }
        conversion = Self.conversion(from: before, to: after)
    }

    /// Whether anything is to be done.
    var isNeeded: Bool { before != after || shorterLength != nil }

    var losesData: Bool {
        switch conversion {
        case .none, .decimalToText, .dateToDateTime: shorterLength != nil || isNarrower
        case .rescale(let from, let to): to < from || isNarrower
        case .dateTimeToDate, .clear: true
        }
    }

    /// Whether fewer digits may stand before the point than before.
    private var isNarrower: Bool {
        guard case .decimal(let precision1, let scale1) = before,
            case .decimal(let precision2, let scale2) = after
        else { return false }
        return precision2 - scale2 < precision1 - scale1
    }

    private static func conversion(from: ColumnType, to: ColumnType) -> Conversion {
        switch (from, to) {
        case (.text, .text): .none
        case (.decimal(_, let scale1), .decimal(_, let scale2)):
            scale1 == scale2 ? .none : .rescale(from: scale1, to: scale2)
        case (.date, .dateTime): .dateToDateTime
        case (.dateTime, .date): .dateTimeToDate
        case (.decimal(_, let scale), .text): .decimalToText(scale: scale)
        case (.recordID, _), (.text, _), (.boolean, _), (.decimal, _), (.date, _), (.dateTime, _),
            (.time, _), (.real, _), (.byteCount, _):
            from == to ? .none : .clear
        }
    }

    /// How a sentence about it goes on.
    var phrase: String {
        switch conversion {
        case .none where shorterLength != nil:
            "to at most \(shorterLength ?? 0) characters; longer texts are cut"
        case .none: "to another kind of the same values"
        case .rescale(let from, let to):
            to < from
                ? "from \(from) to \(to) decimal places; numbers are rounded"
                : "from \(from) to \(to) decimal places"
        case .dateToDateTime: "to a date and time; each day becomes its midnight in UTC"
        case .dateTimeToDate: "to a date; times are dropped"
        case .decimalToText: "to text"
        case .clear: "to another type; its values are removed"
        }
    }
}

// MARK: - In SQL

extension FieldChange {
    func statements(_ object: ObjectDefinition, _ dialect: Dialect) -> [String] {
        let table = dialect.quoted(object.name)
        let column = dialect.quoted(name)
        var statements: [String] = []
        if needsNewColumn(dialect) {
            switch dialect {
            case .sqlite: statements += replacement(table, column)
            case .postgres: statements += alteration(table, column)
            }
        }
        if let length = shorterLength {
            statements.append(
                """
                UPDATE \(table) SET \(column) = substr(\(column), 1, \(length)) \
                WHERE length(\(column)) > \(length)
                """
            )
        }
        return statements
    }

    private func needsNewColumn(_ dialect: Dialect) -> Bool {
        before.declaration(dialect) != after.declaration(dialect) || conversion != .none
    }

    /// SQLite cannot change a column's type: a new one takes its place.
    private func replacement(_ table: String, _ column: String) -> [String] {
        let new = "\"_Changed\""
        var statements = ["ALTER TABLE \(table) ADD COLUMN \(new) \(after.declaration(.sqlite))"]
        if let value = sqliteValue(column) {
            statements.append("UPDATE \(table) SET \(new) = \(value)")
        }
        return statements + [
            "ALTER TABLE \(table) DROP COLUMN \(column)",
            "ALTER TABLE \(table) RENAME COLUMN \(new) TO \(column)",
        ]
    }

    private func sqliteValue(_ column: String) -> String? {
        switch conversion {
        case .none: return column
        case .rescale(let from, let to):
            let factor = Self.power(abs(to - from))
            guard to < from else { return "\(column) * \(factor)" }
            // Half is rounded away from zero; whole numbers divide towards it.
            let half = "CASE WHEN \(column) < 0 THEN -\(factor) / 2 ELSE \(factor) / 2 END"
            return "(\(column) + (\(half))) / \(factor)"
        case .dateToDateTime: return "\(column) * 86400000"
        case .dateTimeToDate:
            return """
                (\(column) - ((\(column) % 86400000) + 86400000) % 86400000) / 86400000
                """
        case .decimalToText(let scale):
            guard scale > 0 else { return "CAST(\(column) AS TEXT)" }
            let factor = Self.power(scale)
            return """
                CASE WHEN \(column) < 0 THEN '-' ELSE '' END \
                || (abs(\(column)) / \(factor)) || '.' \
                || substr('\(String(repeating: "0", count: scale))' \
                || (abs(\(column)) % \(factor)), -\(scale))
                """
        case .clear: return nil
        }
    }

    private func alteration(_ table: String, _ column: String) -> [String] {
        let type = after.declaration(.postgres).replacing(" NOT NULL DEFAULT FALSE", with: "")
        let value =
            switch conversion {
            case .none, .rescale: column
            case .dateToDateTime: "\(column)::timestamp AT TIME ZONE 'UTC'"
            case .dateTimeToDate: "(\(column) AT TIME ZONE 'UTC')::date"
            case .decimalToText: "\(column)::text"
            case .clear: after == .boolean ? "FALSE" : "NULL"
            }
        var steps: [String] = []
        if before == .boolean {
            steps += [
                "ALTER COLUMN \(column) DROP DEFAULT", "ALTER COLUMN \(column) DROP NOT NULL",
            ]
        }
        steps.append("ALTER COLUMN \(column) TYPE \(type) USING \(value)")
        if after == .boolean {
            steps += [
                "ALTER COLUMN \(column) SET DEFAULT FALSE", "ALTER COLUMN \(column) SET NOT NULL",
            ]
        }
        return ["ALTER TABLE \(table) \(steps.joined(separator: ", "))"]
    }

    private static func power(_ exponent: Int) -> String {
        "1" + String(repeating: "0", count: exponent)
    }
}
