import Foundation
import Metadata
import TestSupport

/// Formulas in which every function stands, with fields and records for them.
enum FunctionFormulas {
    static let fields: [FieldDefinition] = [
        ServiceDesk.field("N__c", .number(precision: 18, scale: 2)),
        ServiceDesk.field("M__c", .number(precision: 18, scale: 9)),
        ServiceDesk.field("P__c", .percent(precision: 18, scale: 3)),
        ServiceDesk.field("T__c", .text(length: 255)),
        ServiceDesk.field("U__c", .text(length: 255)),
        ServiceDesk.field("L__c", .longTextArea(length: 131_072)),
        ServiceDesk.field("D__c", .date), ServiceDesk.field("W__c", .dateTime),
        ServiceDesk.field("V__c", .dateTime), ServiceDesk.field("H__c", .time),
        ServiceDesk.field("B__c", .checkbox),
        ServiceDesk.field("K__c", .picklist(Picklist(values: [], isRestricted: false))),
        ServiceDesk.field(
            "S__c",
            .multiselectPicklist(Picklist(values: [], isRestricted: false))
        ),
        ServiceDesk.field("X__c", .coordinate), ServiceDesk.field("Y__c", .coordinate),
    ]

    private static let texts =
        RandomValues.texts + [
            "", "2026-02-28", " 2024-02-29 ", "2023-02-29", "0001-01-01", "2026-01-31 10:30:00",
            "2026-1-3T9:05Z", "10:30", "23:59:59.9", "24:00", "1e3", "-12.50", "+.5", "1.", ".",
            "1e", "12 345", "1e400", "1e-500", "0.1234567890123456789012345678901234567890123",
            "99999999999999999999999999999999999999999", "<a href=\"x\">'&/\\</a>", "a\nb\tc\rd",
            " \u{A0}blank\u{3000}", "x y+z%ä", "john o'neil-smith 3rd", "St001000000001MAA",
            "K\u{212A}", "e\u{301}a\u{308}", "{\"a\":{\"b\":[1,2.50,\"x\"]},\"c\":true}",
            "{\"a\":null,\"a\":\"last\"}", "{bad", "[10,[20]]", "New", "new", "ΑΣ", "ŉa", "usd",
            "JPY", "mi", "KM", "\u{10000}a", "\u{FFFD}a",
        ]

    /// Records in which all values are blank, and others in which none or some are.
    static let rows: [[APIName: FieldValue]] = {
        var choice = RandomChoice(seed: 7)
        var rows: [[APIName: FieldValue]] = [[:]]
        for (place, text) in texts.enumerated() {
            var row: [APIName: FieldValue] = [
                "T__c": text.isEmpty ? .null : .text(text),
                "U__c": .text(choice.one(of: texts.filter { !$0.isEmpty })),
                "L__c": .text(String(repeating: text + "x", count: choice.one(of: [1, 3, 900]))),
                "N__c": number(&choice, 2), "M__c": number(&choice, 9), "P__c": number(&choice, 3),
                "D__c": .date(choice.one(of: RandomValues.days(around: 20_541))),
                "W__c": .dateTime(RandomValues.moment(&choice, around: 20_541)),
                "V__c": .dateTime(RandomValues.moment(&choice, around: 20_541)),
                "H__c": .time(choice.one(of: [0, 1, 86_399_999, 45_000_500, 3_600_000])),
                "B__c": .boolean(choice.chance(50)),
                "K__c": .text(choice.one(of: ["New", "new", "Closed", "é", "e\u{301}"])),
                "S__c": .text(choice.one(of: ["New", "New;Old", "Old", "a;b;c"])),
                "X__c": .coordinate(choice.one(of: RandomValues.coordinates)),
                "Y__c": .coordinate(choice.one(of: [-180, -77.5, 0, 13.405, 179.999])),
            ]
            // One value in five is missing.
            if place % 3 != 0 {
                for name in row.keys.sorted(by: { $0.text < $1.text }) where choice.chance(20) {
                    row[name] = nil
                }
            }
            rows.append(row)
        }
        return rows
    }()

    private static func number(_ choice: inout RandomChoice, _ scale: Int) -> FieldValue {
        let digits: [Int64] = [
            0, 1, -1, 2, 3, 7, -7, 50, 100, 250, -250, 1_000, 123_456, 500_000_000, 1_500_000_000,
            -2_500_000_000, 999_999_999_999_999_999, -999_999_999_999_999_999, 333_333_333_333,
        ]
        return .number(ExactDecimal(unscaled: choice.one(of: digits), scale: scale))
    }

    static let all = logic + cutTexts + otherTexts + numbers + moments + [long]

