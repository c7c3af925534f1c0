import Metadata

// From step to step, and to the end.
extension Approvals {
    /// Asks those of the first step, from a place on, that the record needs.
    func go(
        _ course: Course,
        from place: Int,
        chosen: [RecordID]
    ) throws -> ApprovalOutcome {
        for step in course.process.steps.dropFirst(place) {
            guard try isNeeded(step, course) else {
                switch step.otherwise {
                case .next: continue
                case .approve: return try finish(course, "Approved")
                case .reject: return try finish(course, "Rejected")
                }
            }
            return try ask(step, course, chosen)
        }
        return try finish(course, "Approved")
    }

    private func isNeeded(_ step: ApprovalProcess.Step, _ course: Course) throws -> Bool {
        guard let entry = step.entry else { return true }
        guard
            let record = try caller.writeTransaction.load(course.object, [course.record]).first
        else { return false }
        return try RuleMatching(reader: caller, object: course.object)
            .holds([entry], for: [RecordChange(before: record, after: record)])[0][0]
    }

    private func ask(
        _ step: ApprovalProcess.Step,
        _ course: Course,
        _ chosen: [RecordID]
    ) throws -> ApprovalOutcome {
        var actors: [RecordID] = []
        for approver in step.approvers {
            for actor in try self.actors(approver, step, course, chosen)
            where !actors.contains(actor) {
                actors.append(actor)
            }
        }
        try keep(course.instance, [("CurrentStep", .string(step.name.text))])
        let workitems = try actors.map { actor in
            try make(
                "ProcessInstanceWorkitem",
                [
                    ("ProcessInstanceId", .string(course.instance.description)),
                    ("OriginalActorId", .string(actor.description)),
                    ("ActorId", .string(actor.description)),
                ]
            )
        }
        return ApprovalOutcome(
            record: course.record,
            instance: course.instance,
            status: "Pending",
            actors: actors,
            workitems: workitems
        )
    }

    /// Whom an approver stands for.
    ///
    /// - Throws: `RecordError` with `.managerNotDefined` where that is nobody: a request that nobody
    ///   can answer is refused when it is made.
    private func actors(
        _ approver: ApprovalProcess.Approver,
        _ step: ApprovalProcess.Step,
        _ course: Course,
        _ chosen: [RecordID]
    ) throws -> [RecordID] {
        let found: [RecordID]
        switch approver.type {
        case .user: found = try [named("User", "Username", approver.name)].compactMap { $0 }
        case .queue:
            found = try [named("Group", "DeveloperName", approver.name)].compactMap { $0 }
        case .userHierarchyField: found = try user(approver.name, of: course.submitter)
        case .relatedUserField: found = try user(approver.name, of: course.record)
        case .adhoc: found = chosen
        }
        let able = try found.filter(canAnswer)
        guard !able.isEmpty else {
            throw RecordError(
                .managerNotDefined,
                "nobody can answer the step \(step.label): "
                    + (approver.type == .adhoc
                        ? "choose the next approver"
                        : "`\(approver.name ?? "")` names no active user or queue with members")
            )
        }
        return able
    }

    private func user(_ field: String?, of record: RecordID) throws -> [RecordID] {
        guard let object = caller.schema.object(withPrefix: record.prefix),
            let field = field.flatMap({ object.field(APIName($0)) }),
            let stored = try caller.writeTransaction.load(object, [record]).first
        else { return [] }
        return [stored[field].id].compactMap { $0 }
    }

    /// Whether it is an active user, or a queue with members.
    func canAnswer(_ actor: RecordID) throws -> Bool {
        guard let users = caller.schema.object("User"), actor.prefix == users.keyPrefix else {
            return try caller.snapshot.groups.isQueue(actor) && caller.hasMembers(queue: actor)
        }
        return try !caller.ownRows(
            "SELECT Id FROM User WHERE Id = '\(actor)' AND IsActive = true"
        ).isEmpty
    }

    func finish(_ course: Course, _ status: String) throws -> ApprovalOutcome {
        let removed = try caller.ownRows(
            "SELECT Id FROM ProcessInstanceWorkitem WHERE ProcessInstanceId = '\(course.instance)'"
        ).compactMap { $0[0].id?.description }
        try remove(removed)
        try keep(
            course.instance,
            [
                ("Status", .string(status)), ("CompletedDate", .moment(caller.now)),
                ("LastActorId", .string(caller.caller.user.description)), ("CurrentStep", .null),
            ]
        )
        switch status {
        case "Approved": try act(course.process.approvalActions, course)
        case "Rejected": try act(course.process.rejectionActions, course)
        default: try act(course.process.recallActions, course)
        }
        return ApprovalOutcome(
            record: course.record,
            instance: course.instance,
            status: status,
            actors: [],
            workitems: []
        )
    }
}

// MARK: - What is kept

extension Approvals {
    func act(_ actions: [RuleAction], _ course: Course) throws {
        try RuleActions(writer: system, object: course.object).run(
            actions,
            for: course.record,
            because: "approval process \(course.process.name)"
        )
    }

    func make(_ object: String, _ values: [(String, JSONValue)]) throws -> RecordID {
        let draft = RecordDraft(object: object, values: JSONObject(pairs: values))
        let result = try system.save([draft], .create, options: .own)[0]
        guard let id = result.id else {
            throw result.errors.first ?? RecordError(.unknownException, "nothing was kept")
        }
        return id
    }

    func keep(_ instance: RecordID, _ values: [(String, JSONValue)]) throws {
        try system.saveOwn(
            [
                RecordDraft(
                    object: "ProcessInstance",
                    id: instance.description,
                    values: JSONObject(pairs: values)
                )
            ],
            .update
        )
    }

    /// Adds to the history of the approval.
    func note(
        _ status: String,
        _ course: Course,
        actor: RecordID,
        original: RecordID? = nil,
        comments: String?
    ) throws {
        let node = try caller.ownRows(
            "SELECT Id FROM ProcessNode "
                + "WHERE DeveloperName = \(RuleAssignees.quoted(course.step?.text ?? "")) "
                + "AND ProcessDefinition.DeveloperName = "
                + "\(RuleAssignees.quoted(course.process.name.text))"
        ).first?[0].id
        _ = try make(
            "ProcessInstanceStep",
            [
                ("ProcessInstanceId", .string(course.instance.description)),
                ("StepStatus", .string(status)),
                ("OriginalActorId", .string((original ?? actor).description)),
                ("ActorId", .string(actor.description)), ("Comments", .text(comments)),
                ("StepNodeId", .text(node?.description)),
            ]
        )
    }

    func remove(_ ids: [String]) throws {
        guard !ids.isEmpty else { return }
        if let error = try system.delete(ids).lazy.compactMap(\.errors.first).first { throw error }
    }
}
