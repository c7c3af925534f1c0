import Foundation
import Metadata

/// How far a time zone's clocks are from UTC, and since when.
///
/// Read from the system's zone database a year at a time and kept for the life of the process.
/// Source: IANA Time Zone Database, by way of the platform's `TimeZone`.
struct ZoneOffsets: Hashable, Sendable {
    /// A stretch of time in which the clocks do not change.
    struct Stretch: Hashable, Sendable {
        /// Milliseconds since 1970-01-01T00:00:00Z; the end is not part of it.
        let range: Range<Int64>
        /// What is added to UTC to read the local clock, in milliseconds.
        let offset: Int64
    }

    /// An IANA name, such as `Europe/Berlin`; an unknown one stands for UTC.
    let identifier: String

    /// The stretches that make up a range, in order and without gaps.
    func stretches(in range: Range<Int64>) -> [Stretch] {
        var found: [Stretch] = []
        var moment = range.lowerBound
        while moment < range.upperBound {
            let year = ZoneOffsets.year(of: moment)
            for stretch in ZoneOffsets.stretches(of: identifier, year: year) {
                let part = stretch.range.clamped(to: range)
                guard !part.isEmpty else { continue }
                if let last = found.last, last.offset == stretch.offset {
                    found[found.count - 1] = Stretch(
                        range: last.range.lowerBound..<part.upperBound,
                        offset: last.offset
                    )
                } else {
                    found.append(Stretch(range: part, offset: stretch.offset))
                }
            }
            moment = ZoneOffsets.start(of: year + 1)
        }
        return found
    }

    func offset(at moment: Int64) -> Int64 {
        stretches(in: moment..<moment + 1).first?.offset ?? 0
    }
}

extension ZoneOffsets {
    private struct Key: Hashable {
        let identifier: String
        let year: Int
    }

    private static let known = Locked<[Key: [Stretch]]>([:])
    /// Years of zones kept before the memory is given up.
    private static let knownMax = 5_000

    private static func year(of moment: Int64) -> Int {
        CivilDate(daysSinceEpoch: LocalTime.day(moment))?.year ?? CivilDate.years.upperBound
    }

    private static func start(of year: Int) -> Int64 {
        guard let day = CivilDate(year: year, month: 1, day: 1)?.daysSinceEpoch else {
            return CivilDate.milliseconds.upperBound + 1
        }
        return Int64(day) * CivilDate.millisecondsPerDay
    }

    private static func stretches(of identifier: String, year: Int) -> [Stretch] {
        let key = Key(identifier: identifier, year: year)
        if let stretches = known.withLock({ $0[key] }) { return stretches }
        let stretches = read(identifier, start(of: year)..<start(of: year + 1))
        known.withLock { known in
            if known.count >= knownMax { known.removeAll() }
            known[key] = stretches
        }
        return stretches
    }

    /// Asks for the offset once a day, and looks closer where two days differ.
    private static func read(_ identifier: String, _ range: Range<Int64>) -> [Stretch] {
        let zone = TimeZone(identifier: identifier) ?? .gmt
        func offset(_ moment: Int64) -> Int64 {
            let date = Date(timeIntervalSince1970: Double(moment) / 1_000)
            return Int64(zone.secondsFromGMT(for: date)) * 1_000
        }
        var found: [Stretch] = []
        var start = range.lowerBound
        var present = offset(start)
        var moment = start
        while moment < range.upperBound {
            let next = min(moment + CivilDate.millisecondsPerDay, range.upperBound)
            let later = offset(next)
            if later != present {
                let change = firstMoment(after: moment, upTo: next) { offset($0) != present }
                found.append(Stretch(range: start..<change, offset: present))
                start = change
                present = later
            }
            moment = next
        }
        if start < range.upperBound {
            found.append(Stretch(range: start..<range.upperBound, offset: present))
        }
        return found
    }

    private static func firstMoment(
        after low: Int64,
        upTo high: Int64,
        where holds: (Int64) -> Bool
    ) -> Int64 {
        var low = low
        var high = high
        while high - low > 1_000 {
            let middle = (low + (high - low) / 2) / 1_000 * 1_000
            guard middle > low else { break }
            if holds(middle) { high = middle } else { low = middle }
        }
        return high
    }
}

/// Local moments as days and times of day.
enum LocalTime {
    /// The day of a local moment, counted from 1970-01-01.
    static func day(_ milliseconds: Int64) -> Int {
        let day = milliseconds / CivilDate.millisecondsPerDay
        return Int(milliseconds % CivilDate.millisecondsPerDay < 0 ? day - 1 : day)
    }

    /// 0 for Sunday to 6 for Saturday; 1970-01-01 was a Thursday.
    static func weekday(_ day: Int) -> Int { ((day % 7) + 7 + 4) % 7 }
}
