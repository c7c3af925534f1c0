import Foundation
import Language
import Metadata
import Testing

@testable import Kernel

/// Formulas of public packages, manuals and the published engine, in PostgreSQL.
@Suite(.enabled(if: PrivatePostgres.isPresent, "PostgreSQL is missing: initdb, postgres, psql"))
struct FormulaCorpusTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data/corpus-formula")

    /// The corpus lies beside the package, not in it; a checkout without it skips this test.
    private static let isPresent = FileManager.default.fileExists(atPath: folder.path)

    @Test(
        "every formula of the corpus gives what the evaluator gives",
        .enabled(if: isPresent, "the corpus is missing: ../shared/data/corpus-formula")
    )
    func corpus() throws {
        var sheets = FormulaSheets()
        let items =
            try items("evaluations.json", "cases") + items("samples.json", "cases")
            + items("expressions.json", nil)
        for (place, item) in items.enumerated() {
            let sheet = FormulaSheet(
                "Thing\(place + 2)__c",
                item.fields,
                [(item.text, true), (item.text, false)],
                item.rows
            )
            try sheets.add(sheet)
        }
        // Default values and rules of saves, which ask what was before, have no formula fields.
        #expect(sheets.formulaCount > 550, "\(sheets.formulaCount)")
        #expect(sheets.valueCount > 3_000, "\(sheets.valueCount)")
        try sheets.compare()
    }

    private func items(_ name: String, _ key: String?) throws -> [Item] {
        let data = try Data(contentsOf: Self.folder.appending(path: name))
        let root = try JSONParser.parse(Array(data))
        let cases = (key.map { root[$0] } ?? root)?.array ?? []
        return cases.compactMap { Item($0) }
    }
}

/// A formula over fields of one object; those of parents are fields of its own here.
private struct Item {
    var text: String
    private(set) var fields: [FieldDefinition] = []
    private(set) var rows: [[APIName: FieldValue]] = []

    init?(_ json: JSONValue) {
        guard let text = (json["formula"] ?? json["expression"])?.string else { return nil }
        self.text = text.replacing("%%%NAMESPACE%%%", with: "")
        if json["rows"] != nil {
            addEvaluation(json)
        } else if json["suites"] != nil {
            addSamples(json)
        } else {
            addReferences(json)
        }
    }

    /// Declares a field, and names it so in the formula.
    private mutating func add(_ path: String, _ type: FieldType) -> FieldDefinition {
        let name = path.replacing(".", with: "_").replacing(":", with: "_").replacing(
            "$",
            with: "_"
        )
        if name != path { text = text.replacing(path, with: name) }
        if let known = fields.first(where: { $0.name == APIName(name) }) { return known }
        let field = ServiceDesk.field(APIName(name), type)
        // Every object has these.
        if name != "Id", name != "CreatedDate" { fields.append(field) }
        return field
    }

    private mutating func addEvaluation(_ json: JSONValue) {
        let inputs = (json["rows"]?.array ?? []).map { $0["inputs"]?.array ?? [] }
        let declared = (json["fields"]?.array ?? []).enumerated().map { place, field in
            let texts = inputs.compactMap { place < $0.count ? $0[place].string : nil }
            return add(
                field["name"]?.string ?? "",
                Self.type(field["type"]?.string, holding: texts)
            )
        }
        for row in json["rows"]?.array ?? [] {
            var values: [APIName: FieldValue] = [:]
            for (field, input) in zip(declared, row["inputs"]?.array ?? []) {
                values[field.name] = Self.value(input.string, field.type)
            }
            rows.append(values)
        }
    }

    private mutating func addSamples(_ json: JSONValue) {
        for suite in json["suites"]?.array ?? [] {
            var values: [APIName: FieldValue] = [:]
            let members = suite["identifiers"]?.object?.members ?? []
            for member in members.sorted(by: { $0.name.utf8.count > $1.name.utf8.count }) {
                let field = add(member.name, Self.type(member.value["dataType"]?.string))
                let value = member.value["value"]
                let text =
                    value?.string ?? value?.number?.literal
                    ?? value?.bool.map { $0 ? "true" : "false" }
                values[field.name] = Self.value(text, field.type)
            }
            rows.append(values)
        }
    }

