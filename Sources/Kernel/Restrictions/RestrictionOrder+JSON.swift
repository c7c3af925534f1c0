package import Foundation
package import Metadata

extension RestrictionOrder {
    /// What is signed: the order without its signatures, as JSON without blanks, its members in the
    /// order of `unsigned`, after a line that says what it is.
    package var signedBytes: Data {
        var writer = JSONWriter()
        writer.value(.object(unsigned))
        return Data("steward restriction order v1\n".utf8) + Data(writer.bytes)
    }

    private var unsigned: JSONObject {
        [
            "org": .string(org.description), "restriction": .object(restriction.json),
            "urgency": .string(urgency.rawValue), "noticedAt": .string(noticedAt.text),
            "requestedBy": .string(requestedBy), "reasons": .object(reasons.json),
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
        let org = try reader.org("org")
        guard let restriction = json["restriction"]?.object else {
            throw reader.wrong("restriction", "an object is needed")
        }
        let urgencyText = try reader.text("urgency")
        guard let urgency = Urgency(rawValue: urgencyText) else {
            throw reader.wrong("urgency", "`\(urgencyText.prefix(40))` is none")
        }
        self.init(
            org: org,
            restriction: try UseRestriction(restriction),
            urgency: urgency,
            noticedAt: try reader.moment("noticedAt"),
            requestedBy: try reader.text("requestedBy"),
            reasons: try Reasons(json["reasons"]?.object ?? JSONObject()),
            signatures: try reader.signatures("signatures")
        )
    }
}

extension RestrictionOrder.Reasons {
    fileprivate var json: JSONObject {
        [
            "facts": .string(facts), "ground": .string(ground), "aim": .string(aim),
            "lesserSteps": .array(lesserSteps.map { .string($0) }),
            "thirdParties": .string(thirdParties), "reversal": .string(reversal),
            "imminentHarm": imminentHarm.map { .string($0) } ?? .null,
        ]
    }

    fileprivate init(_ json: JSONObject) throws {
        let reader = RestrictionReader(json, in: "reasons.")
        self.init(
            facts: try reader.text("facts"),
            ground: try reader.text("ground"),
            aim: try reader.text("aim"),
            lesserSteps: try reader.texts("lesserSteps"),
            thirdParties: try reader.text("thirdParties"),
            reversal: try reader.text("reversal"),
            imminentHarm: json["imminentHarm"].flatMap { $0.string }
        )
    }
}
