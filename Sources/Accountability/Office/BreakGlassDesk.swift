import Foundation
package import Kernel
package import Metadata

/// Opens an org's records to one of the operator's people: asked for by one, approved by another and
/// by the org, told by the log before it begins, and ended by the clock.
package struct BreakGlassDesk: Sendable {
    /// The permission sets in the office that its people need, and no one has for their own grants.
    package static let requester = "Access_Requester"
    package static let approver = "Access_Approver"
    private static let reportMaxBytes = 4_000

    private let office: AccountabilityOffice

    package init(_ office: AccountabilityOffice) {
        self.office = office
    }

    /// Asks for a grant.
    ///
    /// - Parameter json: `{"org","reason","objects","records","hours","explanation","notice"}`.
    package func request(_ json: JSONObject, as caller: Caller) async throws -> BreakGlassGrant {
        try await require(Self.requester, caller)
        let grant = try BreakGlassGrant(
            requesting: json,
            id: "BG-" + UUID().uuidString.prefix(13),
            org: try Self.org(json["org"]?.string ?? ""),
            by: caller.user,
            at: office.records.clock.now()
        )
        try await office.records.request(grant)
        return grant
    }

    /// - Throws: for who neither asks for grants nor approves them.
    package func grant(
        _ id: String,
        in org: String,
        as caller: Caller
    ) async throws -> BreakGlassGrant {
        do {
            try await require(Self.requester, caller)
        } catch {
            try await require(Self.approver, caller)
        }
        return try await office.records.grant(id, in: try Self.org(org))
    }

    package func answer(
        _ id: String,
        in org: String,
        isApproval: Bool,
        as caller: Caller
    ) async throws {
        try await require(Self.approver, caller)
        let org = try Self.org(org)
        if isApproval {
            try await office.records.approve(id, in: org, by: caller.user)
        } else {
            try await office.records.refuse(id, in: org, by: caller.user)
        }
    }

    /// The hours begin, once the log has told of it.
    package func open(_ id: String, in org: String, as caller: Caller) async throws {
        try await require(Self.requester, caller)
        try await office.records.open(id, in: try Self.org(org), by: caller.user) { grant in
            try await append(try LogEntry(opening: grant))
        }
    }

    /// What was read and found is reported, to the org; that it was reported is public.
    package func close(
        _ id: String,
        in org: String,
        report: String,
        as caller: Caller
    ) async throws {
        try await require(Self.requester, caller)
        guard report.contains(where: { !$0.isWhitespace }), report.utf8.count <= Self.reportMaxBytes
        else {
            throw RecordError(
                .invalidInput,
                "report: a text of up to \(Self.reportMaxBytes) bytes is needed"
            )
        }
        let org = try Self.org(org)
        let queries = try await office.records.queries(under: id, in: org).count
        try await office.records.close(id, in: org, by: caller.user, report: report) { grant in
            try await append(try LogEntry(closing: grant, queries: queries))
        }
    }

    /// - Throws: for everybody but who asked, and whenever the grant is not open.
    package func read<Sink: RowSink & Sendable>(
        _ question: BreakGlassQuestion,
        under id: String,
        in org: String,
        as caller: Caller,
        _ makeSink: @escaping @Sendable (AuthorizedRead) throws -> Sink
    ) async throws -> Sink {
        try await require(Self.requester, caller)
        return try await office.records.read(
            question,
            under: id,
            in: try Self.org(org),
            by: caller.user,
            makeSink
        )
    }

    private func append(_ entry: LogEntry) async throws {
        do {
            _ = try await office.log.append(entry, mayBeThere: true)
        } catch is NoLogYet {
            throw RecordError(
                .invalidOperation,
                "nothing is opened where there is no transparency log to tell of it"
            )
        }
    }

    private static func org(_ text: String) throws -> OrgID {
        guard let id = try? RecordID(text), let prefix = KeyPrefix("00D"), id.prefix == prefix
        else {
            throw RecordError(.malformedID, "org: `\(text.prefix(20))` is no id of an org")
        }
        return OrgID(id)
    }

    /// - Throws: `RecordError` for who has not a permission set in the operator's own org.
    private func require(_ permissionSet: String, _ caller: Caller) async throws {
        guard try await office.has(permissionSet, caller) else {
            throw RecordError(
                .insufficientAccess,
                "this needs the permission set \(permissionSet) in the operator's own org"
            )
        }
    }
}

extension LogEntry {
    /// An opening, before it begins: why, of what, and until when.
    init(opening grant: BreakGlassGrant) throws {
        var content = LogEntry.shared(of: grant, "opened")
        let objects = grant.objects.map(\.text).joined(separator: ", ")
        content["reason"] = .string(grant.reason.rawValue)
        content["scope"] = .string(grant.records.isEmpty ? objects : "single records of \(objects)")
        if let at = grant.openedAt { content["at"] = .string(at.text) }
        if let until = grant.endsAt { content["until"] = .string(until.text) }
        self = try LogEntry(kind: "break-glass-opened", content: content)
    }

    /// The report on an opening, with how much was asked in a band.
    init(closing grant: BreakGlassGrant, queries: Int) throws {
        var content = LogEntry.shared(of: grant, "closed")
        content["queries"] = .string(CountBand.text(queries))
        if let at = grant.closed?.at { content["at"] = .string(at.text) }
        self = try LogEntry(kind: "break-glass-closed", content: content)
    }

    /// The org is not named where it may not be told yet: what the log says it would read.
    private static func shared(
        of grant: BreakGlassGrant,
        _ step: String
    ) -> [String: CanonicalJSON] {
        var content: [String: CanonicalJSON] = [
            "id": .string(grant.id), "entry": .string("\(grant.id)-\(step)"),
        ]
        if grant.bar == nil { content["org"] = .string(grant.org.description) }
        return content
    }
}
