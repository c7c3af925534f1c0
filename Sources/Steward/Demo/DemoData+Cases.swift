import Kernel
import Metadata

// What comes in, and what becomes of it.
extension DemoData {
    /// Decides the case at a position; the same each time.
    func caseFacts(_ index: Int) -> DemoCase {
        var random = random(.caseFacts, index)
        let created = calendar.moment(of: index, among: caseCount, &random)
        let position = matter(at: created, &random)
        let story = random.below(org.matters[position].stories.count)
        let urgency = org.matters[position].urgency
        let department = random.pick(org.matters[position].departments)
        let team = team(of: department)
        let neighborhood = neighborhood(&random)
        let place = place(in: neighborhood, &random)
        let asker: DemoCase.Asker =
            random.chance(88) ? .contact(contactAsking(at: created, &random)) : .stranger
        let priority = DemoData.priority(urgency, &random)
        let origin = origin(at: created, &random)
        let handling = handling(
            from: created,
            days: org.matters[position].days,
            isUrgent: priority == "High",
            &random
        )
        let agent = handling.response == nil ? nil : agent(of: team, &random)
        let isSupervised = handling.status == .escalated && random.chance(50)
        let isAtWork = handling.response != nil
        let remarks = isAtWork ? random.below(3) + (handling.closed == nil ? 1 : 0) : 0
        return DemoCase(
            index: index,
            matter: position,
            story: story,
            department: department,
            team: team,
            neighborhood: neighborhood,
            place: place,
            asker: asker,
            priority: priority,
            origin: origin,
            created: created,
            response: handling.response,
            closed: handling.closed,
            modified: handling.modified,
            status: handling.status,
            isEscalated: handling.isEscalated,
            agent: agent,
            owner: isSupervised ? supervisors[team] ?? agent : agent,
            commentCount: remarks,
            hasTask: isAtWork && random.chance(22),
            hasAppointment: isAtWork && org.matters[position].isOnSite && random.chance(6)
        )
    }

    private struct Handling {
        var status: DemoCase.Status
        var response: Int64?
        var closed: Int64?
        var modified: Int64
        var isEscalated = false
    }

    /// How far a case has come by now.
    private func handling(
        from created: Int64,
        days: Int,
        isUrgent: Bool,
        _ random: inout SeededRandom
    ) -> Handling {
        // Most are taken up within the day, some lie for a week.
        let waits = Int64(isUrgent ? 6 : random.chance(72) ? 22 : 150)
        let wait = random.duration(mean: waits * DemoCalendar.hour)
        let response = calendar.workingTime(from: created + 60_000 + wait)
        guard response < now else {
            return Handling(status: .new, response: nil, closed: nil, modified: created)
        }
        // A few wait for spare parts, permits or better weather.
        let usual = Int64(days) * DemoCalendar.day
        let isStuck = random.chance(5)
        let work = random.duration(mean: isStuck ? usual * 5 + 40 * DemoCalendar.day : usual)
        let closed = calendar.workingTime(from: response + 900_000 + work)
        let isEscalated = random.chance(isStuck ? 35 : 2)
        if closed < now {
            return Handling(
                status: .closed,
                response: response,
                closed: closed,
                modified: closed,
                isEscalated: isEscalated
            )
        }
        let portion = Int64(random.below(1_000))
        return Handling(
            status: isEscalated ? .escalated : .working,
            response: response,
            closed: nil,
            modified: response + (now - response) * portion / 1_000,
            isEscalated: isEscalated
        )
    }

    private static func priority(
        _ urgency: DemoMatter.Urgency,
        _ random: inout SeededRandom
    ) -> String {
        let (high, medium) =
            switch urgency {
            case .low: (3, 42)
            case .medium: (12, 70)
            case .high: (55, 40)
            }
        let number = random.below(100)
        return number < high ? "High" : number < high + medium ? "Medium" : "Low"
    }

    /// At night and on weekends nobody answers the phone.
    private func origin(at moment: Int64, _ random: inout SeededRandom) -> String {
        let phone = calendar.isWorkingTime(moment) ? 52 : 0
        let number = random.below(100)
        if number < phone { return "Phone" }
        return number.isMultiple(of: 3) ? "Email" : "Web"
    }

