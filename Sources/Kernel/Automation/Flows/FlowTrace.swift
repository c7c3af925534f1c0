package import Metadata

/// What one interview did and why: the elements in order, the ways taken, names and counts but no
/// values.
package struct FlowTrace: Sendable, Hashable {
    package enum Outcome: String, Sendable, Hashable {
        case finished = "Finished"
        case failed = "Failed"
        case waiting = "Waiting"
    }

    package struct Entry: Sendable, Hashable {
        package let element: String
        /// `decision`, `recordLookup`, ….
        package let kind: String
        /// What came of it, as a sentence for a person.
        package let what: String
        /// How many elements it stands in.
        package let depth: Int
    }

    package let flow: APIName
    package let label: String
    /// The record that started it, where one did.
    package let record: RecordID?
    package let startedAt: Instant
    package var outcome: Outcome = .finished
    package var error: String?
    package var entries: [Entry] = []
    /// Entries beyond those that are kept.
    package var leftOut = 0

    package init(flow: APIName, label: String, record: RecordID?, startedAt: Instant) {
        self.flow = flow
        self.label = label
        self.record = record
        self.startedAt = startedAt
    }

    mutating func add(_ step: FlowPlan.Step, _ what: String) {
        guard entries.count < FlowLimits.traceEntriesMax else {
            leftOut += 1
            return
        }
        entries.append(
            Entry(
                element: step.name.text,
                kind: step.kind.word,
                what: what,
                depth: step.position.count / 2
            )
        )
    }

    /// Notes something about the flow as a whole.
    mutating func add(_ what: String) {
        entries.append(Entry(element: flow.text, kind: "flow", what: what, depth: 0))
    }

    /// The entries as lines for a person.
    package var text: String {
        var lines = entries.map { entry in
            String(repeating: "  ", count: entry.depth)
                + "\(entry.kind) \(entry.element): \(entry.what)"
        }
        if leftOut > 0 { lines.append("… and \(leftOut) more") }
        return lines.joined(separator: "\n")
    }
}

extension FlowPlan.Step.Kind {
    /// The key by which metadata says it.
    var word: String {
        switch self {
        case .decision: "decision"
        case .assignment: "assignment"
        case .loop: "loop"
        case .filter: "collectionFilter"
        case .sort: "collectionSort"
        case .transform: "transform"
        case .lookup: "recordLookup"
        case .create: "recordCreate"
        case .update: "recordUpdate"
        case .delete: "recordDelete"
        case .subflow: "subflow"
        case .action: "actionCall"
        case .wait: "wait"
        case .customError: "customError"
        case .end: "end"
        }
    }
}
