import Kernel
import Metadata

// What is said and done about a case after it came in.
extension DemoData {
    /// The comments, tasks and events of the cases at these positions.
    func followUps(_ positions: Range<Int>, _ ids: DemoIDs) -> [[RecordDraft]] {
        var comments: [RecordDraft] = []
        var tasks: [RecordDraft] = []
        var events: [RecordDraft] = []
        for position in positions {
            let facts = caseFacts(position)
            for number in 0..<facts.commentCount { comments.append(comment(number, facts, ids)) }
            if facts.hasTask { tasks.append(task(facts, ids)) }
            if facts.hasAppointment { events.append(event(facts, ids)) }
        }
        return [comments, tasks, events]
    }

    /// How many records of all kinds there will be, users and their permission sets included.
    var recordCount: Int {
        var count = org.users.count + org.users.map(\.permissionSets.count).reduce(0, +)
        count += accountCount + contactCount + caseCount
        for position in 0..<caseCount {
            let facts = caseFacts(position)
            count += facts.commentCount + (facts.hasTask ? 1 : 0) + (facts.hasAppointment ? 1 : 0)
        }
        return count
    }

    private func comment(_ number: Int, _ facts: DemoCase, _ ids: DemoIDs) -> RecordDraft {
        var random = random(.comment, facts.index << 3 | number)
        var place = facts.place
        place.drawNumbers(&random)
        let begin = facts.response ?? facts.created
        let span = max(1, facts.modified - begin)
        let step = span / Int64(max(1, facts.commentCount))
        let within = step * Int64(random.below(900)) / 1_000
        let isLast = facts.closed != nil && number == facts.commentCount - 1
        let isPublished = random.chance(isLast ? 75 : 45)
        let sentences = sentences(of: facts, isPublished: isPublished, isLast: isLast, &random)
        var fields = DemoFields(capacity: 7)
        fields.set("ParentId", ids.cases.id(at: facts.index))
        fields.set("CommentBody", DemoText.filled(random.pick(sentences), at: place))
        fields.set("IsPublished", isPublished)
        fields.stamp(
            created: begin + step * Int64(number) + within,
            by: ids.users.id(at: facts.agent)
        )
        return fields.draft(of: "CaseComment")
    }

    private func sentences(
        of facts: DemoCase,
        isPublished: Bool,
        isLast: Bool,
        _ random: inout SeededRandom
    ) -> [String] {
        let matter = org.matters[facts.matter]
        if isPublished {
            if isLast { return org.phrases.farewells }
            return matter.isOnSite ? org.phrases.answers : org.phrases.deskAnswers
        }
        if !matter.notes.isEmpty && random.chance(50) { return matter.notes }
        return matter.isOnSite ? org.phrases.remarks : org.phrases.deskRemarks
    }

    private func task(_ facts: DemoCase, _ ids: DemoIDs) -> RecordDraft {
        var random = random(.activity, facts.index << 1)
        let begin = facts.response ?? facts.created
        // Only where there is a place to go to is anything to be ordered or closed off.
        let isCall = !org.matters[facts.matter].isOnSite || random.chance(60)
        let due = calendar.workingTime(
            from: begin + Int64(1 + random.below(6)) * DemoCalendar.day
        )
        let done = doneMoment(of: facts, begin: begin, due: due, &random)
        var fields = DemoFields(capacity: 18)
        let sentence = random.pick(isCall ? org.phrases.calls : org.phrases.errands)
        fields.set("Subject", DemoText.filled(sentence, at: facts.place))
        fields.set("WhatId", ids.cases.id(at: facts.index))
        fields.set("WhoId", whoID(of: facts, ids))
        fields.set("OwnerId", ids.users.id(at: facts.agent))
        fields.set("ActivityDate", DemoCalendar.text(ofDay: calendar.localDay(due)))
        fields.set("Type", isCall ? "Call" : random.chance(50) ? "Email" : "Other")
        fields.set("TaskSubtype", isCall ? "Call" : "Task")
        fields.set("Priority", facts.priority == "High" ? "High" : "Normal")
        if let done {
            fields.set("Status", "Completed")
            fields.set("CompletedDateTime", moment: done)
            if isCall {
                fields.set("CallType", "Outbound")
                fields.set("CallDurationInSeconds", digits: Int64(40 + random.skewed(below: 900)))
            }
        } else {
            fields.set(
                "Status",
                [
                    "Not Started", "Not Started", "In Progress", "Waiting on someone else",
                    "Deferred",
                ][
                    random.below(5)
                ]
            )
        }
        let agent = ids.users.id(at: facts.agent)
        fields.stamp(created: begin, by: agent, modified: done, by: agent)
        return fields.draft(of: "Task")
    }

    /// A task is done before its case is closed, as a rule.
    private func doneMoment(
        of facts: DemoCase,
        begin: Int64,
        due: Int64,
        _ random: inout SeededRandom
    ) -> Int64? {
        if let closed = facts.closed {
            return random.chance(97) ? begin + (min(due, closed) - begin) * 9 / 10 : nil
        }
        return due < now && random.chance(70) ? begin + (due - begin) * 9 / 10 : nil
    }

    private func event(_ facts: DemoCase, _ ids: DemoIDs) -> RecordDraft {
        var random = random(.activity, facts.index << 1 | 1)
        let begin = facts.response ?? facts.created
        // What is still open may have its visit ahead of it.
        let isAhead = facts.closed == nil && random.chance(55)
        let from = isAhead ? now : begin
        let limit = facts.closed ?? Int64.max
        let visit = calendar.workingTime(
            from: from + Int64(1 + random.below(12)) * DemoCalendar.day / 2
        )
        let quarter = DemoCalendar.hour / 4
        let start = min(visit, limit - DemoCalendar.hour) / quarter * quarter
        var fields = DemoFields(capacity: 14)
        let sentence = random.pick(org.phrases.appointments)
        fields.set("Subject", DemoText.filled(sentence, at: facts.place))
        fields.set("StartDateTime", moment: start)
        fields.set("EndDateTime", moment: start + quarter * Int64(1 + random.below(6)))
        fields.set("Location", "\(facts.place.number) \(facts.place.street), \(facts.place.area)")
        fields.set("WhatId", ids.cases.id(at: facts.index))
        fields.set("WhoId", whoID(of: facts, ids))
        fields.set("OwnerId", ids.users.id(at: facts.agent))
        fields.set("Description", subject(of: facts))
        fields.stamp(created: begin, by: ids.users.id(at: facts.agent))
        return fields.draft(of: "Event")
    }

    private func whoID(of facts: DemoCase, _ ids: DemoIDs) -> String? {
        if case .contact(let index) = facts.asker { ids.contacts.id(at: index) } else { nil }
    }
}
