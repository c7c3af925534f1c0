import Foundation
package import Kernel
package import Metadata

/// `publishLogEntry`: tells the transparency log of a record, in the transaction that changes it.
///
/// The entry is public for good, so the flow names every field that goes into it. Fields that are
/// named as sealed stay in the org; the log holds a commitment to their values, which says nothing to
/// whoever is not shown them.
package struct PublishLogEntry: InvocableAction {
    package let name = "publishLogEntry"
    package let label = "Publish Log Entry"
    package let summary = "Tells the transparency log of a record, after the save."
    package let needs: [APIName] = []
    package let inputs = [
        ActionParameter("kind", .text, required: true, "What happened: `use-declared`."),
        ActionParameter("recordId", .id, "The record; the one that started the flow if missing."),
        ActionParameter("fields", .text, required: true, "The public fields, between commas."),
        ActionParameter("sealed", .text, "Fields of which only commitments are public."),
    ]
    package let outputs: [ActionParameter] = []
    package let permission: UserPermission? = .customizeApplication

    /// What an org tells of itself is told of these, so that no other record becomes public by it.
    private static let objects: [String: APIName] = [
        "use-declared": "UseDeclaration", "use-withdrawn": "UseDeclaration",
        "policy-accepted": "PolicyAcceptance",
    ]

    package init() {}

    package func run(
        _ calls: [ActionCall],
        by writer: RecordWriter
    ) throws -> [ActionOutcome] {
        calls.map { call in
            do {
                try publish(call, by: writer)
                return .success([:])
            } catch let error as RecordError {
                return .failure(error)
            } catch {
                return .failure(RecordError(.invalidInput, "\(error)"))
            }
        }
    }

    private func publish(_ call: ActionCall, by writer: RecordWriter) throws {
        let kind = call.text("kind") ?? ""
        guard LogEntry.isKind(kind) else {
            throw RecordError(.invalidInput, "kind: `\(kind.prefix(80))` is no kind of log entry")
        }
        guard let id = call.id("recordId") ?? call.record,
            let object = writer.snapshot.schema.object(withPrefix: id.prefix)
        else {
            throw RecordError(.invalidCrossReferenceKey, "recordId: there is no such record")
        }
        if let told = PublishLogEntry.objects[kind], told != object.name {
            throw RecordError(
                .invalidInput,
                "kind: `\(kind)` is told of \(told), not of \(object.name)"
            )
        }
        let record = try PublishedRecord(
            id,
            of: object,
            fields: try PublishLogEntry.fields(call.text("fields"), of: object),
            sealed: try PublishLogEntry.fields(call.text("sealed"), of: object),
            by: writer
        )
        let entry = record.entry(kind, at: writer.now, org: writer.caller.org)
        // Said now, while the save can still be refused: nothing shortens an entry later.
        _ = try LogEntry(staged: entry).bytes()
        try writer.stageLogEntry(entry, parts: record.parts)
    }

    /// - Throws: `RecordError` `INVALID_FIELD` for a name that is none.
    private static func fields(
        _ text: String?,
        of object: ObjectDefinition
    ) throws -> [FieldDefinition] {
        try (text ?? "").split(separator: ",").map { part in
            let name = APIName(part.trimmingCharacters(in: .whitespacesAndNewlines))
            guard let field = object.field(name) else {
                throw RecordError(
                    .invalidField,
                    "no such field `\(name)` on `\(object.name)`",
                    fields: [name]
                )
            }
            return field
        }
    }
}

/// What an entry says of a record.
private struct PublishedRecord {
    private let name: String
    /// The org that the record tells of, where it says one.
    private let about: String?
    private var shown = JSONObject()
    private var commitments = JSONObject()
    /// Sealed values with their salts, by the commitments to them.
    private(set) var parts: [String: String] = [:]

    private static let orgField: APIName = "OrgKey"

    init(
        _ id: RecordID,
        of object: ObjectDefinition,
        fields: [FieldDefinition],
        sealed: [FieldDefinition],
        by writer: RecordWriter
    ) throws {
        var wanted = (fields + sealed).map(\.name)
        if object.field(Self.orgField) != nil { wanted.append(Self.orgField) }
        wanted.append(object.nameField?.name ?? "Id")
        let list = wanted.map(\.text).joined(separator: ", ")
        let rows = try writer.rows("SELECT \(list) FROM \(object.name.text) WHERE Id = '\(id)'")
        guard let row = rows.first, row.count == wanted.count else {
            throw RecordError(.invalidCrossReferenceKey, "recordId: there is no such record")
        }
        name = row.last?.text ?? id.description
        about = wanted.dropLast().last == Self.orgField ? row.dropLast().last?.text : nil
        for (field, value) in zip(fields, row) {
            guard let json = value.published else { continue }
            shown.members.append(JSONObject.Member(name: field.name.text, value: json))
        }
        for (field, value) in zip(sealed, row.dropFirst(fields.count)) {
            guard let json = value.published else { continue }
            try seal(field.name.text, json)
        }
    }

    private mutating func seal(_ name: String, _ value: JSONValue) throws {
        let part = try PrivatePart(name, CanonicalJSON(value))
        let commitment = "\(part.commitment)"
        commitments.members.append(JSONObject.Member(name: name, value: .string(commitment)))
        let kept: JSONObject = [
            "name": .string(name), "value": value,
            "salt": .string(part.salt.base64EncodedString()),
        ]
        parts[commitment] = kept.storedText
    }

    func entry(_ kind: String, at now: Instant, org: OrgID) -> JSONObject {
        let content: JSONObject = [
            "id": .string(name), "org": .string(about ?? org.description), "at": .string(now.text),
            "entry": .string(UUID().uuidString.lowercased()), "fields": .object(shown),
        ]
        return [
            "kind": .string(kind), "content": .object(content), "private": .object(commitments),
        ]
    }
}

extension FieldValue {
    /// As it stands in an entry: numbers and moments as text; `nil` for nothing.
    fileprivate var published: JSONValue? {
        switch self {
        case .null, .blob: return nil
        case .text(let text): return .string(text)
        case .boolean(let flag): return .bool(flag)
        case .number(let number): return .string(number.description)
        case .date(let days):
            var bytes: [UInt8] = []
            guard bytes.appendDate(daysSinceEpoch: days) else { return nil }
            return .string(String(decoding: bytes, as: UTF8.self))
        case .dateTime(let moment): return .string(moment.text)
        case .time(let milliseconds): return .string("\(milliseconds)")
        case .id(let id): return .string(id.description)
        case .coordinate(let degrees): return .string("\(degrees)")
        }
    }
}
