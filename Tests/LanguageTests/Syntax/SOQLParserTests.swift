import Language
import Testing

/// What the grammar of SOQL accepts, clause by clause, and which tree it makes.
///
/// Where a tree is not looked at itself, its printed form is: upper-case keywords, one blank.
@Suite struct SOQLParserTests {
    @Test(
        "a query in any case and spacing is read",
        arguments: [
            ("select id from account", "SELECT id FROM account"),
            ("SELECT\n\tId ,\r\nName FROM Account", "SELECT Id, Name FROM Account"),
            (
                "SELECT Account . Owner . Name FROM Contact",
                "SELECT Account.Owner.Name FROM Contact"
            ),
            ("SELECT COUNT() FROM Account", "SELECT COUNT() FROM Account"),
            (
                "SELECT toLabel(Status) s,COUNT(Id)n FROM Case GROUP BY Status",
                "SELECT toLabel(Status) s, COUNT(Id) n FROM Case GROUP BY Status"
            ),
            (
                "SELECT FIELDS(all), Fields ( STANDARD ) FROM Account LIMIT 200",
                "SELECT FIELDS(ALL), FIELDS(STANDARD) FROM Account LIMIT 200"
            ),
            (
                "SELECT TYPEOF What WHEN Account THEN Phone, Name WHEN Case THEN Subject "
                    + "ELSE Id END FROM Event",
                "SELECT TYPEOF What WHEN Account THEN Phone, Name WHEN Case THEN Subject "
                    + "ELSE Id END FROM Event"
            ),
            (
                "SELECT Id, (SELECT Id FROM Contacts c WHERE c.Name != null ORDER BY Name LIMIT 5) "
                    + "FROM Account",
                "SELECT Id, (SELECT Id FROM Contacts c WHERE c.Name != NULL ORDER BY Name LIMIT 5) "
                    + "FROM Account"
            ),
            (
                "SELECT Id FROM Contact AS c, c.Account a, a.Owner o",
                "SELECT Id FROM Contact c, c.Account a, a.Owner o"
            ),
            (
                "SELECT Id FROM Contact c, Contact.Account AS a",
                "SELECT Id FROM Contact c, Contact.Account a"
            ),
            ("SELECT Id FROM A USING SCOPE mine", "SELECT Id FROM A USING SCOPE mine"),
            (
                "SELECT Id FROM A WHERE x <> 1 AND y >= 2 AND z<=3 AND u<4 AND v>5",
                "SELECT Id FROM A WHERE x != 1 AND y >= 2 AND z <= 3 AND u < 4 AND v > 5"
            ),
            (
                "SELECT Id FROM A WHERE x not in ('a','b') AND y in (null, true, 1)",
                "SELECT Id FROM A WHERE x NOT IN ('a', 'b') AND y IN (NULL, TRUE, 1)"
            ),
            (
                "SELECT Id FROM A WHERE x includes ('a;b','c') AND y excludes ('d')",
                "SELECT Id FROM A WHERE x INCLUDES ('a;b', 'c') AND y EXCLUDES ('d')"
            ),
            (
                "SELECT Id FROM A WHERE Id IN (SELECT AccountId FROM Contact WHERE Name LIKE 'x%')",
                "SELECT Id FROM A WHERE Id IN (SELECT AccountId FROM Contact WHERE Name LIKE 'x%')"
            ),
            (
                "SELECT Id FROM A WITH SECURITY_ENFORCED LIMIT 1",
                "SELECT Id FROM A WITH SECURITY_ENFORCED LIMIT 1"
            ),
            (
                "SELECT Id FROM A WITH recordVisibilityContext (maxDescriptorPerRecord=100)",
                "SELECT Id FROM A WITH RecordVisibilityContext"
            ),
            (
                "SELECT Id FROM A WITH DATA CATEGORY Geography__c above (usa__c, uk__c) "
                    + "AND Product__c AT mobile__c WITH USER_MODE",
                "SELECT Id FROM A WITH DATA CATEGORY Geography__c ABOVE (usa__c, uk__c) "
                    + "AND Product__c AT mobile__c WITH USER_MODE"
            ),
            (
                "SELECT a, MAX(b) FROM A GROUP BY rollup(a, CALENDAR_YEAR(c)) HAVING MAX(b) > 1",
                "SELECT a, MAX(b) FROM A GROUP BY ROLLUP(a, CALENDAR_YEAR(c)) HAVING MAX(b) > 1"
            ),
            (
                "SELECT a FROM A ORDER BY a asc nulls last, COUNT(b) desc, c NULLS FIRST",
                "SELECT a FROM A ORDER BY a NULLS LAST, COUNT(b) DESC, c NULLS FIRST"
            ),
            (
                "SELECT Id FROM A LIMIT 0 OFFSET 2000 FOR VIEW FOR REFERENCE",
                "SELECT Id FROM A LIMIT 0 OFFSET 2000 FOR VIEW FOR REFERENCE"
            ),
            (
                "SELECT Id FROM A UPDATE TRACKING, VIEWSTAT ALL ROWS",
                "SELECT Id FROM A UPDATE TRACKING, VIEWSTAT ALL ROWS"
            ),
            ("SELECT Id FROM A ALL ROWS FOR UPDATE", "SELECT Id FROM A FOR UPDATE ALL ROWS"),
            (
                "SELECT Id FROM A WHERE DISTANCE(L__c, GEOLOCATION(37.7,-122.4), 'mi') < 20",
                "SELECT Id FROM A WHERE DISTANCE(L__c, GEOLOCATION(37.7, -122.4), 'mi') < 20"
            ),
            (
                "SELECT HOUR_IN_DAY(convertTimezone(CreatedDate)) h FROM A",
                "SELECT HOUR_IN_DAY(convertTimezone(CreatedDate)) h FROM A"
            ),
        ]
    )
    func accepted(_ query: String, printed: String) throws {
        #expect(try SOQLParser.parse(query).description == printed)
    }

