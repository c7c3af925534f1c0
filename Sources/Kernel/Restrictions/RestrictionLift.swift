package import Foundation
package import Metadata

/// The end of a restriction before its time, as two people of two chains of command have signed it.
///
/// It takes effect at once: giving back needs no notice.
package struct RestrictionLift: Hashable, Sendable, DecidersPaper {
    package let org: OrgID
    /// The restriction that ends: `R-2026-0001`.
    package let restriction: String
    /// The decision that it carries out, on an appeal or of those who decided at first.
    package let decision: String
    /// Why it ends: what was asked for is done, or it should never have been.
    package let reasons: String
    /// Who asked for it, by name; they sign nothing.
    package let requestedBy: String
    package var signatures: [RestrictionOrder.Signature]

    package init(
        org: OrgID,
        restriction: String,
        decision: String,
        reasons: String,
        requestedBy: String,
        signatures: [RestrictionOrder.Signature] = []
    ) {
        self.org = org
        self.restriction = restriction
        self.decision = decision
        self.reasons = reasons
        self.requestedBy = requestedBy
        self.signatures = signatures
    }

    /// What is signed: the lift without its signatures, after a line that says what it is.
    package var signedBytes: Data {
        var writer = JSONWriter()
        writer.value(.object(unsigned))
        return Data("steward restriction lift v1\n".utf8) + Data(writer.bytes)
    }

    private var unsigned: JSONObject {
        [
            "org": .string(org.description), "restriction": .string(restriction),
            "decision": .string(decision), "reasons": .string(reasons),
            "requestedBy": .string(requestedBy),
        ]
    }

    package var json: JSONObject {
        var json = unsigned
        let list = JSONValue.array(signatures.map(\.json))
        json.members.append(JSONObject.Member(name: "signatures", value: list))
        return json
    }

    /// - Throws: `RecordError` `INVALID_INPUT` that names the member at fault.
    package init(_ json: JSONObject) throws {
        let reader = RestrictionReader(json)
        self.init(
            org: try reader.org("org"),
            restriction: try reader.text("restriction"),
            decision: try reader.text("decision"),
            reasons: try reader.text("reasons"),
            requestedBy: try reader.text("requestedBy"),
            signatures: try reader.signatures("signatures")
        )
    }
}

extension RestrictionOrder.Signature {
    var json: JSONValue {
        .object(["signer": .string(signer), "signature": .string(bytes.base64EncodedString())])
    }
}

extension RestrictionReader {
    func org(_ name: String) throws -> OrgID {
        let text = try text(name)
        guard let id = try? RecordID(text) else { throw wrong(name, "no org id") }
        return OrgID(id)
    }

    func signatures(_ name: String) throws -> [RestrictionOrder.Signature] {
        guard let values = json[name]?.array else { throw wrong(name, "a list is needed") }
        return try values.map { value in
            let one = RestrictionReader(value.object ?? JSONObject(), in: "\(name).")
            guard let bytes = Data(base64Encoded: try one.text("signature")) else {
                throw one.wrong("signature", "no base64")
            }
            return RestrictionOrder.Signature(signer: try one.text("signer"), bytes: bytes)
        }
    }
}
