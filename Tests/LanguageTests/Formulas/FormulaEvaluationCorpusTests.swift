import Foundation
import Language
import Metadata
import Testing

/// Formulas with the results that the published formula engine gives, and samples of its manual.
@Suite struct FormulaEvaluationCorpusTests {
    fileprivate static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data/corpus-formula")

    /// The corpus lies beside the package, not in it; a checkout without it skips these tests.
    fileprivate static let isPresent = FileManager.default.fileExists(atPath: folder.path)

    @Test(
        "every formula of the corpus gives what the published engine gives, blanks as zero and not",
        .enabled(if: isPresent, "the corpus is missing: ../shared/data/corpus-formula")
    )
    func evaluations() throws {
        let data = try Data(contentsOf: Self.folder.appending(path: "evaluations.json"))
        let corpus = try JSONDecoder().decode(EvaluationCorpus.self, from: data)
        for item in corpus.items {
            for (blanks, treated) in [(FormulaScope.Blanks.asZero, "zero"), (.asBlank, "blank")] {
                let outcomes = item.outcomes(blanks)
                for (row, outcome) in zip(item.rows, outcomes) {
                    let expected = blanks == .asZero ? row.expected : row.expectedBlankAsBlank
                    #expect(
                        expected.agrees(with: outcome),
                        """
                        \(item.id), blanks as \(treated): \(item.formula) of \(row.inputs) \
                        is \(expected), not \(outcome)
                        """
                    )
                }
            }
        }
    }

    @Test(
        "every sample formula gives what its manual says",
        .enabled(if: isPresent, "the corpus is missing: ../shared/data/corpus-formula")
    )
    func samples() throws {
        let data = try Data(contentsOf: Self.folder.appending(path: "samples.json"))
        let corpus = try JSONDecoder().decode(SampleCorpus.self, from: data)
        for sample in corpus.items {
            for suite in sample.suites {
                let outcome = sample.outcome(suite)
                // A session stays with its owner: the one function that is refused on purpose.
                if sample.formula.contains("GETSESSIONID") {
                    guard case .refused(let error) = outcome else {
                        Issue.record("\(sample.id) gives a session away")
                        continue
                    }
                    #expect(error.message.contains("GETSESSIONID"))
                    continue
                }
                #expect(
                    suite.expectedResult.agrees(with: outcome),
                    """
                    \(sample.id), \(suite.context): \(sample.formula) of \
                    \(suite.identifiers) is \(suite.expectedResult), not \(outcome)
                    """
                )
            }
        }
    }
}

/// What a formula came to: a value, or why there is none.
private enum Outcome: CustomStringConvertible {
    case value(FormulaValue)
    case refused(FormulaError)
    case failed(FormulaFailure)

    var description: String {
        switch self {
        case .value(let value): "\(value)"
        case .refused(let error): "refused at \(error.column): \(error.message)"
        case .failed(let failure): "failed: \(failure.message)"
        }
    }

    static func of(
        _ formula: String,
        _ scope: FormulaScope,
        _ row: FormulaRow
    ) -> Outcome {
        do {
            let compiled = try FormulaCompiler.compile(formula, in: scope)
            do {
                return .value(try FormulaEvaluator().evaluate(compiled, in: row))
            } catch {
                return .failed(error)
            }
        } catch {
            return .refused(error)
        }
    }
}

// MARK: - Evaluations

private struct EvaluationCorpus: Decodable {
    let items: [Evaluation]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        items = try container.decode([Evaluation].self, forKey: AnyKey("cases"))
    }
}

private struct Evaluation: Decodable {
    private enum CodingKeys: String, CodingKey {
        case id, formula, fields, rows
        case returnType = "return_type"
    }

    struct Field: Decodable {
        let name: String
        let type: String

        var fieldType: FieldType {
            switch type {
            case "Double": .number(precision: 18, scale: 9)
            case "Currency": .currency(precision: 18, scale: 9)
            case "Percent": .percent(precision: 18, scale: 9)
            case "DateOnly": .date
            case "DateTime": .dateTime
            case "Boolean": .checkbox
            case "textarea": .longTextArea(length: 1_000)
            case "url": .url
            case "phone": .phone
            case "email": .email
            default: .text(length: 255)
            }
        }

