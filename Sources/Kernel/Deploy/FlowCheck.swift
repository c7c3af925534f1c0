import Metadata

/// Checks that every flow can run: names, types, places, and that no flow calls itself.
struct FlowCheck {
    let schema: OrgSchema

    var problems: [PackageProblem] {
        var problems = duplicates + circles
        let actions = InvocableActions.present
        for flow in schema.automation.flows {
            var compiler = FlowCompiler(flow, in: schema, actions: actions)
            _ = compiler.plan()
            problems += compiler.problems
        }
        return problems
    }

    private var duplicates: [PackageProblem] {
        var seen: Set<APIName> = []
        return schema.automation.flows.filter { !seen.insert($0.name).inserted }.map {
            $0.map.problem("another flow is called `\($0.name)` already", at: "flow")
        }
    }

    /// Sub-flow calls that come back to where they began: such a flow would never end.
    private var circles: [PackageProblem] {
        let calls = Dictionary(
            schema.automation.flows.map { flow in
                (flow.name, flow.allSteps.compactMap(FlowCheck.call))
            },
            uniquingKeysWith: { first, _ in first }
        )
        return schema.automation.flows.flatMap { flow in
            (calls[flow.name] ?? []).compactMap { call in
                guard let way = FlowCheck.way(from: call.flow, to: flow.name, calls) else {
                    return nil
                }
                let circle = ([flow.name] + way).map(\.text).joined(separator: " → ")
                return call.map.problem(
                    "the flow would call itself for ever: \(circle)",
                    at: "flowName"
                )
            }
        }
    }

    private typealias Call = (flow: APIName, map: ShapedMap)

    private static func call(_ step: FlowStep) -> Call? {
        if case .subflow(let name, _, _) = step.element { (name, step.map) } else { nil }
    }

    /// The flows from one to another, by the shortest way.
    private static func way(
        from start: APIName,
        to end: APIName,
        _ calls: [APIName: [Call]]
    ) -> [APIName]? {
        var ways: [[APIName]] = [[start]]
        var seen: Set<APIName> = [start]
        while !ways.isEmpty {
            let way = ways.removeFirst()
            guard let last = way.last else { continue }
            if last == end { return way }
            for call in calls[last] ?? [] where seen.insert(call.flow).inserted {
                ways.append(way + [call.flow])
            }
        }
        return nil
    }
}
