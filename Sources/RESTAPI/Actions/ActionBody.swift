import Gateway
import Kernel
import Metadata

/// What clients read about one action.
struct ActionBody {
    let name: String
    let label: String
    let description: String
    let kind: String
    let isStandard: Bool
    let inputs: [ActionParameter]
    let outputs: [ActionParameter]

    var response: APIResponse {
        .json { writer in
            writer.beginObject()
            writer.member("description", description)
            writer.key("inputs")
            write(inputs, areInputs: true, to: &writer)
            writer.member("label", label)
            writer.member("name", name)
            writer.key("outputs")
            write(outputs, areInputs: false, to: &writer)
            writer.member("standard", isStandard)
            writer.member("targetEntityName", nil)
            writer.member("type", kind)
            writer.endObject()
        }
    }

    private func write(
        _ parameters: [ActionParameter],
        areInputs: Bool,
        to writer: inout JSONWriter
    ) {
        writer.beginArray()
        for parameter in parameters {
            let type = parameter.type ?? .text
            writer.beginObject()
            if areInputs { writer.member("byteLength", 0) }
            writer.member("description", parameter.summary)
            writer.member("label", parameter.name)
            writer.member("maxOccurs", type.isCollection ? FlowLimits.collectionMax : 1)
            writer.member("name", parameter.name)
            writer.member("picklistValues", nil)
            if areInputs { writer.member("required", parameter.isRequired) }
            writer.member("sobjectType", (type.item ?? type).object?.text)
            writer.member("type", (type.item ?? type).soapName)
            writer.endObject()
        }
        writer.endArray()
    }
}

extension FlowType {
    /// The name of a value's type, as the descriptions of actions have it.
    fileprivate var soapName: String {
        switch self {
        case .text: "STRING"
        case .number: "NUMBER"
        case .boolean: "BOOLEAN"
        case .date: "DATE"
        case .dateTime: "DATETIME"
        case .time: "TIME"
        case .id: "REFERENCE"
        case .picklist: "PICKLIST"
        case .multipicklist: "MULTIPICKLIST"
        case .coordinate: "DOUBLE"
        case .record: "SOBJECT"
        case .collection(let item): item.soapName
        }
    }
}
