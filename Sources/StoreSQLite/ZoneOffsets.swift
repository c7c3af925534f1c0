import Foundation

/// How far a time zone's clock is ahead of UTC, remembered by day.
///
/// Foundation takes longer for one answer than the rest of a row costs. A day whose two ends have
/// the same offset has it throughout; days on which clocks change are asked about each time.
final class ZoneOffsets {
    private struct KnownDay {
        var day: Int64 = .min
        var offset = 0
    }

    private let zone: TimeZone
    /// Each day has one place, shared with those that many days before and after.
    private var knownDays = [KnownDay](repeating: KnownDay(), count: 1_024)

    init(_ zone: TimeZone) {
        self.zone = zone
    }

    /// The offset in seconds at a moment, in seconds since 1970 in UTC.
    func offset(atSecond second: Int64) -> Int {
        let day = second.flooredDivision(by: 86_400)
        let place = Int(day & 1_023)
        if knownDays[place].day == day { return knownDays[place].offset }

        let start = day * 86_400
        let offset = offsetFromFoundation(second)
        if offsetFromFoundation(start) == offset, offsetFromFoundation(start + 86_399) == offset {
            knownDays[place] = KnownDay(day: day, offset: offset)
        }
        return offset
    }

    private func offsetFromFoundation(_ second: Int64) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(second)))
    }
}

/// The time zones that a connection has been asked for.
final class ZoneOffsetsCache {
    private var zones: [String: ZoneOffsets] = [:]
    /// More zones than one org's users have; each takes 16 KiB.
    private let capacity = 32

    func offsets(zone identifier: String) throws -> ZoneOffsets {
        if let known = zones[identifier] { return known }
        guard let zone = TimeZone(identifier: identifier) else {
            throw SQLiteFunctionFailure("there is no time zone `\(identifier)`")
        }
        if zones.count >= capacity { zones.removeAll() }
        let offsets = ZoneOffsets(zone)
        zones[identifier] = offsets
        return offsets
    }
}
