package import Metadata

// How a grant is asked for, kept and shown.
extension BreakGlassGrant {
    /// A request, as one of the operator's people sends it.
    ///
    /// - Throws: `RecordError` `INVALID_INPUT` that names the member at fault.
    package init(
        requesting json: JSONObject,
        id: String,
        org: OrgID,
        by user: RecordID,
        at now: Instant
    ) throws {
        let reader = RestrictionReader(json)
        let bar = try Bar(json)
        self = try BreakGlassGrant(json, id: id, org: org, bar: bar, Answer(by: user, at: now))
        guard let bar else { return }
        guard reason.mayDelayNotice else {
            throw reader.wrong(
                "notice",
                "is delayed for LEGAL_PROCESS and SAFETY_OF_LIFE alone"
            )
        }
        guard now < bar.until, bar.until <= now.adding(seconds: Self.barDaysMax * 86_400) else {
            throw reader.wrong("notice.until", "is within \(Self.barDaysMax) days")
        }
    }

    private init(
        _ json: JSONObject,
        id: String,
        org: OrgID,
        bar: Bar?,
        _ requested: Answer
    ) throws {
        let reader = RestrictionReader(json)
        let code = try reader.text("reason")
        guard let reason = Reason(rawValue: code) else {
            let known = Reason.allCases.map(\.rawValue).joined(separator: ", ")
            throw reader.wrong("reason", "`\(code.prefix(40))` is none of \(known)")
        }
        let objects = try reader.texts("objects")
        guard 1...Self.objectsMax ~= objects.count, objects.allSatisfy(APIName.isWellFormed) else {
            throw reader.wrong("objects", "1 to \(Self.objectsMax) names of objects are needed")
        }
        let records = json["records"] == nil ? [] : try reader.texts("records")
        let ids = records.compactMap { try? RecordID($0) }
        guard ids.count == records.count, ids.count <= Self.recordsMax else {
            throw reader.wrong("records", "up to \(Self.recordsMax) record ids are possible")
        }
        let explanation = try reader.text("explanation")
        guard explanation.utf8.count <= Self.textMaxBytes else {
            throw reader.wrong("explanation", "is longer than \(Self.textMaxBytes) bytes")
        }
        self.init(
            id: id,
            org: org,
            reason: reason,
            objects: objects.map { APIName($0) },
            records: ids,
            hours: try reader.number("hours", in: 1...Self.hoursMax),
            explanation: explanation,
            bar: bar,
            requested: requested
        )
    }

    /// As the org's store keeps it, and as it is shown.
    package var json: JSONObject {
        var json: JSONObject = [
            "id": .string(id), "org": .string(org.description), "reason": .string(reason.rawValue),
            "objects": .array(objects.map { .string($0.text) }),
            "records": .array(records.map { .string($0.description) }),
            "hours": .number(JSONNumber(Int64(hours))), "explanation": .string(explanation),
        ]
        if let bar {
            json.members.append(
                .init(
                    name: "notice",
                    value: .object([
                        "until": .string(bar.until.text), "because": .string(bar.because),
                    ])
                )
            )
        }
        for (name, answer) in [
            ("requested", requested), ("approved", approved), ("approvedByOrg", approvedByOrg),
            ("refused", refused), ("revoked", revoked), ("closed", closed),
        ] {
            guard let answer else { continue }
            json.members.append(
                .init(
                    name: name,
                    value: .object([
                        "by": .string(answer.by.description), "at": .string(answer.at.text),
                    ])
                )
            )
        }
        if let openedAt {
            json.members.append(.init(name: "openedAt", value: .string(openedAt.text)))
        }
        if let endsAt { json.members.append(.init(name: "endsAt", value: .string(endsAt.text))) }
        if let report { json.members.append(.init(name: "report", value: .string(report))) }
        return json
    }

    /// Reads what `json` wrote; what cannot be read is a failure, never a grant.
    init(stored json: JSONObject) throws {
        let reader = RestrictionReader(json)
        guard let requested = try Answer(json, "requested") else {
            throw reader.wrong("requested", "is missing")
        }
        self = try BreakGlassGrant(
            json,
            id: try reader.text("id"),
            org: OrgID(try RecordID(try reader.text("org"))),
            bar: try Bar(json),
            requested
        )
        approved = try Answer(json, "approved")
        approvedByOrg = try Answer(json, "approvedByOrg")
        refused = try Answer(json, "refused")
        revoked = try Answer(json, "revoked")
        closed = try Answer(json, "closed")
        openedAt = json["openedAt"] == nil ? nil : try reader.moment("openedAt")
        report = json["report"]?.string
    }
}

extension BreakGlassGrant.Bar {
    fileprivate init?(_ json: JSONObject) throws {
        guard let notice = json["notice"] else { return nil }
        let reader = RestrictionReader(notice.object ?? JSONObject(), in: "notice.")
        until = try reader.moment("until")
        because = try reader.text("because")
        guard because.utf8.count <= BreakGlassGrant.textMaxBytes else {
            throw reader.wrong("because", "is longer than \(BreakGlassGrant.textMaxBytes) bytes")
        }
    }
}

extension BreakGlassGrant.Answer {
    fileprivate init?(_ json: JSONObject, _ name: String) throws {
        guard let answer = json[name] else { return nil }
        let reader = RestrictionReader(answer.object ?? JSONObject(), in: "\(name).")
        by = try RecordID(try reader.text("by"))
        at = try reader.moment("at")
    }
}
