import Metadata

// Answers, and second thoughts.
extension Approvals {
    /// A request that waits, with the way of its record.
    private struct Request {
        let id: RecordID
        let actor: RecordID
        let course: Course
    }

    func answer(
        _ answer: ApprovalAnswer,
        _ workitem: RecordID,
        _ comments: String?,
        _ chosen: [RecordID]
    ) throws -> ApprovalOutcome {
        let request = try request(workitem)
        let course = request.course
        try caller.refuse(.edit, of: course.object)
        guard let place = course.process.steps.firstIndex(where: { $0.name == course.step }) else {
            throw gone
        }
        let step = course.process.steps[place]
        try authorize(request, step)
        let user = caller.caller.user
        let status = answer == .approve ? "Approved" : "Rejected"
        try note(status, course, actor: user, original: request.actor, comments: comments)
        try remove([workitem.description])
        let others = try requests(of: course)
        if answer == .reject {
            try dismiss(others, course)
            return try reject(course, place, chosen)
        }
        if step.consent == .unanimous, !others.isEmpty {
            try keep(course.instance, [("LastActorId", .string(user.description))])
            return pending(course, others)
        }
        try dismiss(others, course)
        try act(step.approvalActions, course)
        return try go(course, from: place + 1, chosen: chosen)
    }

    private func pending(
        _ course: Course,
        _ requests: [(id: RecordID, actor: RecordID)]
    ) -> ApprovalOutcome {
        ApprovalOutcome(
            record: course.record,
            instance: course.instance,
            status: "Pending",
            actors: requests.map(\.actor),
            workitems: requests.map(\.id)
        )
    }

    private func reject(
        _ course: Course,
        _ place: Int,
        _ chosen: [RecordID]
    ) throws -> ApprovalOutcome {
        let step = course.process.steps[place]
        try act(step.rejectionActions, course)
        guard step.rejection == .backToPrevious, place > 0 else {
            return try finish(course, "Rejected")
        }
        return try go(course, from: place - 1, chosen: chosen)
    }

    /// Those who need not answer any more.
    private func dismiss(_ requests: [(id: RecordID, actor: RecordID)], _ course: Course) throws {
        for request in requests {
            try note("NoResponse", course, actor: request.actor, comments: nil)
        }
        try remove(requests.map(\.id.description))
    }

    private func requests(of course: Course) throws -> [(id: RecordID, actor: RecordID)] {
        try caller.ownRows(
            "SELECT Id, ActorId FROM ProcessInstanceWorkitem "
                + "WHERE ProcessInstanceId = '\(course.instance)' ORDER BY Id"
        ).compactMap { row in
            guard let id = row[0].id, let actor = row[1].id else { return nil }
            return (id: id, actor: actor)
        }
    }

    private var gone: RecordError {
        RecordError(.invalidCrossReferenceKey, "invalid cross reference id")
    }

    private func request(_ workitem: RecordID) throws -> Request {
        let row = try caller.ownRows(
            "SELECT Id, ActorId, ProcessInstanceId FROM ProcessInstanceWorkitem "
                + "WHERE Id = '\(workitem)'"
        ).first
        guard let actor = row?[1].id, let instance = row?[2].id,
            let course = try course(instance)
        else { throw gone }
        return Request(id: workitem, actor: actor, course: course)
    }

    private func course(_ instance: RecordID) throws -> Course? {
        let row = try caller.ownRows(
            "SELECT Id, TargetObjectId, SubmittedById, CurrentStep, "
                + "ProcessDefinition.DeveloperName FROM ProcessInstance "
                + "WHERE Id = '\(instance)' AND Status = 'Pending'"
        ).first
        guard let row, let record = row[1].id, let submitter = row[2].id,
            let object = caller.schema.object(withPrefix: record.prefix), let name = row[4].text,
            let process = caller.schema.automation.service.approvals.first(where: {
                $0.object == object.name && $0.name == APIName(name)
            })
        else { return nil }
        return Course(
            process: process,
            object: object,
            record: record,
            instance: instance,
            submitter: submitter,
            step: row[3].text.map { APIName($0) }
        )
    }

    /// Who is asked answers: the user, a member of the queue, a delegate where the step allows it, or
    /// who may change every record; but nobody answers a request of their own.
    private func authorize(_ request: Request, _ step: ApprovalProcess.Step) throws {
        let user = caller.caller.user
        let isAsked = try isAsked(request.actor, allowsDelegate: step.allowsDelegate)
        guard isAsked || caller.access.modifiesAll(request.course.object) else { throw notAsked }
        guard request.course.process.allowsOwnApproval || user != request.course.submitter else {
            throw RecordError(
                .insufficientAccessOnCrossReference,
                "who has submitted a record does not approve it: four eyes see more than two"
            )
        }
    }

    private var notAsked: RecordError {
        RecordError(
            .insufficientAccessOnCrossReference,
            "you are not asked to answer this request"
        )
    }

    private func isAsked(_ actor: RecordID, allowsDelegate: Bool) throws -> Bool {
        let user = caller.caller.user
        if actor == user || caller.access.queues.contains(actor) { return true }
        guard allowsDelegate, let users = caller.schema.object("User"),
            actor.prefix == users.keyPrefix, let delegate = users.field("DelegatedApproverId"),
            let record = try caller.writeTransaction.load(users, [actor]).first
        else { return false }
        return record[delegate] == .id(user)
    }

    func recall(_ id: RecordID, _ comments: String?) throws -> ApprovalOutcome {
        let instance = try instance(of: id)
        guard let course = try instance.flatMap(course) else { throw gone }
        try caller.refuse(.edit, of: course.object)
        let isOwn = course.submitter == caller.caller.user && course.process.allowsRecall
        guard isOwn || caller.access.modifiesAll(course.object) else {
            throw RecordError(
                .insufficientAccessOnCrossReference,
                course.submitter == caller.caller.user
                    ? "the process \(course.process.label) does not let a submission be taken back"
                    : "only who has submitted a record takes that back"
            )
        }
        try note("Removed", course, actor: caller.caller.user, comments: comments)
        return try finish(course, "Removed")
    }

    /// The pending instance that a request, a record or the instance itself names.
    private func instance(of id: RecordID) throws -> RecordID? {
        let byRequest = try caller.ownRows(
            "SELECT Id, ProcessInstanceId FROM ProcessInstanceWorkitem WHERE Id = '\(id)'"
        ).first?[1].id
        if let byRequest { return byRequest }
        return try caller.ownRows(
            "SELECT Id FROM ProcessInstance WHERE Status = 'Pending' "
                + "AND (Id = '\(id)' OR TargetObjectId = '\(id)')"
        ).first?[0].id
    }

    func reassign(
        _ workitem: RecordID,
        to actor: RecordID,
        _ comments: String?
    ) throws -> ApprovalOutcome {
        let request = try request(workitem)
        let isAsked = try isAsked(request.actor, allowsDelegate: false)
        guard isAsked || caller.access.modifiesAll(request.course.object) else { throw notAsked }
        guard try canAnswer(actor) else {
            throw RecordError(
                .invalidCrossReferenceKey,
                "an approval request goes to an active user or to a queue with members",
                fields: ["ActorId"]
            )
        }
        try note(
            "Reassigned",
            request.course,
            actor: caller.caller.user,
            original: request.actor,
            comments: comments
        )
        try system.saveOwn(
            [
                RecordDraft(
                    object: "ProcessInstanceWorkitem",
                    id: workitem.description,
                    values: ["ActorId": .string(actor.description)]
                )
            ],
            .update
        )
        return pending(request.course, try requests(of: request.course))
    }
}