    /// As long as a formula may be.
    private static let long = Array(repeating: "T__c", count: 240).joined(separator: " & ")

    private static let logic = [
        "IF(N__c > 1, T__c, U__c)", "IF(N__c / M__c > 1, 1, 2)", "IF(B__c, 1 / N__c, 2)",
        "IF(ISBLANK(1 / N__c), 1, 2)", "CASE(T__c, 'alpha', 1, 'É', 2, 0)",
        "CASE(N__c, 1, 'one', NULL, 'none', 'many')", "CASE(K__c, 'New', 1 / N__c, 'é', 3, 4)",
        "CASE(N__c, 1 / M__c, 'a', 0, 'b', 'c')", "CASE(U__c, T__c, 1, '', 2, 3)",
        "IFERROR(1 / N__c, -1)", "IFERROR(VALUE(T__c), 0 - N__c)", "IFERROR(DATEVALUE(T__c), D__c)",
        "IFERROR(IFERROR(1 / N__c, 1 / M__c), 7)", "IFERROR(LPAD(T__c, 300000), 'long')",
        "IFERROR(T__c & LPAD(U__c, N__c * 1000, 'x'), U__c)", "ISBLANK(T__c)", "ISBLANK(N__c)",
        "ISBLANK(LEFT(T__c, N__c))", "ISNULL(T__c)", "ISNULL(D__c)", "ISNULL(1 / N__c)",
        "BLANKVALUE(T__c, U__c)", "BLANKVALUE(N__c, 1 / M__c)", "BLANKVALUE(D__c, TODAY())",
        "NULLVALUE(T__c, U__c)", "NULLVALUE(N__c, M__c)", "ISNUMBER(T__c)",
        "ISPICKVAL(K__c, 'New')", "ISPICKVAL(K__c, '')", "ISPICKVAL(K__c, 'é')",
        "INCLUDES(S__c, 'New')", "INCLUDES(S__c, '')", "IN(T__c, 'alpha', U__c, 'é')",
        "IN(N__c, 1, M__c, NULL)", "IN(N__c, 0, 1 / M__c)",
        "AND(N__c > 0, 1 / N__c > 0.1)", "OR(N__c = 0, 1 / N__c > 0.1)", "NOT(N__c > M__c)",
        "AND(B__c, NOT(B__c))", "OR(T__c = U__c, D__c < DATEVALUE(W__c))", "NULL", "''", "NULL + 1",
        "T__c = NULL", "N__c = NULL", "NULL = NULL", "T__c < U__c", "T__c >= U__c", "T__c <> U__c",
        "W__c < V__c", "H__c = TIMEVALUE('12:30:00.500')", "B__c = TRUE", "Id = T__c", "T__c = Id",
        "Id = CASESAFEID(Id)", "IF(B__c, Id, T__c)", "$Permission.ViewSetup",
        "$System.OriginDateTime",
    ]

    private static let cutTexts = [
        "BEGINS(T__c, U__c)", "BEGINS(T__c, 'a')", "BEGINS(T__c, '')", "BR() & T__c",
        "CASESAFEID(T__c)", "CASESAFEID(Id)", "LEFT(CASESAFEID(Id), 15) = Id",
        "CONTAINS(T__c, U__c)", "CONTAINS(T__c, 'a')", "FIND('a', T__c)", "FIND(U__c, T__c, N__c)",
        "FIND('a', T__c, 3)", "HYPERLINK(T__c, U__c)", "HYPERLINK(T__c, U__c, K2())",
        "IMAGE(T__c, U__c)", "IMAGE(T__c, U__c, N__c, M__c)", "INITCAP(T__c)", "LEFT(T__c, 3)",
        "LEFT(T__c, N__c)", "LEFT(L__c, 200)", "LEN(T__c)", "LEN(L__c)", "LOWER(T__c)",
        "LOWER(T__c, 'tr')", "LOWER(T__c, 'en_US')", "UPPER(T__c)", "UPPER(T__c, 'tr_TR')",
        "UPPER(T__c, 'el')", "UPPER(T__c, U__c)", "LPAD(T__c, 9)", "LPAD(T__c, 12, U__c)",
        "RPAD(T__c, N__c, 'xy')",
        "RPAD(T__c, 2)", "LPAD(T__c, 0)", "MID(T__c, 2, 3)", "MID(T__c, N__c, M__c)",
        "MID(T__c, 0, 2)", "SUBSTR(T__c, 2)", "SUBSTR(T__c, 2, 2)", "SUBSTR(T__c, N__c)",
        "REVERSE(T__c)", "RIGHT(T__c, 3)", "RIGHT(T__c, N__c)", "TRIM(T__c)", "TRIM(L__c)",
        "LEN(L__c & L__c)", "LEN(SUBSTITUTE(L__c, 'x', T__c & T__c))",
        "SUBSTITUTE(T__c, 'a', U__c)", "SUBSTITUTE(T__c, U__c, '-')", "SUBSTITUTE(T__c, '', 'x')",
        "T__c & U__c", "T__c + TEXT(N__c)", "L__c",
    ].map { $0.replacing("K2()", with: "TEXT(K__c)") }

