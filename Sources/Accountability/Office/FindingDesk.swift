import Kernel
package import Metadata

/// Asks orgs about what the register shows and they have not declared.
///
/// It can ask, and nothing else: what follows is for people to decide.
package struct FindingDesk: Sendable {
    /// For so long an org is not asked the same again, whatever became of it.
    package static let quietDays = 180

    private let office: AccountabilityOffice

    package init(_ office: AccountabilityOffice) {
        self.office = office
    }

    /// Puts what the rules in force say of an org's latest snapshot before it.
    ///
    /// - Parameter snapshot: the org's latest.
    /// - Returns: how many questions are new.
    package func ask(_ org: OrgID, about snapshot: UseSnapshot) async throws -> Int {
        guard let office = try await self.office.org(), let library = try self.office.policies()
        else { return 0 }
        let now = self.office.records.clock.now()
        let vector = try await features(of: org, snapshot)
        let rules = Set(
            library.registerRules.filter { !$0.isTrial(at: now) }.map(\.reference)
        )
        let proposals = library.findings(for: vector).filter { rules.contains($0.rule) }
        guard !proposals.isEmpty, office != org else { return 0 }
        let digest = try snapshot.digest()
        return try await self.office.writing(because: "what the register shows") { writer in
            try proposals.reduce(0) { count, proposal in
                let finding = Finding(proposal: proposal, org: org, snapshot, digest)
                return try count + (finding.save(by: writer) ? 1 : 0)
            }
        }
    }

    /// The features of an org on the day of a snapshot, beside what it has declared itself.
    package func features(
        of org: OrgID,
        _ snapshot: UseSnapshot
    ) async throws -> [String: UseFeature] {
        let before = snapshot.day - Int32(UseSnapshot.days)
        let earlier = try await RegisterDesk(office.records)
            .snapshots(of: org, on: (before - 7)...before).last
        return RegisterFeatures.vector(
            declarations: try await declarations(of: org),
            snapshot: snapshot,
            earlier: earlier,
            on: snapshot.date
        )
    }

    /// What rules of the register would have said of every snapshot that is kept.
    ///
    /// - Parameter orgs: those whose snapshots are looked at.
    /// - Returns: one report for each rule, in their order.
    package func trial(over orgs: [OrgID]) async throws -> [ShadowReport] {
        guard let library = try office.policies() else { return [] }
        let today = office.records.clock.now().useDay
        var all: [ShadowReport.Snapshot] = []
        for org in orgs {
            let days = (today - Limits.useDaysKept)...today
            for snapshot in try await RegisterDesk(office.records).snapshots(of: org, on: days) {
                all.append(
                    ShadowReport.Snapshot(
                        org: org.description,
                        day: snapshot.date,
                        features: try await features(of: org, snapshot)
                            .mapValues { FeatureValue($0) }
                    )
                )
            }
        }
        let snapshots = all
        return library.registerRules.map { rule in
            let former = library.registerRules.first {
                $0.reference.id == rule.reference.id
                    && $0.reference.version == rule.reference.version - 1
            }
            return ShadowReport(of: rule, replacing: former, over: snapshots)
        }
    }

    private static let declared = [
        "Version", "Product", "Category", "DataCategories", "SpecialCategories", "Children",
        "AutomatedDecisions", "ReattestDue", "Publicity",
    ]

    private func declarations(of org: OrgID) async throws -> [DeclaredUse] {
        let caller = Caller.system(org, as: org.record, because: "what is declared in the org")
        let fields = FindingDesk.declared
        return try await office.records.read(as: caller) { reader in
            guard reader.snapshot.schema.object("UseDeclaration") != nil else { return [] }
            return try reader.rows(
                "SELECT Name, Status, \(fields.joined(separator: ", ")) FROM UseDeclaration "
                    + "WHERE Status NOT IN ('Draft', 'Attested') ORDER BY Name"
            ).map { row in
                DeclaredUse(
                    name: row[0].text ?? "",
                    fields: Dictionary(
                        uniqueKeysWithValues: zip(fields, row.dropFirst(2)).compactMap {
                            name,
                            value in value.shownText.map { (name, $0) }
                        }
                    ),
                    isInForce: ["Active", "Drift found"].contains(row[1].text)
                )
            }
        }
    }
}

/// A question to an org, as the office keeps it.
private struct Finding {
    let proposal: UseFindingProposal
    let org: OrgID
    let snapshot: UseSnapshot
    let digest: String

    init(
        proposal: UseFindingProposal,
        org: OrgID,
        _ snapshot: UseSnapshot,
        _ digest: String
    ) {
        self.proposal = proposal
        self.org = org
        self.snapshot = snapshot
        self.digest = digest
    }

    /// - Returns: whether it was not asked already.
    func save(by writer: RecordWriter) throws -> Bool {
        let asked = try writer.rows(
            "SELECT Features FROM UseFinding WHERE OrgKey = '\(org)' "
                + "AND RegisterRule = '\(proposal.rule)' "
                + "AND CreatedDate = LAST_N_DAYS:\(FindingDesk.quietDays) LIMIT 2000"
        )
        guard !asked.contains(where: { $0.first?.text == proposal.featureText }) else {
            return false
        }
        let values: JSONObject = [
            "OrgKey": .string(org.description), "Kind": .string(proposal.kind.rawValue),
            "RegisterRule": .string(proposal.rule.description),
            "SnapshotDay": .string(snapshot.date), "SnapshotDigest": .string(digest),
            "Features": .string(proposal.featureText), "Question": .string(proposal.question),
            "Status": "Clarification asked",
        ]
        _ = try writer.add("UseFinding", values)
        return true
    }
}

extension FieldValue {
    /// A value as the log writes it; `nil` for nothing.
    fileprivate var shownText: String? {
        switch self {
        case .text(let text): return text
        case .boolean(let flag): return flag ? "true" : "false"
        case .number(let number): return number.description
        case .date(let days): return LogCalendar.dayText(days)
        case .null, .blob, .id, .dateTime, .time, .coordinate: return nil
        }
    }
}
