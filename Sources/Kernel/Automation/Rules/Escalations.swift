import Metadata

/// Records that have waited too long, followed from save to save and from timer to timer.
struct Escalations {
    let writer: RecordWriter
    let object: ObjectDefinition

    /// What is known of one record: which entry it waits in, since when, and what was done.
    private struct State: Equatable {
        var rule: APIName
        var entry: Int
        var start: Instant
        /// The minutes of the actions that are done.
        var done: Set<Int> = []
        /// Someone has changed the record, and the entry lets go of such.
        var isLetGo = false
    }

    /// What matches a record now.
    private struct Match {
        let rule: EscalationRule
        let entry: EscalationRule.Entry
        let place: Int
    }

    /// Takes in what a save has changed.
    func follow(_ changes: [RecordChange]) throws {
        guard let rule = writer.schema.automation.service.activeEscalation(of: object.name) else {
            return
        }
        for (change, match) in zip(changes, try matches(changes, rule)) {
            let known = change.before == nil ? nil : try state(of: change.after.id)
            guard let match else {
                if known != nil { try forget(change.after.id) }
                continue
            }
            var state = next(known, change, match)
            if match.entry.isDisabledWhenModified, change.before != nil, !writer.access.isSystem {
                state.isLetGo = true
            }
            if state != known { try keep(state, change.after.id) }
            try setTimer(state, match, change.after)
        }
    }

    /// Does what is due by now for one record.
    func review(_ record: StoredRecord) throws {
        guard let rule = writer.schema.automation.service.activeEscalation(of: object.name),
            var state = try state(of: record.id)
        else { return }
        let change = RecordChange(before: record, after: record)
        guard let match = try matches([change], rule)[0], !state.isLetGo,
            match.place == state.entry, match.rule.name == state.rule
        else {
            try forget(record.id)
            return
        }
        let hours = try self.hours(match, record)
        let due = match.entry.actions.filter { action in
            guard !state.done.contains(action.minutes),
                let moment = hours.moment(
                    after: Int64(action.minutes) * 60_000,
                    from: state.start
                )
            else { return false }
            return moment <= writer.now
        }
        state.done.formUnion(due.map(\.minutes))
        // Kept before anything is done: the saves that follow look at it.
        try keep(state, record.id)
        for action in due.sorted(by: { $0.minutes < $1.minutes }) {
            try perform(action, match, record.id)
        }
        try setTimer(state, match, record)
    }
}

// MARK: - What matches

extension Escalations {
    private func matches(
        _ changes: [RecordChange],
        _ rule: EscalationRule
    ) throws -> [Match?] {
        let matching = RuleMatching(reader: writer, object: object)
        let first = try matching.firstMatches(rule.entries.map(\.criteria), for: changes)
        let disabling = rule.entries.indices.filter { rule.entries[$0].disabledWhen != nil }
        let holds = try matching.holds(
            disabling.compactMap { rule.entries[$0].disabledWhen },
            for: changes
        )
        let disabled = Dictionary(zip(disabling, holds), uniquingKeysWith: { first, _ in first })
        return first.enumerated().map { index, place in
            guard let place, disabled[place]?[index] != true else { return nil }
            return Match(rule: rule, entry: rule.entries[place], place: place)
        }
    }

    /// A record that comes to match waits from then on; one that moves to another entry keeps its
    /// start.
    private func next(_ known: State?, _ change: RecordChange, _ match: Match) -> State {
        let created = object.field("CreatedDate").flatMap { change.after[$0].moment }
        var state =
            known
            ?? State(
                rule: match.rule.name,
                entry: match.place,
                start: change.before == nil ? created ?? writer.now : writer.now
            )
        if state.entry != match.place || state.rule != match.rule.name {
            state = State(rule: match.rule.name, entry: match.place, start: state.start)
        }
        // What the platform itself changes does not begin the wait anew.
        if match.entry.startTime == .lastModified, !writer.access.isSystem {
            state.start = writer.now
            state.done = []
        }
        return state
    }

    private func hours(_ match: Match, _ record: StoredRecord) throws -> BusinessHours {
        switch match.entry.hoursSource {
        case .none: return .always()
        case .record:
            return try writer.calendars().first(
                of: [object.field("BusinessHoursId").flatMap { record[$0].id }]
            )
        case .static:
            let calendars = try writer.calendars()
            return match.entry.businessHours.flatMap(calendars.named) ?? calendars.first(of: [])
        }
    }