        func value(_ text: String?) -> FieldValue? {
            guard let text, !text.isEmpty else { return .null }
            switch fieldType {
            case .number, .currency, .percent: return ExactDecimal(text).map { .number($0) }
            case .checkbox: return .boolean(text == "true")
            case .date, .dateTime:
                let parts = text.split(separator: ":").compactMap { Int($0) }
                guard parts.count >= 3,
                    let day = CivilDate(year: parts[0], month: parts[1], day: parts[2])
                else { return nil }
                if case .date = fieldType { return .date(day.daysSinceEpoch) }
                let clock = parts.dropFirst(3) + [0, 0, 0]
                let seconds = clock.prefix(3).reduce(0) { $0 * 60 + $1 }
                let moment = Int64(day.daysSinceEpoch) * 86_400_000 + Int64(seconds) * 1_000
                return .dateTime(Instant(milliseconds: moment))
            default: return .text(text)
            }
        }
    }

    struct Row: Decodable {
        private enum CodingKeys: String, CodingKey {
            case inputs, expected
            case expectedBlankAsBlank = "expected_blank_as_blank"
        }

        let inputs: [String?]
        let expected: Expected
        let expectedBlankAsBlank: Expected
    }

    let id: String
    let formula: String
    let returnType: String
    let fields: [Field]
    let rows: [Row]

    func outcomes(_ blanks: FormulaScope.Blanks) -> [Outcome] {
        let world = FormulaWorld()
        for field in fields { world.add("Thing__c", field.name, field.fieldType) }
        world.add("Thing__c", "Name", .text(length: 80))
        let schema = world.schema()
        var scope = FormulaScope(schema: schema, object: schema.object("Thing__c"))
        scope.blanks = blanks
        return rows.map { row in
            var values: [String: FieldValue] = [:]
            for (field, input) in zip(fields, row.inputs) {
                guard let value = field.value(input) else {
                    return .failed(FormulaFailure(.range, "no field holds \(input ?? "")"))
                }
                values[field.name.lowercased()] = value
            }
            // A percentage counts in hundredths.
            let text = returnType == "Percent" ? "(\(formula)) * 100" : formula
            return Outcome.of(text, scope, FormulaRow(values: values))
        }
    }
}

/// A result of the published engine.
private enum Expected: Decodable, CustomStringConvertible {
    private struct Failure: Decodable {
        let error: String
    }

    case blank
    case value(String)
    case failure(String)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .blank
        } else if let text = try? container.decode(String.self) {
            self = text.isEmpty ? .blank : .value(text)
        } else {
            self = .failure(try container.decode(Failure.self).error)
        }
    }

    var description: String {
        switch self {
        case .blank: "blank"
        case .value(let text): text
        case .failure(let error): error
        }
    }

    func agrees(with outcome: Outcome) -> Bool {
        switch (self, outcome) {
        case (.failure, .failed): return true
        case (.blank, .value(.null)): return true
        case (.value(let text), .value(let value)): return Expected.same(text, value)
        default: return false
        }
    }

    private static func same(_ text: String, _ value: FormulaValue) -> Bool {
        switch value {
        case .text(let other): return text.replacing("\\,", with: ",") == other
        case .boolean(let flag): return text == "\(flag)"
        case .number(let number): return near(Double(text), number.double)
        case .date(let days):
            guard let day = CivilDate(daysSinceEpoch: days) else { return false }
            return text.hasPrefix(day.iso)
        case .dateTime(let moment): return text == Instant(milliseconds: moment).seconds
        case .time(let time): return text == Instant(milliseconds: Int64(time)).timeOfDay
        default: return false
        }
    }
}

/// Whether two numbers agree in ten digits, or in the nine behind the point that a field keeps.
private func near(_ a: Double?, _ b: Double?) -> Bool {
    guard let a, let b else { return false }
    return abs(a - b) <= max(1e-9, abs(a) * 1e-10)
}

extension CivilDate {
    /// `2026-01-31`.
    fileprivate var iso: String {
        let parts = [month, day].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(year)-\(parts.joined(separator: "-"))"
    }
}

extension Instant {
    /// `2026-01-31T10:30:00Z`.
    fileprivate var seconds: String {
        let (day, rest) = (milliseconds / 86_400_000, milliseconds % 86_400_000)
        let days = rest < 0 ? day - 1 : day
        let date = CivilDate(daysSinceEpoch: Int(days))?.iso ?? ""
        let time = Instant(milliseconds: rest < 0 ? rest + 86_400_000 : rest).timeOfDay
        return "\(date)T\(time.prefix(8))Z"
    }