    /// Without inputs in the corpus: blanks, and a few values of each type.
    private mutating func addReferences(_ json: JSONValue) {
        let members = json["references"]?.object?.members ?? []
        for member in members.sorted(by: { $0.name.utf8.count > $1.name.utf8.count }) {
            guard member.value.string != "global" else { continue }
            _ = add(member.name, Self.type(member.value.string))
        }
        for place in 0..<6 {
            var values: [APIName: FieldValue] = [:]
            for (number, field) in fields.enumerated() where place > 0 {
                values[field.name] = Self.some(field.type, place * 7 + number)
            }
            rows.append(values)
        }
    }
}

// MARK: - Types and values

extension Item {
    private static func type(_ name: String?, holding texts: [String] = []) -> FieldType {
        let list = Picklist(values: [], isRestricted: false)
        let digits = texts.compactMap { ExactDecimal($0)?.integerDigits }.max() ?? 9
        let scale = max(0, min(15, 18 - digits))
        return switch name?.lowercased() {
        case "double", "number", "summary": .number(precision: 18, scale: scale)
        case "currency": .currency(precision: 18, scale: scale)
        case "percent": .percent(precision: 18, scale: scale)
        case "dateonly", "date": .date
        case "datetime": .dateTime
        case "time": .time
        case "boolean", "checkbox": .checkbox
        case "picklist": .picklist(list)
        case "multiselectpicklist": .multiselectPicklist(list)
        case "textarea", "longtextarea": .longTextArea(length: 1_000)
        default: .text(length: 255)
        }
    }

    /// `2004:12:31:11:32:00`, `2004-12-31T11:32:00Z`, or what the type writes.
    private static func value(_ text: String?, _ type: FieldType) -> FieldValue? {
        guard let text, !text.isEmpty else { return nil }
        switch type {
        case .number(_, let scale), .currency(_, let scale), .percent(_, let scale):
            let digits = ExactDecimal(text)?.unscaled(at: scale)
            return digits.map { .number(ExactDecimal(unscaled: $0, scale: scale)) }
        case .checkbox: return .boolean(text == "true")
        case .date, .dateTime:
            let parts = text.split { !$0.isNumber }.compactMap { Int($0) }
            guard parts.count >= 3,
                let day = CivilDate(year: parts[0], month: parts[1], day: parts[2])
            else { return nil }
            if case .date = type { return .date(day.daysSinceEpoch) }
            let clock = (parts.dropFirst(3) + [0, 0, 0]).prefix(3)
            let seconds = clock.reduce(0) { $0 * 60 + $1 }
            let moment = Int64(day.daysSinceEpoch) * 86_400_000 + Int64(seconds) * 1_000
            return .dateTime(Instant(milliseconds: moment))
        default: return .text(text)
        }
    }

    private static func some(_ type: FieldType, _ place: Int) -> FieldValue? {
        switch type {
        case .number, .currency, .percent:
            let digits: [Int64] = [0, 1_000_000_000, -2_500_000_000, 7_000_000_000, 333_333_333]
            return .number(ExactDecimal(unscaled: digits[place % digits.count], scale: 9))
        case .checkbox: return .boolean(place % 2 == 0)
        case .date: return .date([20_541, 19_782, 0, -719_162, 20_540][place % 5])
        case .dateTime: return .dateTime(Instant(milliseconds: Int64(place) * 123_456_789_012))
        case .time: return .time(place * 1_234_567 % 86_400_000)
        default:
            let texts = ["Open", "new", "12-345-6789", "a@b.example", "Élan", "000", "Closed;Won"]
            return .text(texts[place % texts.count])
        }
    }
}
