package import Metadata

/// Why a rule did what it did with a record, or did nothing.
package struct RuleDecision: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case assignment = "Assignment"
        case autoResponse = "AutoResponse"
        case escalation = "Escalation"
        case entitlement = "Entitlement"
        case milestone = "Milestone"
        case approval = "Approval"
    }

    static let object: APIName = "RuleDecision"

    package let record: RecordID
    package let kind: Kind
    package let rule: APIName?
    /// 1 for the rule's first entry; `nil` where none matched.
    package let entry: Int?
    package let criteria: String?
    package internal(set) var outcome: String

    init(
        _ kind: Kind,
        of record: RecordID,
        rule: APIName? = nil,
        entry: Int? = nil,
        criteria: Criteria? = nil,
        outcome: String
    ) {
        self.kind = kind
        self.record = record
        self.rule = rule
        self.entry = entry
        self.criteria = criteria?.sentence
        self.outcome = outcome
    }
}

extension RecordWriter {
    /// Keeps decisions beside the records they are about.
    func keep(_ decisions: [RuleDecision]) throws {
        guard !decisions.isEmpty, let object = schema.object(RuleDecision.object) else { return }
        let drafts = decisions.map { decision in
            TypedDraft(
                object,
                [
                    ("ParentId", .id(decision.record)), ("Kind", .text(decision.kind.rawValue)),
                    ("RuleName", FieldValue(decision.rule?.text)),
                    ("EntryNumber", FieldValue(decision.entry)),
                    ("Criteria", FieldValue(decision.criteria.map { String($0.prefix(4_000)) })),
                    ("Outcome", .text(String(decision.outcome.prefix(255)))),
                ]
            )
        }
        try asSystem(because: "a rule's reasons are kept").saveOwn(drafts)
    }
}

extension Criteria {
    /// The criteria as a person reads them: the formula, or the conditions with their logic.
    package var sentence: String {
        if let formula { return formula }
        if items.isEmpty { return "every record" }
        let conditions = items.map { "\($0.field) \($0.operation.rawValue) \"\($0.value)\"" }
        guard let booleanFilter else { return conditions.joined(separator: " AND ") }
        let numbered = conditions.enumerated().map { "\($0.offset + 1): \($0.element)" }
        return "\(booleanFilter), where \(numbered.joined(separator: "; "))"
    }
}
