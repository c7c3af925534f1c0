import Accountability
import Gateway
import Kernel
import Metadata

/// Access of the operator's people to an org's records: asked for, approved, told and watched.
enum BreakGlassRoutes {
    static let all: [Route] = [
        Routes.special(
            .post,
            AccountabilityRoutes.v1("office/break-glass"),
            request,
            "Asks for access to an org's records."
        ),
        Routes.special(
            .get,
            AccountabilityRoutes.v1("office/break-glass/:org/:grant"),
            show,
            "How a request for access stands."
        ),
        Routes.special(
            .post,
            AccountabilityRoutes.v1("office/break-glass/:org/:grant/steps"),
            step,
            "Approves, refuses, opens or closes access."
        ),
        Routes.special(
            .post,
            AccountabilityRoutes.v1("office/break-glass/:org/:grant/queries"),
            query,
            "Reads what the access opens, as CSV; the org sees each question."
        ),
        Routes.special(
            .get,
            AccountabilityRoutes.v1("org/break-glass"),
            list,
            "Who of the operator asked for access to the org, and what they read."
        ),
        Routes.special(
            .post,
            AccountabilityRoutes.v1("org/break-glass/:grant/steps"),
            orgStep,
            "Approves, refuses or revokes access to the org."
        ),
    ]

    // MARK: For the operator's people

    @Sendable private static func request(
        _ call: APICall,
        _ caller: Caller
    ) async throws -> APIResponse {
        let desk = BreakGlassDesk(try call.office())
        let grant = try await desk.request(call.jsonObject(), as: caller)
        return shown(grant, call)
    }

    @Sendable private static func show(
        _ call: APICall,
        _ caller: Caller
    ) async throws -> APIResponse {
        let desk = BreakGlassDesk(try call.office())
        return shown(try await desk.grant(call["grant"], in: call["org"], as: caller), call)
    }

    /// `{"step":"approve"|"refuse"|"open"|"close","report"}`.
    @Sendable private static func step(
        _ call: APICall,
        _ caller: Caller
    ) async throws -> APIResponse {
        let desk = BreakGlassDesk(try call.office())
        let body = try call.jsonObject()
        let (id, org) = (call["grant"], call["org"])
        switch body["step"]?.string {
        case "approve": try await desk.answer(id, in: org, isApproval: true, as: caller)
        case "refuse": try await desk.answer(id, in: org, isApproval: false, as: caller)
        case "open": try await desk.open(id, in: org, as: caller)
        case "close":
            let report = body["report"]?.string ?? ""
            try await desk.close(id, in: org, report: report, as: caller)
        default: throw noStep("approve, refuse, open and close")
        }
        return .noContent
    }

    /// `{"q"}`, or `{"object","fields","ids"}` where single records are opened.
    @Sendable private static func query(
        _ call: APICall,
        _ caller: Caller
    ) async throws -> APIResponse {
        let desk = BreakGlassDesk(try call.office())
        let question = try question(call.jsonObject())
        var sink = try await desk.read(
            question,
            under: call["grant"],
            in: call["org"],
            as: caller
        ) { plan in
            guard FlatColumn.obstacle(in: plan.query) == nil else {
                throw RecordError(.invalidInput, "q: only plain fields are shown")
            }
            return CSVRowSink(plan.query)
        }
        let count = sink.count
        return IngestJobRoutes.csv(
            sink.takeBytes(),
            headers: [("Sforce-NumberOfRecords", "\(count)"), ("cache-control", "no-store")]
        )
    }

    private static func question(_ body: JSONObject) throws -> BreakGlassQuestion {
        if let soql = body["q"]?.string { return .soql(soql) }
        guard let object = body["object"]?.string, APIName.isWellFormed(object) else {
            throw RecordError(.missingArgument, "q, or object, fields and ids are needed")
        }
        let fields = body["fields"]?.array?.compactMap(\.string) ?? []
        guard !fields.isEmpty else {
            throw RecordError(.missingArgument, "fields: names of fields are needed")
        }
        let ids = try (body["ids"]?.array ?? []).map { value in
            guard let text = value.string, let id = try? RecordID(text) else {
                throw RecordError(.malformedID, "ids: record ids are needed")
            }
            return id
        }
        guard 1...BreakGlassGrant.recordsMax ~= ids.count else {
            throw RecordError(
                .invalidInput,
                "ids: 1 to \(BreakGlassGrant.recordsMax) record ids are needed"
            )
        }
        return .records(ids, of: APIName(object), fields: fields)
    }

    // MARK: For the org

    /// The org's own log of all that was asked for and read.
    @Sendable private static func list(
        _ call: APICall,
        _ caller: Caller
    ) async throws -> APIResponse {
        try await OrgRoutes.requireSpeaker(call, caller)
        let records = call.parts.records
        let now = records.clock.now()
        var shown: [JSONValue] = []
        for grant in try await records.grants(in: caller.org) where grant.isTold(at: now) {
            let queries = try await records.queries(under: grant.id, in: caller.org)
            var json = grant.json
            json.members.append(
                .init(name: "state", value: .string(grant.state(at: now).rawValue))
            )
            let told = queries.map {
                JSONValue.object(["at": .string($0.at.text), "question": .string($0.question)])
            }
            json.members.append(.init(name: "queries", value: .array(told)))
            shown.append(.object(json))
        }
        let grants = shown
        return .json { $0.value(.object(["grants": .array(grants)])) }
    }

    /// `{"step":"approve"|"refuse"|"revoke"}`.
    @Sendable private static func orgStep(
        _ call: APICall,
        _ caller: Caller
    ) async throws -> APIResponse {
        try await OrgRoutes.requireSpeaker(call, caller)
        let records = call.parts.records
        let (id, org, user) = (call["grant"], caller.org, caller.user)
        guard try await records.grant(id, in: org).isTold(at: records.clock.now()) else {
            throw RecordError(.notFound, "there is no grant \(id.prefix(40)) for this org")
        }
        switch try call.jsonObject()["step"]?.string {
        case "approve": try await records.approveForOrg(id, in: org, by: user)
        case "refuse": try await records.refuse(id, in: org, by: user)
        case "revoke": try await records.revoke(id, in: org, by: user)
        default: throw noStep("approve, refuse and revoke")
        }
        return .noContent
    }

    private static func noStep(_ known: String) -> RecordError {
        RecordError(.invalidInput, "step: there are \(known)")
    }

    private static func shown(_ grant: BreakGlassGrant, _ call: APICall) -> APIResponse {
        var json = grant.json
        let state = grant.state(at: call.parts.records.clock.now())
        json.members.append(.init(name: "state", value: .string(state.rawValue)))
        let told = json
        return .json { $0.value(.object(told)) }
    }
}