    private static let otherTexts = [
        "TEXT(N__c)", "TEXT(N__c / 3)", "TEXT(D__c)", "TEXT(W__c)", "TEXT(H__c)", "TEXT(K__c)",
        "TEXT(1 / N__c)", "'a' & TEXT(1 / N__c)", "VALUE(T__c)", "VALUE(T__c) + 1",
        "VALUE(TEXT(N__c)) = N__c", "ASCII(T__c)", "CHR(ABS(N__c) + 32)", "CHR(-1)", "CHR(65)",
        "CHR(55296)",
        "CHR(ASCII(T__c) + N__c)", "HTMLENCODE(T__c)", "JSENCODE(T__c)", "JSINHTMLENCODE(T__c)",
        "URLENCODE(T__c)", "FORMATCURRENCY(U__c, N__c)", "FORMATCURRENCY('EUR', M__c / 7)",
        "FORMATCURRENCY('KWD', N__c)", "JSONVALUE(T__c, 'a')", "JSONVALUE(T__c, 'c')",
        "JSONPATHVALUE(T__c, '$.a.b[1]')", "JSONPATHVALUE(T__c, '$[1][0]')",
        "JSONPATHVALUE(T__c, 'a')", "REGEX(T__c, '[a-z]+')",
        "REGEX(T__c, '\\\\d{4}-\\\\d\\\\d-\\\\d+')",
        "REGEX(T__c, '.*')", "REGEX(T__c, '')", "REGEX(T__c, '(?i)strasse')",
        "REGEX(T__c, '(?i)FISH|é|(?:a.b)')", "REGEX(T__c, '\\\\w+')", "REGEX(T__c, '\\\\W*')",
        "REGEX(T__c, '\\\\s*[^\\\\s]+.*')", "REGEX(T__c, '(.)\\\\1.*')",
        "REGEX(T__c, '^a(?!b).*$')",
        "REGEX(T__c, '[\\\\w.+-]{1,300}')", "REGEX(T__c, '\\\\p{L}+')",
        "REGEX(T__c, '[\\\\p{Lu} ]*')", "REGEX(L__c, '[^x]*x')",
        "REGEX(T__c, '.*\\\\bb.*')", "REGEX(T__c, '(a|b')", "ISNUMBER(U__c)",
        "LPAD(RIGHT(TEXT(N__c), 4), 6, '0')",
    ]

