import Language
import Metadata

/// Checks that rules about who works on a record, how soon, and who agrees name what exists.
///
/// What is installed is never inert: a rule that could not do what it says is refused.
struct ServiceCheck {
    let schema: OrgSchema

    private var rules: ServiceRules { schema.automation.service }

    var problems: [PackageProblem] {
        var found: [PackageProblem] = []
        for rule in rules.assignments { found += check(rule) }
        for rule in rules.autoResponses { found += check(rule) }
        for rule in rules.escalations { found += check(rule) }
        for process in rules.entitlementProcesses { found += check(process) }
        for process in rules.approvals { found += check(process) }
        for template in rules.emailTemplates { found += check(template) }
        return found
    }

    /// The object that a rule is about, with what is wrong with that.
    private func object(
        _ name: APIName,
        _ source: ShapedMap,
        key: String = "object",
        keepsReasons: Bool = true
    ) -> (object: ObjectDefinition?, problems: [PackageProblem]) {
        guard let object = schema.object(name) else {
            let hint = Suggestion.phrase(for: name.text, among: schema.objects.map(\.name.text))
            return (nil, [source.problem("`\(name)` is no object\(hint)", at: key)])
        }
        let reasons = schema.object(RuleDecision.object)?.field("ParentId")?.reference?.targets
        guard !keepsReasons || reasons?.contains(name) ?? true else {
            return (
                object,
                [
                    source.problem(
                        "reasons are kept beside the records, and \(RuleDecision.object).ParentId "
                            + "does not refer to \(name): extend it",
                        at: key
                    )
                ]
            )
        }
        return (object, [])
    }

    private func check(
        _ criteria: Criteria?,
        on object: ObjectDefinition?,
        _ source: ShapedMap,
        key: String? = nil
    ) -> [PackageProblem] {
        guard let criteria, let object else { return [] }
        var scope = FormulaScope(schema: schema, object: object)
        scope.hasPriorRecord = true
        do throws(FormulaError) {
            _ = try FormulaCompiler.compile(criteria, in: scope)
            return []
        } catch {
            let place = key.flatMap(source.map) ?? source
            if let item = error.item {
                let items = place.list("criteriaItems")
                return [
                    (items.indices.contains(item) ? items[item] : place).problem(error.message)
                ]
            }
            let key = place.has("formula") ? "formula" : "booleanFilter"
            return [
                place.problem(error.message, in: key, line: error.line, column: error.column)
            ]
        }
    }

    private func check(
        template name: APIName?,
        on object: ObjectDefinition?,
        _ source: ShapedMap,
        key: String
    ) -> [PackageProblem] {
        guard let name else { return [] }
        guard let template = rules.emailTemplate(name) else {
            let hint = Suggestion.phrase(
                for: name.text,
                among: rules.emailTemplates.map(\.name.text)
            )
            return [source.problem("`\(name)` is no email template\(hint)", at: key)]
        }
        guard let object, template.object != object.name else { return [] }
        return [
            source.problem(
                "the template `\(name)` is about \(template.object), not \(object.name)",
                at: key
            )
        ]
    }

    private func check(
        path: String,
        on object: ObjectDefinition?,
        _ source: ShapedMap,
        key: String
    ) -> [PackageProblem] {
        guard let object else { return [] }
        do throws(RecordPath.Failure) {
            _ = try RecordPath(path, on: object, in: schema)
            return []
        } catch {
            return [source.problem(error.message, at: key)]
        }
    }

