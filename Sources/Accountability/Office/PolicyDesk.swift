package import Kernel
package import Metadata

/// Publishes the policy's versions, and says what of it binds.
package struct PolicyDesk: Sendable {
    private let office: AccountabilityOffice

    package init(_ office: AccountabilityOffice) {
        self.office = office
    }

    /// Puts a version in the log, from which on it cannot be changed and begins to bind.
    ///
    /// - Parameter hasOrgs: whether the deployment has orgs beside the operator's own: even a founding
    ///   text then has to be announced to them.
    /// - Returns: the entry's place in the log.
    /// - Throws: `RecordError` with all that is to object.
    package func publish(
        _ document: String,
        _ version: String,
        hasOrgs: Bool
    ) async throws -> Int {
        let library = try requireLibrary()
        let now = office.records.clock.now()
        guard let found = library.document(document), let text = found.version(version) else {
            throw RecordError(.notFound, "there is no version `\(version)` of `\(document)`")
        }
        let published = try await entries()
        var objections = PolicyChecks(library).problems().map(\.description)
        objections += text.objections(toPublishingAt: now, in: found)
        if published.contains(where: { $0.document == document && $0.version == version }) {
            objections.append("\(document) \(version) is in the log")
        }
        guard objections.isEmpty else {
            throw RecordError(.invalidOperation, objections.joined(separator: "; "))
        }
        let dated = text.with(calendar: text.calendar(publishedAt: now, hasOrgs: hasOrgs))
        let entry = try LogEntry(
            kind: LogEntry.policyPublished,
            content: dated.logContent(of: found)
        )
        return try await office.log.append(entry, mayBeThere: true)
    }

    /// Everything for which an order cannot rest on the rule that it names; empty where it can.
    ///
    /// - Throws: `RecordError` where the deployment has no policy.
    package func objections(to order: RestrictionOrder) async throws -> [String] {
        let restriction = order.restriction
        let milliseconds = restriction.endsAt.milliseconds
            .subtractingReportingOverflow(restriction.startsAt.milliseconds)
        let days = milliseconds.partialValue / LogCalendar.dayMilliseconds
        let isWhole = milliseconds.partialValue % LogCalendar.dayMilliseconds == 0
        return try await library(binding: order.org).objections(
            rule: restriction.rule,
            kind: restriction.measure.kind,
            at: office.records.clock.now(),
            days: milliseconds.overflow ? .max : Int(days) + (isWhole ? 0 : 1)
        )
    }

    /// The policies as far as they bind an org.
    package func library(binding org: OrgID) async throws -> PolicyLibrary {
        let library = try requireLibrary()
        guard let record = try await office.publicReading()?.record else {
            return library.binding(by: [])
        }
        var accepted: [PolicyAcceptanceKey: Instant] = [:]
        for facts in record.acceptances where facts.org == org.description {
            guard let document = facts.text("Document"), let version = facts.text("Version") else {
                continue
            }
            let key = PolicyAcceptanceKey(document: document, version: version)
            accepted[key] = min(accepted[key] ?? facts.at, facts.at)
        }
        return library.binding(by: Array(record.policies.values.joined()), accepted: accepted)
    }

    /// Where the policy's files and the log do not agree.
    package func discrepancies() async throws -> [String] {
        guard let library = try office.policies() else { return [] }
        let now = office.records.clock.now()
        return library.discrepancies(with: try await entries(), at: now)
    }

    /// Every version that the log tells of.
    package func entries() async throws -> [PublicPolicy] {
        try await office.publicReading().map { Array($0.record.policies.values.joined()) } ?? []
    }

    private func requireLibrary() throws -> PolicyLibrary {
        guard let library = try office.policies() else {
            throw RecordError(.invalidOperation, "this deployment has no policies")
        }
        return library
    }
}

extension LogEntry {
    package static let policyPublished = "policy-published"
}

extension PolicyVersion {
    /// What is to object to publishing the version at a moment, beside what its file says wrongly.
    fileprivate func objections(
        toPublishingAt now: Instant,
        in document: PolicyDocument
    ) -> [String] {
        let name = "\(document.key) \(self.name)"
        guard let day = calendar.publishedOn, let begin = calendar.effectiveFrom else {
            return ["\(name) is a draft: it names no day of its publication"]
        }
        guard day <= now else { return ["\(name) is to be published on \(day.day)"] }
        guard !isFounding else { return [] }
        let first = LogCalendar.adding(days: PolicyVersion.announcementDays, to: now)
        return begin >= first
            ? []
            : [
                "\(name) begins on \(begin.day): published today, it can bind from "
                    + "\(LogCalendar.end(of: LogCalendar.day(of: first)).day) on"
            ]
    }
}
