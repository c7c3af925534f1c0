import Kernel
package import Metadata

/// Runs an app's scenarios, each in an org of its own.
package struct ScenarioRunner {
    private let org: TestOrg
    private let scenario: Scenario
    private let mails: Locked<[JSONObject]>
    private let jobs: JobRunner
    private var users: [String: Caller] = [:]
    private var records: [String: RecordID] = [:]
    /// What the last step was refused with.
    private var refusals: [RecordError] = []

    /// What did not hold, and where it is said.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Runs one scenario.
    ///
    /// - Throws: `Failure` with everything that does not hold.
    package static func run(_ scenario: Scenario, of app: String, on kind: StoreKind) async throws {
        var runner = try await ScenarioRunner(scenario, of: app, on: kind)
        try await runner.run()
    }

    private init(_ scenario: Scenario, of app: String, on kind: StoreKind) async throws {
        let clock = scenario.clock.map { TestClock($0) } ?? TestClock()
        let org = try await TestOrg(on: kind, apps: [app], clock: clock)
        let mails = Locked<[JSONObject]>([])
        var handlers = JobHandlers()
        RuleTimers.join(&handlers)
        FlowJobs.add(to: &handlers)
        handlers.add(
            "mail.send",
            outside: { context in
                mails.withLock { $0.append(context.job.payload) }
                return nil
            }
        )
        let id = org.id
        self.org = org
        self.scenario = scenario
        self.mails = mails
        jobs = JobRunner(records: org.records, handlers: handlers, orgs: { [id] })
    }

    private mutating func run() async throws {
        for step in scenario.given {
            try await perform(step)
            if let error = refusals.first { throw failure(step.place, "was refused: \(error)") }
        }
        for step in scenario.when {
            if let error = refusals.first { throw failure(step.place, "came after \(error)") }
            try await perform(step)
        }
        let expectsRefusal = scenario.then.contains { claim in
            if case .refused = claim.content { true } else { false }
        }
        if !expectsRefusal, let error = refusals.first {
            throw failure(scenario.file, "was refused: \(error)")
        }
        var wrong: [String] = []
        for claim in scenario.then {
            if let problem = try await check(claim.content) {
                wrong.append("\(claim.place): \(problem)")
            }
        }
        guard wrong.isEmpty else { throw Failure(description: wrong.joined(separator: "\n")) }
    }

    private func failure(_ place: String, _ message: String) -> Failure {
        Failure(description: "\(place): \(message)")
    }
}

// MARK: - Steps

extension ScenarioRunner {
    private mutating func perform(_ step: Scenario.Placed<Scenario.Step>) async throws {
        refusals = []
        do {
            try await perform(step.content)
        } catch let error as RecordError {
            refusals = [error]
        } catch let error as Failure {
            throw failure(step.place, error.description)
        }
        try await jobs.runDue()
    }

    private mutating func perform(_ step: Scenario.Step) async throws {
        switch step {
        case .user(let person): try await make(person)
        case .create(let name, let object, let values, let by):
            let draft = RecordDraft(object: object.text, values: try json(values))
            records[name] = try await save(draft, .create, by)
        case .update(let name, let values, let by):
            let id = try record(name)
            let draft = RecordDraft(
                object: try object(of: id),
                id: id.description,
                values: try json(values)
            )
            _ = try await save(draft, .update, by)
        case .delete(let name, let by): try await org.delete(try record(name), as: caller(by))
        case .after(let seconds): try await wait(seconds)
        case .at(let text): org.clock.set(text)
        case .submit(let name, let process, let by):
            let submission = ApprovalSubmission(record: try record(name), process: process)
            _ = try await org.records.write(as: try caller(by)) { try $0.submit(submission) }
        case .answer(let answer, let name, let by): try await self.answer(answer, name, by)
        }
    }

    /// Time passes in stretches, so that what falls due on the way is done when it is due.
    private func wait(_ seconds: Int64) async throws {
        var left = seconds
        while left > 0 {
            let part = min(left, max(60, seconds / 200))
            org.clock.advance(seconds: part)
            left -= part
            try await jobs.runDue()
        }
    }

    private mutating func make(_ person: Scenario.Person) async throws {
        let caller = try await org.user(
            person.name,
            profile: person.profile ?? "Standard User",
            role: person.role,
            permissionSets: person.permissionSets
        )
        users[person.name] = caller
        guard let manager = person.manager else { return }
        try await org.update(
            "User",
            caller.user,
            ["ManagerId": .id(try self.caller(manager).user)],
            as: org.administrator
        )
    }

