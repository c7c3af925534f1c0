import CSQLite
import Glibc
import Metadata
import Store

extension SQLiteConnection {
    /// Registers what Steward's SQL needs beyond SQLite's own.
    ///
    /// - collation `STEWARD`: the order of `TextFolding.compare`;
    /// - `steward_fold(text)`: the key whose `BINARY` order is that order;
    /// - `steward_like(text, pattern)`: SOQL's `LIKE`, see `LikePattern`;
    /// - `steward_datepart(part, milliseconds, zone)`: a `DatePart` of a moment, in UTC when the
    ///   zone is NULL;
    /// - `steward_datepart_days(part, days)`: the same of a date;
    /// - `steward_format(kind, value, scale, locale, zone)`: text for people, see `LocalFormat`;
    /// - `steward_distance(latitude, longitude, latitude, longitude, unit)`: in `'mi'` or `'km'`;
    /// - `steward_formula(formula, milliseconds, …)`: the value of a bound formula at a moment, from
    ///   the values that it reads.
    ///
    /// All answer NULL when what they are asked about is NULL.
    func registerStewardFunctions() throws {
        try stewardCollation()
        try registerTextFunctions()
        try registerDateFunctions()
        try registerDistance()
        try registerFormat()
        try registerFormula()
    }

    /// Called for each comparison of a sort, so there is no closure on the way.
    private func stewardCollation() throws {
        let code = sqlite3_create_collation_v2(
            database,
            "STEWARD",
            SQLITE_UTF8,
            nil,
            { _, leftCount, left, rightCount, right in
                let order = TextFolding.compare(
                    UnsafeBufferPointer(
                        start: left?.assumingMemoryBound(to: UInt8.self),
                        count: Int(leftCount)
                    ),
                    UnsafeBufferPointer(
                        start: right?.assumingMemoryBound(to: UInt8.self),
                        count: Int(rightCount)
                    )
                )
                return Int32(order.signum())
            },
            nil
        )
        guard code == SQLITE_OK else { throw failure(code, sql: "") }
    }

    private func registerTextFunctions() throws {
        try answeringFunction("steward_fold", argumentCount: 1, isDeterministic: true) { call in
            guard !call.isNull(0) else { return call.answer(.null) }
            TextFolding.withFolded(call.textBytes(0)) { call.answer(text: $0) }
        }
        try function("steward_like", argumentCount: 2, isDeterministic: true) { call in
            guard !call.isNull(0), !call.isNull(1) else { return .null }
            let pattern = call.constant(1) { LikePattern(call.textBytes(1)) }
            return .integer(pattern.matches(call.textBytes(0)) ? 1 : 0)
        }
    }

    private func registerDateFunctions() throws {
        let zones = ZoneOffsetsCache()
        try function("steward_datepart", argumentCount: 3, isDeterministic: true) { call in
            guard !call.isNull(1) else { return .null }
            let part = try Self.datePart(call)
            var seconds = call.int64(1).flooredDivision(by: 1_000)
            if !call.isNull(2) {
                let zone = try call.constant(2) { try zones.offsets(zone: call.string(2)) }
                seconds += Int64(zone.offset(atSecond: seconds))
            }
            return try Self.answer(part, localSeconds: seconds)
        }
        try function("steward_datepart_days", argumentCount: 2, isDeterministic: true) { call in
            guard !call.isNull(1) else { return .null }
            let part = try Self.datePart(call)
            guard part != .hourInDay else {
                throw SQLiteFunctionFailure("a date has no hour_in_day")
            }
            let (seconds, overflow) = call.int64(1).multipliedReportingOverflow(by: 86_400)
            return overflow ? .null : try Self.answer(part, localSeconds: seconds)
        }
    }

    /// A part, or NULL outside the years 1 to 9999, where no calendar of ours reaches.
    private static func answer(_ part: DatePart, localSeconds: Int64) throws -> SQLValue {
        part.value(localSeconds: localSeconds).map { .integer($0) } ?? .null
    }

    private static func datePart(_ call: borrowing SQLiteArguments) throws -> DatePart {
        guard call.isNumber(1) else {
            throw SQLiteFunctionFailure("a date is a number of days or milliseconds")
        }
        return try call.constant(0) {
            let name = call.string(0)
            guard let part = DatePart(rawValue: name) else {
                throw SQLiteFunctionFailure("there is no date part `\(name)`")
            }
            return ConstantDatePart(part)
        }.part
    }

    private func registerFormula() throws {
        try function("steward_formula", argumentCount: -1, isDeterministic: true) { call in
            guard call.count >= 2, let formula = call.formula(0) else {
                throw SQLiteFunctionFailure("a formula is bound, never written")
            }
            var values: [SQLValue] = []
            values.reserveCapacity(call.count - 2)
            for index in 2..<call.count { values.append(call.value(index)) }
            return formula.value(values, now: Instant(milliseconds: call.int64(1)))
        }
    }

    private func registerDistance() throws {
        try function("steward_distance", argumentCount: 5, isDeterministic: true) { call in
            guard !(call.isNull(0) || call.isNull(1) || call.isNull(2) || call.isNull(3)) else {
                return .null
            }
            let kilometres = Self.greatCircleKilometres(
                call.double(0),
                call.double(1),
                call.double(2),
                call.double(3)
            )
            switch call.string(4) {
            case "km": return .real(kilometres)
            case "mi": return .real(kilometres / 1.609344)
            default: throw SQLiteFunctionFailure("a distance is in 'mi' or in 'km'")
            }
        }
    }

    /// The haversine distance of two points, in degrees, on a sphere of the earth's mean radius.
    ///
    /// A published probe of Salesforce's `DISTANCE` puts its radius between 6371.002 and 6371.034.
    private static func greatCircleKilometres(
        _ latitude1: Double,
        _ longitude1: Double,
        _ latitude2: Double,
        _ longitude2: Double
    ) -> Double {
        let radians = Double.pi / 180
        let sineOfHalfLatitude = sin((latitude2 - latitude1) * radians / 2)
        let sineOfHalfLongitude = sin((longitude2 - longitude1) * radians / 2)
        let haversine =
            sineOfHalfLatitude * sineOfHalfLatitude
            + cos(latitude1 * radians) * cos(latitude2 * radians)
            * sineOfHalfLongitude * sineOfHalfLongitude
        // Rounding can carry antipodes past 1, where the arc sine ends.
        return 2 * 6371.0088 * asin(min(1, haversine.squareRoot()))
    }
}

/// A date part where SQLite can keep it beside a constant argument.
private final class ConstantDatePart {
    let part: DatePart

    init(_ part: DatePart) {
        self.part = part
    }
}