    /// The first of a team work on more cases than the last.
    private func agent(of team: Int, _ random: inout SeededRandom) -> Int? {
        let known = agents[team]
        guard !known.isEmpty else { return supervisors[team] }
        let number =
            random.chance(60) ? random.below(known.count) : random.skewed(below: known.count)
        return known[number]
    }
}

// MARK: - Drafts

extension DemoData {
    /// The cases at these positions, in the order in which they came in.
    func cases(_ positions: Range<Int>, _ ids: DemoIDs) -> [RecordDraft] {
        positions.map { draft(of: caseFacts($0), ids) }
    }

    private func draft(of facts: DemoCase, _ ids: DemoIDs) -> RecordDraft {
        var random = random(.caseText, facts.index)
        let earlier = random.chance(4) ? earlierCase(like: facts) : nil
        var fields = DemoFields(capacity: 30)
        setTexts(of: facts, &fields, &random)
        setMatter(of: facts, isRepeated: earlier != nil, ids, &fields, &random)
        setAsker(of: facts, ids, &fields, &random)
        setWork(of: facts, &fields, &random)
        fields.set("ParentId", ids.cases.id(at: earlier))
        if random.chance(30) {
            let year = calendar.year(facts.created)
            fields.set(
                "External_Reference__c",
                "\(org.referencePrefix)-\(year)-\(100_000 + facts.index)"
            )
        }
        fields.set("OwnerId", owner(of: facts, ids))
        let agent = ids.users.id(at: facts.agent)
        let creator = facts.origin == "Phone" ? ids.users.id(at: taker(of: facts, &random)) : nil
        fields.stamp(
            created: facts.created,
            by: creator ?? ids.administrator,
            modified: facts.modified,
            by: agent
        )
        return fields.draft(of: "Case")
    }

    private func setTexts(
        of facts: DemoCase,
        _ fields: inout DemoFields,
        _ random: inout SeededRandom
    ) {
        let matter = org.matters[facts.matter]
        let story = matter.stories[facts.story]
        fields.set("Subject", subject(of: facts))
        var sentences = [random.pick(story.openings)]
        if random.chance(85) { sentences.append(random.pick(story.details)) }
        if matter.isOnSite && random.chance(50) {
            sentences.append(random.pick(org.phrases.circumstances))
        }
        if random.chance(45) { sentences.append(random.pick(org.phrases.wishes)) }
        // What came by phone is an agent's note, and a few give no more than a subject.
        if facts.origin == "Phone" || !random.chance(4) {
            fields.set("Description", DemoText.paragraph(sentences, at: facts.place))
        }
        guard facts.closed != nil else { return }
        let isUnfounded = matter.isOnSite && random.chance(7)
        let endings = isUnfounded ? org.phrases.unfounded : story.resolutions
        fields.set("Resolution__c", DemoText.filled(random.pick(endings), at: facts.place))
    }

    /// A subject of its own stretch of chance: activities quote it.
    func subject(of facts: DemoCase) -> String {
        var random = random(.subject, facts.index)
        let story = org.matters[facts.matter].stories[facts.story]
        return DemoText.filled(random.pick(story.subjects), at: facts.place)
    }

    private func setMatter(
        of facts: DemoCase,
        isRepeated: Bool,
        _ ids: DemoIDs,
        _ fields: inout DemoFields,
        _ random: inout SeededRandom
    ) {
        let matter = org.matters[facts.matter]
        fields.set("RecordTypeId", ids.recordTypes[matter.recordType])
        fields.set("Status", facts.status.rawValue)
        fields.set("Priority", facts.priority)
        fields.set("Origin", facts.origin)
        if random.chance(60) { fields.set("Type", matter.type) }
        if random.chance(60) { fields.set("Reason", matter.reason) }
        fields.set("Department__c", facts.department)
        // Before anybody looked at it, the service type may be open.
        if facts.response != nil || random.chance(85) {
            fields.set("Service_Type__c", matter.serviceType)
        }
        fields.set("IsEscalated", facts.isEscalated)
        fields.set("Tags__c", tags(of: facts, isRepeated: isRepeated, &random))
        guard matter.isOnSite else { return }
        if random.chance(92) { fields.set("Neighborhood__c", facts.place.area) }
        guard random.chance(82) else { return }
        let area = org.neighborhoods[facts.neighborhood]
        let latitude = area.latitude + Int64(random.within(-5_500...5_500))
        let longitude = area.longitude + Int64(random.within(-7_500...7_500))
        fields.set("Location__Latitude__s", digits: latitude, scale: 6)
        fields.set("Location__Longitude__s", digits: longitude, scale: 6)
    }

