/// Who has to agree before a record goes on: steps in order, each with its approvers.
///
/// The names are those of the Metadata API's `ApprovalProcess`.
package struct ApprovalProcess: Sendable {
    /// Who may submit a record.
    package struct Submitter: Sendable, Hashable {
        package enum Kind: String, Sendable, CaseIterable {
            case owner, creator, user, role, group, queue, allInternalUsers
        }

        package let type: Kind
        package let name: String?
    }

    package struct Approver: Sendable, Hashable {
        package enum Kind: String, Sendable, CaseIterable {
            case user, queue
            /// A lookup to a user on the submitter's own user record, such as the manager.
            case userHierarchyField
            /// A lookup to a user on the record itself.
            case relatedUserField
            /// Whom the submitter, or the approver before, chooses.
            case adhoc
        }

        package let type: Kind
        /// A username, a queue's developer name, or a field.
        package let name: String?
    }

    package enum Consent: String, Sendable, CaseIterable {
        case unanimous = "Unanimous"
        case firstResponse = "FirstResponse"
    }

    package enum Otherwise: String, Sendable, CaseIterable {
        case approve = "ApproveRecord"
        case reject = "RejectRecord"
        case next = "GotoNextStep"
    }

    package enum Rejection: String, Sendable, CaseIterable {
        case rejectRequest = "RejectRequest"
        case backToPrevious = "BackToPrevious"
    }

    package enum Editability: String, Sendable, CaseIterable {
        case administrators = "AdminOnly"
        case administratorsAndApprovers = "AdminOrCurrentApprover"
    }

    package struct Step: Sendable {
        package let name: APIName
        package let label: String
        package let entry: Criteria?
        package let otherwise: Otherwise
        package let approvers: [Approver]
        package let consent: Consent
        package let allowsDelegate: Bool
        package let rejection: Rejection
        package let approvalActions: [RuleAction]
        package let rejectionActions: [RuleAction]
        package let source: ShapedMap
    }

    package let object: APIName
    package let name: APIName
    package let label: String
    package let description: String?
    package let isActive: Bool
    package let entry: Criteria
    package let submitters: [Submitter]
    package let allowsRecall: Bool
    /// Whether a submitter may approve their own request.
    package let allowsOwnApproval: Bool
    package let editability: Editability
    package let locksWhenApproved: Bool
    package let locksWhenRejected: Bool
    package let steps: [Step]
    package let submissionActions: [RuleAction]
    package let approvalActions: [RuleAction]
    package let rejectionActions: [RuleAction]
    package let recallActions: [RuleAction]
    package let source: ShapedMap
}

extension ApprovalProcess {
    private static let criteria = Shape(
        title: "criteria",
        summary: "Some records.",
        keys: Criteria.keys
    )

    static let shape = Shape(
        title: "an approval process",
        summary: "Who has to agree before a record goes on.",
        keys: [
            .init("approvalProcess", .name, required: true, "Developer name."),
            .init("object", .name, required: true, "The object."),
            .init("label", .text, required: true, "Name for people."),
            .init("description", .text, "What is approved, and why."),
            .init("active", .boolean, "Whether records can be submitted; true where missing."),
            .init("entryCriteria", .map(criteria), "Records that can be submitted."),
            .init(
                "allowedSubmitters",
                .list(submitter),
                "Who submits; the owner of the record where it is missing."
            ),
            .init("allowRecall", .boolean, "Whether the submitter may take the request back."),
            .init(
                "allowOwnApproval",
                .boolean,
                "Whether a submitter may approve their own request; four eyes where it is missing."
            ),
            .init(
                "recordEditability",
                .choice(Editability.allCases.map(\.rawValue)),
                "Who may change a record that waits for approval; AdminOnly where missing."
            ),
            .init("finalApprovalRecordLock", .boolean, "An approved record stays locked."),
            .init("finalRejectionRecordLock", .boolean, "A rejected record stays locked."),
            .init("approvalStep", .list(step), required: true, "The steps, in their order."),
            .init("initialSubmissionActions", .list(RuleAction.shape), "When it is submitted."),
            .init("finalApprovalActions", .list(RuleAction.shape), "When all have approved."),
            .init("finalRejectionActions", .list(RuleAction.shape), "When it is rejected."),
            .init("recallActions", .list(RuleAction.shape), "When it is taken back."),
        ]
    )

    private static let submitter = Shape(
        title: "a submitter",
        summary: "Someone who may submit records.",
        keys: [
            .init(
                "type",
                .choice(Submitter.Kind.allCases.map(\.rawValue)),
                required: true,
                "What the name names."
            ),
            .init("submitter", .text, "A username, or a developer name; none for an owner."),
        ]
    )

