import Foundation
import Metadata
import Store
import Testing

@testable import StoreSQLite

/// Functions that SQL calls: the mechanism, dates and distances.
@Suite struct SQLiteFunctionsTests {
    let fixture: SQLiteFixture
    let connection: SQLiteConnection

    init() throws {
        fixture = try SQLiteFixture()
        connection = try fixture.connection()
    }

    private func value(_ sql: String, _ parameters: [SQLValue] = []) throws -> SQLValue? {
        try connection.one("SELECT \(sql)", parameters) { $0.value(0) }
    }

    @Test("a function may answer anything, and its refusal becomes the failure's message")
    func mechanism() throws {
        try connection.function("echo", argumentCount: -1, isDeterministic: true) { call in
            guard call.count == 1 else { throw SQLiteFunctionFailure("one at a time") }
            return call.isNull(0) ? .blob([1, 2]) : .text(call.string(0) + "!")
        }
        #expect(try value("echo('é')") == .text("é!"))
        #expect(try value("echo(NULL)") == .blob([1, 2]))
        let thrown = #expect(throws: SQLiteFailure.self) { try value("echo(1, 2)") }
        #expect(thrown?.message == "one at a time")
    }

    @Test("only a deterministic function may be part of the tables")
    func directOnly() throws {
        try connection.function("chance", argumentCount: 0, isDeterministic: false) { _ in
            .integer(4)
        }
        #expect(try value("chance()") == .integer(4))
        try connection.execute("CREATE VIEW Luck AS SELECT chance() AS Number")
        #expect(throws: SQLiteFailure.self) { try connection.execute("SELECT * FROM Luck", []) }
    }

    private static let zones = [
        "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe",
        "Africa/Casablanca", "Pacific/Apia", "UTC",
    ]

    @Test("date parts agree with the calendar", arguments: zones)
    func dateParts(_ zoneName: String) throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: zoneName))
        let names = [
            "calendar_year", "calendar_quarter", "calendar_month", "day_in_year", "day_in_month",
            "day_in_week", "hour_in_day", "week_in_month", "week_in_year",
        ]
        let calls = names.map { "steward_datepart('\($0)', ?1, ?2)" }.joined(separator: ", ")
        var random = SeededRandom(seed: 5)
        for _ in 0..<400 {
            // 1920 to 2080.
            let moment = Int64.random(in: -1_577_923_200_000...3_471_292_800_000, using: &random)
            let date = Date(timeIntervalSince1970: (Double(moment) / 1_000).rounded(.down))
            let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour], from: date)
            let (month, day) = (try #require(parts.month), try #require(parts.day))
            let dayInYear = try #require(calendar.ordinality(of: .day, in: .year, for: date))
            let expected = [
                try #require(parts.year), (month + 2) / 3, month, dayInYear, day,
                try #require(parts.weekday), try #require(parts.hour), (day + 6) / 7,
                (dayInYear + 6) / 7,
            ]
            let found = try connection.one(
                "SELECT \(calls)",
                [.integer(moment), .text(zoneName)]
            ) { row in names.indices.map { Int(row.int64($0)) } }
            guard found == expected else {
                Issue.record("\(date) in \(zoneName): \(found ?? []) instead of \(expected)")
                return
            }
        }
    }

    @Test("the local day changes at local midnight, also on the day the clocks change")
    func dayOnly() throws {
        // 2024-03-10: New York skips from 2 to 3 o'clock.
        let midnight: Int64 = 1_710_046_800_000
        func day(_ moment: Int64, _ zone: SQLValue) throws -> SQLValue? {
            try value("steward_datepart('day_only', ?, ?)", [.integer(moment), zone])
        }
        let zone = SQLValue.text("America/New_York")
        #expect(try day(midnight - 1, zone) == .integer(19_791))
        #expect(try day(midnight, zone) == .integer(19_792))
        #expect(try day(midnight + 23 * 3_600_000 - 1, zone) == .integer(19_792))
        #expect(try day(midnight + 23 * 3_600_000, zone) == .integer(19_793))
        #expect(try day(-1, .null) == .integer(-1))
    }

    @Test("dates have the same parts as their midnights in UTC")
    func days() throws {
        for day in stride(from: Int64(-719_162), through: 2_932_896, by: 3_671) {
            for part in DatePart.allCases where part != .hourInDay {
                let both = try connection.one(
                    """
                    SELECT steward_datepart_days(?1, ?2)
                        = steward_datepart(?1, ?2 * 86400000, NULL)
                    """,
                    [.text(part.rawValue), .integer(day)]
                ) { $0.int64(0) }
                #expect(both == 1)
            }
        }
        #expect(try value("steward_datepart_days('week_in_month', 6)") == .integer(1))
        #expect(try value("steward_datepart_days('week_in_month', 7)") == .integer(2))
        #expect(try value("steward_datepart_days('week_in_year', 364)") == .integer(53))
        #expect(try value("steward_datepart_days('day_in_year', -719162)") == .integer(1))
        #expect(try value("steward_datepart_days('calendar_year', 2932896)") == .integer(9_999))
    }

    @Test("what is no date is NULL or refused")
    func notDates() throws {
        #expect(try value("steward_datepart('calendar_year', NULL, NULL)") == .null)
        #expect(try value("steward_datepart_days('calendar_year', 2932897)") == .null)
        #expect(try value("steward_datepart_days('calendar_year', ?)", [.integer(.max)]) == .null)
        for call in [
            "steward_datepart('century', 0, NULL)", "steward_datepart('calendar_year', 0, 'Mars')",
            "steward_datepart('calendar_year', '2024-01-01', NULL)",
            "steward_datepart_days('hour_in_day', 0)", "steward_distance(0, 0, 0, 0, 'yd')",
        ] {
            #expect(throws: SQLiteFailure.self) { try value(call) }
        }
    }

    @Test("the distance of two places is the great circle's")
    func distance() throws {
        func distance(_ numbers: String, _ unit: String) throws -> Double? {
            try connection.one("SELECT steward_distance(\(numbers), '\(unit)')") { $0.double(0) }
        }
        // The probe of the reference: more than 19968.0 km and not more than 19968.1.
        let probe = try #require(
            try distance("-41.31666667, 174.81666667, 40.96666667, -5.5", "km")
        )
        #expect(probe > 19_968.0 && probe <= 19_968.1)
        let miles = try #require(try distance("37.775, -122.418, 34.052, -118.244", "mi"))
        #expect(abs(miles - 347.4) < 0.5)
        #expect(try distance("10, 20, 10, 20", "km") == 0)
        let halfway = try #require(try distance("0, 0, 0, 180", "km"))
        #expect(abs(halfway - 6371.0088 * Double.pi) < 0.001)
        #expect(try value("steward_distance(NULL, 0, 0, 0, 'km')") == .null)
    }
}