    private static let numbers = [
        "ABS(N__c)", "CEILING(N__c / 7)", "FLOOR(N__c / 7)", "MCEILING(N__c / 7)",
        "MFLOOR(N__c / 7)", "CEILING(N__c)", "FLOOR(M__c)", "MCEILING(M__c)", "MFLOOR(M__c)",
        "CEILING(8 / 11 * 11)", "ROUND(N__c, 1)", "ROUND(M__c, -2)", "ROUND(M__c / 7, N__c)",
        "ROUND(N__c / M__c, 3)", "TRUNC(M__c)", "TRUNC(M__c, 3)", "TRUNC(M__c / 7, N__c)",
        "MOD(N__c, 7)", "MOD(N__c, M__c)", "MOD(M__c, 0.3)", "MAX(N__c, M__c)",
        "MIN(N__c, M__c, 1)",
        "MAX(N__c)", "MAX(1 / N__c, 2)", "SQRT(N__c)", "EXP(N__c)", "EXP(M__c / 1000000)",
        "LN(N__c)", "LOG(N__c)", "PI()", "SIN(N__c)", "COS(M__c)", "TAN(M__c)", "ASIN(M__c)",
        "ACOS(M__c)", "ATAN(N__c)", "ATAN2(N__c, M__c)", "SQRT(EXP(M__c))", "CURRENCYRATE(T__c)",
        "DISTANCE(GEOLOCATION(X__c, Y__c), GEOLOCATION(52.5, 13.4), 'km')",
        "DISTANCE(GEOLOCATION(X__c, Y__c), GEOLOCATION(0, 0), 'MI')",
        "DISTANCE(GEOLOCATION(X__c, N__c), GEOLOCATION(X__c, Y__c), U__c)", "X__c + Y__c",
        "ISBLANK(GEOLOCATION(X__c, Y__c))", "N__c + M__c", "N__c * M__c", "N__c * M__c * M__c",
        "N__c * N__c * N__c * N__c * N__c", "N__c / M__c", "N__c / M__c * M__c", "1 / 3 * 3 = 1",
        "7 / 3 * 3 = 7", "N__c / 3 * 3 = N__c",
        "M__c / 7 * 7 = M__c", "N__c / M__c * M__c < N__c", "N__c / 3 + N__c / 3 + N__c / 3 = N__c",
        "N__c / 3 * 3 - N__c", "N__c / 7 + M__c / 11 - N__c / 13", "N__c / M__c / N__c",
        "(N__c / 7) * (M__c / 13) * N__c", "N__c ^ 2", "M__c ^ 5", "N__c ^ -3", "M__c ^ 0.5",
        "(N__c / 7) ^ 9", "N__c ^ M__c", "P__c", "P__c * N__c", "P__c / 7", "P__c ^ 3", "-N__c",
        "-(N__c / M__c)", "N__c - -M__c", "N__c / 7 = M__c / 7", "N__c / 3 < M__c / 3",
        "EXP(M__c) * EXP(M__c) * EXP(M__c)", "VALUE(T__c) * VALUE(T__c)", "1 / VALUE(T__c)",
        "10 ^ 40 + N__c", "10 ^ 60 * 10 ^ 60 * 10 ^ 60 * 10 ^ 60 * 10 ^ 60 * 10 ^ 60 * 10 ^ 60",
        "N__c * 1000000000000000000 / 1000000000000000000", "0.1 + 0.2 = 0.3",
        "MAX(N__c / 3, M__c / 3) - MIN(N__c / 3, M__c / 3)", "MOD(N__c / 3, M__c / 7)",
    ]

    private static let moments = [
        "ADDMONTHS(D__c, 1)", "ADDMONTHS(D__c, N__c)", "ADDMONTHS(W__c, -13)", "ADDMONTHS(D__c, 0)",
        "DATE(N__c, 2, 29)", "DATE(2024, M__c, 31)", "DATE(2024, 2, 29)", "DATE(YEAR(D__c), 2, 29)",
        "DATEVALUE(T__c)", "DATEVALUE(W__c)", "DATEVALUE(D__c)", "DATETIMEVALUE(T__c)",
        "DATETIMEVALUE(D__c)", "TIMEVALUE(T__c)", "TIMEVALUE(W__c)", "TIMEVALUE(H__c)", "DAY(D__c)",
        "MONTH(D__c)", "YEAR(D__c)", "DAYOFYEAR(D__c)", "WEEKDAY(D__c)", "ISOWEEK(D__c)",
        "ISOYEAR(D__c)", "DAY(W__c)", "WEEKDAY(W__c)", "ISOWEEK(W__c)", "YEAR(W__c)", "HOUR(H__c)",
        "MINUTE(H__c)", "SECOND(H__c)", "MILLISECOND(H__c)", "HOUR(TIMEVALUE(W__c))",
        "MILLISECOND(TIMEVALUE(W__c))", "NOW()", "TODAY()", "TIMENOW()", "NOW() - W__c",
        "TODAY() - D__c", "TIMENOW() - H__c", "UNIXTIMESTAMP(D__c)", "UNIXTIMESTAMP(W__c)",
        "UNIXTIMESTAMP(H__c)", "FROMUNIXTIME(N__c)", "FROMUNIXTIME(M__c * 1000)",
        "FROMUNIXTIME(UNIXTIMESTAMP(W__c))", "FORMATDURATION(N__c)", "FORMATDURATION(N__c, B__c)",
        "FORMATDURATION(W__c, V__c)", "FORMATDURATION(H__c, TIMENOW())", "D__c + 1", "D__c - N__c",
        "D__c + M__c", "W__c + 1", "W__c - N__c / 7", "W__c + M__c", "H__c + N__c", "H__c - 1",
        "H__c + M__c * 1000", "W__c - V__c", "(W__c - V__c) * 24", "D__c - DATEVALUE(W__c)",
        "W__c - D__c", "D__c = DATEVALUE(W__c)", "IF(W__c > NOW(), 'later', 'earlier')",
        "D__c + 5000000", "W__c + 5000000", "TEXT(D__c + 1) & TEXT(TODAY())", "1 + D__c",
        "ADDMONTHS(D__c, 1 / N__c)", "DATEVALUE(TEXT(YEAR(D__c)) & '-01-01')",
    ]
}
