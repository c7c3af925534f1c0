import Metadata

extension PolicyDocument {
    static let shape = Shape(
        title: "a policy",
        summary: "`policy.yaml`: what the policy is, and its versions.",
        keys: [
            .init("policy", .text, required: true, "Its key, as its folder."),
            .init("title", .text, required: true, "Its name for people."),
            .init("kind", .choice(Kind.allCases.map(\.rawValue)), required: true, "Its kind."),
            .init("owner", .text, required: true, "The body that answers for it."),
            .init("appliesTo", .texts, "Products; all of them where it is missing."),
            .init("versions", .list(versionShape), required: true, "Its versions, oldest first."),
        ]
    )

    private static let versionShape = Shape(
        title: "a version",
        summary: "One text of the policy, its rules, and its days.",
        keys: [
            .init("version", .text, required: true, "Its name, the month of its beginning."),
            .init("text", .text, required: true, "The file with the text."),
            .init("rules", .texts, "Its rules with their versions: `AUP-01@1`."),
            .init("reason", .text, required: true, "Why it exists."),
            .init("proposedBy", .text, required: true, "Who proposed it."),
            .init("founding", .boolean, "Whether a deployment begins with it."),
            .init("commentFrom", .text, "The first day on which it can be commented on."),
            .init("commentUntil", .text, "The first day on which it cannot any more."),
            .init("publishedOn", .text, "The day on which it was fixed and published."),
            .init("effectiveFrom", .text, "The first day on which it binds."),
            .init("repealedOn", .text, "The first day on which it does not bind any more."),
            .init("approvals", .list(approvalShape), "Who approved it; two bodies are needed."),
            .init("digest", .text, "SHA-256 of the published text."),
            .init("ruleDigests", .values, "The digest of each published rule."),
        ]
    )

    private static let approvalShape = Shape(
        title: "an approval",
        summary: "A body that approved a version.",
        keys: [
            .init("body", .text, required: true, "The body."),
            .init("on", .text, required: true, "The day."),
        ]
    )

    init(_ map: ShapedMap, texts: [String: String], problems: inout [PackageProblem]) {
        key = map.text("policy") ?? ""
        title = map.text("title") ?? ""
        kind = map.text("kind").flatMap(Kind.init) ?? .acceptableUse
        owner = map.text("owner") ?? ""
        appliesTo = map.texts("appliesTo")
        var versions: [PolicyVersion] = []
        for item in map.list("versions") {
            versions.append(PolicyVersion(item, in: key, texts: texts, problems: &problems))
        }
        self.versions = versions
        source = map
    }
}

extension PolicyVersion {
    fileprivate init(
        _ map: ShapedMap,
        in folder: String,
        texts: [String: String],
        problems: inout [PackageProblem]
    ) {
        name = map.text("version") ?? ""
        file = map.text("text") ?? ""
        if let text = texts["\(folder)/\(file)"] {
            self.text = text
        } else {
            text = ""
            problems.append(map.problem("there is no file \(folder)/\(file)", at: "text"))
        }
        var rules: [RuleReference] = []
        for text in map.texts("rules") {
            if let rule = RuleReference(text) {
                rules.append(rule)
            } else {
                problems.append(map.problem("`\(text)` is no rule: write `AUP-01@1`", at: "rules"))
            }
        }
        self.rules = rules
        reason = map.text("reason") ?? ""
        proposedBy = map.text("proposedBy") ?? ""
        isFounding = map.boolean("founding") ?? false
        calendar = Calendar(
            commentFrom: PolicyReading.day("commentFrom", of: map, &problems),
            commentUntil: PolicyReading.day("commentUntil", of: map, &problems),
            publishedOn: PolicyReading.day("publishedOn", of: map, &problems),
            effectiveFrom: PolicyReading.day("effectiveFrom", of: map, &problems),
            repealedOn: PolicyReading.day("repealedOn", of: map, &problems)
        )
        var approvals: [Approval] = []
        for item in map.list("approvals") {
            guard let on = PolicyReading.day("on", of: item, &problems) else { continue }
            approvals.append(Approval(body: item.text("body") ?? "", on: on))
        }
        self.approvals = approvals
        pinnedText = map.text("digest")
        pinnedRules = Dictionary(
            map.values("ruleDigests").compactMap { value in value.text.map { (value.name, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
        source = map
    }
}