    private func setTimer(_ state: State, _ match: Match, _ record: StoredRecord) throws {
        var next: Instant?
        if !state.isLetGo {
            let hours = try hours(match, record)
            next = match.entry.actions.filter { !state.done.contains($0.minutes) }
                .compactMap { hours.moment(after: Int64($0.minutes) * 60_000, from: state.start) }
                .min()
        }
        try writer.setRuleTimer(.escalation, for: record.id, at: next)
    }
}

// MARK: - What happens

extension Escalations {
    private func perform(
        _ action: EscalationRule.Action,
        _ match: Match,
        _ record: RecordID
    ) throws {
        var values: [(String, JSONValue)] = []
        var told: [(template: APIName, address: String)] = []
        var outcome = ["after \(action.minutes) minutes"]
        if object.field("IsEscalated") != nil { values.append(("IsEscalated", .bool(true))) }
        if let assignee = action.assignee {
            var assignees = RuleAssignees(reader: writer, object: object)
            switch try assignees.find(assignee) {
            case .owner(let id, let label, let address):
                values.append(("OwnerId", .string(id.description)))
                outcome.append("assigned to \(label)")
                if let template = action.assigneeTemplate, let address {
                    told.append((template, address))
                }
            case .nobody(let reason):
                outcome.append("the owner stays: \(reason)")
            }
        }
        if !values.isEmpty {
            let draft = RecordDraft(
                object: object.name.text,
                id: record.description,
                values: JSONObject(pairs: values)
            )
            let errors = try writer.save([draft], .update)[0].errors
            if let error = errors.first { outcome.append("not saved: \(error.message)") }
        }
        if let template = action.notifyTemplate {
            told += try addresses(of: action, record).map { (template, $0) }
        }
        let mail = RuleMail(writer: writer, object: object)
        for (template, address) in told {
            try mail.send(
                template,
                about: record,
                to: [address],
                because: "escalation rule \(match.rule.name)"
            )
        }
        if !told.isEmpty { outcome.append("told \(told.map(\.address).joined(separator: ", "))") }
        try writer.keep([
            RuleDecision(
                .escalation,
                of: record,
                rule: match.rule.name,
                entry: match.place + 1,
                criteria: match.entry.criteria,
                outcome: outcome.joined(separator: "; ")
            )
        ])
    }

    private func addresses(of action: EscalationRule.Action, _ record: RecordID) throws -> [String]
    {
        var found = action.notifyEmails
        let mail = RuleMail(writer: writer, object: object)
        if action.notifiesOwner { found += try mail.addresses(of: ["Owner"], about: record) }
        if let name = action.notifyTo {
            var assignees = RuleAssignees(reader: writer, object: object)
            let user = RuleAssignee(type: .user, name: name)
            if case .owner(_, _, let address?) = try assignees.find(user) { found.append(address) }
        }
        return found
    }
}

// MARK: - What is kept

extension Escalations {
    private static let document = "escalation"

    private func state(of record: RecordID) throws -> State? {
        guard
            let text = try writer.writeTransaction.document(
                kind: Escalations.document,
                key: record.description
            )
        else { return nil }
        let object = JSONObject(storedText: text)
        guard let rule = object["rule"]?.string,
            let entry = object["entry"]?.string.flatMap({ Int($0) }),
            let start = object["start"]?.string.flatMap({ Int64($0) })
        else { return nil }
        let done = object["done"]?.array?.compactMap { $0.string.flatMap { Int($0) } } ?? []
        return State(
            rule: APIName(rule),
            entry: entry,
            start: Instant(milliseconds: start),
            done: Set(done),
            isLetGo: object["isLetGo"]?.bool ?? false
        )
    }

    private func keep(_ state: State, _ record: RecordID) throws {
        let object = JSONObject(pairs: [
            ("rule", .string(state.rule.text)), ("entry", .whole(state.entry)),
            ("start", .whole(state.start.milliseconds)),
            ("done", .array(state.done.sorted().map { .whole($0) })),
            ("isLetGo", .bool(state.isLetGo)),
        ])
        try writer.writeTransaction.putDocument(
            kind: Escalations.document,
            key: record.description,
            text: object.storedText
        )
    }

    private func forget(_ record: RecordID) throws {
        try writer.writeTransaction.putDocument(
            kind: Escalations.document,
            key: record.description,
            text: nil
        )
        try writer.setRuleTimer(.escalation, for: record, at: nil)
    }
}
