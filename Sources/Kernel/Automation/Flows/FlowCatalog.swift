package import Metadata

/// The flows of an org's schema, made ready to run once.
package final class FlowCatalog: Sendable {
    /// A flow that is to start, or the reason why it cannot.
    enum Entry: Sendable {
        case ready(FlowPlan)
        /// It passed the checks of its deploy, and no longer would: an action is gone.
        case broken(FlowDefinition, String)

        var definition: FlowDefinition {
            switch self {
            case .ready(let plan): plan.definition
            case .broken(let definition, _): definition
            }
        }
    }

    let actions: InvocableActions
    private let byName: [APIName: Entry]
    private let byTrigger: [FlowStart.Trigger: [APIName: [Entry]]]

    package init(_ schema: OrgSchema, actions: InvocableActions = .present) {
        self.actions = actions
        var byName: [APIName: Entry] = [:]
        var byTrigger: [FlowStart.Trigger: [APIName: [Entry]]] = [:]
        let ordered = schema.automation.flows.sorted {
            ($0.triggerOrder, $0.name) < ($1.triggerOrder, $1.name)
        }
        for flow in ordered {
            var compiler = FlowCompiler(flow, in: schema, actions: actions)
            let entry: Entry =
                if let plan = compiler.plan() {
                    .ready(plan)
                } else {
                    .broken(flow, compiler.problems.first?.description ?? "it is not sound")
                }
            byName[flow.name] = entry
            guard flow.status == .active else { continue }
            let object = flow.start.object ?? ""
            byTrigger[flow.start.trigger, default: [:]][object, default: []].append(entry)
        }
        self.byName = byName
        self.byTrigger = byTrigger
    }

    /// The active flows that something starts for records of an object, in their order.
    func flows(of object: APIName, _ trigger: FlowStart.Trigger) -> [Entry] {
        byTrigger[trigger]?[object] ?? []
    }

    func entry(_ name: APIName) -> Entry? { byName[name] }

    /// A flow by name, ready to run.
    func plan(_ name: APIName) throws -> FlowPlan {
        switch byName[name] {
        case .ready(let plan): return plan
        case .broken(_, let reason):
            throw RecordError(.invalidOperation, "the flow \(name) cannot run: \(reason)")
        case nil:
            let hint = Suggestion.phrase(for: name.text, among: byName.keys.map(\.text))
            throw RecordError(.notFound, "there is no flow `\(name.text.prefix(80))`\(hint)")
        }
    }

    /// The active scheduled flows.
    var scheduled: [FlowDefinition] {
        (byTrigger[.scheduled] ?? [:]).values.flatMap { $0 }.map(\.definition)
            .sorted { $0.name < $1.name }
    }
}

extension OrgSchema {
    /// The schema's flows, made ready when they are first asked for.
    package var flowCatalog: FlowCatalog { made { FlowCatalog($0) } }
}

extension RecordReader {
    var flowCatalog: FlowCatalog { schema.flowCatalog }
}
