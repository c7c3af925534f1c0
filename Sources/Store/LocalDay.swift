private import Foundation
package import Metadata

/// The day that it is somewhere, and when days begin there.
package struct LocalDay: Sendable {
    /// Since 1970-01-01.
    package let days: Int
    private let zone: TimeZone

    /// The zone goes by its IANA name; where there is no such zone, UTC stands in.
    package init(of moment: Instant, zone name: String) {
        zone = TimeZone(identifier: name) ?? .gmt
        let seconds = Self.flooredDivision(moment.milliseconds, by: 1_000)
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
        days = Int(Self.flooredDivision(seconds + Int64(offset), by: 86_400))
    }

    /// The moment at which a day begins, in milliseconds since 1970 in UTC.
    ///
    /// Where clocks are put forward at midnight, the first moment after the gap.
    package func milliseconds(atStartOf day: Int) -> Int64 {
        let local = Int64(day) * 86_400
        // The offset that holds at midnight is not known before midnight is; twice is enough,
        // since no two changes of a clock are less than a day apart.
        let guess = local - offset(atSecond: local)
        return (local - offset(atSecond: guess)) * 1_000
    }

    private func offset(atSecond second: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }

    private static func flooredDivision(_ dividend: Int64, by divisor: Int64) -> Int64 {
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
