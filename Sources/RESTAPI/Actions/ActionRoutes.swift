import Gateway
import Kernel
import Metadata

/// What can be called by name: actions of the platform, and the org's flows.
///
/// Source: Actions Developer Guide, "Invoking Actions".
enum ActionRoutes {
    /// `GET actions`: the kinds.
    @Sendable static func kinds(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        urls(["standard", "custom"], below: "actions", call)
    }

    /// `GET actions/custom`: the kinds that an org makes for itself.
    @Sendable static func custom(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        urls(["flow"], below: "actions/custom", call)
    }

    private static func urls(_ names: [String], below path: String, _ call: APICall) -> APIResponse
    {
        .json { writer in
            writer.beginObject()
            for name in names { writer.memberNamed(name, call.url("\(path)/\(name)")) }
            writer.endObject()
        }
    }

    // MARK: - Actions of the platform

    /// `GET actions/standard`: those that the caller may call.
    @Sendable static func standard(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        list(
            reader.callableActions.map { ($0.name, $0.label, $0.name.uppercased()) },
            below: "actions/standard",
            call
        )
    }

    /// `GET actions/standard/NAME`: its inputs and outputs.
    @Sendable static func describe(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        let name = call["action"].lowercased()
        guard let action = reader.callableActions.first(where: { $0.name.lowercased() == name })
        else { throw RecordError(.notFound, "The requested resource does not exist") }
        return ActionBody(
            name: action.name,
            label: action.label,
            description: action.summary,
            kind: action.name.uppercased(),
            isStandard: true,
            inputs: action.inputs,
            outputs: action.outputs
        ).response
    }

    /// `POST actions/standard/NAME` with `{"inputs": […]}`: once for each.
    @Sendable static func run(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        let name = call["action"]
        let known = writer.callableActions.first { $0.name.lowercased() == name.lowercased() }
        return answer(
            try writer.runAction(name, inputs: try inputs(call)),
            of: known?.name ?? name,
            isFlow: false
        )
    }

    // MARK: - Flows

    /// `GET actions/custom/flow`: those that the caller may call.
    @Sendable static func flows(_ call: APICall, _ reader: RecordReader) throws -> APIResponse {
        list(
            reader.callableFlows.map { ($0.name.text, $0.label, "FLOW") },
            below: "actions/custom/flow",
            call
        )
    }

    /// `GET actions/custom/flow/NAME`: its variables for input and output.
    @Sendable static func describeFlow(
        _ call: APICall,
        _ reader: RecordReader
    ) throws -> APIResponse {
        let name = APIName(call["action"])
        guard let flow = reader.callableFlows.first(where: { $0.name == name }) else {
            throw RecordError(.notFound, "The requested resource does not exist")
        }
        return ActionBody(
            name: flow.name.text,
            label: flow.label,
            description: flow.description ?? flow.label,
            kind: "FLOW",
            isStandard: false,
            inputs: flow.variables.filter(\.isInput).map { ActionParameter($0) },
            outputs: flow.variables.filter(\.isOutput).map { ActionParameter($0) }
        ).response
    }

    /// `POST actions/custom/flow/NAME` with `{"inputs": […]}`: once for each, all together.
    @Sendable static func runFlow(_ call: APICall, _ writer: RecordWriter) throws -> APIResponse {
        let name = APIName(call["action"])
        let outcomes = try writer.runFlow(name.text, inputs: try inputs(call))
        let flow = writer.callableFlows.first { $0.name == name }
        return answer(outcomes, of: (flow?.name ?? name).text, isFlow: true)
    }

    // MARK: - Bodies

    private static func inputs(_ call: APICall) throws -> [JSONObject] {
        let body = try call.jsonObject()
        guard let given = body["inputs"]?.array, !given.isEmpty else {
            throw RecordError(
                .missingArgument,
                "inputs must be a list with an object for each call"
            )
        }
        return try given.map { input in
            guard let object = input.object else {
                throw RecordError(.invalidInput, "inputs must be a list of objects")
            }
            return object
        }
    }

    private static func list(
        _ actions: [(name: String, label: String, kind: String)],
        below path: String,
        _ call: APICall
    ) -> APIResponse {
        .json { writer in
            writer.beginObject()
            writer.key("actions")
            writer.beginArray()
            for action in actions {
                writer.beginObject()
                writer.member("label", action.label)
                writer.member("name", action.name)
                writer.member("type", action.kind)
                writer.member("url", call.url("\(path)/\(action.name)"))
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }

    /// 200, or 400 where every call failed.
    private static func answer(
        _ outcomes: [FlowOutcome],
        of name: String,
        isFlow: Bool
    ) -> APIResponse {
        var writer = JSONWriter()
        var isRefused = true
        writer.beginArray()
        for outcome in outcomes {
            writer.beginObject()
            writer.member("actionName", name)
            writer.key("errors")
            switch outcome {
            case .success: writer.null()
            case .failure(let error):
                writer.beginArray()
                writer.resultError(error)
                writer.endArray()
            }
            writer.member("invocationId", nil)
            if case .success(let values) = outcome {
                isRefused = false
                writer.member("isSuccess", true)
                writer.key("outputValues")
                writer.beginObject()
                for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                    writer.key(JSONKey(key))
                    writer.value(value)
                }
                if isFlow { writer.member("Flow__InterviewStatus", "Finished") }
                writer.endObject()
            } else {
                writer.member("isSuccess", false)
                writer.member("outputValues", nil)
            }
            writer.member("sortOrder", -1)
            writer.member("version", 1)
            writer.endObject()
        }
        writer.endArray()
        return isRefused ? .refused(writer.bytes) : .ok(writer.bytes)
    }
}