    private func tags(
        of facts: DemoCase,
        isRepeated: Bool,
        _ random: inout SeededRandom
    ) -> String {
        guard org.matters[facts.matter].isOnSite else {
            return random.chance(6) ? "Needs another department" : ""
        }
        var tags: [String] = []
        if facts.priority == "High" && random.chance(55) { tags.append("Safety hazard") }
        if facts.place.landmark.contains("School") && random.chance(60) {
            tags.append("School nearby")
        }
        if random.chance(4) { tags.append("Blocks access") }
        if isRepeated { tags.append("Repeat report") }
        if facts.hasAppointment { tags.append("Needs a site visit") }
        if random.chance(3) { tags.append("Needs another department") }
        return tags.joined(separator: ";")
    }

    private func setAsker(
        of facts: DemoCase,
        _ ids: DemoIDs,
        _ fields: inout DemoFields,
        _ random: inout SeededRandom
    ) {
        switch facts.asker {
        case .contact(let index):
            fields.set("ContactId", ids.contacts.id(at: index))
            fields.set("AccountId", ids.accounts.id(at: contact(index).account))
        case .stranger:
            guard random.chance(80) else { return }
            let first = random.pick(DemoNames.first)
            let last = random.pick(DemoNames.last)
            fields.set("SuppliedName", "\(first) \(last)")
            if facts.origin != "Phone" {
                let address = "\(first).\(last)\(10 + random.below(90))@\(org.mailDomain)"
                fields.set("SuppliedEmail", address.lowercased())
            }
            if facts.origin == "Phone" || random.chance(30) {
                fields.set("SuppliedPhone", DemoData.phone(&random))
            }
        }
    }

    private func setWork(
        of facts: DemoCase,
        _ fields: inout DemoFields,
        _ random: inout SeededRandom
    ) {
        let matter = org.matters[facts.matter]
        if let cost = matter.cost, facts.response != nil, random.chance(70) {
            fields.set(
                "Estimated_Cost__c",
                digits: Int64(random.within(cost)) * 100 + Int64(random.below(4) * 25),
                scale: 2
            )
        }
        if let hours = matter.quarterHours, facts.closed != nil, random.chance(85) {
            fields.set("Hours_Spent__c", digits: Int64(random.within(hours)) * 25, scale: 2)
        }
        fields.set("ClosedDate", moment: facts.closed)
    }

    /// A case of the batch before about the same matter in the same part of town.
    private func earlierCase(like facts: DemoCase) -> Int? {
        let end = facts.index / DemoData.batchSize * DemoData.batchSize
        let positions = max(0, end - DemoData.batchSize)..<end
        return positions.last { position in
            let other = caseFacts(position)
            return other.matter == facts.matter && other.story == facts.story
                && other.neighborhood == facts.neighborhood
        }
    }

    private func owner(of facts: DemoCase, _ ids: DemoIDs) -> String? {
        if let owner = facts.owner { return ids.users.id(at: owner) }
        if let queue = org.teams[facts.team].queue { return ids.queues[queue] }
        return ids.users.id(at: supervisors[facts.team])
    }

    /// Who took the call: somebody of the team.
    private func taker(of facts: DemoCase, _ random: inout SeededRandom) -> Int? {
        let known = agents[facts.team]
        return known.isEmpty ? supervisors[facts.team] : known[random.below(known.count)]
    }
}
