import Foundation
import Kernel
import Language
import Metadata
import TestSupport

/// What declared rules add to a save: five validation rules, one flow and one roll-up.
extension Microbenchmarks {
    static func rules(_ stopwatch: Stopwatch) async throws {
        for (who, files) in [
            ("no rules", RuledMetadata.plain), ("with rules", RuledMetadata.ruled),
        ] {
            let org = try await TestOrg(on: .sqlite, apps: ["platform"])
            _ = try await Deployment(org.records).apply(
                files,
                in: org.id,
                as: org.administrator.user
            )
            let shop = try await org.create("Shop__c", ["Name": "S"], as: org.administrator)
            let one = [draft(0, shop)]
            try await stopwatch.measure("save one sale, \(who)") {
                keep(try await org.save(one, .create, as: org.administrator))
            }
            // Shops of their own, so that a summary does not grow with the runs.
            var shops: [RecordID] = []
            for _ in 0..<20 {
                let drafts = (0..<10).map {
                    RecordDraft(object: "Shop__c", values: ["Name": .string("\($0)")])
                }
                shops += try await org.save(drafts, .create, as: org.administrator)
                    .compactMap(\.id)
            }
            let many = shops.enumerated().map { draft($0.offset, $0.element) }
            try await stopwatch.measure("save a sale, one of 200, \(who)", per: 200) {
                keep(try await org.save(many, .create, as: org.administrator))
            }
        }
    }

    private static func draft(_ number: Int, _ shop: RecordID) -> RecordDraft {
        RecordDraft(
            object: "Sale__c",
            values: [
                "Name": .string("Sale \(number)"), "Shop__c": .id(shop), "Amount__c": "12.50",
                "Day__c": "2026-02-03", "Status__c": "Paid", "Buyer__c": "Customer of the day",
            ]
        )
    }

    /// Formulas of a few kinds, evaluated for one record.
    static func formulas(_ stopwatch: Stopwatch) async throws {
        let org = try await TestOrg(on: .sqlite, apps: ["platform"])
        _ = try await Deployment(org.records).apply(
            RuledMetadata.plain,
            in: org.id,
            as: org.administrator.user
        )
        let texts: [(name: String, text: String)] = [
            ("a sum", "Amount__c * 1.19 + 4.99"),
            (
                "a decision",
                "IF(Amount__c > 100, \"large\", IF(Amount__c > 10, \"fair\", \"small\"))"
            ),
            ("a text", "UPPER(LEFT(Buyer__c, 8)) & \"-\" & TEXT(YEAR(Day__c))"),
            ("a date", "ADDMONTHS(Day__c, 3) - DATE(2026, 1, 1)"),
        ]
        try await org.records.read(as: org.administrator) { reader in
            guard let object = reader.snapshot.schema.object("Sale__c") else { return }
            let scope = reader.snapshot.formulas.scope(object)
            for (name, text) in texts {
                stopwatch.measure("compile a formula, \(name)") {
                    keep(try? FormulaCompiler.compile(text, in: scope))
                }
                let formula = try FormulaCompiler.compile(text, in: scope)
                let row = SaleRow()
                stopwatch.measure("evaluate a formula, \(name)") {
                    keep(try? FormulaEvaluator().value(of: formula, in: row))
                }
            }
        }
    }
}

/// One sale, as a formula reads it.
private struct SaleRow: FormulaContext {
    let isNew = false
    let now = Instant(milliseconds: 1_770_000_000_000)
    let timeZone = TimeZone.gmt

    func value(_ path: FormulaPath) -> FieldValue {
        switch path.field.name {
        case "Amount__c": .number(ExactDecimal(unscaled: 1_250, scale: 2))
        case "Day__c": .date(20_487)
        default: .text("Customer of the day")
        }
    }
}

/// An object with and without rules.
private enum RuledMetadata {
    static let plain = files(shop: "", sale: "", flow: nil)

    static let ruled = files(
        shop: """
            fields:
              - name: Paid__c
                label: Paid
                type: Summary
                summaryOperation: sum
                summaryForeignKey: Sale__c.Shop__c
                summarizedField: Sale__c.Amount__c
                summaryFilterItems:
                  - { field: Sale__c.Status__c, operation: equals, value: Paid }
            """,
        sale: """
            validationRules:
              - name: Positive
                errorConditionFormula: Amount__c <= 0
                errorMessage: An amount is more than nothing.
              - name: Dated
                errorConditionFormula: AND(ISPICKVAL(Status__c, "Paid"), ISBLANK(Day__c))
                errorMessage: A paid sale has a day.
              - name: Not_Too_Early
                errorConditionFormula: Day__c < DATE(2020, 1, 1)
                errorMessage: There was no shop then.
              - name: Buyer
                errorConditionFormula: AND(Amount__c > 1000, LEN(Buyer__c) < 3)
                errorMessage: A large sale names its buyer.
              - name: Shop
                errorConditionFormula: AND(ISBLANK(Shop__c), ISPICKVAL(Status__c, "Paid"))
                errorMessage: A paid sale has a shop.
            """,
        flow: """
            flow: Name_Sales
            label: Name sales
            start:
              object: Sale__c
              triggerType: RecordBeforeSave
              recordTriggerType: Create
              filters:
                - { field: Status__c, operator: EqualTo, value: Paid }
            steps:
              - assignment: Note
                assignmentItems:
                  - { assignToReference: $Record.Note__c, operator: Assign, value: "Paid {!$Record.Buyer__c}" }
            """
    )

    private static func files(
        shop: String,
        sale: String,
        flow: String?
    ) -> [MetadataPackage.File] {
        var files = [
            MetadataPackage.File(
                path: "package.yaml",
                text: "package: shops\nlabel: Shops\nversion: 1.0.0\nneeds: [platform]\n"
            ),
            MetadataPackage.File(
                path: "objects/Shop__c.yaml",
                text: "object: Shop__c\nlabel: Shop\npluralLabel: Shops\n\(shop)\n"
            ),
            MetadataPackage.File(
                path: "objects/Sale__c.yaml",
                text: """
                    object: Sale__c
                    label: Sale
                    pluralLabel: Sales
                    fields:
                      - { name: Shop__c, type: Lookup, referenceTo: [Shop__c] }
                      - { name: Amount__c, type: Currency, precision: 16, scale: 2 }
                      - { name: Day__c, type: Date }
                      - { name: Buyer__c, type: Text, length: 80 }
                      - { name: Note__c, type: Text, length: 120 }
                      - name: Status__c
                        type: Picklist
                        values: [{ name: Open }, { name: Paid }]
                    \(sale)
                    """
            ),
        ]
        if let flow {
            files.append(MetadataPackage.File(path: "flows/Name_Sales.yaml", text: flow))
        }
        return files
    }
}
