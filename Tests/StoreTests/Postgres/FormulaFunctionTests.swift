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