    private func save(
        _ draft: RecordDraft,
        _ operation: SaveOperation,
        _ by: String?
    ) async throws -> RecordID {
        let result = try await org.save([draft], operation, as: caller(by))[0]
        guard let id = result.id else {
            throw result.errors.first ?? RecordError(.unknownException, "no result")
        }
        return id
    }

    private func answer(
        _ answer: Scenario.Answer,
        _ name: String,
        _ by: String?
    ) async throws {
        let id = try record(name)
        let caller = try caller(by)
        if answer == .recall {
            _ = try await org.records.write(as: caller) { try $0.recallApproval(of: id) }
            return
        }
        let actors = "(SELECT Id FROM ProcessInstance WHERE TargetObjectId = '\(id)')"
        let requests = try await org.query(
            "SELECT Id, ActorId FROM ProcessInstanceWorkitem WHERE ProcessInstanceId IN \(actors) "
                + "ORDER BY Id",
            as: org.administrator
        )
        let own = requests.first { $0["ActorId"].id == caller.user } ?? requests.first
        guard let request = own?["Id"].id else {
            throw Failure(description: "`\(name)` has no approval request")
        }
        let kind: ApprovalAnswer = answer == .approve ? .approve : .reject
        _ = try await org.records.write(as: caller) { try $0.answer(kind, to: request) }
    }
}

// MARK: - Names

extension ScenarioRunner {
    private func caller(_ name: String?) throws -> Caller {
        guard let name else { return org.administrator }
        guard let caller = users[name] else {
            throw Failure(description: "there is no user `\(name)` in the scenario")
        }
        return caller
    }

    private func record(_ name: String) throws -> RecordID {
        guard let id = records[name] else {
            throw Failure(description: "there is no record `\(name)` in the scenario")
        }
        return id
    }

    private func object(of id: RecordID) throws -> String {
        guard let name = records.first(where: { $0.value == id })?.key else { return "" }
        for step in scenario.given + scenario.when {
            if case .create(name, let object, _, _) = step.content { return object.text }
        }
        return ""
    }

    /// Values as a client sends them; `@name` is the id of a record, a user or a queue.
    private func json(_ values: [ShapedMap.Value]) throws -> JSONObject {
        JSONObject(
            try values.map { value in
                guard let text = value.text else {
                    return JSONObject.Member(name: value.name, value: .null)
                }
                guard text.hasPrefix("@"), !text.dropFirst().contains("@") else {
                    return JSONObject.Member(name: value.name, value: .string(text))
                }
                let name = String(text.dropFirst())
                let id = try users[name]?.user ?? record(name)
                return JSONObject.Member(name: value.name, value: .id(id))
            }
        )
    }
}

// MARK: - Claims

extension ScenarioRunner {
    /// What does not hold; `nil` where all is well.
    private func check(_ claim: Scenario.Claim) async throws -> String? {
        switch claim {
        case .refused(let code, let field): return refusal(code, field)
        case .record(let name, let owner, let values):
            return try await record(name, hasOwner: owner, values)
        case .milestone(let milestone): return try await check(milestone)
        case .mail(let address, let about, let part):
            let sent = try sentMails(to: address, about: about)
            if let part, !sent.contains(where: { $0.storedText.contains(part) }) {
                return "no mail to \(address) contains `\(part)`: \(sent.map(\.storedText))"
            }
            return sent.isEmpty ? "no mail went to \(address): \(try sentMails())" : nil
        case .noMail(let address):
            let sent = try sentMails(to: address, about: nil)
            return sent.isEmpty ? nil : "a mail went to \(address)"
        case .decision(let kind, let record, let entry, let part):
            return try await decision(kind, record, entry, part)
        case .sees(let name, let by):
            return try await sees(name, by) ? nil : "\(by) does not see `\(name)`"
        case .cannotSee(let name, let by):
            return try await sees(name, by) ? "\(by) sees `\(name)`" : nil
        case .count(let count, let soql):
            let found = try await org.count(soql, as: org.administrator)
            return found == count ? nil : "the query finds \(found), not \(count)"
        }
    }

    private func refusal(_ code: String, _ field: String?) -> String? {
        guard let error = refusals.first else { return "nothing was refused" }
        guard error.code.rawValue == code else { return "was refused with \(error)" }
        guard let field, !error.fields.contains(APIName(field)) else { return nil }
        return "the refusal is about \(error.fields), not \(field)"
    }

