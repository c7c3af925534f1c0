import Metadata
import Testing

/// Formula fields are declared, and what is wrong inside a formula's text has a place in its file.
@Suite struct FormulaDeclarationTests {
    private func schema(_ field: String) throws -> OrgSchema {
        let package = try PackageReader.read([
            .init(path: "package.yaml", text: "package: test\nlabel: Test\nversion: 1.0.0\n"),
            .init(
                path: "objects/Book__c.yaml",
                text: "object: Book__c\nlabel: Book\npluralLabel: Books\nfields:\n" + field
            ),
        ])
        return try SchemaAssembler.assemble([package], prefixes: [:], version: 1)
    }

    private func formula(_ field: String) throws -> FieldType.Formula {
        guard case .formula(let formula)? = try schema(field).object("Book__c")?.field("F__c")?.type
        else { throw PackageProblems([]) }
        return formula
    }

    /// Line and column in the file of a place in the formula's text.
    private func place(_ field: String, line: Int, column: Int) throws -> String? {
        try formula(field).declaration?.problem("here", in: "formula", line: line, column: column)
            .description
    }

    @Test("empty numbers count as zero unless the field says otherwise")
    func blanks() throws {
        let start = "  - { name: F__c, type: Formula, returnType: Number, formula: 1 + 1"
        #expect(try formula("\(start) }\n").treatsBlanksAsZero)
        #expect(
            try !formula("\(start), formulaTreatBlanksAs: BlankAsBlank }\n").treatsBlanksAsZero
        )
    }

    @Test("a whole number where nothing is said, cents for money")
    func scales() throws {
        let start = "  - { name: F__c, type: Formula, formula: 1 + 1, returnType:"
        #expect(try formula("\(start) Number }\n").scale == 0)
        #expect(try formula("\(start) Currency }\n").scale == 2)
        #expect(try formula("\(start) Percent, scale: 4 }\n").scale == 4)
    }

    @Test("a place in a block is one of the lines below the key")
    func block() throws {
        let field = """
              - name: F__c
                type: Formula
                returnType: Text
                formula: |
                  IF(A__c,

                    "x",
                    "y")

            """
        #expect(try place(field, line: 1, column: 4) == "objects/Book__c.yaml:9:10: here")
        #expect(try place(field, line: 3, column: 3) == "objects/Book__c.yaml:11:9: here")
    }

    @Test("a place in folded text is found behind the blanks that stand for line breaks")
    func folded() throws {
        let field = """
              - name: F__c
                type: Formula
                returnType: Text
                formula: >-
                  IF(A__c,
                  "x", "y")

            """
        #expect(try place(field, line: 1, column: 1) == "objects/Book__c.yaml:9:7: here")
        #expect(try place(field, line: 1, column: 10) == "objects/Book__c.yaml:10:7: here")
    }

    @Test("a place in a plain or quoted text is behind the key")
    func flow() throws {
        let plain = "  - { name: F__c, type: Formula, returnType: Number, formula: 1 + A__c }\n"
        #expect(try place(plain, line: 1, column: 5) == "objects/Book__c.yaml:5:67: here")
        let quoted =
            "  - { name: F__c, type: Formula, returnType: Number, formula: \"1 + A__c\" }\n"
        #expect(try place(quoted, line: 1, column: 5) == "objects/Book__c.yaml:5:68: here")
    }

    @Test(
        "what only stored values can have is refused",
        arguments: ["externalId: true", "unique: true", "required: true", "searchable: true"]
    )
    func notOfFormulas(_ key: String) {
        let error = #expect(throws: PackageProblems.self) {
            try schema(
                "  - { name: F__c, type: Formula, returnType: Text, formula: Name, \(key) }\n"
            )
        }
        #expect(error?.problems.count == 1)
        #expect(error?.description.contains("a formula field takes no") == true)
    }

    @Test("a return type that there is not is refused with the choices")
    func returnType() {
        let error = #expect(throws: PackageProblems.self) {
            try schema("  - { name: F__c, type: Formula, returnType: Numbr, formula: 1 }\n")
        }
        #expect(error?.description.contains("did you mean `Number`?") == true)
    }
}
