import Foundation
import Language
import Metadata
import Store
import Testing

@testable import Kernel

/// Every function of formulas in PostgreSQL, over values that are likely to bring out a difference.
@Suite(.enabled(if: PrivatePostgres.isPresent, "PostgreSQL is missing: initdb, postgres, psql"))
struct FormulaFunctionTests {
    @Test("every function gives what the evaluator gives")
    func functions() throws {
        var sheets = FormulaSheets()
        let formulas = FunctionFormulas.all.flatMap { [($0, true), ($0, false)] }
        let sheet = FormulaSheet(
            "Thing1__c",
            FunctionFormulas.fields,
            formulas,
            FunctionFormulas.rows
        )
        // Each has types that fit, with blanks as zero and without.
        #expect(sheet.formulas.count == formulas.count, "\(Self.missing(sheet, formulas))")
        try sheets.add(sheet)
        try sheets.compare()
    }

    private static func missing(
        _ sheet: FormulaSheet,
        _ formulas: [(String, Bool)]
    ) -> [String] {
        let known = sheet.formulas.map { field in
            if case .formula(let formula) = field.type { formula.expression } else { "" }
        }
        return formulas.map(\.0).filter { !known.contains($0) }
    }

    @Test("no function is forgotten")
    func completeness() {
        let ofSaves: Set<FormulaFunction> = [.isNew, .isClone, .isChanged, .priorValue, .vlookup]
        let text = FunctionFormulas.all.joined(separator: "\n")
        for function in FormulaFunction.allCases where !ofSaves.contains(function) {
            #expect(text.contains("\(function.rawValue)("), "\(function.rawValue)")
        }
    }
}

/// Formulas that have no SQL, and what is said instead.
@Suite struct FormulaRefusalTests {
    @Test(
        "what has no SQL is refused when the statement runs, with the reason",
        arguments: [
            ("REGEX(T__c, U__c)", "the pattern of REGEX is not written in it"),
            ("REGEX(T__c, 'a++')", "REGEX: PostgreSQL has no pattern like `a++`"),
            ("REGEX(T__c, '[a[b]]')", "REGEX: PostgreSQL has no pattern like `[a[b]]`"),
            ("REGEX(T__c, '(?<name>a)')", "REGEX: PostgreSQL has no pattern like `(?<name>a)`"),
        ]
    )
    func refused(_ formula: String, _ reason: String) throws {
        let sheet = FormulaSheet("Thing1__c", FunctionFormulas.fields, [(formula, true)], [])
        try #require(sheet.formulas.count == 1)

        let statement = try sheet.statement(reading: sheet.formulas[...])

        #expect(statement.text.contains("steward_refused($1::text)::boolean"))
        #expect(
            statement.values.first
                == .text("this formula has no SQL for PostgreSQL: \(reason)")
        )
    }
}
