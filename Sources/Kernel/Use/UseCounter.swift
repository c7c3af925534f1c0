import Foundation
package import Metadata
package import UseMeter

/// Counts what is done in all orgs of the process, until it is written into their stores.
///
/// Each thread counts in a table of its own as a rule, so that none waits for another.
package final class UseCounter: Sendable {
    private static let stripeCount = 16

    private let stripes: [Locked<UseTable>]

    /// - Parameter keysMax: totals that are told apart between two writings, over all stripes.
    package init(keysMax: Int = Limits.useKeysMax) {
        stripes = (0..<UseCounter.stripeCount).map { _ in
            Locked(UseTable(keysMax: keysMax / UseCounter.stripeCount))
        }
    }

    package func count(_ key: UseKey, uses: Int = 1, records: Int) {
        stripes[UseCounter.stripeOfThread].withLock {
            $0.count(key, uses: uses, records: records)
        }
    }

    /// Whether what is counted should be written before its time.
    package var isCrowded: Bool {
        stripes.contains { $0.withLock { $0.isCrowded } }
    }

    /// The totals of each org and day since this was last asked.
    func take() -> [OrgID: [UseDay]] {
        var days: [OrgID: [Int32: UseDay]] = [:]
        var unattributed = 0
        for stripe in stripes {
            let contents = stripe.withLock { $0.isEmpty ? nil : $0.take() }
            guard let contents else { continue }
            unattributed += contents.unattributed
            for (key, count) in contents.counts {
                let org = OrgID(RecordID(number: key.org))
                days[org, default: [:]][key.day, default: UseDay(day: key.day)].add(key, count)
            }
        }
        return days.mapValues { byDay in
            byDay.values.sorted { $0.day < $1.day }.map { day in
                var day = day
                day.addUnattributed(unattributed)
                return day
            }
        }
    }

    /// Counts once more what could not be written.
    func putBack(_ days: [UseDay], of org: OrgID) {
        for day in days {
            for (cell, count) in day.totals {
                let key = UseKey(
                    org: org.record.number,
                    day: day.day,
                    subject: UseSubject(product: cell.product, name: cell.name),
                    operation: cell.operation,
                    surface: cell.surface,
                    client: cell.client
                )
                self.count(key, uses: count.uses, records: count.records)
            }
        }
    }

    private static var stripeOfThread: Int {
        // Where a thread's own memory lies tells it from others; the lowest bits are the same for
        // all.
        #if canImport(Darwin)
        let thread = UInt64(UInt(bitPattern: pthread_self()))
        #else
        let thread = UInt64(pthread_self())
        #endif
        let mixed = (thread >> 12) &* 0x9e37_79b9_7f4a_7c15
        return Int(mixed >> 60) % stripeCount
    }
}

extension Instant {
    /// Days since 1970-01-01, in UTC.
    package var useDay: Int32 {
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        return Int32(clamping: rest < 0 ? days - 1 : days)
    }
}
