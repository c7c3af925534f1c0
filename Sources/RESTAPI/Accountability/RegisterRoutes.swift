import Accountability
import Gateway
import Kernel
import Metadata
import UseMeter

/// What is known of an org's use without looking at a record: for the org itself.
enum RegisterRoutes {
    private static let daysShown: Int32 = 30

    /// `GET org/register`: the snapshots of the last days, byte for byte what the operator can see.
    @Sendable static func snapshots(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let records = call.parts.records
        let today = records.clock.now().useDay
        let texts = try await records.useSnapshots(
            of: caller.org,
            on: (today - daysShown)...today
        )
        let proofs = try await records.useProofs(
            of: caller.org,
            on: (today - daysShown)...today
        ).map { try JSONParser.parse($0) }
        let snapshots = try texts.map { text in
            guard let json = try JSONParser.parse(text).object else {
                throw RecordError(.unknownException, "a stored snapshot is no object")
            }
            return (text: text, json: json)
        }
        return .json { writer in
            writer.beginObject()
            writer.key("snapshots")
            writer.beginArray()
            for snapshot in snapshots { writer.value(.object(snapshot.json)) }
            writer.endArray()
            // As they are hashed: a client that formats JSON anew would change the digest.
            writer.key("texts")
            writer.strings(snapshots.map(\.text))
            // How each is found in the root that the log has of its day.
            writer.key("proofs")
            writer.beginArray()
            for proof in proofs { writer.value(proof) }
            writer.endArray()
            writer.endObject()
        }
    }

    /// `POST org/statement` with `{"product","question"}`: what is known of the caller's own org.
    @Sendable static func ownStatement(
        _ call: APICall,
        _ caller: Caller
    ) async throws -> APIResponse {
        try await statement(of: caller.org, call)
    }

    /// `POST office/statements` with `{"org","product","question"}`: for those who see findings.
    @Sendable static func statement(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let office = try call.office()
        guard try await office.org() == caller.org else { throw RecordError.noSuchResource }
        // Who may see what the register finds may be told what it knows.
        try await call.parts.records.read(as: caller, isBrief: true) { reader in
            _ = try reader.rows("SELECT Id FROM UseFinding LIMIT 1")
        }
        let text = try call.jsonObject()["org"]?.string ?? ""
        guard let id = try? RecordID(text), id.prefix == caller.org.record.prefix else {
            throw RecordError(.malformedID, "org: `\(text.prefix(20))` is no id of an org")
        }
        return try await statement(of: OrgID(id), call)
    }

    private static func statement(of org: OrgID, _ call: APICall) async throws -> APIResponse {
        let body = try call.jsonObject()
        let signed = try await StatementDesk(try call.office()).statement(
            body["question"]?.string ?? "",
            of: org,
            product: body["product"]?.string ?? ""
        )
        return .json { writer in
            writer.beginObject()
            writer.member("note", signed.note)
            writer.member("data", signed.data)
            writer.endObject()
        }
    }

    /// `POST org/preview` with `{"kind","target"}`: what a measure would have refused in the last
    /// thirty days.
    @Sendable static func preview(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let measure = try UseRestriction.Measure(call.jsonObject())
        let preview = try await call.parts.records.preview(of: measure, in: caller.org)
        return .json { writer in
            writer.beginObject()
            writer.member("days", Int(UsePreview.days))
            writer.member("isUpperBound", true)
            writer.member("isBroad", preview.isBroad)
            writer.member("unattributed", preview.unattributed)
            writer.key("refused")
            writer.beginArray()
            for (surface, count) in preview.refused.sorted(by: { $0.key.rawValue < $1.key.rawValue }
            ) {
                writer.beginObject()
                writer.member("surface", surface.rawValue)
                writer.member("uses", count.uses)
                writer.member("records", count.records)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }
}
