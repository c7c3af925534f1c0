package import Metadata

extension DuplicateResult {
    /// As clients are told it beside the error code.
    ///
    /// Source: REST API Developer Guide, "Status Codes and Error Responses", `duplicateResult`.
    ///
    /// - Parameter recordPath: where records are, without the object: `/services/data/v67.0/sobjects`.
    package func json(recordPath: String) -> JSONValue {
        [
            "allowSave": .bool(allowSave),
            "duplicateRule": .string(rule.text),
            "duplicateRuleEntityType": .string(entityType.text),
            "errorMessage": .string(message),
            "matchResults": .array(matchResults.map { $0.json(recordPath) }),
        ]
    }
}

extension DuplicateResult.MatchResult {
    fileprivate func json(_ recordPath: String) -> JSONValue {
        [
            "entityType": .string(entityType.text),
            "errors": [],
            "matchEngine": .string(matchEngine),
            "matchRecords": .array(records.map { $0.json(of: entityType, recordPath) }),
            "rule": .string(rule.text),
            "size": .number(JSONNumber(Int64(size))),
            "success": true,
        ]
    }
}

extension DuplicateResult.MatchRecord {
    /// A record of the same request has no id yet: its place in the request stands for it.
    fileprivate func json(of object: APIName, _ recordPath: String) -> JSONValue {
        var attributes: JSONObject = ["type": .string(object.text)]
        var members: [JSONObject.Member] = []
        if let id {
            attributes.members.append(
                .init(name: "url", value: .string("\(recordPath)/\(object)/\(id)"))
            )
            members.append(.init(name: "Id", value: .string(id.description)))
        }
        members += values.map {
            .init(name: $0.field.text, value: FlowConversion.json($0.value))
        }
        var information: [JSONValue] = []
        if let position {
            information.append(
                ["name": "position", "value": .number(JSONNumber(Int64(position)))]
            )
        }
        return [
            "additionalInformation": .array(information),
            "fieldDiffs": .array(
                differences.map {
                    ["difference": .string($0.kind.rawValue), "name": .string($0.field.text)]
                }
            ),
            "matchConfidence": JSONNumber(confidence).map { .number($0) } ?? .null,
            "record": .object(
                JSONObject([.init(name: "attributes", value: .object(attributes))] + members)
            ),
        ]
    }
}