    private func record(
        _ name: String,
        hasOwner owner: String?,
        _ values: [ShapedMap.Value]
    ) async throws -> String? {
        let id = try record(name)
        let paths = values.map(\.name) + (owner == nil ? [] : ["OwnerId"])
        guard !paths.isEmpty else { return "the claim says nothing about `\(name)`" }
        let rows = try await org.query(
            "SELECT Id, \(paths.joined(separator: ", ")) FROM \(try object(of: id)) "
                + "WHERE Id = '\(id)'",
            as: org.administrator
        )
        guard let row = rows.first else { return "`\(name)` is gone" }
        if let owner {
            let wanted: RecordID
            if let user = users[owner]?.user {
                wanted = user
            } else {
                wanted = try await org.queue(owner)
            }
            if row["OwnerId"].id != wanted {
                return "the owner of `\(name)` is \(row["OwnerId"]), not \(owner)"
            }
        }
        for value in values {
            let found = ScenarioRunner.text(row[value.name])
            var wanted = value.text
            if let text = wanted, text.hasPrefix("@"), !text.dropFirst().contains("@") {
                let name = String(text.dropFirst())
                wanted = try (users[name]?.user ?? record(name)).description
            }
            guard found?.lowercased() != wanted?.lowercased() else { continue }
            return "\(value.name) of `\(name)` is \(found ?? "empty"), not \(wanted ?? "empty")"
        }
        return nil
    }

    /// A value as a scenario writes it.
    private static func text(_ value: FieldValue) -> String? {
        switch value {
        case .null: return nil
        case .text(let text): return text
        case .boolean(let value): return "\(value)"
        case .number(let number): return number.description
        case .id(let id): return id.description
        case .date(let days):
            var bytes: [UInt8] = []
            _ = bytes.appendDate(daysSinceEpoch: days)
            return String(decoding: bytes, as: UTF8.self)
        case .dateTime(let moment):
            var bytes: [UInt8] = []
            _ = bytes.appendDatetime(millisecondsSinceEpoch: moment.milliseconds, zone: .zulu)
            return String(decoding: bytes, as: UTF8.self).replacing(".000Z", with: "Z")
        case .time(let time): return "\(time)"
        case .coordinate(let degrees): return "\(degrees)"
        case .blob(let bytes): return "\(bytes.count) bytes"
        }
    }

    private func check(_ claim: Scenario.Milestone) async throws -> String? {
        let id = try record(claim.record)
        let object = try object(of: id)
        let rows = try await org.query(
            "SELECT Id, IsCompleted, IsViolated, TargetDate, ElapsedTimeInMins "
                + "FROM \(object)Milestone WHERE \(object)Id = '\(id)' "
                + "AND MilestoneType.Name = '\(claim.type)' ORDER BY Id",
            as: org.administrator
        )
        guard rows.count == claim.count ?? 1 else {
            return "`\(claim.record)` has \(rows.count) milestones \(claim.type)"
        }
        guard let row = rows.last else { return nil }
        if let wanted = claim.isCompleted, row["IsCompleted"].boolean != wanted {
            return "\(claim.type) is \(wanted ? "not " : "")completed"
        }
        if let wanted = claim.isViolated, row["IsViolated"].boolean != wanted {
            return "\(claim.type) is \(wanted ? "not " : "")violated"
        }
        if let wanted = claim.target, ScenarioRunner.text(row["TargetDate"]) != wanted {
            return "the target is \(ScenarioRunner.text(row["TargetDate"]) ?? "none")"
        }
        if let wanted = claim.elapsedMinutes, row.integer("ElapsedTimeInMins") != wanted {
            return "\(row.integer("ElapsedTimeInMins") ?? 0) minutes have passed"
        }
        return nil
    }

    private func sentMails(to address: String? = nil, about: String? = nil) throws -> [JSONObject] {
        let record = try about.map { try self.record($0).description }
        return mails.withLock { $0 }.filter { mail in
            let to = mail["to"]?.array?.compactMap(\.string) ?? []
            return address.map(to.contains) ?? true
                && record.map { mail["relatedTo"]?.string == $0 } ?? true
        }
    }

    private func decision(
        _ kind: String,
        _ name: String,
        _ entry: Int?,
        _ part: String?
    ) async throws -> String? {
        let rows = try await org.query(
            "SELECT EntryNumber, Outcome FROM RuleDecision WHERE ParentId = '\(try record(name))' "
                + "AND Kind = '\(kind)' ORDER BY Id",
            as: org.administrator
        )
        let isFound = rows.contains { row in
            (entry == nil || row.integer("EntryNumber") == entry)
                && (part.map { row.text("Outcome")?.contains($0) ?? false } ?? true)
        }
        return isFound ? nil : "no such decision: \(rows.compactMap { $0.text("Outcome") })"
    }

    private func sees(_ name: String, _ by: String) async throws -> Bool {
        let id = try record(name)
        return try await org.count(
            "SELECT COUNT() FROM \(try object(of: id)) WHERE Id = '\(id)'",
            as: caller(by)
        ) == 1
    }
}