    @Test(
        "keywords are names where nothing makes them keywords",
        arguments: [
            "SELECT Id FROM Group",
            "SELECT Id FROM Group GROUP BY Id",
            "SELECT Id FROM Order ORDER BY Order",
            "SELECT Id FROM Order order ORDER BY order.Id",
            "SELECT Id FROM Case WHERE Case.Type = 'x'",
            "SELECT Name, COUNT(Id) count FROM Account GROUP BY Name",
            "SELECT Group, Order, Count, Type, Name, End, Date, Limit__c, Scope, Like FROM Thing",
            "SELECT Amount limit, Name offset, Id group, Id order, Id all FROM Thing",
            "SELECT Limit, Offset, Update, For FROM Thing",
            "SELECT Id FROM Thing WHERE Group = 'x' AND Order.Name = 'y' AND Limit > 5",
            "SELECT Id FROM Thing WHERE NOT Like = 'x' AND Not = 1 AND In IN (1)",
            "SELECT Id FROM Thing ORDER BY Desc DESC, Nulls NULLS LAST, Limit LIMIT 5",
            "SELECT TYPEOF When WHEN Then THEN Else, End ELSE End END FROM Thing",
            "SELECT Typeof, Fields FROM Thing",
            "SELECT Id FROM Thing WHERE Null = 1 AND Today = TODAY",
            "SELECT Id, (SELECT Id FROM Orders order) FROM Thing USING SCOPE scope",
        ]
    )
    func contextual(_ query: String) throws {
        #expect(try SOQLParser.parse(query).description == query)
    }

    @Test("AND and OR are flat, parentheses are levels, NOT binds closest")
    func conditions() throws {
        let and = try filter("a = 1 AND NOT b = 2 AND (c = 3 OR NOT (d = 4 OR e = 5))")
        guard case .and(let terms, _) = and, terms.count == 3,
            case .not(.comparison, _) = terms[1], case .or(let choices, _) = terms[2],
            case .not(.or, _) = choices[1]
        else {
            Issue.record("read as \(and)")
            return
        }
        #expect(try filter("((a = 1))").description == "a = 1")
        #expect(try filter("(NOT x = 1)").description == "NOT x = 1")
        #expect(try filter("NOT NOT x = 1").description == "NOT NOT x = 1")
    }

    @Test("child queries nest five levels and no more")
    func childLevels() {
        func nested(_ levels: Int) -> String {
            levels == 1
                ? "SELECT Id FROM A" : "SELECT Id, (\(nested(levels - 1))) FROM A"
        }
        #expect(refusal(of: nested(5)) == nil)
        #expect(refusal(of: nested(6))?.hasSuffix("child queries nest at most 5 levels") == true)
    }

    @Test("a span says where a piece stands, in bytes, rows and characters")
    func spans() throws {
        let statement = try SOQLParser.parse("SELECT Id\nFROM A\nWHERE a = 'ä\nö' AND e.b = 1")
        guard case .and(let terms, _) = statement.filter,
            case .comparison(let operand, _, let value, _) = terms[1]
        else {
            Issue.record("no AND")
            return
        }
        #expect(operand.span == SourceSpan(start: 39, end: 42, row: 4, column: 8))
        #expect(value.span == SourceSpan(start: 45, end: 46, row: 4, column: 14))
        #expect(statement.from.object.span == SourceSpan(start: 15, end: 16, row: 2, column: 6))
        #expect(statement.span == SourceSpan(start: 0, end: 46, row: 1, column: 1))
    }

    private func filter(_ text: String) throws -> SOQLStatement.Condition {
        try #require(try SOQLParser.parse("SELECT Id FROM A WHERE \(text)").filter)
    }
}
