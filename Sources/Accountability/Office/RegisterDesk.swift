import Foundation
package import Kernel
package import Metadata
import UseMeter

/// Makes the daily snapshots of orgs, and keeps them where the org itself can read them.
///
/// What the register is made of is gathered here and handed over; the register has no way to it.
package struct RegisterDesk: Sendable {
    private let records: Records

    package init(_ records: Records) {
        self.records = records
    }

    /// Makes and keeps the snapshot of a day.
    ///
    /// - Parameter day: days since 1970-01-01, in UTC; a day that is over has its final totals.
    /// - Returns: the snapshot that is kept, which is the one made first: what an org was shown
    ///   does not change.
    package func keepSnapshot(of org: OrgID, on day: Int32) async throws -> UseSnapshot {
        if let kept = try await snapshots(of: org, on: day...day).last { return kept }
        let caller = Caller.system(org, as: org.record, because: "what is declared in the org")
        let codes = try await records.read(as: caller) { reader in
            MetadataCodes(
                packages: try reader.installedPackages(),
                schema: reader.snapshot.schema
            )
        }
        let first = day - Int32(UseSnapshot.days) + 1
        let snapshot = UseSnapshot(
            RegisterInput(
                org: org.description,
                day: day,
                days: try await records.use(of: org, on: first...day),
                records: try await records.recordCounts(of: org),
                codes: codes,
                previous: try await snapshots(of: org, on: first...(day - 1)).last
            )
        )
        let text = String(decoding: try snapshot.bytes(), as: UTF8.self)
        try await records.keepUseSnapshot(text, on: day, of: org)
        return snapshot
    }

    /// The snapshots of an org that are kept of these days, the earliest first.
    package func snapshots(
        of org: OrgID,
        on days: ClosedRange<Int32>
    ) async throws -> [UseSnapshot] {
        try await records.useSnapshots(of: org, on: days).map { try UseSnapshot(Data($0.utf8)) }
    }
}

extension RegisterDesk {
    package static let jobKind = "register.snapshot"

    /// Has each org's snapshot of the day before made in the night, and handed to whoever looks at
    /// it.
    package static func join(
        _ handlers: inout JobHandlers,
        then look: @escaping @Sendable (UseSnapshot, OrgID) async throws -> Void = { _, _ in }
    ) {
        handlers.add(jobKind) { context in
            let desk = RegisterDesk(context.records)
            let day = context.now.useDay - 1
            try await look(try await desk.keepSnapshot(of: context.org, on: day), context.org)
            return nil
        }
        guard let nightly = Schedule.at(hour: 1, minute: 10, zone: "UTC") else { return }
        handlers.schedule(
            jobKind,
            nightly,
            NewJob(kind: jobKind, priority: .low, lane: jobKind, uniqueKey: jobKind)
        )
    }
}
