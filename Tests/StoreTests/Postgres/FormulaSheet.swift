import Foundation
import Language
import Metadata
import Store
import Testing

@testable import Kernel

/// An object with formulas over its fields, and records of it.
struct FormulaSheet {
    static let now = Instant(milliseconds: 1_774_744_200_123)  // 2026-03-29T00:30:00.123Z

    let object: ObjectDefinition
    let schema: OrgSchema
    let records: [StoredRecord]
    /// The formulas that have a value in formula fields, each a field of the object.
    let formulas: [FieldDefinition]
    private let context = ReadContext(
        user: RecordID(prefix: ServiceDesk.prefix("005"), sequence: 1),
        timeZone: "Asia/Kolkata",
        locale: "en_US",
        calendar: CalendarSettings(),
        permissions: [.viewSetup]
    )

    /// - Parameters:
    ///   - formulas: each with whether blanks are zero; those whose types do not fit are left out.
    ///   - rows: the values of each record, by the names of fields.
    init(
        _ name: String,
        _ fields: [FieldDefinition],
        _ formulas: [(text: String, blanksAreZero: Bool)],
        _ rows: [[APIName: FieldValue]]
    ) {
        let number = Int32(name.drop { !$0.isNumber }) ?? 0
        let prefix = KeyPrefix(number: 5_000 + number)
        let bare = ServiceDesk.object(APIName(name), prefix.description, hasOwner: false, fields)
        let draft = OrgSchema(version: 1, objects: [bare])
        var found: [FieldDefinition] = []
        for formula in formulas {
            var scope = FormulaScope(schema: draft, object: draft.object(bare.name))
            scope.blanks = formula.blanksAreZero ? .asZero : .asBlank
            guard let compiled = try? FormulaCompiler.compile(formula.text, in: scope),
                let returns = Self.result(of: compiled.type)
            else { continue }
            let type = FieldType.Formula(
                returns: returns,
                scale: found.count % 3 == 0 ? 9 : 4,
                expression: formula.text,
                treatsBlanksAsZero: formula.blanksAreZero
            )
            found.append(ServiceDesk.field(APIName("F\(found.count)__c"), .formula(type)))
        }
        let whole = ServiceDesk.object(
            APIName(name),
            prefix.description,
            hasOwner: false,
            fields + found
        )
        schema = OrgSchema(version: 1, objects: [whole])
        let object = schema.object(whole.name) ?? whole
        self.object = object
        records = rows.enumerated().map { place, values in
            let id = RecordID(prefix: prefix, sequence: Int64(place + 1))
            return StoredRecord(object, id, values.merging(["Id": .id(id)]) { first, _ in first })
        }
        let schema = schema
        self.formulas = found.compactMap { object.field($0.name) }.filter { field in
            (try? schema.formulaFields.formula(of: field, on: object, in: schema)) != nil
        }
    }

    private static func result(of type: FormulaType) -> FieldType.Formula.Result? {
        switch type {
        case .text, .id, .null: .text
        case .number: .number
        case .boolean: .checkbox
        case .date: .date
        case .dateTime: .dateTime
        case .time: .time
        case .picklist, .multiselect, .geolocation: nil
        }
    }

    /// The statement that reads some of the formulas, with its values.
    func statement(
        reading fields: ArraySlice<FieldDefinition>
    ) throws -> (text: String, values: [SQLValue]) {
        let names = (["Id"] + fields.map(\.name.text)).joined(separator: ", ")
        let query = try Resolver.resolve(
            SOQLParser.parse("SELECT \(names) FROM \(object.name.text) ORDER BY Id"),
            in: schema,
            visible: FullVisibility()
        )
        let read = AuthorizedRead(
            org: ServiceDesk.org,
            query: query,
            visible: query.tables.map { _ in .everything },
            children: [],
            semiJoins: [],
            context: context,
            scope: .everything
        )
        let statement = SQLCompiler(.postgres).compile(read)
        let inputs = StatementInputs(rowsMax: 10_000, now: Self.now)
        return (statement.text, statement.values(inputs, context))
    }

    /// What the evaluator gives for each record.
    func expected(_ fields: ArraySlice<FieldDefinition>) throws -> [[String?]] {
        let formulas = try fields.map {
            try schema.formulaFields.formula(of: $0, on: object, in: schema).formula
        }
        return records.map { record in
            let row = Row(record: record, context: context)
            let values = zip(fields, formulas).map { field, formula -> String? in
                guard case .formula(let declaration) = field.type else { return nil }
                let value = try? FormulaEvaluator().value(of: formula, in: row)
                return PostgresScript.shown(declaration.shown(value ?? .null))
            }
            return ["\(record.id.number)"] + values
        }
    }

    private struct Row: FormulaContext {
        let record: StoredRecord
        let context: ReadContext

        var isNew: Bool { false }
        var now: Instant { FormulaSheet.now }
        var timeZone: TimeZone { TimeZone(identifier: context.timeZone) ?? .gmt }

        func value(_ path: FormulaPath) -> FieldValue {
            path.root == .record && path.steps.isEmpty ? record[path.field] : .null
        }

        func global(_ global: FormulaGlobal) -> FieldValue { context.value(of: global) }
    }
}

/// Sheets in one script, and how their rows differ from the evaluator's.
struct FormulaSheets {
    private var script = PostgresScript()
    private var parts: [(sheet: FormulaSheet, fields: ArraySlice<FieldDefinition>)] = []
    private(set) var formulaCount = 0
    private(set) var valueCount = 0

    mutating func add(_ sheet: FormulaSheet) throws {
        guard !sheet.formulas.isEmpty else { return }
        script.add(sheet.object, sheet.records)
        for start in stride(from: 0, to: sheet.formulas.count, by: 8) {
            let fields = sheet.formulas[start..<min(start + 8, sheet.formulas.count)]
            let statement = try sheet.statement(reading: fields)
            script.add(statement.text, statement.values)
            parts.append((sheet, fields))
            formulaCount += fields.count
            valueCount += fields.count * sheet.records.count
        }
    }

    /// Runs all and records each formula that differs, with its first row that does.
    func compare() throws {
        let (found, complaints) = try script.run()
        #expect(complaints.isEmpty, "\(complaints.prefix(3_000))")
        try #require(found.count == parts.count)
        for (part, rows) in zip(parts, found) {
            let expected = try part.sheet.expected(part.fields)
            #expect(rows.count == expected.count, "\(part.fields.map(\.type.formulaText))")
            for (place, field) in part.fields.enumerated() {
                let first = zip(zip(expected, rows), part.sheet.records).first { pair, _ in
                    pair.0[place + 1] != pair.1[place + 1]
                }
                guard let ((right, wrong), record) = first else { continue }
                let values = zip(part.sheet.object.fields, record.values).filter {
                    field.type.formulaText.contains($0.0.name.text)
                }
                let inputs = values.map { "\($0.0.name.text): \($0.1)" }
                Issue.record(
                    """
                    \(field.type.formulaText)
                    right: \(right[place + 1] ?? "-")
                    found: \(wrong[place + 1] ?? "-")
                    of: \(inputs.joined(separator: ", "))
                    \(try part.sheet.statement(reading: [field]).text)
                    """
                )
            }
        }
    }
}

extension FieldType {
    /// What a formula field says.
    fileprivate var formulaText: String {
        if case .formula(let formula) = self { formula.description } else { "" }
    }
}
