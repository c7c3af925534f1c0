extension Scenario {
    static let shape = Shape(
        title: "a scenario",
        summary: "What must hold in an app: given this, when that, then so.",
        keys: [
            .init("scenario", .text, required: true, "What must hold, as a sentence."),
            .init("clock", .text, "When it begins: `2026-03-10T09:00:00Z`."),
            .init("given", .variants(steps), "What there is."),
            .init("when", .variants(steps), required: true, "What is done."),
            .init("then", .variants(claims), required: true, "What must hold."),
        ]
    )

    private static let by = Shape.Key("as", .text, "Who does it; the administrator where missing.")

    private static let steps = Shape.Variants(name: "step") {
        [
            step(
                "user",
                "A user is made.",
                [
                    .init("profile", .text, "The profile's name."),
                    .init("role", .name, "The role's developer name."),
                    .init("permissionSets", .texts, "Permission sets by their names."),
                    .init("manager", .text, "The name of the user above."),
                ]
            ),
            step(
                "record",
                "A record is made.",
                [
                    .init("object", .name, required: true, "Its object."), by,
                    .init(
                        "values",
                        .values,
                        "Its fields; `@name` is a record or user made before."
                    ),
                ]
            ),
            step("update", "A record is changed.", [by, .init("values", .values, "Its fields.")]),
            step("delete", "A record is deleted.", [by]),
            step("after", "The clock goes on: 30s, 90m, 2h, 3d.", []),
            step("at", "The clock is set: `2026-03-10T09:00:00Z`.", []),
            step(
                "submit",
                "A record is submitted for approval.",
                [by, .init("process", .name, "The approval process.")]
            ),
            step("approve", "A record's approval request is answered.", [by]),
            step("reject", "A record's approval request is answered.", [by]),
            step("recall", "A record's submission is taken back.", [by]),
        ]
    }

    private static let claims = Shape.Variants(name: "claim") {
        [
            step(
                "refused",
                "The last step was refused with this error.",
                [.init("field", .text, "The field at fault.")]
            ),
            step(
                "milestone",
                "A record has such a milestone.",
                [
                    .init("of", .text, required: true, "The record."),
                    .init("completed", .boolean, "Whether it is completed."),
                    .init("violated", .boolean, "Whether it came too late."),
                    .init("target", .text, "Its target: `2026-03-10T13:00:00Z`."),
                    .init("elapsedMinutes", .integer, "Minutes on its clock."),
                    .init("count", .integer, "How many the record has; 1 where it is missing."),
                ]
            ),
            step(
                "mail",
                "A mail went to this address.",
                [
                    .init("about", .text, "The record it is about."),
                    .init("contains", .text, "Text in its subject or body."),
                ]
            ),
            step("noMail", "No mail went to this address.", []),
            step(
                "decision",
                "A rule of this kind has decided about a record.",
                [
                    .init("of", .text, required: true, "The record."),
                    .init("entry", .integer, "Which of its entries."),
                    .init("contains", .text, "Text in its outcome."),
                ]
            ),
            step("sees", "This user sees a record.", [.init("record", .text, "The record.")]),
            step(
                "cannotSee",
                "This user does not see a record.",
                [.init("record", .text, "The record.")]
            ),
            step("count", "A query finds so many.", [.init("soql", .text, "The query.")]),
            step(
                "record",
                "A record has these values.",
                [
                    .init("owner", .text, "A user's name, or a queue's developer name."),
                    .init("values", .values, "Values by field path; null for none."),
                ]
            ),
        ]
    }

    private static func step(
        _ key: String,
        _ summary: String,
        _ keys: [Shape.Key]
    ) -> (key: String, shape: Shape) {
        let kind: Shape.Kind = key == "count" ? .integer : .text
        return (
            key,
            Shape(
                title: "\(key) of a scenario",
                summary: summary,
                keys: [Shape.Key(key, kind, required: true, summary)] + keys
            )
        )
    }

    init(_ map: ShapedMap) {
        title = map.text("scenario") ?? ""
        file = map.file
        clock = map.text("clock")
        given = map.list("given").compactMap(Scenario.step)
        when = map.list("when").compactMap(Scenario.step)
        then = map.list("then").compactMap(Scenario.claim)
    }

    private static func step(_ map: ShapedMap) -> Placed<Step>? {
        step(of: map).map { Placed(content: $0, source: map) }
    }

    private static func step(of map: ShapedMap) -> Step? {
        let by = map.text("as")
        if let name = map.text("user") {
            return .user(
                Person(
                    name: name,
                    profile: map.text("profile"),
                    role: map.text("role"),
                    permissionSets: map.texts("permissionSets"),
                    manager: map.text("manager")
                )
            )
        }
        if let name = map.text("record"), let object = map.name("object") {
            return .create(name: name, object: object, values: map.values("values"), by: by)
        }
        if let name = map.text("update") {
            return .update(name: name, values: map.values("values"), by: by)
        }
        if let name = map.text("delete") { return .delete(name: name, by: by) }
        if let text = map.text("after") { return seconds(text).map { .after(seconds: $0) } }
        if let text = map.text("at") { return .at(text) }
        if let name = map.text("submit") {
            return .submit(name: name, process: map.text("process"), by: by)
        }
        for answer in Answer.allCases {
            if let name = map.text(answer.rawValue) {
                return .answer(answer, name: name, by: by)
            }
        }
        return nil
    }

    /// `90m` as seconds; `nil` where it is no length of time.
    private static func seconds(_ text: String) -> Int64? {
        guard let unit = text.last, let count = Int64(text.dropLast()), count >= 0,
            let seconds: Int64 = ["s": 1, "m": 60, "h": 3_600, "d": 86_400][unit]
        else { return nil }
        let (product, isOver) = count.multipliedReportingOverflow(by: seconds)
        return isOver ? nil : product
    }

    private static func claim(_ map: ShapedMap) -> Placed<Claim>? {
        claim(of: map).map { Placed(content: $0, source: map) }
    }

    private static func claim(of map: ShapedMap) -> Claim? {
        if let code = map.text("refused") {
            return .refused(code: code, field: map.text("field"))
        }
        if let type = map.text("milestone") {
            return .milestone(
                Milestone(
                    type: type,
                    record: map.text("of") ?? "",
                    isCompleted: map.boolean("completed"),
                    isViolated: map.boolean("violated"),
                    target: map.text("target"),
                    elapsedMinutes: map.integer("elapsedMinutes"),
                    count: map.integer("count")
                )
            )
        }
        if let address = map.text("mail") {
            return .mail(to: address, about: map.text("about"), contains: map.text("contains"))
        }
        if let address = map.text("noMail") { return .noMail(to: address) }
        if let kind = map.text("decision") {
            return .decision(
                kind: kind,
                of: map.text("of") ?? "",
                entry: map.integer("entry"),
                contains: map.text("contains")
            )
        }
        let record = map.text("record") ?? ""
        if let name = map.text("sees") { return .sees(name: record, by: name) }
        if let name = map.text("cannotSee") { return .cannotSee(name: record, by: name) }
        if let count = map.integer("count") { return .count(count, soql: map.text("soql") ?? "") }
        return .record(name: record, owner: map.text("owner"), values: map.values("values"))
    }

    /// Lengths of time and moments that are none.
    static func problems(in map: ShapedMap) -> [PackageProblem] {
        var found: [PackageProblem] = []
        for step in map.list("given") + map.list("when") {
            if let text = step.text("after"), seconds(text) == nil {
                found.append(
                    step.problem("`\(text)` is no length of time: 90m, 2h, 3d", at: "after")
                )
            }
            if let text = step.text("at"), CivilText.millisecondsSinceEpoch(text) == nil {
                found.append(step.problem("`\(text)` is no moment", at: "at"))
            }
        }
        if let text = map.text("clock"), CivilText.millisecondsSinceEpoch(text) == nil {
            found.append(map.problem("`\(text)` is no moment", at: "clock"))
        }
        return found
    }
}

extension MetadataPackage {
    /// What must hold in the package's app, in the order of the files.
    package var scenarios: [Scenario] { declared(in: "scenarios").map(Scenario.init) }
}