    private func check(_ action: RuleAction, on object: ObjectDefinition?) -> [PackageProblem] {
        let source = action.source
        switch action.type {
        case .fieldUpdate:
            if action.formula != nil {
                return [
                    source.problem("a FieldUpdate of a rule takes a `literalValue`", at: "formula")
                ]
            }
            guard let name = action.field, let object else { return [] }
            guard let field = object.field(name) else {
                let hint = Suggestion.phrase(
                    for: name.text,
                    among: object.fields.map(\.name.text)
                )
                return [
                    source.problem("`\(name)` is no field of \(object.name)\(hint)", at: "field")
                ]
            }
            return field.writing == .always
                ? [] : [source.problem("`\(name)` cannot be written", at: "field")]
        case .alert:
            let paths = action.recipients.filter { $0 != "Owner" && !$0.contains("@") }
            return check(template: action.template, on: object, source, key: "template")
                + paths.flatMap { check(path: $0, on: object, source, key: "recipients") }
        case .flow:
            return [
                source.problem(
                    "rules of this kind cannot call a flow: use a FieldUpdate",
                    at: "type"
                )
            ]
        }
    }
}

// MARK: - By kind

extension ServiceCheck {
    private func check(_ rule: AssignmentRule) -> [PackageProblem] {
        let (object, problems) = object(rule.object, rule.source)
        guard let object else { return problems }
        var found = problems
        if object.ownerField == nil {
            found.append(
                rule.source.problem("records of \(object.name) have no owner", at: "object")
            )
        }
        for entry in rule.entries {
            found += check(entry.criteria, on: object, entry.source)
            found += check(template: entry.template, on: object, entry.source, key: "template")
            if entry.assignee?.type == .queue, !object.owners.contains(.queue) {
                found.append(
                    entry.source.problem("no queue owns \(object.pluralLabel)", at: "assignedTo")
                )
            }
        }
        return found
    }

    private func check(_ rule: AutoResponseRule) -> [PackageProblem] {
        let (object, problems) = object(rule.object, rule.source)
        return problems
            + rule.recipientFields.flatMap {
                check(path: $0, on: object, rule.source, key: "recipientFields")
            }
            + rule.entries.flatMap { entry in
                check(entry.criteria, on: object, entry.source)
                    + check(template: entry.template, on: object, entry.source, key: "template")
            }
    }

    private func check(_ rule: EscalationRule) -> [PackageProblem] {
        let (object, problems) = object(rule.object, rule.source)
        return problems
            + rule.entries.flatMap { entry in
                check(entry.criteria, on: object, entry.source)
                    + check(
                        entry.disabledWhen,
                        on: object,
                        entry.source,
                        key: "disableEscalationWhen"
                    )
                    + entry.actions.flatMap { action in
                        check(
                            template: action.assigneeTemplate,
                            on: object,
                            action.source,
                            key: "assignedToTemplate"
                        )
                            + check(
                                template: action.notifyTemplate,
                                on: object,
                                action.source,
                                key: "notifyToTemplate"
                            )
                    }
            }
    }

    private func check(_ process: EntitlementProcess) -> [PackageProblem] {
        let (object, problems) = object(process.object, process.source, key: "SObjectType")
        guard let object else { return problems }
        var found = problems
        let names = MilestoneRecords.names(of: object.name)
        let parents = schema.object(EntitlementLog.object)?.field("ParentId")?.reference?.targets
        if schema.object(names.object)?.field(names.field) == nil
            || parents?.contains(object.name) != true
        {
            found.append(
                process.source.problem(
                    "promises about \(object.name) need the object \(names.object) with the lookup "
                        + "\(names.field), and \(EntitlementLog.object).ParentId to refer to it",
                    at: "SObjectType"
                )
            )
        }
        if let field = process.startDateField {
            found += check(path: field.text, on: object, process.source, key: "entryStartDateField")
        }
        found += check(process.entry, on: object, process.source, key: "entryCriteria")
        found += check(process.exit, on: object, process.source, key: "exitCriteria")
        found += check(process.pause, on: object, process.source, key: "pauseCriteria")
        return found + process.milestones.flatMap { check($0, of: process, on: object) }
    }

