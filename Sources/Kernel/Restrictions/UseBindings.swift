import Metadata

/// Which parts of an org serve which of its declared uses, as its `UseBinding` records say.
///
/// Read only where a declared use is withheld: nothing else asks. While one is, no binding changes.
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
    private var products: [String: String] = [:]

    init() {}

    init(_ questions: SystemQuestions) throws {
        for row in try questions.rows("SELECT Name, Product FROM UseDeclaration") {
            guard let name = row.first?.text else { continue }
            products[name] = row.last?.text?.lowercased()
        }
        let rows = try questions.rows("SELECT Kind, Target, UseDeclaration.Name FROM UseBinding")
        for row in rows {
            guard row.count == 3, let kind = row[0].text.flatMap(Kind.init(rawValue:)),
                let target = row[1].text, let declaration = row[2].text
            else { continue }
            declarations[Target(kind, target), default: []].insert(declaration)
        }
    }

    /// The product that a declaration is about; `nil` for one that the org does not have.
    func product(of declaration: String) -> String? { products[declaration] }

    func standing(of kind: Kind, _ name: String, to declaration: String) -> Standing {
        guard let bound = declarations[Target(kind, name)] else { return .unbound }
        return bound.contains(declaration) ? .bound : .boundElsewhere
    }
}
