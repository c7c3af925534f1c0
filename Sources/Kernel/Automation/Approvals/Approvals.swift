package import Metadata

/// A wish to have a record approved.
package struct ApprovalSubmission: Sendable {
    package var record: RecordID
    /// The process's developer name; the first that takes the record where it is missing.
    package var process: String?
    package var comments: String?
    /// In whose name; the caller where it is missing.
    package var submitter: RecordID?
    /// Whom the submitter asks, where the process leaves that to them.
    package var nextApprovers: [RecordID]
    /// Submit although the entry criteria do not hold; for those who may change every record.
    package var skipsEntryCriteria: Bool

    package init(
        record: RecordID,
        process: String? = nil,
        comments: String? = nil,
        submitter: RecordID? = nil,
        nextApprovers: [RecordID] = [],
        skipsEntryCriteria: Bool = false
    ) {
        self.record = record
        self.process = process
        self.comments = comments
        self.submitter = submitter
        self.nextApprovers = nextApprovers
        self.skipsEntryCriteria = skipsEntryCriteria
    }
}

/// An answer to an approval request.
package enum ApprovalAnswer: String, Sendable {
    case approve = "Approve"
    case reject = "Reject"
}

/// How a record's approval stands after a step.
package struct ApprovalOutcome: Hashable, Sendable {
    package let record: RecordID
    package let instance: RecordID
    /// `Pending`, `Approved`, `Rejected` or `Removed`.
    package let status: String
    /// Who is asked now.
    package let actors: [RecordID]
    /// The requests that wait for them.
    package let workitems: [RecordID]
}

extension RecordWriter {
    /// Submits a record for approval.
    ///
    /// - Throws: `RecordError`: `.alreadyInProcess` where it waits already, `.noApplicableProcess`
    ///   where no process takes it from this submitter, `.managerNotDefined` where someone who would
    ///   have to answer is missing; then nothing has changed.
    package func submit(_ submission: ApprovalSubmission) throws -> ApprovalOutcome {
        try savepoint { try Approvals(caller: self).submit(submission) }
    }

    /// Answers an approval request.
    ///
    /// - Parameter nextApprovers: whom the approver asks next, where the process leaves that open.
    /// - Throws: `RecordError` with `.insufficientAccessOnCrossReference` for those who are not
    ///   asked, and for who submitted it.
    package func answer(
        _ answer: ApprovalAnswer,
        to workitem: RecordID,
        comments: String? = nil,
        nextApprovers: [RecordID] = []
    ) throws -> ApprovalOutcome {
        try savepoint {
            try Approvals(caller: self).answer(answer, workitem, comments, nextApprovers)
        }
    }

    /// Takes a submission back, by any of its requests or by the record.
    package func recallApproval(
        of id: RecordID,
        comments: String? = nil
    ) throws -> ApprovalOutcome {
        try savepoint { try Approvals(caller: self).recall(id, comments) }
    }

    /// Gives a request to someone else.
    package func reassignApproval(
        _ workitem: RecordID,
        to actor: RecordID,
        comments: String? = nil
    ) throws -> ApprovalOutcome {
        try savepoint { try Approvals(caller: self).reassign(workitem, to: actor, comments) }
    }
}

/// Records on their way through approval processes.
struct Approvals {
    /// As whoever submits or answers.
    let caller: RecordWriter
    /// With every right: what follows from an answer is the process's doing.
    let system: RecordWriter

    init(caller: RecordWriter) {
        self.caller = caller
        system = caller.asSystem(because: "an approval process goes on")
    }

    /// One record's way through a process.
    struct Course {
        let process: ApprovalProcess
        let object: ObjectDefinition
        let record: RecordID
        let instance: RecordID
        let submitter: RecordID
        let step: APIName?
    }

    private var rules: ServiceRules { caller.schema.automation.service }

