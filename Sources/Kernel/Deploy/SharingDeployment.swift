internal import Metadata

/// Turns what a package declares about sharing into records and shares.
struct SharingDeployment {
    let writer: RecordWriter

    func apply(_ package: MetadataPackage) throws {
        try writer.keepEveryone()
        try keepRoleGroups()
        for group in package.groups { try keep(group) }
        for group in package.groups { try keepMembers(of: group) }
        try renewRules()
    }

    private var questions: SystemQuestions {
        SystemQuestions(org: writer.caller.org, schema: writer.schema, tx: writer.tx)
    }

    private func keepRoleGroups() throws {
        for row in try writer.rows("SELECT Id, DeveloperName FROM UserRole") {
            guard let role = row[0].id else { continue }
            try writer.keepGroups(ofRole: role, named: row[1].text ?? role.short)
        }
    }

    private func put(_ object: String, _ id: RecordID?, _ values: JSONObject) throws -> RecordID {
        let draft = RecordDraft(object: object, id: id?.description, values: values)
        let result = try writer.save([draft], id == nil ? .create : .update)[0]
        guard let saved = result.id else {
            throw result.errors.first ?? RecordError(.unknownException, "\(object) is not saved")
        }
        return saved
    }

    private func id(of group: APIName) throws -> RecordID? {
        try writer.rows(
            "SELECT Id FROM Group WHERE Type = 'Regular' "
                + "AND DeveloperName = \(SOQLText.quoted(group.text))"
        ).first?.first?.id
    }

    private func keep(_ group: PublicGroupDefinition) throws {
        let values: JSONObject = [
            "Name": .string(group.label), "DeveloperName": .string(group.developerName.text),
            "Type": .string("Regular"),
            "Description": group.description.map { .string($0) } ?? .null,
            "DoesIncludeBosses": .bool(group.includesBosses),
        ]
        _ = try put("Group", try id(of: group.developerName), values)
    }

    /// Members that the package names are added; those whom an administrator added stay.
    private func keepMembers(of group: PublicGroupDefinition) throws {
        guard let id = try id(of: group.developerName) else { return }
        let known = try writer.rows(
            "SELECT Id, UserOrGroupId FROM GroupMember WHERE GroupId = '\(id)'"
        ).compactMap { $0[1].id }
        let groups = try questions.groups()
        let roles = try questions.roles()
        for member in group.members {
            guard let other = groups.group(of: member, roles: roles) else {
                throw PackageProblems([
                    group.map.problem("has \(member.text), which does not exist")
                ])
            }
            if known.contains(other) { continue }
            _ = try put(
                "GroupMember",
                nil,
                [
                    "GroupId": .string(id.description),
                    "UserOrGroupId": .string(other.description),
                ]
            )
        }
    }

    /// Gives new and changed rules a version of their own, and has their shares written.
    private func renewRules() throws {
        let rules = writer.schema.automation.sharing.rules
        try checkTargets(of: rules)
        var register = try RuleRegister(from: writer.tx)
        let (changed, gone) = try register.renew(
            rules.filter { $0.criteria != nil },
            in: writer.writeTransaction
        )
        guard !changed.isEmpty || !gone.isEmpty else { return }
        // The deploying writer knows nothing of groups: the rules ask one that knows all.
        try ShareRecalculation.ask(for: changed, gone: gone, in: writer.withPresentSnapshot())
    }

    private func checkTargets(of rules: [SharingRuleDefinition]) throws {
        guard !rules.isEmpty else { return }
        let groups = try questions.groups()
        let roles = try questions.roles()
        var problems: [PackageProblem] = []
        for rule in rules {
            func check(_ target: SharingTarget?, _ key: String) throws {
                guard let target else { return }
                if case .guestUser(let name) = target {
                    if try questions.guest(name) == nil {
                        problems.append(
                            rule.map.problem("there is no guest user `\(name)`", at: key)
                        )
                    }
                } else if groups.group(of: target, roles: roles) == nil {
                    problems.append(rule.map.problem("there is no \(target.text)", at: key))
                }
            }
            try check(rule.target, "sharedTo")
            if case .ownedBy(let source) = rule.kind { try check(source, "sharedFrom") }
        }
        if !problems.isEmpty { throw PackageProblems(problems) }
    }
}
