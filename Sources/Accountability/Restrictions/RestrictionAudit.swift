package import Kernel
package import Metadata

/// Compares what is withheld from orgs with what the transparency log says is.
///
/// Somebody who can write the deployment's files can put a restriction there, or take one away, past the
/// order that two have signed; but not without the log and the store telling different stories.
package struct RestrictionAudit: RestrictionProof {
    /// What every restriction order in the log says, as it stands there.
    private var orders: Set<CanonicalJSON> = []
    /// What every lift says.
    private var lifts: Set<CanonicalJSON> = []
    /// The decisions whose reasons the log has, each with the org that it is about.
    private var decisions: Set<LoggedDecision> = []

    private struct LoggedDecision: Hashable {
        let id: CanonicalJSON
        let org: CanonicalJSON
    }

    /// A log that is not there yet, which says nothing.
    package init() {}

    /// Verifies the log whole, and reads it.
    ///
    /// - Throws: `LogFault` where the log is not sound.
    package init(folder: String, key: VerifierKey) async throws {
        let files = DirectoryTiles(reading: folder)
        let checkpoint = try await LogVerifier(log: key).verify(files).checkpoint
        let tree = TileTree(files, size: checkpoint.size)
        var orders: Set<CanonicalJSON> = []
        var lifts: Set<CanonicalJSON> = []
        var decisions: Set<LoggedDecision> = []
        try await tree.forEachEntry { bytes in
            let entry = try LogEntry(bytes)
            if entry.kind == LogEntry.restrictionApplied, let order = entry.content["order"] {
                orders.insert(order)
            }
            if entry.kind == LogEntry.restrictionLifted, let lift = entry.content["lift"] {
                lifts.insert(lift)
            }
            if entry.kind == LogEntry.decision, let id = entry.content["id"],
                let org = entry.content["org"]
            {
                decisions.insert(LoggedDecision(id: id, org: org))
            }
        }
        self.decisions = decisions
        self.orders = orders
        self.lifts = lifts
    }

    package func isLogged(_ order: RestrictionOrder) -> Bool {
        orders.contains(LogEntry.content(of: order))
    }

    package func isLogged(_ lift: RestrictionLift) -> Bool {
        lifts.contains(LogEntry.content(of: lift))
    }

    /// Whether the reasons of a decision about an org can be read by everybody.
    package func hasDecision(_ id: String, about org: OrgID) -> Bool {
        decisions.contains(LoggedDecision(id: .string(id), org: .string(org.description)))
    }

    /// What differs for one org, in sentences; empty where nothing does.
    ///
    /// - Parameters:
    ///   - pending: an order that is about to be applied, and may be in the log already: it was
    ///     stopped between the one and the other.
    ///   - lifting: the same of a lift.
    package func problems(
        in org: OrgID,
        _ records: Records,
        pending: RestrictionOrder? = nil,
        lifting: RestrictionLift? = nil
    ) async throws -> [String] {
        let states = try await records.restrictionStates(of: org)
        var problems: [String] = []
        for state in states {
            let id = state.order.restriction.id
            if !isLogged(state.order) {
                problems.append("the restriction \(id) is not in the transparency log")
            }
            if let lift = state.lifted?.lift, !isLogged(lift) {
                problems.append("the lift of the restriction \(id) is not in the transparency log")
            }
        }
        let known = Set(states.map { LogEntry.content(of: $0.order) })
        let now = records.clock.now()
        for content in orders.subtracting(known) {
            guard let order = LogEntry.order(of: content), order.org == org, order != pending,
                now < order.restriction.endsAt
            else { continue }
            problems.append(
                "the restriction \(order.restriction.id) is in the transparency log and not in force"
            )
        }
        let done = Set(states.compactMap { $0.lifted.map { LogEntry.content(of: $0.lift) } })
        for content in lifts.subtracting(done) {
            guard let lift = LogEntry.lift(of: content), lift.org == org, lift != lifting else {
                continue
            }
            problems.append(
                "the lift of the restriction \(lift.restriction) is in the transparency log and has "
                    + "no effect"
            )
        }
        return problems.sorted()
    }
}
