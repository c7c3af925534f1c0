package import Gateway

/// Finds the route for a path: fixed words in any letter case before variables.
package struct RouteTable: Sendable {
    /// A stretch of paths that begin alike.
    private struct Node: Sendable {
        /// By word, in lower case.
        var words: [String: Int] = [:]
        var variable: Int?
        var routes: [APIRequest.Method: Route] = [:]
    }

    /// A path that the API has.
    package struct Match: Sendable {
        /// By method; never empty.
        package let routes: [APIRequest.Method: Route]
        /// What the path has in the places of the variables, in order.
        package let values: [String]

        /// `GET,HEAD,POST`, as the answer to a wrong method lists them.
        package var allowedMethods: String {
            var methods = routes.keys.map(\.rawValue)
            if routes[.get] != nil { methods.append(APIRequest.Method.head.rawValue) }
            return Set(methods).sorted().joined(separator: ",")
        }
    }

    package let routes: [Route]
    private var nodes = [Node()]

    package init(_ routes: [Route]) {
        self.routes = routes
        for route in routes {
            var node = 0
            for segment in route.pattern { node = step(from: node, segment) }
            nodes[node].routes[route.method] = route
        }
    }

    private mutating func step(from node: Int, _ segment: String) -> Int {
        if segment.hasPrefix(":") {
            if let next = nodes[node].variable { return next }
            nodes.append(Node())
            nodes[node].variable = nodes.count - 1
        } else {
            if let next = nodes[node].words[segment.lowercased()] { return next }
            nodes.append(Node())
            nodes[node].words[segment.lowercased()] = nodes.count - 1
        }
        return nodes.count - 1
    }

    /// The routes for a path, or `nil` where the API has no such path.
    package func match(_ segments: [String]) -> Match? {
        match(segments[...], from: 0, values: [])
    }

    private func match(_ segments: ArraySlice<String>, from index: Int, values: [String]) -> Match?
    {
        let node = nodes[index]
        guard let segment = segments.first else {
            return node.routes.isEmpty ? nil : Match(routes: node.routes, values: values)
        }
        let rest = segments.dropFirst()
        if let next = node.words[segment] ?? node.words[segment.lowercased()],
            let found = match(rest, from: next, values: values)
        {
            return found
        }
        // A word that leads nowhere may still be the value of a variable.
        return node.variable.flatMap { match(rest, from: $0, values: values + [segment]) }
    }
}
