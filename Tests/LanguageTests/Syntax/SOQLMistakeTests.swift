import Language
import Testing

/// What is refused, where, and what the writer is told.
@Suite struct SOQLMistakeTests {
    @Test("a refusal quotes the row, points at the column and says what would be right")
    func preamble() {
        #expect(
            refusal(of: "SELECT Id FRM Account") == """

                SELECT Id FRM Account
                          ^
                ERROR at Row:1:Column:11
                unexpected token: 'Account'; did you mean FROM instead of 'FRM'?
                """
        )
    }

    @Test("a long row is cut on both sides, other rows are left out")
    func cutting() {
        let fields = (10..<40).map { "Field\($0)" }.joined(separator: ", ")
        #expect(
            refusal(of: "SELECT Id,\r\n\(fields), 5 FROM \(fields)\r\nWHERE a = 1") == """

                d36, Field37, Field38, Field39, 5 FROM Field10, Field11, Field12, Field13, \
                Field14, Field15, Fie
                                                ^
                ERROR at Row:2:Column:271
                unexpected token: '5'; expected a field name
                """
        )
    }

    @Test("columns count characters, and any span can be rendered with any text")
    func columns() {
        let message = refusal(of: "SELECT Id FROM A WHERE a = 'ü日😀' x")
        #expect(message?.contains("ERROR at Row:1:Column:34\n") == true)
        let span = SourceSpan(start: 900, end: 901, row: 3, column: 90)
        #expect(span.located("wrong", in: "short").hasSuffix("ERROR at Row:3:Column:90\nwrong"))
    }

    @Test(
        "each mistake is met with what would be right",
        arguments: [
            ("", "1:1", "unexpected token: '<EOF>'; expected SELECT"),
            ("SELCT Id FROM A", "1:1", "unexpected token: 'SELCT'; did you mean SELECT?"),
            ("SELECT", "1:7", "unexpected token: '<EOF>'; expected a field name"),
            ("SELECT FROM A", "1:8", "unexpected token: 'FROM'; expected a field name"),
            ("SELECT Id, FROM A", "1:12", "unexpected token: 'FROM'; expected a field name"),
            (
                "SELECT * FROM A", "1:8",
                "unexpected token: '*'; name the fields, or write FIELDS(ALL)"
            ),
            (
                "SELECT Id FROMAccount", "1:11",
                "unexpected token: '<EOF>'; did you mean FROM Account instead of 'FROMAccount'?"
            ),
            ("SELECT a b c FROM A", "1:12", "unexpected token: 'c'; expected a comma or FROM"),
            ("SELECT a..b FROM A", "1:10", "unexpected token: '.'; expected a name after the dot"),
            ("SELECT Id FROM", "1:15", "unexpected token: '<EOF>'; expected an object name"),
            (
                "SELECT Id FROM WHERE a = 1", "1:16",
                "unexpected token: 'WHERE'; expected an object name"
            ),
            (
                "SELECT Id FROM A WHRE a = 1", "1:18",
                "unexpected token: 'a'; did you mean WHERE instead of 'WHRE'?"
            ),
            (
                "SELECT Id FROM A a ODER BY x", "1:20",
                "unexpected token: 'ODER'; did you mean ORDER?"
            ),
            (
                "SELECT Id FROM A ORDER BY x OFFSET100", "1:29",
                "unexpected token: 'OFFSET100'; did you mean OFFSET 100?"
            ),
            (
                "SELECT Id FROM A FOR", "1:21",
                "unexpected token: '<EOF>'; expected VIEW, REFERENCE or UPDATE after FOR"
            ),
            (
                "SELECT Id FROM A LIMIT 'x'", "1:24",
                "unexpected token: ''x''; LIMIT takes a whole number from 0 to 2147483647, written "
                    + "in digits"
            ),
            (
                "SELECT Id FROM A OFFSET -10", "1:25",
                "unexpected token: '-10'; OFFSET takes a whole number from 0 to 2147483647, "
                    + "written in digits"
            ),
            (
                "SELECT Id FROM A WHERE a = 'x", "1:28",
                "unexpected token: ''x'; string is not closed: a single quote must end it"
            ),
            (
                "SELECT Id FROM A WHERE a = \"x\"", "1:28",
                "unexpected token: '\"'; text stands in single quotes"
            ),
            (
                "SELECT Id FROM A WHERE a = foo", "1:28",
                "unexpected token: 'foo'; expected a value; text stands in single quotes"
            ),
            (
                "SELECT Id FROM A WHERE a = TODYA", "1:28",
                "unexpected token: 'TODYA'; did you mean TODAY?"
            ),
            (
                "SELECT Id FROM A WHERE a = LAST_N_DAYS", "1:39",
                "unexpected token: '<EOF>'; LAST_N_DAYS needs a count: LAST_N_DAYS:30"
            ),
            (
                "SELECT Id FROM A WHERE a = LAST_N_DAYS:-5", "1:40",
                "unexpected token: '-5'; LAST_N_DAYS takes a whole number: LAST_N_DAYS:30"
            ),
            (
                "SELECT Id FROM A WHERE a = 2026-02-29", "1:28",
                "unexpected token: '2026-02-29'; the calendar has no such day"
            ),
            (
                "SELECT Id FROM A WHERE a = 2026-1-1", "1:28",
                "unexpected token: '2026-1-1'; a date is written 2026-01-31, a dateTime "
                    + "2026-01-31T10:00:00Z"
            ),
            (
                "SELECT Id FROM A WHERE a = 2026-01-01T00:00:00", "1:28",
                "unexpected token: '2026-01-01T00:00:00'; a date is written 2026-01-31, a dateTime "
                    + "2026-01-31T10:00:00Z"
            ),
            (
                "SELECT Id FROM A WHERE a = 2026-01-01T24:00:00Z", "1:28",
                "unexpected token: '2026-01-01T24:00:00Z'; no clock shows such a time"
            ),
            (
                "SELECT Id FROM A WHERE a = 5abc", "1:28",
                "unexpected token: '5abc'; a number is written 15, -1.5 or 1.5e3; a name cannot "
                    + "begin with a digit"
            ),
            (
                #"SELECT Id FROM A WHERE a = 'x\q'"#, "1:28",
                #"illegal character sequence '\q' in string literal; write \\ for \"#
            ),
            (
                #"SELECT Id FROM A WHERE a = '\uD800'"#, "1:28",
                #"illegal character sequence '\uD800' in string literal; \u takes four "#
                    + "hexadecimal digits of a character"
            ),
            (
                "SELECT Id FROM A WHERE a = 1 AND b = 2 OR c = 3", "1:40",
                "unexpected token: 'OR'; AND and OR side by side need parentheses"
            ),
            ("SELECT Id FROM A WHERE", "1:23", "unexpected token: '<EOF>'; expected a field name"),
            (
                "SELECT Id FROM A WHERE LIMIT 5", "1:24",
                "unexpected token: 'LIMIT'; expected a field name"
            ),
            (
                "SELECT Id FROM A WHERE a 1", "1:26",
                "unexpected token: '1'; expected an operator such as =, LIKE or IN"
            ),
            (
                "SELECT Id FROM A WHERE (a = 1", "1:30",
                "unexpected token: '<EOF>'; expected AND, OR or ')'"
            ),
            (
                "SELECT Id FROM A WHERE a = 1)", "1:29",
                "unexpected token: ')'; there is no '(' for it"
            ),
            (
                "SELECT Id FROM A WHERE a IN ()", "1:30",
                "unexpected token: ')'; expected a value"
            ),
            (
                "SELECT Id FROM A WHERE a = (1, 2)", "1:28",
                "unexpected token: '('; expected one value; write IN for a list"
            ),
            (
                "SELECT Id FROM A HAVING COUNT(Id) > 1", "1:18",
                "unexpected token: 'HAVING'; it needs a GROUP BY before it"
            ),
            (
                "SELECT Id FROM A GROUP BY a, ROLLUP(b)", "1:30",
                "unexpected token: 'ROLLUP'; ROLLUP and CUBE stand alone in GROUP BY"
            ),
            (
                "SELECT Id FROM A GROUP BY CUBE(a, b, c, d)", "1:27",
                "CUBE takes at most 3 fields"
            ),
            (
                "SELECT Id FROM A LIMIT 1 WHERE a = 1", "1:26",
                "unexpected token: 'WHERE'; the clauses, each at most once and in this order, are "
                    + "SELECT, FROM, USING SCOPE, WHERE, WITH, GROUP BY, HAVING, ORDER BY, LIMIT, "
                    + "OFFSET, FOR, UPDATE, ALL ROWS"
            ),
            (
                "SELECT Id FROM A // all of them", "1:18",
                "unexpected token: '/'; comments are not part of the language"
            ),
            ("SELECT Id FROM A;", "1:17", "unexpected token: ';'; nothing follows the last clause"),
            (
                "SELECT FIELDS(SOME) FROM A", "1:15",
                "unexpected token: 'SOME'; expected ALL, STANDARD or CUSTOM"
            ),
            ("SELECT TYPEOF What END FROM A", "1:20", "unexpected token: 'END'; expected WHEN"),
            (
                "SELECT Id FROM A WHERE a = :f(1", "1:32",
                "unexpected token: '<EOF>'; expected a closing bracket"
            ),
            ("SELECT Ärger FROM A", "1:8", "unexpected token: 'Ä'; expected a field name"),
        ]
    )
    func mistakes(_ query: String, place: String, detail: String) throws {
        let error = try #require(throws: SyntaxError.self) { try SOQLParser.parse(query) }
        let span = try #require(error.span)
        #expect("\(span.row):\(span.column)" == place)
        #expect(error.detail == detail)
        #expect(
            error.kind == .malformedQuery
        )
    }

    @Test("a zero character in a string is refused, written or escaped")
    func zeros() {
        #expect(refusal(of: "SELECT Id FROM A WHERE a = 'x\0'") != nil)
        #expect(refusal(of: #"SELECT Id FROM A WHERE a = 'x\u0000'"#) != nil)
    }

    @Test("a query has at most 100,000 characters, whatever their bytes")
    func length() {
        let frame = "SELECT Id FROM A WHERE a = ''".count
        let fitting = String(repeating: "é", count: 100_000 - frame)
        #expect(refusal(of: "SELECT Id FROM A WHERE a = '\(fitting)'") == nil)
        #expect(
            refusal(of: "SELECT Id FROM A WHERE a = '\(fitting)x'") == "SOQL statement is too long"
        )
    }

    @Test(
        "nesting without end is an error and no crash",
        arguments: ["(", "NOT ", "f(", "(NOT ", "a IN (SELECT Id FROM A WHERE "]
    )
    func nesting(_ opening: String) throws {
        let count = (100_000 - 30) / opening.count
        let query = "SELECT Id FROM A WHERE " + String(repeating: opening, count: count)
        let error = try #require(throws: SyntaxError.self) { try SOQLParser.parse(query) }
        #expect(error.detail == "nested too deep; at most 100 levels are read")
        let select = "SELECT " + String(repeating: "(SELECT ", count: 10_000)
        #expect(refusal(of: select)?.hasSuffix("child queries nest at most 5 levels") == true)
        let bind = "SELECT Id FROM A LIMIT :" + String(repeating: "(", count: 90_000)
        #expect(refusal(of: bind)?.hasSuffix("expected a closing bracket") == true)
    }

    @Test("what may nest 100 levels deep is read")
    func deepest() {
        let open = String(repeating: "(", count: 100)
        let close = String(repeating: ")", count: 100)
        #expect(refusal(of: "SELECT Id FROM A WHERE \(open)a = 1\(close)") == nil)
        let long = String(repeating: "a = 1 AND ", count: 9_000)
        #expect(refusal(of: "SELECT Id FROM A WHERE \(long)a = 1") == nil)
    }
}
