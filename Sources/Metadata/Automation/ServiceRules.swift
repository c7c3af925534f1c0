/// What an org has declared about who works on a record, how soon, and who agrees.
package struct ServiceRules: Sendable {
    package private(set) var assignments: [AssignmentRule] = []
    package private(set) var autoResponses: [AutoResponseRule] = []
    package private(set) var escalations: [EscalationRule] = []
    package private(set) var milestoneTypes: [MilestoneType] = []
    package private(set) var entitlementProcesses: [EntitlementProcess] = []
    package private(set) var approvals: [ApprovalProcess] = []
    package private(set) var emailTemplates: [EmailTemplate] = []
    package private(set) var businessHours: [BusinessHoursDefinition] = []

    package init() {}

    init(_ packages: [MetadataPackage]) {
        func all<Rule>(_ folder: String, _ make: (ShapedMap) -> Rule) -> [Rule] {
            packages.flatMap { $0.declared(in: folder) }.map(make)
        }
        assignments = all("assignment-rules", AssignmentRule.init)
        autoResponses = all("auto-response-rules", AutoResponseRule.init)
        escalations = all("escalation-rules", EscalationRule.init)
        milestoneTypes = all("milestone-types", MilestoneType.init)
        entitlementProcesses = all("entitlement-processes", EntitlementProcess.init)
        approvals = all("approval-processes", ApprovalProcess.init)
        emailTemplates = all("email-templates", EmailTemplate.init)
        businessHours = all("business-hours", BusinessHoursDefinition.init)
    }

    /// The folders of a package in which they lie.
    static let shapes: [(folder: String, shape: Shape)] = [
        ("assignment-rules", AssignmentRule.shape),
        ("auto-response-rules", AutoResponseRule.shape),
        ("escalation-rules", EscalationRule.shape),
        ("milestone-types", MilestoneType.shape),
        ("entitlement-processes", EntitlementProcess.shape),
        ("approval-processes", ApprovalProcess.shape),
        ("email-templates", EmailTemplate.shape),
        ("business-hours", BusinessHoursDefinition.shape),
    ]
}

// MARK: - Finding them

extension ServiceRules {
    package func activeAssignment(of object: APIName) -> AssignmentRule? {
        assignments.first { $0.object == object && $0.isActive }
    }

    package func activeAutoResponse(of object: APIName) -> AutoResponseRule? {
        autoResponses.first { $0.object == object && $0.isActive }
    }

    package func activeEscalation(of object: APIName) -> EscalationRule? {
        escalations.first { $0.object == object && $0.isActive }
    }

    package func emailTemplate(_ name: APIName) -> EmailTemplate? {
        emailTemplates.first { $0.name == name }
    }

    package func milestoneType(_ name: APIName) -> MilestoneType? {
        milestoneTypes.first { $0.name == name }
    }

    package func approvals(of object: APIName) -> [ApprovalProcess] {
        approvals.filter { $0.object == object && $0.isActive }
    }

    /// One version of a process, or the version with which new records start.
    package func entitlementProcess(_ name: APIName, version: Int? = nil) -> EntitlementProcess? {
        entitlementProcesses.first { process in
            guard process.name == name else { return false }
            if let version { return process.version == version }
            return process.isDefaultVersion && process.isActive
        }
    }

    /// The versions with which new records of an object start.
    package func entitlementProcesses(of object: APIName) -> [EntitlementProcess] {
        entitlementProcesses.filter { $0.object == object && $0.isActive && $0.isDefaultVersion }
    }
}

// MARK: - What is wrong in them, whatever else the org has

extension ServiceRules {
    var problems: [PackageProblem] {
        ServiceRules.repeated(assignments, "assignmentRule") {
            ("\($0.object).\($0.name)", $0.source)
        }
            + ServiceRules.repeated(assignments.filter(\.isActive), "active") {
                ("an active assignment rule of \($0.object)", $0.source)
            }
            + ServiceRules.repeated(autoResponses, "autoResponseRule") {
                ("\($0.object).\($0.name)", $0.source)
            }
            + ServiceRules.repeated(autoResponses.filter(\.isActive), "active") {
                ("an active auto-response rule of \($0.object)", $0.source)
            }
            + ServiceRules.repeated(escalations, "escalationRule") {
                ("\($0.object).\($0.name)", $0.source)
            }
            + ServiceRules.repeated(escalations.filter(\.isActive), "active") {
                ("an active escalation rule of \($0.object)", $0.source)
            }
            + ServiceRules.repeated(milestoneTypes, "milestoneType") { ($0.name.text, $0.source) }
            + ServiceRules.repeated(entitlementProcesses, "versionNumber") {
                ("\($0.name) version \($0.version)", $0.source)
            }
            + ServiceRules.repeated(
                entitlementProcesses.filter { $0.isActive && $0.isDefaultVersion },
                "isVersionDefault"
            ) { ("the default version of \($0.name)", $0.source) }
            + ServiceRules.repeated(approvals, "approvalProcess") {
                ("\($0.object).\($0.name)", $0.source)
            }
            + ServiceRules.repeated(emailTemplates, "emailTemplate") { ($0.name.text, $0.source) }
            + ServiceRules.repeated(businessHours, "businessHours") { ($0.name, $0.source) }
            + entitlementProcesses.flatMap(\.milestones).flatMap(\.problems)
            + approvals.flatMap(\.problems) + businessHours.flatMap(\.problems)
            + escalations.flatMap(\.entries).flatMap(\.problems)
    }

    private static func repeated<Rule>(
        _ rules: [Rule],
        _ key: String,
        _ describe: (Rule) -> (name: String, source: ShapedMap)
    ) -> [PackageProblem] {
        var seen: Set<String> = []
        return rules.map(describe).compactMap { name, source in
            seen.insert(name.lowercased()).inserted
                ? nil : source.problem("there is \(name) already", at: key)
        }
    }
}

extension EscalationRule.Entry {
    var problems: [PackageProblem] {
        var found: [PackageProblem] = []
        if hoursSource == .static, businessHours == nil {
            found.append(source.problem("`Static` hours need `businessHours`"))
        }
        for action in actions where !(1...5_256_000).contains(action.minutes) {
            found.append(
                action.source.problem(
                    "`minutesToEscalation` must be 1 to 5256000",
                    at: "minutesToEscalation"
                )
            )
        }
        for action in actions {
            let notifies =
                action.notifiesOwner || action.notifyTo != nil
                || !action.notifyEmails.isEmpty
            if notifies != (action.notifyTemplate != nil) {
                found.append(
                    action.source.problem(
                        "who is told and `notifyToTemplate` stand together",
                        at: "notifyToTemplate"
                    )
                )
            }
            if !notifies && action.assignee == nil {
                found.append(
                    action.source.problem("nothing happens: name `assignedTo` or who is told")
                )
            }
        }
        return found
    }
}
