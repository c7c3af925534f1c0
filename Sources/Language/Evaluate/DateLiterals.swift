import Metadata

/// A named stretch of days, relative to today: `LAST_WEEK`, `NEXT_N_DAYS:30`.
///
/// Source: SOQL and SOSL Reference, "Date Formats and Date Literals in WHERE".
package struct DateLiteral: Hashable, Sendable {
    package enum Unit: String, Hashable, Sendable, CaseIterable {
        case day, week, month, quarter, year
        case fiscalQuarter = "fiscal_quarter"
        case fiscalYear = "fiscal_year"
    }

    package enum Position: Hashable, Sendable {
        /// The unit that many steps from the present one: -1 for LAST_WEEK, 0 for THIS_WEEK.
        case whole(Int)
        /// The last n units: for days up to and including today, else before the present one.
        case lastN(Int)
        /// The next n units, after the present one.
        case nextN(Int)
    }

    package let unit: Unit
    package let position: Position

    package init(unit: Unit, position: Position) {
        self.unit = unit
        self.position = position
    }

    package static let countMax = 100_000

    /// - Parameters:
    ///   - name: as written, in any case, without the count.
    ///   - count: the number after the colon, where there is one.
    /// - Returns: `nil` where there is no such literal, or the count is missing, superfluous or not
    ///   between 0 and `countMax`.
    package init?(name: String, count: Int?) {
        let name = name.uppercased()
        if let count {
            guard (0...DateLiteral.countMax).contains(count),
                let counted = DateLiteral.counted(name, count)
            else { return nil }
            self = counted
            return
        }
        guard let plain = DateLiteral.plain(name) else { return nil }
        self = plain
    }

    private static func plain(_ name: String) -> DateLiteral? {
        switch name {
        case "YESTERDAY": return DateLiteral(unit: .day, position: .whole(-1))
        case "TODAY": return DateLiteral(unit: .day, position: .whole(0))
        case "TOMORROW": return DateLiteral(unit: .day, position: .whole(1))
        case "LAST_90_DAYS": return DateLiteral(unit: .day, position: .lastN(90))
        case "NEXT_90_DAYS": return DateLiteral(unit: .day, position: .nextN(90))
        default: break
        }
        for (prefix, step) in [("LAST_", -1), ("THIS_", 0), ("NEXT_", 1)]
        where name.hasPrefix(prefix) {
            let rest = String(name.dropFirst(prefix.count)).lowercased()
            if let unit = Unit(rawValue: rest), unit != .day {
                return DateLiteral(unit: unit, position: .whole(step))
            }
        }
        return nil
    }

    private static func counted(_ name: String, _ count: Int) -> DateLiteral? {
        if name.hasPrefix("LAST_N_") || name.hasPrefix("NEXT_N_") {
            guard let unit = unit(plural: name.dropFirst(7)) else { return nil }
            return DateLiteral(
                unit: unit,
                position: name.hasPrefix("LAST") ? .lastN(count) : .nextN(count)
            )
        }
        if name.hasPrefix("N_"), name.hasSuffix("_AGO") {
            guard let unit = unit(plural: name.dropFirst(2).dropLast(4)) else { return nil }
            return DateLiteral(unit: unit, position: .whole(-count))
        }
        return nil
    }

    private static func unit(plural: Substring) -> Unit? {
        plural.hasSuffix("S") ? Unit(rawValue: plural.dropLast().lowercased()) : nil
    }
}

/// What a date literal depends on beside the text: today, and how the org counts.
package struct CalendarSettings: Hashable, Sendable {
    /// 1 to 12.
    package let fiscalYearStartMonth: Int
    /// Whether a fiscal year is named for the calendar year in which it ends.
    package let namesFiscalYearByEnd: Bool
    /// 1 for Sunday to 7 for Saturday.
    package let firstDayOfWeek: Int

    package init(
        fiscalYearStartMonth: Int = 1,
        namesFiscalYearByEnd: Bool = true,
        firstDayOfWeek: Int = 1
    ) {
        self.fiscalYearStartMonth = fiscalYearStartMonth
        self.namesFiscalYearByEnd = namesFiscalYearByEnd
        self.firstDayOfWeek = firstDayOfWeek
    }
}

extension DateLiteral {
    /// The days it stands for, as days since 1970-01-01; the end is not part of it.
    ///
    /// - Parameter today: the day it is for the caller.
    package func days(from today: Int, settings: CalendarSettings) -> Range<Int> {
        switch position {
        case .whole(let step):
            return start(step, today, settings)..<start(step + 1, today, settings)
        case .lastN(let count):
            if unit == .day { return (today - count)..<(today + 1) }
            return start(-count, today, settings)..<start(0, today, settings)
        case .nextN(let count):
            if unit == .day { return (today + 1)..<(today + 1 + count) }
            return start(1, today, settings)..<start(1 + count, today, settings)
        }
    }

    /// The first day of the unit `step` units from the one that `today` is in.
    private func start(_ step: Int, _ today: Int, _ settings: CalendarSettings) -> Int {
        guard let date = CivilDate(daysSinceEpoch: today) else { return today }
        switch unit {
        case .day: return today + step
        case .week:
            // 1970-01-01 was a Thursday: weekday 5 with Sunday as 1.
            let weekday = ((today % 7) + 7 + 4) % 7 + 1
            let back = (weekday - settings.firstDayOfWeek + 7) % 7
            return today - back + 7 * step
        case .month: return month(date.year, date.month - 1 + step)
        case .quarter: return month(date.year, (date.month - 1) / 3 * 3 + 3 * step)
        case .year: return month(date.year + step, 0)
        case .fiscalQuarter:
            let offset = (date.month - settings.fiscalYearStartMonth + 12) % 12
            return month(date.year, date.month - 1 - offset % 3 + 3 * step)
        case .fiscalYear:
            let offset = (date.month - settings.fiscalYearStartMonth + 12) % 12
            return month(date.year, date.month - 1 - offset + 12 * step)
        }
    }

    /// The first day of a month counted from January of a year; the count may leave the year.
    private func month(_ year: Int, _ month: Int) -> Int {
        let years = month >= 0 ? month / 12 : -((11 - month) / 12)
        let clamped = min(max(year + years, 1), 9_999)
        let date = CivilDate(year: clamped, month: month - years * 12 + 1, day: 1)
        return date?.daysSinceEpoch ?? 0
    }
}
