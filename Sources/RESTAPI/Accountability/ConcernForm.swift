import Accountability
import Crypto
import Foundation
import Gateway
import Kernel
import Metadata

/// What somebody sends in with a concern: as JSON by a program, or as a form by a page.
struct ConcernForm {
    private let texts: [String: String]
    private let body: JSONObject
    private let files: [Data]

    init(_ call: APICall) throws {
        let type = call.request.header("content-type")?.lowercased() ?? ""
        if type.hasPrefix("multipart/form-data") {
            let parts = try MultipartBody.parts(
                of: call.request.body,
                contentType: call.request.header("content-type") ?? ""
            )
            var texts: [String: String] = [:]
            for part in parts where part.fileName == nil {
                texts[part.name] = String(decoding: part.bytes, as: UTF8.self)
            }
            self.texts = texts
            files = parts.filter { $0.fileName != nil && !$0.bytes.isEmpty }.map { Data($0.bytes) }
            body = JSONObject()
        } else if type.hasPrefix("application/x-www-form-urlencoded") {
            texts = try Self.form(call)
            files = []
            body = JSONObject()
        } else {
            body = try call.jsonObject()
            texts = body.members.reduce(into: [:]) { texts, member in
                if let text = member.value.string { texts[member.name] = text }
                if member.value.bool == true { texts[member.name] = "true" }
            }
            files = try (body["files"]?.array ?? []).map { file in
                guard let data = file.string.flatMap({ Data(base64Encoded: $0) }) else {
                    throw RecordError(.invalidInput, "files: each is a text in base64")
                }
                return data
            }
        }
    }

    /// The fields of a form without files.
    static func form(_ call: APICall) throws -> [String: String] {
        let pairs: [(name: String, value: String)]
        do {
            pairs = try FormParameters.read(call.request.body[...])
        } catch {
            throw RecordError(.invalidInput, "the form cannot be read")
        }
        return Dictionary(
            pairs.map { ($0.name, $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    subscript(name: String) -> String? {
        guard let text = texts[name], text.contains(where: { !$0.isWhitespace }) else {
            return nil
        }
        return text
    }

    /// - Throws: `RecordError` that names the part at fault.
    func concern() throws -> NewConcern {
        var facts = JSONObject()
        for (name, field) in [
            ("org", "OrgNamed"), ("product", "Product"), ("reporterKind", "ReporterKind"),
            ("wish", "Wish"), ("language", "Language"),
        ] {
            guard let text = self[name] else { continue }
            facts.members.append(JSONObject.Member(name: field, value: .string(text)))
        }
        let wantsMeeting = JSONValue.bool(self["wantsMeeting"] != nil)
        facts.members.append(JSONObject.Member(name: "WantsMeeting", value: wantsMeeting))
        return try NewConcern(
            words: try sealed().map { .sealed($0) } ?? .plain(self["text"] ?? ""),
            identity: self["sealed"] == nil ? self["identity"] : nil,
            files: try files.map { try CleanedFile($0) },
            facts: facts
        )
    }

    /// What a client has sealed itself.
    private func sealed() throws -> NewConcern.SealedConcern? {
        guard let text = self["sealed"] else { return nil }
        func bytes(_ name: String) throws -> Data {
            guard let data = self[name].flatMap({ Data(base64Encoded: $0) }), data.count == 32
            else {
                throw RecordError(.invalidInput, "\(name): 32 bytes in base64 are needed")
            }
            return data
        }
        var sketch: TextSketch?
        if let list = body["sketch"]?.array {
            let numbers = list.compactMap { $0.number.flatMap { UInt32($0.literal) } }
            guard numbers.count == list.count, let read = TextSketch(numbers) else {
                throw RecordError(
                    .invalidInput,
                    "sketch: \(TextSketch.count) numbers of 32 bits are needed"
                )
            }
            sketch = read
        }
        return NewConcern.SealedConcern(
            text: try SealedText(text: text),
            identity: try self["sealedIdentity"].map { try SealedText(text: $0) },
            sketch: sketch,
            derived: try bytes("derived"),
            mailboxKey: try Curve25519.KeyAgreement.PublicKey(
                rawRepresentation: try bytes("mailboxKey")
            )
        )
    }
}
