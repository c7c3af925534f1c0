import Foundation
import Metadata
import Store

@testable import Kernel

/// A script for `psql`: tables with records, and statements whose rows are read back.
struct PostgresScript {
    private(set) var text = """
        SET TimeZone = 'UTC';
        SET client_min_messages = warning;

        """
    private var count = 0

    init() {
        for function in PostgresFunctions.all { text += function + ";\n" }
    }

    mutating func add(_ object: ObjectDefinition, _ records: [StoredRecord]) {
        text += Tables(object, .postgres).table + ";\n"
        let fields = object.fields.filter { $0.columnType != nil }
        guard !records.isEmpty else { return }
        let rows = records.map { record in
            "(\(fields.map { Self.literal(record[$0], $0) }.joined(separator: ", ")))"
        }
        let names = fields.map { "\"\($0.name.text)\"" }.joined(separator: ", ")
        text += "INSERT INTO \"\(object.name.text)\" (\(names)) VALUES\n"
        text += rows.joined(separator: ",\n") + ";\n"
    }

    /// Prepares and runs a statement, as a driver would.
    mutating func add(_ statement: String, _ values: [SQLValue]) {
        text += "\\echo \u{1C}\(count)\n"
        text += "PREPARE s\(count) AS \(statement);\n"
        let arguments = values.map(Self.literal).joined(separator: ", ")
        text += "EXECUTE s\(count)\(values.isEmpty ? "" : "(\(arguments))");\n"
        text += "DEALLOCATE s\(count);\n"
        count += 1
    }

    /// The rows of each statement; `nil` of one that failed.
    func run() throws -> (rows: [[[String?]]], complaints: String) {
        let (output, complaints) = try PrivatePostgres.run(text + "\\echo \u{1C}end\n")
        let sections = output.split(separator: "\u{1C}", omittingEmptySubsequences: false)
        let rows = sections.dropFirst().dropLast().map { section -> [[String?]] in
            // Behind the number stands a line's end, and behind the rows another.
            guard let start = section.firstIndex(of: "\n") else { return [] }
            var body = section[section.index(after: start)...]
            if body.last == "\n" { body.removeLast() }
            guard !body.isEmpty else { return [] }
            return body.split(separator: "\u{1E}", omittingEmptySubsequences: false).map { row in
                row.split(separator: "\u{1F}", omittingEmptySubsequences: false).map {
                    $0 == "\u{1D}" ? nil : String($0)
                }
            }
        }
        return (rows, complaints)
    }

    // MARK: Values

    static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

    private static func literal(_ value: SQLValue) -> String {
        switch value {
        case .null, .formula, .blob: "NULL"
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): quoted(text)
        case .integers(let numbers):
            "ARRAY[\(numbers.map(String.init).joined(separator: ", "))]::bigint[]"
        }
    }

    private static func literal(_ value: FieldValue, _ field: FieldDefinition) -> String {
        switch value {
        case .null: if case .checkbox = field.type { "FALSE" } else { "NULL" }
        case .text, .date, .dateTime, .time: quoted(shown(value) ?? "")
        case .boolean(let flag): flag ? "TRUE" : "FALSE"
        case .number(let number): number.description
        case .id(let id): "\(id.number)"
        case .coordinate(let degrees): "\(degrees)"
        case .blob(let bytes): "\(bytes.count)"
        }
    }

    /// A value as PostgreSQL prints it.
    static func shown(_ value: FieldValue) -> String? {
        switch value {
        case .null, .blob: nil
        case .text(let text): text
        case .boolean(let flag): flag ? "t" : "f"
        case .number(let number): number.description
        case .date(let days): day(days)
        case .dateTime(let moment): dateTime(moment.milliseconds)
        case .time(let milliseconds): time(milliseconds)
        case .id(let id): "\(id.number)"
        case .coordinate(let degrees): "\(degrees)"
        }
    }

    private static func day(_ days: Int) -> String {
        guard let date = CivilDate(daysSinceEpoch: days) else { return "\(days)" }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    private static func dateTime(_ milliseconds: Int64) -> String {
        let perDay = CivilDate.millisecondsPerDay
        let rest = ((milliseconds % perDay) + perDay) % perDay
        return "\(day(Int((milliseconds - rest) / perDay))) \(time(Int(rest)))+00"
    }

    private static func time(_ milliseconds: Int) -> String {
        let seconds = milliseconds / 1_000
        let parts = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
        var text = parts.joined(separator: ":")
        guard milliseconds % 1_000 != 0 else { return text }
        text += ".\(padded(milliseconds % 1_000, 3))"
        while text.last == "0" { text.removeLast() }
        return text
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
