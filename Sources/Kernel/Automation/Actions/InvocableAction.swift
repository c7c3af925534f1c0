package import Metadata
private import Synchronization

/// Code that a flow may call by name, for all records of a batch at once.
///
/// It reads and writes through the writer it is given, as whoever the flow runs for.
package protocol InvocableAction: Sendable {
    /// As flows write it: `emailSimple`.
    var name: String { get }
    /// Its name for people.
    var label: String { get }
    /// What it does, in a sentence.
    var summary: String { get }
    /// Objects without which it cannot work.
    var needs: [APIName] { get }
    var inputs: [ActionParameter] { get }
    var outputs: [ActionParameter] { get }
    /// What a client needs to call it by itself; a flow needs nothing, being part of the org's own
    /// design.
    var permission: UserPermission? { get }

    /// - Parameter calls: one for each record; never empty.
    /// - Returns: one outcome for each call, in their order.
    func run(_ calls: [ActionCall], by writer: RecordWriter) throws -> [ActionOutcome]
}

extension InvocableAction {
    package var permission: UserPermission? { nil }
}

/// One input or output of an action.
package struct ActionParameter: Sendable {
    package let name: String
    /// `nil` for an input that takes anything.
    package let type: FlowType?
    package let isRequired: Bool
    package let summary: String

    package init(_ name: String, _ type: FlowType?, required: Bool = false, _ summary: String) {
        self.name = name
        self.type = type
        isRequired = required
        self.summary = summary
    }

    func isCalled(_ other: String) -> Bool { name.lowercased() == other.lowercased() }
}

/// What one record's interview asks of an action.
package struct ActionCall: Sendable {
    /// The record that started the flow, where one did.
    package let record: RecordID?
    private let inputs: [String: FlowValue]

    package init(record: RecordID?, inputs: [String: FlowValue]) {
        self.record = record
        self.inputs = Dictionary(
            inputs.map { ($0.key.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// What an input was given; `nil` where it was left out.
    package func input(_ name: String) -> FlowValue? { inputs[name.lowercased()] }

    package func text(_ name: String) -> String? {
        input(name).flatMap { FlowConversion.text($0.value) }
    }

    package func id(_ name: String) -> RecordID? { input(name).flatMap(ActionCall.id) }

    package func ids(_ name: String) -> [RecordID] {
        (input(name)?.items ?? []).compactMap(ActionCall.id)
    }

    private static func id(_ value: FlowValue) -> RecordID? {
        switch value {
        case .value(.id(let id)): id
        case .value(.text(let text)): try? RecordID(text)
        case .record(let record): record?.id
        case .value, .collection: nil
        }
    }

    package func boolean(_ name: String) -> Bool { input(name)?.value.boolean ?? false }
}

package enum ActionOutcome: Sendable {
    case success([String: FlowValue])
    case failure(RecordError)
}

/// The actions that flows may call.
package struct InvocableActions: Sendable {
    private let actions: [String: any InvocableAction]

    init(_ actions: [any InvocableAction]) {
        self.actions = Dictionary(
            actions.map { ($0.name.lowercased(), $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    package func action(_ name: String) -> (any InvocableAction)? { actions[name.lowercased()] }

    package var names: [String] { actions.values.map(\.name).sorted() }

    package var all: [any InvocableAction] { actions.values.sorted { $0.name < $1.name } }

    private static let kernel: [any InvocableAction] = [
        SendMail(), PostToFeed(), CopyRecord(), ConvertRecord(), SubmitForApproval(),
        SendWebhook(),
    ]

    private static let added = Mutex<[any InvocableAction]>([])

    /// Those of the kernel and those that were added.
    package static var present: InvocableActions {
        InvocableActions(added.withLock { $0 } + kernel)
    }

    /// Adds the actions of a part above the kernel; done once, before any org is opened.
    package static func add(_ actions: [any InvocableAction]) {
        added.withLock { known in
            known += actions.filter { new in !known.contains { $0.name == new.name } }
        }
    }
}
