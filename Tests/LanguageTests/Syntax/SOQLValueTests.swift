import Language
import Testing

/// What a field can be compared with.
@Suite struct SOQLValueTests {
    @Test(
        "a string's escapes are decoded",
        arguments: [
            (#"'O\'Brien'"#, "O'Brien"),
            (#"'a\nb\rc\td\be\ff'"#, "a\nb\rc\td\u{8}e\u{C}f"),
            (#"'\"x\" \\ \N'"#, "\"x\" \\ \n"),
            (#"'\u00e9\uD83D\uDE00'"#, "é😀"),
            (#"'100\% a\_b'"#, "100% a_b"),
            ("'Grüße\n日本'", "Grüße\n日本"),
            ("''", ""),
        ]
    )
    func strings(_ literal: String, text: String) throws {
        guard case .string(let read, _) = try value("= \(literal)") else {
            Issue.record("not a string")
            return
        }
        #expect(read == text)
    }

    @Test("behind LIKE, wild cards can be told from escaped ones")
    func patterns() throws {
        guard case .string(let text, _) = try value(#"LIKE '10\% of\_a \\ %\'_x\u005C'"#) else {
            Issue.record("not a string")
            return
        }
        #expect(text == #"10\% of\_a \\ %'_x\\"#)
        #expect(
            SOQLStatement.likePattern(text) == [
                .text(#"10% of_a \ "#), .anyCharacters, .text("'"), .oneCharacter, .text(#"x\"#),
            ]
        )
        #expect(SOQLStatement.plainText(ofLike: text) == #"10% of_a \ %'_x\"#)
        #expect(SOQLStatement.likePattern("").isEmpty)
    }

    @Test(
        "numbers keep their text",
        arguments: [
            "0", "1", "1.5", "-3", "+3", "-0.25", "1e9", "6.02E+23", "123456789012345678901",
        ]
    )
    func numbers(_ text: String) throws {
        guard case .number(let number) = try value("= \(text)") else {
            Issue.record("not a number")
            return
        }
        #expect(number.text == text)
    }

    @Test(
        "an amount has a code and a number",
        arguments: [("USD5000", "5000"), ("usd100.50", "100.50"), ("USD-7.5", "-7.5")]
    )
    func currencies(_ literal: String, amount: String) throws {
        guard case .currency("USD", let number) = try value("> \(literal)") else {
            Issue.record("not an amount")
            return
        }
        #expect(number.text == amount)
    }

    @Test(
        "dates and times keep their text; a blank that was a plus is one again",
        arguments: [
            ("2026-01-01", "2026-01-01"),
            ("2024-02-29", "2024-02-29"),
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("2026-01-01t00:00:00.123z", "2026-01-01T00:00:00.123Z"),
            ("2026-01-01T00:00:00.000+0000", "2026-01-01T00:00:00.000+0000"),
            ("2026-01-01T23:59:59-05:00", "2026-01-01T23:59:59-05:00"),
            ("2026-01-01T00:00:00.000 0000", "2026-01-01T00:00:00.000+0000"),
            ("2026-01-01T00:00:00 02:00", "2026-01-01T00:00:00+02:00"),
            ("10:30:00.000Z", "10:30:00.000Z"),
            ("10:30:00", "10:30:00"),
        ]
    )
    func dates(_ literal: String, text: String) throws {
        switch try value("= \(literal) LIMIT 5") {
        case .date(let read, _), .dateTime(let read, _), .time(let read, _):
            #expect(read == text)
        default:
            Issue.record("no date and no time")
        }
    }

    @Test("every date literal is known, in any case")
    func dateLiterals() throws {
        for span in ["WEEK", "MONTH", "QUARTER", "YEAR", "FISCAL_QUARTER", "FISCAL_YEAR"] {
            for name in ["LAST_\(span)", "THIS_\(span)", "NEXT_\(span)"] {
                #expect(try value("= \(name)").description == name)
            }
            for name in ["LAST_N_\(span)S", "NEXT_N_\(span)S", "N_\(span)S_AGO"] {
                #expect(try value("= \(name):12").description == "\(name):12")
            }
        }
        for name in ["YESTERDAY", "TODAY", "TOMORROW", "LAST_90_DAYS", "NEXT_90_DAYS"] {
            #expect(try value("= \(name.lowercased())").description == name)
        }
        for name in ["LAST_N_DAYS", "NEXT_N_DAYS", "N_DAYS_AGO"] {
            #expect(try value("= \(name.lowercased()) : 30").description == "\(name):30")
        }
    }

    @Test(
        "a bind variable is kept as text, however much of another language it is",
        arguments: [
            ("= :name", "name"),
            ("=: acc.Id", "acc.Id"),
            ("IN :x[0].y", "x[0].y"),
            ("IN :map.keySet()", "map.keySet()"),
            ("= :method(arg, 'a) b', 2)", "method(arg, 'a) b', 2)"),
            ("LIKE :(f.a == '' ? '%' : f.a)", "(f.a == '' ? '%' : f.a)"),
            ("IN :new List<Map<Id, X>>{a, b}", "new List<Map<Id, X>>{a, b}"),
            ("= :record?.Id", "record?.Id"),
            ("< :count + 1", "count + 1"),
        ]
    )
    func binds(_ comparison: String, text: String) throws {
        guard case .bind(let read, _) = try value(comparison) else {
            Issue.record("not a bind variable")
            return
        }
        #expect(read == text)
    }

    @Test("LIMIT and OFFSET may be bind variables, and say so")
    func boundCounts() throws {
        let statement = try SOQLParser.parse(
            "SELECT Id FROM A WHERE b IN (:x, 'y') LIMIT:limits.rows() OFFSET :offset"
        )
        #expect(statement.limit?.text == ":limits.rows()")
        #expect(statement.limit?.isBind == true)
        #expect(statement.offset?.text == ":offset")
    }

    private func value(_ comparison: String) throws -> SOQLStatement.Value {
        let statement = try SOQLParser.parse("SELECT Id FROM A WHERE f \(comparison)")
        guard case .comparison(_, _, let value, _) = try #require(statement.filter) else {
            throw SyntaxError("no comparison", at: nil)
        }
        return value
    }
}
