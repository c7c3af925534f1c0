import Accountability
import Gateway
import Kernel
import Metadata

/// What an org says to those who decide about it, and what they hold about it.
///
/// Who may change the org's set-up speaks for it; everybody in it may look.
enum OrgRoutes {
    private static let textMaxBytes = 8_000

    /// `GET org/matters`: findings, decisions that were proposed or taken, and appeals.
    @Sendable static func matters(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let matters = try await correspondence(call, caller).matters()
        return .json { writer in
            writer.beginObject()
            write("findings", matters.findings, OrgMatters.findingColumns, &writer)
            write("decisions", matters.decisions, OrgMatters.decisionColumns, &writer)
            write("appeals", matters.appeals, OrgMatters.appealColumns, &writer)
            writer.endObject()
        }
    }

    /// `POST org/appeals` with `{"decision","grounds","newFacts"}`.
    @Sendable static func appeal(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let body = try call.jsonObject()
        let desk = try await speaking(call, caller)
        let newFacts = body["newFacts"]?.string == nil ? nil : try text("newFacts", body)
        let number = try await desk.appeal(
            against: text("decision", body),
            grounds: text("grounds", body),
            newFacts: newFacts
        )
        return .json { writer in
            writer.beginObject()
            writer.member("appeal", number)
            writer.endObject()
        }
    }

    /// `POST org/responses` with `{"decision","statement"}`: the org is heard before it is decided.
    @Sendable static func respond(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let body = try call.jsonObject()
        try await speaking(call, caller).respond(
            to: text("decision", body),
            statement: text("statement", body)
        )
        return .noContent
    }

    /// `POST org/replies` with `{"finding","reply"}`.
    @Sendable static func reply(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let body = try call.jsonObject()
        try await speaking(call, caller).reply(to: text("finding", body), text("reply", body))
        return .noContent
    }

    /// `GET org/declarations`: the org's record of processing activities, as its declarations make it.
    ///
    /// The columns are those that Art. 30(1) GDPR asks for; with the caller's own rights.
    @Sendable static func declarations(
        _ call: APICall,
        _ caller: Caller
    ) async throws -> APIResponse {
        let fields = processing.map(\.field).joined(separator: ", ")
        let rows = try await call.parts.records.read(as: caller) { reader in
            try reader.rows(
                "SELECT \(fields) FROM UseDeclaration WHERE Status NOT IN ('Draft', 'Withdrawn') "
                    + "ORDER BY Name LIMIT 2000"
            )
        }
        return .json { writer in
            writer.beginObject()
            let texts = rows.map { row in row.map(\.shown) }
            write("activities", texts, processing.map(\.name), &writer)
            writer.endObject()
        }
    }

    private static let processing: [(name: String, field: String)] = [
        ("declaration", "Name"), ("version", "Version"), ("status", "Status"),
        ("product", "Product"), ("category", "Category"), ("purpose", "Statement"),
        ("dataSubjects", "AffectedGroups"), ("dataCategories", "DataCategories"),
        ("specialCategories", "SpecialCategories"), ("children", "Children"),
        ("recipients", "Recipients"), ("timeLimits", "Retention"), ("legalBasis", "LegalBasis"),
        ("automatedDecisions", "AutomatedDecisions"), ("impactAssessment", "DPIAReference"),
        ("attestedOn", "AttestedOn"), ("from", "EffectiveFrom"), ("to", "EffectiveTo"),
    ]

    private static func write(
        _ name: String,
        _ rows: [[String]],
        _ columns: [String],
        _ writer: inout JSONWriter
    ) {
        writer.key(name)
        writer.beginArray()
        for row in rows {
            writer.beginObject()
            for (column, value) in zip(columns, row) {
                writer.key(column)
                writer.string(value)
            }
            writer.endObject()
        }
        writer.endArray()
    }

    private static func correspondence(
        _ call: APICall,
        _ caller: Caller
    ) async throws -> OfficeCorrespondence {
        OfficeCorrespondence(try call.office(), about: caller.org)
    }

    /// - Throws: `RecordError` for who may not change the org's set-up.
    static func requireSpeaker(_ call: APICall, _ caller: Caller) async throws {
        try await call.parts.records.read(as: caller, isBrief: true) { reader in
            guard reader.access.isSystem || reader.access.has(.customizeApplication) else {
                throw RecordError(
                    .insufficientAccess,
                    "speaking for the org needs CustomizeApplication"
                )
            }
        }
    }

    /// As above, for somebody who may speak for the org.
    private static func speaking(
        _ call: APICall,
        _ caller: Caller
    ) async throws -> OfficeCorrespondence {
        try await requireSpeaker(call, caller)
        return try await correspondence(call, caller)
    }

    private static func text(_ name: String, _ body: JSONObject) throws -> String {
        guard let text = body[name]?.string, text.contains(where: { !$0.isWhitespace }) else {
            throw RecordError(.missingArgument, "\(name): a text is needed")
        }
        guard text.utf8.count <= textMaxBytes else {
            throw RecordError(.invalidInput, "\(name): the text is longer than 8,000 bytes")
        }
        return text
    }
}

extension FieldValue {
    /// As a person reads it in a table of texts; empty for nothing.
    fileprivate var shown: String {
        switch self {
        case .null, .blob: return ""
        case .text(let text): return text
        case .boolean(let flag): return flag ? "true" : "false"
        case .number(let number): return number.description
        case .id(let id): return id.description
        case .dateTime(let moment): return moment.text
        case .time(let number): return "\(number)"
        case .coordinate(let number): return "\(number)"
        case .date(let days):
            var bytes: [UInt8] = []
            return bytes.appendDate(daysSinceEpoch: days)
                ? String(decoding: bytes, as: UTF8.self) : ""
        }
    }
}
