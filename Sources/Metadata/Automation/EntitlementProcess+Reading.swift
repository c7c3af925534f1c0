extension EntitlementProcess {
    private static let criteria = Shape(
        title: "criteria",
        summary: "Some records.",
        keys: Criteria.keys
    )

    static let shape = Shape(
        title: "an entitlement process",
        summary: "What is promised for a kind of record, and what happens when it is not kept.",
        keys: [
            .init("entitlementProcess", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("description", .text, "Whom it is for."),
            .init("SObjectType", .name, required: true, "The object: Case."),
            .init("active", .boolean, "Whether records enter it; true where it is missing."),
            .init("versionNumber", .integer, "The version; 1 where it is missing."),
            .init("isVersionDefault", .boolean, "Whether new records start with this version."),
            .init("versionNotes", .text, "What is different from the version before."),
            .init(
                "businessHours",
                .text,
                "The name of the hours that count, where neither record nor entitlement names any."
            ),
            .init(
                "entryStartDateField",
                .name,
                "From when time counts: CreatedDate, where missing."
            ),
            .init(
                "entryCriteria",
                .map(criteria),
                "Records that enter without an entitlement of their own."
            ),
            .init("exitCriteria", .map(criteria), "Records that leave it: `IsClosed` is true."),
            .init("pauseCriteria", .map(criteria), "While this holds, no time passes."),
            .init(
                "reopenPolicy",
                .choice(ReopenPolicy.allCases.map(\.rawValue)),
                "What happens to the clocks of a record that comes back; resume where missing."
            ),
            .init("milestones", .list(milestone), required: true, "What is promised."),
        ]
    )

    private static let milestone = Shape(
        title: "a milestone of a process",
        summary: "Something promised within a time.",
        keys: [
            .init("milestoneName", .name, required: true, "Its milestone type."),
            .init("minutesToComplete", .integer, required: true, "Within how many minutes."),
            .init(
                "useCriteriaStartTime",
                .boolean,
                "Time counts from when the criteria became true, not from the process's start."
            ),
            .init("businessHours", .text, "Hours of its own, by their name."),
            .init("milestoneCriteria", .map(criteria), "Records it is about; all, where missing."),
            .init(
                "completionCriteria",
                .map(criteria),
                "It is completed once this holds of the record."
            ),
            .init("completedByRecord", .map(response), "Or once such a record points to it."),
            .init("successActions", .list(RuleAction.shape), "What happens when it is kept."),
            .init("timeTriggers", .list(timeTrigger), "What happens before and after its target."),
        ]
    )

    private static let response = Shape(
        title: "a completing record",
        summary: "A new record of another object, such as an answer.",
        keys: [
            .init("object", .name, required: true, "Its object: CaseComment."),
            .init("field", .name, required: true, "Its lookup to the record: ParentId."),
        ] + Criteria.keys
    )

    private static let timeTrigger = Shape(
        title: "a time trigger",
        summary: "What happens so long before or after a milestone's target.",
        keys: [
            .init(
                "timeLength",
                .integer,
                required: true,
                "Negative before the target, zero at it, positive after it."
            ),
            .init(
                "workflowTimeTriggerUnit",
                .choice(["Minutes", "Hours", "Days"]),
                "Minutes where it is missing."
            ),
            .init("actions", .list(RuleAction.shape), required: true, "What happens."),
        ]
    )

    init(_ map: ShapedMap) {
        name = map.name("entitlementProcess") ?? ""
        label = map.text("label") ?? ""
        description = map.text("description")
        object = map.name("SObjectType") ?? ""
        isActive = map.boolean("active") ?? true
        version = map.integer("versionNumber") ?? 1
        isDefaultVersion = map.boolean("isVersionDefault") ?? true
        versionNotes = map.text("versionNotes")
        businessHours = map.text("businessHours")
        startDateField = map.name("entryStartDateField")
        entry = map.map("entryCriteria").map(Criteria.init)
        exit = map.map("exitCriteria").map(Criteria.init)
        pause = map.map("pauseCriteria").map(Criteria.init)
        reopen = map.text("reopenPolicy").flatMap(ReopenPolicy.init) ?? .resume
        milestones = map.list("milestones").map(Milestone.init)
        source = map
    }
}

extension EntitlementProcess.Milestone {
    init(_ map: ShapedMap) {
        name = map.name("milestoneName") ?? ""
        minutesToComplete = map.integer("minutesToComplete") ?? 0
        usesCriteriaStartTime = map.boolean("useCriteriaStartTime") ?? false
        businessHours = map.text("businessHours")
        criteria = map.map("milestoneCriteria").map(Criteria.init) ?? Criteria()
        completion = map.map("completionCriteria").map(Criteria.init)
        response = map.map("completedByRecord").map { response in
            Response(
                object: response.name("object") ?? "",
                field: response.name("field") ?? "",
                criteria: Criteria(response),
                source: response
            )
        }
        successActions = map.list("successActions").map(RuleAction.init)
        timeTriggers = map.list("timeTriggers").map { trigger in
            let unit =
                switch trigger.text("workflowTimeTriggerUnit") {
                case "Hours": 60
                case "Days": 1_440
                default: 1
                }
            let (minutes, isOver) = (trigger.integer("timeLength") ?? 0)
                .multipliedReportingOverflow(by: unit)
            return TimeTrigger(
                minutes: isOver ? Int.max : minutes,
                actions: trigger.list("actions").map(RuleAction.init),
                source: trigger
            )
        }
        source = map
    }

    /// A name, a time and a way to be completed that make sense.
    var problems: [PackageProblem] {
        var found: [PackageProblem] = []
        if !(1...5_256_000).contains(minutesToComplete) {
            found.append(
                source.problem(
                    "`minutesToComplete` must be 1 to 5256000, which is ten years",
                    at: "minutesToComplete"
                )
            )
        }
        for trigger in timeTriggers where !(-5_256_000...5_256_000).contains(trigger.minutes) {
            found.append(
                trigger.source.problem("`timeLength` must be within ten years", at: "timeLength")
            )
        }
        for trigger in timeTriggers where -trigger.minutes >= minutesToComplete {
            found.append(
                trigger.source.problem(
                    "the milestone has \(minutesToComplete) minutes; a trigger cannot come "
                        + "\(-trigger.minutes) before its target",
                    at: "timeLength"
                )
            )
        }
        let actions = successActions + timeTriggers.flatMap(\.actions)
        return found + actions.flatMap(\.problems)
    }
}
