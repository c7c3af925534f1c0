import Language
import Testing

/// What the grammar of SOSL accepts and refuses.
@Suite struct SOSLParserTests {
    @Test("a whole search is read, each clause to its place")
    func clauses() throws {
        let search = try SOSLParser.parse(
            """
            FIND {printer} IN name FIELDS RETURNING \
            Account(Id, toLabel(Type) t USING ListView = Recent WHERE Name LIKE 'a%' \
            ORDER BY Name DESC LIMIT 10 OFFSET 5)
            WITH DIVISION = 'Global' WITH DATA CATEGORY Geo__c AT usa__c
            WITH SNIPPET (target_length=120) WITH HIGHLIGHT WITH SPELL_CORRECTION = false
            WITH NETWORK IN ('a', 'b') WITH PricebookId = '01s' WITH METADATA = 'LABELS'
            LIMIT 50 UPDATE TRACKING, VIEWSTAT
            """
        )
        #expect(search.group == .name)
        #expect(search.limit == 50)
        #expect(
            search.with == [
                "DIVISION", "DATA", "SNIPPET", "HIGHLIGHT", "SPELL_CORRECTION", "NETWORK",
                "PRICEBOOKID", "METADATA",
            ]
        )
        let account = try #require(search.returning.first)
        #expect(account.object.text == "Account")
        #expect(account.listView?.text == "Recent")
        #expect(
            account.query?.description
                == "SELECT Id, toLabel(Type) t FROM Account WHERE Name LIKE 'a%' ORDER BY Name "
                + "DESC LIMIT 10 OFFSET 5"
        )
    }

    @Test("objects alone and objects with fields may stand in one RETURNING")
    func returning() throws {
        let search = try SOSLParser.parse("find {ab} returning Account, Contact(Id), Order")
        #expect(search.group == .all)
        #expect(search.returning.map(\.object.text) == ["Account", "Contact", "Order"])
        #expect(search.returning.map { $0.query == nil } == [true, false, true])
    }

    @Test("package code writes the term as a bind variable or as a string")
    func otherForms() throws {
        let bound = try SOSLParser.parse(
            "FIND :text IN ALL FIELDS RETURNING A(b LIMIT :n) LIMIT :m"
        )
        #expect(bound.term == .bind("text"))
        #expect(bound.binds == ["m"])
        #expect(try SOSLParser.parse("FIND 'ab\\'c'").term == .word([.text("ab'c")]))
    }

    @Test(
        "terms",
        arguments: [
            ("john", SOSLStatement.Term.word([.text("john")])),
            ("  john  smith ", .and([.word([.text("john")]), .word([.text("smith")])])),
            (
                "jo?n sm*",
                .and([
                    .word([.text("jo"), .oneCharacter, .text("n")]),
                    .word([.text("sm"), .anyCharacters]),
                ])
            ),
            ("\"john smith\"", .phrase("john smith")),
            (#""a \"b\" c""#, .phrase("a \"b\" c")),
            (
                "a and b OR c",
                .or([
                    .and([.word([.text("a")]), .word([.text("b")])]), .word([.text("c")]),
                ])
            ),
            (
                "a AND (b OR c)",
                .and([
                    .word([.text("a")]), .or([.word([.text("b")]), .word([.text("c")])]),
                ])
            ),
            (
                "a AND NOT b AND c",
                .and([
                    .andNot(.word([.text("a")]), .word([.text("b")])), .word([.text("c")]),
                ])
            ),
            (
                #"what\? \*x\} a\-b"#,
                .and([
                    .word([.text("what?")]), .word([.text("*x}")]), .word([.text("a-b")]),
                ])
            ),
            ("555-0100", .word([.text("555-0100")])),
            ("O'Brien & Söhne", .and([.word([.text("O'Brien")]), .word([.text("Söhne")])])),
            (#"\and \OR"#, .and([.word([.text("and")]), .word([.text("OR")])])),
            ("日本", .word([.text("日本")])),
        ]
    )
    func terms(_ text: String, term: SOSLStatement.Term) throws {
        #expect(try SOSLParser.parseTerm(text) == term)
        // The same between braces, where only a brace needs its backslash.
        #expect(try SOSLParser.parse("FIND {\(text)} RETURNING Account").term == term)
    }

    @Test("a term too long for operators finds any of its words, one much too long finds nothing")
    func longTerms() throws {
        let long = Array(repeating: "word AND (x)", count: 400).joined(separator: " ")
        guard case .or(let terms) = try SOSLParser.parseTerm(long) else {
            Issue.record("operators are still in force")
            return
        }
        #expect(terms.count == 800)
        #expect(try SOSLParser.parseTerm(String(repeating: "ab ", count: 4_000)) == .or([]))
    }

    @Test(
        "what is refused, where, and what would be right",
        arguments: [
            ("", 1, "unexpected token: '<EOF>'; expected FIND"),
            ("SELECT Id FROM A", 1, "unexpected token: 'SELECT'; expected FIND"),
            (
                "FIND abc", 6,
                "unexpected token: 'abc'; the search term stands in braces: FIND {term}"
            ),
            ("FIND {abc", 6, "the search term is not closed: '}' must end it"),
            ("FIND {abc\\}", 6, "the search term is not closed: '}' must end it"),
            ("FIND {}", 7, "search term must be longer than one character: "),
            ("FIND {a}", 7, "search term must be longer than one character: a"),
            ("FIND {a*}", 7, "search term must be longer than one character: a*"),
            ("FIND {ab *c}", 10, "a wild card cannot come first in a word"),
            ("FIND {\"abc}", 7, "phrase is not closed: a double quote must end it"),
            ("FIND {(ab}", 10, "expected ')' in the search term"),
            ("FIND {ab)}", 9, "unexpected token: ')'; there is no '(' for it"),
            ("FIND {ab AND}", 13, "expected a word or a phrase in the search term"),
            (
                "FIND {NOT ab}", 7,
                "unexpected token: 'NOT'; a term must stand before it: a AND NOT b"
            ),
            (
                "FIND {ab} IN SOME FIELDS", 14,
                "unexpected token: 'SOME'; expected ALL, NAME, EMAIL, PHONE or SIDEBAR and FIELDS"
            ),
            ("FIND {ab} RETURNING", 20, "unexpected token: '<EOF>'; expected an object name"),
            ("FIND {ab} RETURNING A(", 23, "unexpected token: '<EOF>'; expected a field name"),
            (
                "FIND {ab} RETURNING A((SELECT Id FROM b))", 24,
                "a search returns no child queries"
            ),
            ("FIND {ab} RETURNING A(b OFFSET 2001)", 32, "SOSL offset should be between 0 to 2000"),
            (
                "FIND {ab} RETURNING A(b OFFSET 1), C", 32,
                "OFFSET needs a RETURNING clause with exactly one object"
            ),
            (
                "FIND {ab} foo", 11,
                "unexpected token: 'foo'; expected another clause or the end of the search"
            ),
            (
                "FIND {ab} WITH foo", 16,
                "unexpected token: 'foo'; expected DIVISION, DATA CATEGORY, SNIPPET, HIGHLIGHT, "
                    + "SPELL_CORRECTION, NETWORK, PricebookId or METADATA"
            ),
        ]
    )
    func mistakes(_ search: String, column: Int, detail: String) throws {
        let error = try #require(throws: SyntaxError.self) { try SOSLParser.parse(search) }
        #expect(error.span?.column == column)
        #expect(error.detail == detail)
        #expect(error.kind == .malformedSearch)
    }

    @Test("parentheses without end are an error and no crash")
    func nesting() throws {
        let term = String(repeating: "(", count: 3_999)
        let error = try #require(throws: SyntaxError.self) { try SOSLParser.parseTerm(term) }
        #expect(error.detail == "nested too deep; at most 100 levels are read")
        #expect(throws: SyntaxError.self) {
            try SOSLParser.parse(String(repeating: "FIND {", count: 20_000))
        }
    }
}
