import Metadata

/// Which parts of an org serve which of its declared uses, as its `UseBinding` records say.
///
/// Read only where a declared use is withheld: nothing else asks. While one is, no binding changes.
/// Which product the use is of says the order, and not the org's own declaration, which may change.
struct UseBindings: Sendable {
    /// What can be bound; the texts are values of `UseBinding.Kind`.
    enum Kind: String, Sendable {
        case app = "App"
        case flow = "Flow"
        case client = "Client"
        case site = "Site"
        case prediction = "Prediction"
        case mailStream = "Mail stream"
    }

    /// How something stands to a declared use.
    enum Standing {
        case bound
        /// Bound to other uses alone.
        case boundElsewhere
        case unbound
    }

    private struct Target: Hashable {
        let kind: Kind
        let name: String

        init(_ kind: Kind, _ name: String) {
            self.kind = kind
            self.name = name.lowercased()
        }
    }

    private var declarations: [Target: Set<String>] = [:]

    init() {}

    init(_ questions: SystemQuestions) throws {
        let rows = try questions.rows("SELECT Kind, Target, UseDeclaration.Name FROM UseBinding")
        for row in rows {
            guard row.count == 3, let kind = row[0].text.flatMap(Kind.init(rawValue:)),
                let target = row[1].text, let declaration = row[2].text
            else { continue }
            declarations[Target(kind, target), default: []].insert(declaration)
        }
    }

    func standing(of kind: Kind, _ name: String, to declaration: String) -> Standing {
        guard let bound = declarations[Target(kind, name)] else { return .unbound }
        return bound.contains(declaration) ? .bound : .boundElsewhere
    }
}