    private func check(
        _ milestone: EntitlementProcess.Milestone,
        of process: EntitlementProcess,
        on object: ObjectDefinition
    ) -> [PackageProblem] {
        let source = milestone.source
        var found: [PackageProblem] = []
        if rules.milestoneType(milestone.name) == nil {
            let hint = Suggestion.phrase(
                for: milestone.name.text,
                among: rules.milestoneTypes.map(\.name.text)
            )
            found.append(
                source.problem(
                    "`\(milestone.name)` is no milestone type\(hint)",
                    at: "milestoneName"
                )
            )
        }
        if milestone.completion == nil, milestone.response == nil {
            found.append(
                source.problem(
                    "nothing completes it: give `completionCriteria` or `completedByRecord`"
                )
            )
        }
        if process.milestones.count(where: { $0.name == milestone.name }) > 1 {
            found.append(source.problem("the milestone stands twice", at: "milestoneName"))
        }
        found += check(milestone.criteria, on: object, source, key: "milestoneCriteria")
        found += check(milestone.completion, on: object, source, key: "completionCriteria")
        if let response = milestone.response {
            let answer = schema.object(response.object)
            if answer?.field(response.field)?.reference?.targets.contains(object.name) != true {
                found.append(
                    response.source.problem(
                        "`\(response.object).\(response.field)` is no lookup to \(object.name)",
                        at: "field"
                    )
                )
            }
            found += check(response.criteria, on: answer, response.source)
        }
        let actions = milestone.successActions + milestone.timeTriggers.flatMap(\.actions)
        return found + actions.flatMap { check($0, on: object) }
    }

    private func check(_ template: EmailTemplate) -> [PackageProblem] {
        let (object, problems) = object(template.object, template.source, keepsReasons: false)
        guard let object else { return problems }
        var found = problems
        for key in ["subject", "textBody", "htmlBody"] {
            guard let text = template.source.text(key) else { continue }
            guard let pieces = EmailTemplate.pieces(of: text) else {
                found.append(template.source.problem("a gap `{!` is not closed by `}`", at: key))
                continue
            }
            for case .gap(let gap, let offset) in pieces {
                do throws(RecordPath.Failure) {
                    _ = try TemplateRendering.path(gap, on: object, in: schema)
                } catch {
                    let line = text.prefix(offset).count(where: \.isNewline) + 1
                    found.append(
                        template.source.problem(
                            "line \(line) of the text: \(error.message)",
                            at: key
                        )
                    )
                }
            }
        }
        return found
    }

    private func check(_ process: ApprovalProcess) -> [PackageProblem] {
        let (object, problems) = object(process.object, process.source)
        guard let object else { return problems }
        var found = problems
        let targets = schema.object("ProcessInstance")?.field("TargetObjectId")?.reference?.targets
        if targets?.contains(object.name) != true {
            found.append(
                process.source.problem(
                    "ProcessInstance.TargetObjectId does not refer to \(object.name): extend it",
                    at: "object"
                )
            )
        }
        found += check(process.entry, on: object, process.source, key: "entryCriteria")
        for step in process.steps {
            found += check(step.entry, on: object, step.source, key: "entryCriteria")
            found += step.approvers.flatMap { check($0, step, object) }
        }
        return found + process.actions.flatMap { check($0, on: object) }
    }

    private func check(
        _ approver: ApprovalProcess.Approver,
        _ step: ApprovalProcess.Step,
        _ object: ObjectDefinition
    ) -> [PackageProblem] {
        guard let name = approver.name else { return [] }
        let holder: ObjectDefinition?
        switch approver.type {
        case .user, .queue, .adhoc: return []
        case .userHierarchyField: holder = schema.object("User")
        case .relatedUserField: holder = object
        }
        let targets = holder?.field(APIName(name))?.reference?.targets ?? []
        if targets.contains("User") { return [] }
        let lookups = (holder?.fields ?? []).filter {
            $0.reference?.targets.contains("User") ?? false
        }
        let hint = Suggestion.phrase(for: name, among: lookups.map(\.name.text))
        return [
            step.source.problem(
                "`\(name)` is no lookup of \(holder?.name.text ?? "User") to a user\(hint)",
                at: "approver"
            )
        ]
    }
}
