import Foundation
package import Kernel
package import Metadata

/// Tells the log each day of one hash over the snapshots of all orgs, with the numbers that everybody
/// may know; and gives each org the proof that its own snapshot is in it.
///
/// What an org is shown and what its operator acts on can then be told to be the same, later.
package struct RegisterRootDesk: Sendable {
    private let office: AccountabilityOffice

    package init(_ office: AccountabilityOffice) {
        self.office = office
    }

    package static let jobKind = "register.root"

    /// Has it done in the night, after the snapshots.
    ///
    /// - Parameter orgs: all orgs of the deployment.
    package static func join(
        _ handlers: inout JobHandlers,
        office: AccountabilityOffice,
        orgs: @escaping @Sendable () async throws -> [OrgID]
    ) {
        handlers.add(jobKind) { context in
            guard try await office.org() == context.org else { return nil }
            let day = context.now.useDay - 1
            _ = try await RegisterRootDesk(office).publish(day, of: try await orgs())
            return nil
        }
        guard let nightly = Schedule.at(hour: 1, minute: 40, zone: "UTC") else { return }
        handlers.schedule(
            jobKind,
            nightly,
            NewJob(kind: jobKind, priority: .low, lane: jobKind, uniqueKey: jobKind)
        ) { try await office.hasCasework($0) }
    }

    /// Publishes the register of a day; once.
    ///
    /// - Parameter day: days since 1970-01-01, in UTC.
    /// - Returns: `nil` where the log has it, or there is no log.
    package func publish(_ day: Int32, of orgs: [OrgID]) async throws -> PublishedRegister? {
        guard let record = try await office.publicReading()?.record, !orgs.isEmpty else {
            return nil
        }
        let date = UseSnapshot.date(day)
        let known = record.notables("snapshot-root")
        guard !known.contains(where: { $0.values["day"] == date }) else { return nil }
        var snapshots: [UseSnapshot] = []
        var coverage: [RegisterCoverage.Org] = []
        for org in orgs {
            let snapshot = try await RegisterDesk(office.records).keepSnapshot(of: org, on: day)
            snapshots.append(snapshot)
            coverage.append(
                RegisterCoverage.Org(
                    features: try await FindingDesk(office).features(of: org, snapshot),
                    lastReviewed: record.lastReviewed(org)
                )
            )
        }
        let root = try SnapshotRoot(day: day, of: snapshots)
        let before = record.register
        let published = PublishedRegister(
            register: PublicRegister(day: day, of: snapshots, after: before?.register),
            coverage: RegisterCoverage(of: coverage, on: day, after: before?.coverage),
            root: "\(root.root)"
        )
        // The proofs first: of a root in the log there is always one.
        for org in orgs {
            guard let proof = root.proof(for: org.description) else { continue }
            let text = try Self.text(of: proof, date: date, root: published.root)
            try await office.records.keepUseProof(text, on: day, of: org)
        }
        let moment = LogCalendar.text(of: office.records.clock.now())
        let entry = try LogEntry(kind: "snapshot-root", content: published.content(at: moment))
        _ = try await office.log.append(entry, mayBeThere: false)
        return published
    }

    private static func text(
        of proof: (part: PrivatePart, proof: InclusionProof),
        date: String,
        root: String
    ) throws -> String {
        let json = CanonicalJSON.object([
            "day": .string(date), "root": .string(root),
            "salt": .string(proof.part.salt.base64EncodedString()),
            "index": .integer(proof.proof.index), "size": .integer(proof.proof.size),
            "hashes": .array(proof.proof.hashes.map { .string("\($0)") }),
        ])
        return String(decoding: try json.bytes(), as: UTF8.self)
    }
}

extension PublicRecord {
    /// The day on which the last review of an org was closed, as far as it was told of whom it was.
    fileprivate func lastReviewed(_ org: OrgID) -> Int32? {
        reviews.values
            .filter { $0.opened.org == org.description }
            .compactMap(\.closed?.at)
            .map { Int32(clamping: LogCalendar.day(of: $0)) }
            .max()
    }
}