    func submit(_ submission: ApprovalSubmission) throws -> ApprovalOutcome {
        let (object, record) = try seen(submission.record)
        try caller.refuse(.edit, of: object)
        let submitter = try submitter(of: submission, object)
        let pending = try caller.ownRows(
            "SELECT Id FROM ProcessInstance WHERE TargetObjectId = '\(record.id)' "
                + "AND Status = 'Pending' LIMIT 1"
        )
        guard pending.isEmpty else {
            throw RecordError(.alreadyInProcess, "the \(object.label) waits for approval already")
        }
        let process = try process(for: record, object, submission, submitter)
        let definition = try caller.ownRows(
            "SELECT Id FROM ProcessDefinition WHERE DeveloperName = "
                + "\(RuleAssignees.quoted(process.name.text)) "
                + "AND TableEnumOrId = \(RuleAssignees.quoted(object.name.text))"
        ).first?[0].id
        let instance = try make(
            "ProcessInstance",
            [
                ("ProcessDefinitionId", .text(definition?.description)),
                ("TargetObjectId", .string(record.id.description)), ("Status", "Pending"),
                ("SubmittedById", .string(submitter.description)),
                ("LastActorId", .string(caller.caller.user.description)),
            ]
        )
        let course = Course(
            process: process,
            object: object,
            record: record.id,
            instance: instance,
            submitter: submitter,
            step: nil
        )
        try note("Started", course, actor: submitter, comments: submission.comments)
        try act(process.submissionActions, course)
        return try go(course, from: 0, chosen: submission.nextApprovers)
    }

    /// A record that the caller sees.
    private func seen(_ id: RecordID) throws -> (ObjectDefinition, StoredRecord) {
        guard let object = caller.schema.object(withPrefix: id.prefix),
            try caller.visible([id], of: object).contains(id),
            let record = try caller.writeTransaction.load(object, [id]).first
        else { throw RecordError(.invalidCrossReferenceKey, "invalid cross reference id") }
        return (object, record)
    }

    /// In whose name; only those who may change every record submit in another's.
    private func submitter(
        of submission: ApprovalSubmission,
        _ object: ObjectDefinition
    ) throws -> RecordID {
        let user = caller.caller.user
        guard let other = submission.submitter, other != user else { return user }
        guard caller.access.modifiesAll(object) else {
            throw RecordError(
                .insufficientAccessOnCrossReference,
                "only those who may change every \(object.label) submit in another's name"
            )
        }
        return other
    }

    private func process(
        for record: StoredRecord,
        _ object: ObjectDefinition,
        _ submission: ApprovalSubmission,
        _ submitter: RecordID
    ) throws -> ApprovalProcess {
        let all = rules.approvals(of: object.name)
        let wanted =
            submission.process.map { name in all.filter { $0.name == APIName(name) } } ?? all
        let change = RecordChange(before: record, after: record)
        let matching = RuleMatching(reader: caller, object: object)
        let skips = submission.skipsEntryCriteria && caller.access.modifiesAll(object)
        for process in wanted {
            guard try skips || matching.holds([process.entry], for: [change])[0][0],
                try mayBeSubmitted(record, object, process, by: submitter)
            else { continue }
            return process
        }
        throw RecordError(
            .noApplicableProcess,
            submission.process.map {
                "the approval process `\($0.prefix(80))` does not take this \(object.label) from you"
            } ?? "no approval process takes this \(object.label) from you"
        )
    }

    private func mayBeSubmitted(
        _ record: StoredRecord,
        _ object: ObjectDefinition,
        _ process: ApprovalProcess,
        by user: RecordID
    ) throws -> Bool {
        let role = try caller.ownRows("SELECT Id, UserRoleId FROM User WHERE Id = '\(user)'")
            .first?[1].id
        let groups = caller.snapshot.groups.groups(
            of: user,
            role: role,
            roles: caller.snapshot.roles
        )
        return try process.submitters.contains { submitter in
            switch submitter.type {
            case .allInternalUsers: return true
            case .owner:
                guard let owner = object.ownerField.flatMap({ record[$0].id }) else { return false }
                return owner == user || groups.contains(owner)
            case .creator:
                return object.field("CreatedById").map { record[$0] == .id(user) } ?? false
            case .user:
                return try named("User", "Username", submitter.name) == user
            case .role:
                guard let role else { return false }
                return try named("UserRole", "DeveloperName", submitter.name) == role
            case .group, .queue:
                return try named("Group", "DeveloperName", submitter.name).map(groups.contains)
                    ?? false
            }
        }
    }

    func named(_ object: String, _ field: String, _ name: String?) throws -> RecordID? {
        guard let name else { return nil }
        return try caller.ownRows(
            "SELECT Id FROM \(object) WHERE \(field) = \(RuleAssignees.quoted(name)) ORDER BY Id"
        ).first?[0].id
    }
}
