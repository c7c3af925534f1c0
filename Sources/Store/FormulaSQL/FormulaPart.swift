import Language
import Metadata

/// A part of a formula as PostgreSQL works it out.
struct FormulaPart {
    /// An expression that raises no error, whatever the values.
    ///
    /// Text is '' where it is blank, and all else null. Where the part fails, its value may be
    /// anything of its type.
    var value: String
    var type: FormulaType
    var failures = FormulaFailures()
    /// Whether the value is null wherever the part fails.
    var failsAsNull = true
    /// Whether it may be blank; of text nothing is known.
    var isBlankable = true
    /// Of a number, how many digits it may have.
    var digits: FormulaDigits?
    /// Of a text, how many characters it may have; `nil` where nothing is known.
    var lengthMax: Int?
    /// What the formula itself says.
    var constant: FieldValue?

    /// The value for those who take null for a blank, or for a failure that they pass on.
    var isBlank: String { isText ? "\(value) = ''" : "\(value) IS NULL" }

    var isText: Bool { type.isKeptAsText }

    /// A condition that holds where there is a value; `nil` where there is one always.
    var isThere: String? {
        if isText { return constant == nil || constant == .null ? "\(value) <> ''" : nil }
        return isBlankable ? "\(value) IS NOT NULL" : nil
    }

    /// At most so many UTF-8 bytes.
    var bytesMax: Int? { lengthMax.map { $0 * 4 } }
}

extension FormulaType {
    /// Whether its values are text to the database.
    var isKeptAsText: Bool {
        switch self {
        case .text, .picklist, .multiselect: true
        case .number, .boolean, .date, .dateTime, .time, .id, .geolocation, .null: false
        }
    }

    /// The type of its values in PostgreSQL.
    var sqlType: String {
        switch self {
        case .text, .picklist, .multiselect, .null: "text"
        case .number: "numeric"
        case .boolean: "boolean"
        case .date: "date"
        case .dateTime: "timestamptz"
        case .time: "time"
        case .id: "bigint"
        case .geolocation: "double precision[]"
        }
    }
}

/// The most digits that a number may have on either side of the point.
struct FormulaDigits {
    var before: Int
    /// `nil` where nothing is known.
    var after: Int?

    init(_ before: Int, _ after: Int?) {
        self.before = before
        self.after = after
    }

    /// Whether 38 digits hold it, so that PostgreSQL's own operators give what the evaluator gives.
    var isExact: Bool { after.map { max(before, 0) + $0 <= FormulaNumber.digitsMax } ?? false }

    /// Whether it may be larger than any number.
    var mayOverflow: Bool { before > FormulaDigits.beforeMax }

    static let beforeMax = 400
    static let unknown = FormulaDigits(beforeMax, nil)
}

/// Conditions on which a part of a formula has no value; null counts as no.
struct FormulaFailures {
    /// All of them; `nil` where it never fails.
    var any: String?
    /// Those that `IFERROR` does not catch: what would be too much work.
    var limit: String?

    var isNever: Bool { any == nil }

    static func joined(_ failures: [FormulaFailures]) -> FormulaFailures {
        FormulaFailures(any: either(failures.map(\.any)), limit: either(failures.map(\.limit)))
    }

    /// These, where a condition holds.
    func when(_ condition: String) -> FormulaFailures {
        FormulaFailures(
            any: any.map { "(\(condition) AND \($0))" },
            limit: limit.map { "(\(condition) AND \($0))" }
        )
    }

    /// One's where the test holds, else the other's.
    static func choice(
        _ test: String,
        _ then: FormulaFailures,
        _ other: FormulaFailures
    ) -> FormulaFailures {
        func chosen(_ a: String?, _ b: String?) -> String? {
            if a == nil, b == nil { return nil }
            return "CASE WHEN \(test) THEN \(a ?? "FALSE") ELSE \(b ?? "FALSE") END"
        }
        return FormulaFailures(
            any: chosen(then.any, other.any),
            limit: chosen(then.limit, other.limit)
        )
    }

    private static func either(_ conditions: [String?]) -> String? {
        let all = conditions.compactMap { $0 }
        return all.count < 2 ? all.first : "(\(all.joined(separator: " OR ")))"
    }
}

/// Why a formula has no SQL.
struct FormulaRefusal: Error {
    let reason: String
}