    private static let approver = Shape(
        title: "an approver",
        summary: "Someone who has to agree.",
        keys: [
            .init(
                "type",
                .choice(Approver.Kind.allCases.map(\.rawValue)),
                required: true,
                "What the name names."
            ),
            .init("name", .text, "A username, a queue's developer name, or a field."),
        ]
    )

    private static let step = Shape(
        title: "an approval step",
        summary: "Those who are asked at the same time.",
        keys: [
            .init("name", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("entryCriteria", .map(criteria), "Records that need this step."),
            .init(
                "ifCriteriaNotMet",
                .choice(Otherwise.allCases.map(\.rawValue)),
                "What becomes of the others; the next step where it is missing."
            ),
            .init("approver", .list(approver), required: true, "Who is asked."),
            .init(
                "whenMultipleApprovers",
                .choice(Consent.allCases.map(\.rawValue)),
                "Whether one answer is enough; FirstResponse where it is missing."
            ),
            .init("allowDelegate", .boolean, "An approver's delegate may answer for them."),
            .init(
                "rejectBehavior",
                .choice(Rejection.allCases.map(\.rawValue)),
                "RejectRequest where it is missing."
            ),
            .init("approvalActions", .list(RuleAction.shape), "When the step is approved."),
            .init("rejectionActions", .list(RuleAction.shape), "When the step is rejected."),
        ]
    )

    init(_ map: ShapedMap) {
        func actions(_ key: String) -> [RuleAction] { map.list(key).map(RuleAction.init) }
        object = map.name("object") ?? ""
        name = map.name("approvalProcess") ?? ""
        label = map.text("label") ?? ""
        description = map.text("description")
        isActive = map.boolean("active") ?? true
        entry = map.map("entryCriteria").map(Criteria.init) ?? Criteria()
        let declared = map.list("allowedSubmitters").map { submitter in
            Submitter(
                type: submitter.text("type").flatMap(Submitter.Kind.init) ?? .owner,
                name: submitter.text("submitter")
            )
        }
        submitters = declared.isEmpty ? [Submitter(type: .owner, name: nil)] : declared
        allowsRecall = map.boolean("allowRecall") ?? false
        allowsOwnApproval = map.boolean("allowOwnApproval") ?? false
        editability =
            map.text("recordEditability").flatMap(Editability.init) ?? .administrators
        locksWhenApproved = map.boolean("finalApprovalRecordLock") ?? false
        locksWhenRejected = map.boolean("finalRejectionRecordLock") ?? false
        steps = map.list("approvalStep").map(Step.init)
        submissionActions = actions("initialSubmissionActions")
        approvalActions = actions("finalApprovalActions")
        rejectionActions = actions("finalRejectionActions")
        recallActions = actions("recallActions")
        source = map
    }

    /// Every action, wherever it stands.
    package var actions: [RuleAction] {
        submissionActions + approvalActions + rejectionActions + recallActions
            + steps.flatMap { $0.approvalActions + $0.rejectionActions }
    }

    var problems: [PackageProblem] {
        var found = actions.flatMap(\.problems)
        if steps.isEmpty {
            found.append(source.problem("an approval process needs a step", at: "approvalStep"))
        }
        for (index, step) in steps.enumerated() {
            if step.approvers.isEmpty {
                found.append(step.source.problem("a step needs an approver", at: "approver"))
            }
            for approver in step.approvers where approver.name == nil && approver.type != .adhoc {
                found.append(
                    step.source.problem("this kind of approver needs a `name`", at: "approver")
                )
            }
            if index == 0, step.rejection == .backToPrevious {
                found.append(
                    step.source.problem("there is no step before the first", at: "rejectBehavior")
                )
            }
            if steps[..<index].contains(where: { $0.name == step.name }) {
                found.append(step.source.problem("the step stands twice", at: "name"))
            }
        }
        return found
    }
}

extension ApprovalProcess.Step {
    init(_ map: ShapedMap) {
        name = map.name("name") ?? ""
        label = map.text("label") ?? ""
        entry = map.map("entryCriteria").map(Criteria.init)
        otherwise =
            map.text("ifCriteriaNotMet").flatMap(ApprovalProcess.Otherwise.init) ?? .next
        approvers = map.list("approver").map { approver in
            ApprovalProcess.Approver(
                type: approver.text("type").flatMap(ApprovalProcess.Approver.Kind.init) ?? .user,
                name: approver.text("name")
            )
        }
        consent =
            map.text("whenMultipleApprovers").flatMap(ApprovalProcess.Consent.init)
            ?? .firstResponse
        allowsDelegate = map.boolean("allowDelegate") ?? false
        rejection =
            map.text("rejectBehavior").flatMap(ApprovalProcess.Rejection.init) ?? .rejectRequest
        approvalActions = map.list("approvalActions").map(RuleAction.init)
        rejectionActions = map.list("rejectionActions").map(RuleAction.init)
        source = map
    }
}
