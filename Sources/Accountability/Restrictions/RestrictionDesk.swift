package import Kernel
import Metadata

/// Imposes and lifts restrictions: each order is checked, logged, and only then in force.
package struct RestrictionDesk: Sendable {
    private let office: AccountabilityOffice
    private let authority: RestrictionAuthority

    /// - Throws: what the deployment says of its deciders, where it names none.
    package init(_ office: AccountabilityOffice) throws {
        self.office = office
        authority = try office.authority()
    }

    /// Everything but putting it in force.
    ///
    /// - Throws: `RecordError` with all that is to object.
    package func check(_ order: RestrictionOrder) async throws {
        try await office.records.check(order, under: authority)
        try await requireDecision(order.restriction.decision, about: order.org)
        try await requireRule(order)
        try await refuseDifferences(in: order.org, pending: order)
    }

    /// The log first: an order that was stopped after that is not logged twice.
    ///
    /// - Throws: as `check`.
    package func impose(_ order: RestrictionOrder) async throws {
        try await check(order)
        if try await !office.audit().isLogged(order) {
            _ = try await office.log.append(LogEntry(applying: order), mayBeThere: false)
        }
        let audit = try await office.audit()
        try await office.records.restrict(order, under: authority, loggedIn: audit)
    }

    /// - Throws: `RecordError` with all that is to object.
    package func lift(_ lift: RestrictionLift) async throws {
        try await office.records.check(lift, under: authority)
        try await requireDecision(lift.decision, about: lift.org)
        try await refuseDifferences(in: lift.org, lifting: lift)
        if try await !office.audit().isLogged(lift) {
            _ = try await office.log.append(LogEntry(lifting: lift), mayBeThere: false)
        }
        let audit = try await office.audit()
        try await office.records.lift(lift, under: authority, loggedIn: audit)
    }

    /// Where the operator has an office, nothing is imposed or lifted but by a decision of it whose
    /// reasons are public.
    private func requireDecision(_ id: String, about org: OrgID) async throws {
        guard try await office.org() != nil else { return }
        guard try await office.audit().hasDecision(id, about: org) else {
            throw RecordError(
                .invalidInput,
                "decision: the transparency log has no decision \(id) about \(org)"
            )
        }
    }

    /// Where the operator has an office, no measure rests on a rule that does not bind the org, or
    /// does not allow it.
    private func requireRule(_ order: RestrictionOrder) async throws {
        guard try await office.org() != nil else { return }
        let objections = try await PolicyDesk(office).objections(to: order)
        guard objections.isEmpty else {
            throw RecordError(.invalidInput, objections.joined(separator: "; "))
        }
    }

    private func refuseDifferences(
        in org: OrgID,
        pending: RestrictionOrder? = nil,
        lifting: RestrictionLift? = nil
    ) async throws {
        let problems = try await office.audit().problems(
            in: org,
            office.records,
            pending: pending,
            lifting: lifting
        )
        guard problems.isEmpty else {
            throw RecordError(
                .invalidOperation,
                "nothing is imposed or lifted while log and store differ: "
                    + problems.joined(separator: "; ")
            )
        }
    }
}