    /// `10:30:00.000` of a moment in the first day of 1970.
    fileprivate var timeOfDay: String {
        let seconds = milliseconds / 1_000
        let parts = [seconds / 3_600, seconds / 60 % 60, seconds % 60]
        let clock = parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
        return "\(clock).\(fraction)"
    }
}

// MARK: - Samples

private struct SampleCorpus: Decodable {
    let items: [Sample]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        items = try container.decode([Sample].self, forKey: AnyKey("cases"))
    }
}

private struct Sample: Decodable {
    struct Typed: Decodable, CustomStringConvertible {
        private enum CodingKeys: String, CodingKey {
            case dataType, value
        }

        let dataType: String
        /// As text, whatever it was.
        let value: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            dataType = try container.decode(String.self, forKey: .dataType)
            if let text = try? container.decode(String.self, forKey: .value) {
                value = text
            } else if let flag = try? container.decode(Bool.self, forKey: .value) {
                value = "\(flag)"
            } else if let number = try? container.decode(Decimal.self, forKey: .value) {
                value = "\(number)"
            } else {
                value = nil
            }
        }

        var description: String { "\(dataType) \(value ?? "null")" }

        var fieldType: FieldType {
            switch dataType {
            case "number": .number(precision: 18, scale: 9)
            case "checkbox": .checkbox
            case "date": .date
            case "datetime": .dateTime
            case "picklist": FormulaWorld.picklist()
            default: .text(length: 255)
            }
        }

        var fieldValue: FieldValue {
            guard let value, !value.isEmpty else { return .null }
            switch fieldType {
            case .number: return ExactDecimal(value).map { .number($0) } ?? .null
            case .checkbox: return .boolean(value == "true")
            case .date, .dateTime:
                let day = value.prefix(10)
                let text = value.contains("T") ? value : "\(day)T00:00:00Z"
                guard let date = try? Date(text, strategy: .iso8601) else { return .null }
                let moment = Int64(date.timeIntervalSince1970) * 1_000
                if case .date = fieldType { return .date(Int(moment / 86_400_000)) }
                return .dateTime(Instant(milliseconds: moment))
            default: return .text(value)
            }
        }

        func agrees(with outcome: Outcome) -> Bool {
            guard case .value(let actual) = outcome else { return false }
            switch (fieldValue, actual) {
            case (.null, .null): return true
            case (.number(let a), .number(let b)): return near(Double(a.description), b.double)
            case (.text(let a), .text(let b)): return a == b
            case (.boolean(let a), .boolean(let b)): return a == b
            case (.date(let a), .date(let b)): return a == b
            case (.dateTime(let a), .dateTime(let b)): return a.milliseconds == b
            default: return false
            }
        }
    }

    struct Suite: Decodable {
        let context: String
        let identifiers: [String: Typed]
        let expectedResult: Typed
    }

    let id: String
    let formula: String
    let suites: [Suite]

    /// The type that any suite gives a name; a suite may have nothing there.
    private func type(of name: String) -> FieldType {
        let known = suites.compactMap { $0.identifiers[name] }
        return (known.first { $0.dataType != "null" } ?? known.first)?.fieldType
            ?? .text(length: 255)
    }

    func outcome(_ suite: Suite) -> Outcome {
        let world = FormulaWorld()
        let lookups = Set(suite.identifiers.keys.compactMap(Sample.parent))
        for name in suite.identifiers.keys.sorted() {
            if let parent = Sample.parent(name) {
                let field = String(name.split(separator: ".").last ?? "")
                world.add("\(parent)_Parent", field, type(of: name))
            } else {
                world.add("Thing__c", name, type(of: name))
            }
        }
        for parent in lookups.sorted() {
            let isCustom = parent.hasSuffix("__r")
            let lookup = isCustom ? "\(parent.dropLast())c" : "\(parent)Id"
            world.add("Thing__c", lookup, FormulaWorld.lookup("\(parent)_Parent"))
        }
        let schema = world.schema()
        var scope = FormulaScope(schema: schema, object: schema.object("Thing__c"))
        scope.blanks = .asZero
        let values = suite.identifiers.map { ($0.key.lowercased(), $0.value.fieldValue) }
        let row = FormulaRow(values: Dictionary(values, uniquingKeysWith: { first, _ in first }))
        return Outcome.of(formula, scope, row)
    }

    private static func parent(_ name: String) -> String? {
        let parts = name.split(separator: ".")
        return parts.count == 2 ? String(parts[0]) : nil
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ text: String) {
        stringValue = text
    }

    init?(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        nil
    }
}
