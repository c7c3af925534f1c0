import Metadata

extension FormulaNode {
    var fieldPaths: [FormulaPath] {
        var paths: [FormulaPath] = []
        var seen: Set<FormulaPath> = []
        visit { node in
            if case .field(let path) = node, path.root != .variable("$ObjectType"),
                seen.insert(path).inserted
            {
                paths.append(path)
            }
        }
        return paths
    }

    var globals: Set<FormulaGlobal> {
        var globals: Set<FormulaGlobal> = []
        visit { if case .global(let global) = $0 { globals.insert(global) } }
        return globals
    }
}

extension ResolvedFormula {
    package var variables: Set<String> {
        var names: Set<String> = []
        root.visit { node in
            if case .variable(let name, _) = node { names.insert(name) }
            if case .field(let path) = node, case .variable(let name) = path.root,
                name != "$ObjectType"
            {
                names.insert(name)
            }
        }
        return names
    }

    /// Whether it asks for the record before the save, or whether there was one.
    package var readsPriorValues: Bool {
        var found = false
        root.visit { node in
            switch node {
            case .field(let path): if path.root == .priorRecord { found = true }
            case .call(.isNew, _, _), .call(.isChanged, _, _), .call(.isClone, _, _): found = true
            default: break
            }
        }
        return found
    }

    /// Whether the same records always give the same value, whoever asks and whenever.
    package var isDeterministic: Bool {
        var result = true
        root.visit { node in
            switch node {
            case .global, .during(_, _, .literal), .call(.now, _, _), .call(.today, _, _),
                .call(.timeNow, _, _):
                result = false
            case .field(let path): if path.root == .user { result = false }
            default: break
            }
        }
        return result
    }

    /// Whether it looks into records that no lookup leads to.
    package var looksUpRecords: Bool {
        var found = false
        root.visit { if case .call(.vlookup, _, _) = $0 { found = true } }
        return found
    }

    /// The formula in one line, with names as they were declared.
    package var canonicalText: String { root.text }
}

extension FormulaNode {
    /// The parts of the node, in order.
    package var children: [FormulaNode] {
        switch self {
        case .literal, .field, .global, .variable: []
        case .computed(_, let node), .cast(_, let node), .negate(let node), .not(let node),
            .during(_, let node, _):
            [node]
        case .binary(_, let left, let right): [left, right]
        case .and(let nodes), .or(let nodes), .call(_, let nodes, _): nodes
        }
    }

    /// Calls `body` with the node and every node below it, from left to right.
    package func visit(_ body: (FormulaNode) -> Void) {
        body(self)
        for child in children { child.visit(body) }
    }
}
