package import Metadata

/// A value that a flow refers to: what holds it, and the way from there to a field.
package struct FlowPath: Sendable, Hashable {
    package enum Root: Sendable, Hashable {
        /// A variable, an element's result, a loop's item.
        case slot(Int)
        /// `$Record`.
        case record
        /// `$Record__Prior`.
        case prior
        /// The user in whose name the flow runs: `$User`, `$Profile`, `$UserRole`.
        case user
        /// `$Organization`.
        case organization
        case formula(Int)
        case template(Int)
        case moment(Moment)
    }

    /// What `$Flow` knows.
    package enum Moment: String, Sendable, Hashable, CaseIterable {
        case currentDate = "CurrentDate"
        case currentDateTime = "CurrentDateTime"
        case interviewStartTime = "InterviewStartTime"
        case faultMessage = "FaultMessage"
    }

    package let root: Root
    /// The object of the record that the root holds, where it holds one.
    let object: ObjectDefinition?
    /// The lookups to follow, by their relationship names; none for a field of the record itself.
    package let parents: [APIName]
    /// The field; `nil` for the whole of what the root holds.
    let field: FieldDefinition?
    /// The first lookup, where there are parents.
    let lookup: FieldDefinition?
    package let type: FlowType
    /// As it was written.
    package let text: String

    init(
        root: Root,
        object: ObjectDefinition? = nil,
        parents: [APIName] = [],
        field: FieldDefinition? = nil,
        lookup: FieldDefinition? = nil,
        type: FlowType,
        text: String
    ) {
        self.root = root
        self.object = object
        self.parents = parents
        self.field = field
        self.lookup = lookup
        self.type = type
        self.text = text
    }

    /// Whether the value stands in another record than the one the root holds, or is computed by the
    /// store.
    var isFetched: Bool {
        switch root {
        case .user, .organization: true
        case .slot, .record, .prior: !parents.isEmpty || field.map { !$0.isStored } ?? false
        case .formula, .template, .moment: false
        }
    }

    /// What is asked of the record that is fetched: the path behind the first lookup, or the whole
    /// path where the root is known by its id.
    var asked: String {
        let names = parents.map(\.text) + (field.map { [$0.name.text] } ?? [])
        switch root {
        case .user, .organization: return names.joined(separator: ".")
        case .slot, .record, .prior, .formula, .template, .moment:
            return names.dropFirst(parents.isEmpty ? 0 : 1).joined(separator: ".")
        }
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.root == right.root && left.parents == right.parents
            && left.field?.name == right.field?.name
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(root)
        hasher.combine(parents)
        hasher.combine(field?.name)
    }
}

/// Where a value comes from, with every name found.
package indirect enum FlowExpression: Sendable {
    case constant(FieldValue)
    case path(FlowPath)
    /// Text and the values between it.
    case template([FlowExpression])
    case formula(FlowFormulaPlan)

    /// The paths that it asks for itself; those of the flow's formulas it names are theirs.
    var paths: [FlowPath] {
        switch self {
        case .constant: []
        case .path(let path): [path]
        case .template(let parts): parts.flatMap(\.paths)
        case .formula(let plan): plan.paths
        }
    }
}
