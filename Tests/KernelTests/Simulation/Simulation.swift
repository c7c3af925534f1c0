import Metadata
import TestSupport

@testable import Kernel

/// An org that lives through a random history of saves, deploys, clock jumps and crashes.
///
/// After every step the outcome is what the model says; what a refused save left behind is nothing.
final class Simulation {
    private(set) var org: TestOrg
    private var model = SimulationModel()
    private var random: SeededRandom
    private let neighbour: Caller
    private var users: [Caller] = []
    private var sites: [RecordID] = []
    private var keys = 0
    private var lastReplayID: Int64 = 0
    private var creationsTold = 0
    private var told: Set<RecordID> = []
    /// What was done, for the message of a failure.
    private(set) var history: [String] = []
    private(set) var problems: [String] = []

    init(on kind: StoreKind, seed: UInt64) async throws {
        org = try await TestOrg(on: kind, apps: ["platform"])
        random = SeededRandom(seed: seed)
        neighbour = try await org.neighbour(2, apps: ["platform"])
        try await makePeople()
        if let problems = try await deploy(model.rules.files) { throw problems }
        try await giveRights()
        users.append(org.administrator)
        for number in 0..<SimulationModel.sites {
            sites.append(
                try await org.create(
                    "Site__c",
                    ["Name": .string("Site \(number)")],
                    as: org.administrator
                )
            )
        }
    }

    private func makePeople() async throws {
        var roles: [RecordID] = []
        for (number, parent) in SimulationModel.parents.enumerated() {
            var values: JSONObject = [
                "Name": .string("R\(number)"), "DeveloperName": .string("R\(number)"),
            ]
            if let parent {
                values.members.append(
                    JSONObject.Member(name: "ParentRoleId", value: .id(roles[parent]))
                )
            }
            roles.append(try await org.create("UserRole", values, as: org.administrator))
        }
        for (number, role) in SimulationModel.roles.dropLast().enumerated() {
            users.append(try await org.user("User\(number)", role: role.map { "R\($0)" }))
        }
    }

    private func giveRights() async throws {
        let set = try await org.only("SELECT Id FROM PermissionSet WHERE Name = 'Working'")
        for user in users {
            try await org.create(
                "PermissionSetAssignment",
                ["AssigneeId": .id(user.user), "PermissionSetId": .id(set)],
                as: org.administrator
            )
        }
    }

    // MARK: - Steps

    func step() async throws {
        try await take(number(below: users.count))
        try await readOutbox()
    }

    private func take(_ user: Int) async throws {
        switch number(below: 24) {
        case 0..<6: try await create(user)
        case 6..<11: try await change(user)
        case 11, 12: try await delete(user)
        case 13: try await undelete()
        case 14, 15: try await upsert(user)
        case 16: try await undo(user)
        case 17: try await together()
        case 18, 19: try await jump()
        case 20: try await reopen()
        case 21: try await redeploy()
        case 22: try await deployBroken()
        default: try await askNextDoor()
        }
    }

    private func number(below limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }

    private func expect(_ isTrue: Bool, _ what: String) {
        if !isTrue { problems.append("\(what), after \(history.suffix(6))") }
    }

    private func newKey() -> String {
        keys += 1
        return "K\(keys)"
    }

    /// A work's values, as a client sends them and as the model keeps them.
    private struct Wish {
        var key: String
        var site: Int
        var amount: Int
        var color: String
    }

    private func wish() -> Wish {
        Wish(
            key: newKey(),
            site: number(below: SimulationModel.sites),
            amount: number(below: 1_000),
            color: SimulationModel.colors[number(below: 3)]
        )
    }

    private func draft(_ wish: Wish, id: RecordID? = nil) -> RecordDraft {
        RecordDraft(
            object: "Work__c",
            id: id?.description,
            values: [
                "Name": .string(wish.key), "Key__c": .string(wish.key),
                "Site__c": .id(sites[wish.site]), "Amount__c": .string("\(wish.amount)"),
                "Color__c": .string(wish.color),
            ]
        )
    }

    private func keep(_ wish: Wish, _ id: RecordID, of user: Int) {
        model.created += 1
        model.works.append(
            SimulationModel.Work(
                id: id,
                key: wish.key,
                owner: user,
                site: wish.site,
                amount: wish.amount,
                color: wish.color,
                due: org.clock.now().adding(seconds: 86_400)
            )
        )
    }

    private func create(_ user: Int) async throws {
        var wishes = (0...number(below: 5)).map { _ in wish() }
        if let taken = model.living.randomElement(using: &random), number(below: 4) == 0 {
            wishes[0].key = model.works[taken].key
        }
        history.append("\(user) creates \(wishes.map(\.key))")
        let results = try await org.save(wishes.map { draft($0) }, .create, as: users[user])
        for (wish, result) in zip(wishes, results) {
            let isFine = model.isAllowed(wish.amount) && !model.isTaken(wish.key)
            expect(result.errors.isEmpty == isFine, "\(wish) gave \(result.errors)")
            if let id = result.id, result.errors.isEmpty { keep(wish, id, of: user) }
        }
    }

    private func change(_ user: Int) async throws {
        guard let index = model.works.indices.randomElement(using: &random) else { return }
        var work = model.works[index]
        var values = JSONObject()
        func set(_ name: String, _ value: JSONValue) {
            values.members.append(JSONObject.Member(name: name, value: value))
        }
        switch number(below: 4) {
        case 0:
            work.amount = number(below: 1_000)
            set("Amount__c", .string("\(work.amount)"))
        case 1:
            work.color = SimulationModel.colors[number(below: 3)]
            set("Color__c", .string(work.color))
        case 2:
            work.site = number(below: SimulationModel.sites)
            set("Site__c", .id(sites[work.site]))
        default:
            work.owner = number(below: users.count)
            set("OwnerId", .id(users[work.owner].user))
        }
        history.append("\(user) changes \(work.key) \(values)")
        let isFine =
            !work.isDeleted && model.access(user, model.works[index]) == .all
            && model.isAllowed(work.amount)
        let draft = RecordDraft(object: "Work__c", id: work.id.description, values: values)
        let before = try await everything()
        let result = try await org.save([draft], .update, as: users[user])[0]
        expect(result.errors.isEmpty == isFine, "\(work) gave \(result.errors)")
        if result.errors.isEmpty {
            model.works[index] = work
        } else {
            expect(try await everything() == before, "a refused change left something")
        }
    }

    private func delete(_ user: Int) async throws {
        guard let index = model.living.randomElement(using: &random) else { return }
        let work = model.works[index]
        history.append("\(user) deletes \(work.key)")
        let id = work.id.description
        let result = try await org.records.write(as: users[user]) { try $0.delete([id]) }[0]
        let isFine = model.access(user, work) == .all
        expect(result.errors.isEmpty == isFine, "deleting \(work) gave \(result.errors)")
        guard result.errors.isEmpty else { return }
        model.works[index].isDeleted = true
        model.works[index].wasDeleted = true
    }

    private func undelete() async throws {
        let gone = model.works.indices.filter {
            model.works[$0].isDeleted && !model.isTaken(model.works[$0].key)
        }
        guard let index = gone.randomElement(using: &random) else { return }
        history.append("\(model.works[index].key) comes back")
        try await org.undelete(model.works[index].id, as: org.administrator)
        model.works[index].isDeleted = false
    }

    private func upsert(_ user: Int) async throws {
        var wish = wish()
        let index = number(below: 2) == 0 ? model.living.randomElement(using: &random) : nil
        if let index { wish.key = model.works[index].key }
        history.append("\(user) upserts \(wish)")
        let result = try await org.save([draft(wish)], .upsert(field: "Key__c"), as: users[user])[0]
        let isFine =
            model.isAllowed(wish.amount)
            && (index.map { model.access(user, model.works[$0]) == .all } ?? true)
        expect(result.errors.isEmpty == isFine, "\(wish) gave \(result.errors)")
        guard result.errors.isEmpty, let id = result.id else { return }
        guard let index else { return keep(wish, id, of: user) }
        model.works[index].site = wish.site
        model.works[index].amount = wish.amount
        model.works[index].color = wish.color
    }

    /// A transaction that saves, deletes, and then fails.
    private func undo(_ user: Int) async throws {
        history.append("\(user) is undone")
        let drafts = (0..<3).map { _ in draft(wish()) }
        let victim = model.living.randomElement(using: &random).map { model.works[$0].id }
        let before = try await everything()
        do {
            try await org.records.write(as: users[user]) { writer in
                _ = try writer.save(drafts, .create)
                if let victim { _ = try writer.delete([victim.description]) }
                throw CancellationError()
            }
            expect(false, "a transaction that throws was kept")
        } catch is CancellationError {}
        expect(try await everything() == before, "a transaction that throws left something")
    }

    /// Several writers at once, on records of their own.
    private func together() async throws {
        history.append("all create at once")
        let wishes = users.indices.map { _ in wish() }
        let drafts = wishes.map { draft($0) }
        let (org, users) = (org, users)
        let saved = try await withThrowingTaskGroup(of: (Int, SaveResult).self) { group in
            for user in users.indices {
                group.addTask {
                    (user, try await org.save([drafts[user]], .create, as: users[user])[0])
                }
            }
            return try await group.reduce(into: [Int: SaveResult]()) { $0[$1.0] = $1.1 }
        }
        for user in users.indices {
            let isFine = model.isAllowed(wishes[user].amount)
            expect(saved[user]?.errors.isEmpty == isFine, "\(wishes[user]) among others")
            if let id = saved[user]?.id, saved[user]?.errors.isEmpty == true {
                keep(wishes[user], id, of: user)
            }
        }
    }

    private func jump() async throws {
        let hours = Int64(number(below: 40))
        history.append("\(hours) hours pass")
        org.clock.advance(seconds: hours * 3_600)
        try await runJobs()
    }

    func runJobs() async throws {
        var handlers = JobHandlers()
        FlowJobs.add(to: &handlers)
        UpkeepJobs.join(&handlers)
        let id = org.id
        _ = try await JobRunner(records: org.records, handlers: handlers, orgs: { [id] }).runDue()
    }

    private func reopen() async throws {
        let isClean = number(below: 2) == 0
        history.append(isClean ? "the server restarts" : "the server is killed")
        org = try await org.reopened(isClean: isClean)
    }

    // MARK: - Deploys

    private func deploy(_ files: [MetadataPackage.File]) async throws -> PackageProblems? {
        do {
            _ = try await Deployment(org.records).apply(
                files,
                in: org.id,
                as: org.administrator.user
            )
            return nil
        } catch let problems as PackageProblems {
            return problems
        }
    }

    private func redeploy() async throws {
        model.rules = model.rules.limit == 900 ? .second : .first
        history.append("the limit becomes \(model.rules.limit)")
        expect(try await deploy(model.rules.files) == nil, "a deploy was refused")
        // Nothing waits for the background: answers are right at every moment.
        try await checkPeople()
    }

    private func deployBroken() async throws {
        history.append("a mistake is deployed")
        let before = try await everything()
        expect(try await deploy(model.rules.broken) != nil, "a mistake was deployed")
        expect(try await everything() == before, "a refused deploy left something")
    }

    // MARK: - Checks

    private func askNextDoor() async throws {
        guard let work = model.works.randomElement(using: &random) else { return }
        history.append("the neighbour asks")
        let id = work.id.description
        let results = try await org.records.write(as: neighbour) { try $0.delete([id]) }
        expect(results.allSatisfy { !$0.errors.isEmpty }, "a neighbour deleted \(work)")
        let found = try await org.count(
            "SELECT COUNT() FROM User WHERE Id = '\(users[0].user)'",
            as: neighbour
        )
        expect(found == 0, "a neighbour saw a user")
    }

    /// All that the administrator can read of works, sites and traces.
    private func everything() async throws -> [String] {
        var lines: [String] = []
        for soql in [
            "SELECT FIELDS(ALL) FROM Work__c LIMIT 200",
            "SELECT FIELDS(ALL) FROM Site__c LIMIT 200",
        ] {
            lines += try await org.query(soql, as: org.administrator).map { record in
                record.order.map { "\($0)=\(record[$0])" }.joined(separator: " ")
            }
        }
        let traces = try await org.count("SELECT COUNT() FROM Trace__c", as: org.administrator)
        return lines.sorted() + ["\(traces) traces"]
    }

    func checkPeople() async throws {
        let ids = users.map(\.user)
        for (number, user) in users.enumerated() {
            let rows = try await org.query(
                "SELECT Key__c, OwnerId, Site__c, Amount__c, Color__c, Is_Large__c, Double__c "
                    + "FROM Work__c",
                as: user
            )
            let lines = rows.map { row in
                let site = sites.firstIndex { row["Site__c"].id == $0 } ?? -1
                let owner = row["OwnerId"].id.map(\.description) ?? ""
                return "\(row.text("Key__c") ?? "") \(owner) \(site) "
                    + "\(row.integer("Amount__c") ?? -1) \(row.text("Color__c") ?? "") "
                    + "\(row["Is_Large__c"].boolean ?? false) \(row.integer("Double__c") ?? -1)"
            }
            expect(lines.sorted() == model.lines(number, ids), "user \(number) sees \(lines)")
        }
    }

    /// What must hold at any time.
    func check() async throws {
        try await checkPeople()
        let rows = try await org.query(
            "SELECT Count__c, Total__c, Double__c FROM Site__c ORDER BY Name",
            as: org.administrator
        )
        let sums = rows.map { row in
            ["Count__c", "Total__c", "Double__c"].map { row.integer($0) ?? -1 }
        }
        expect(sums == model.sums, "the summaries are \(sums), not \(model.sums)")
        let wrong = try await org.records.read(as: org.administrator) { try $0.rollUpProblems() }
        expect(wrong.isEmpty, "\(wrong)")
        try await checkTraces()
    }

    private func checkTraces() async throws {
        let rows = try await org.query(
            "SELECT What__c, Key__c FROM Trace__c",
            as: org.administrator
        )
        func keys(_ what: String) -> [String] {
            rows.filter { $0.text("What__c") == what }.compactMap { $0.text("Key__c") }
        }
        expect(
            keys("now").sorted() == model.works.map(\.key).sorted(),
            "the flow ran for \(keys("now"))"
        )
        let later = keys("later")
        expect(Set(later).count == later.count, "a scheduled path ran twice: \(later)")
        // Jobs have run at every jump of the clock, and the clock goes on at no other time.
        let due = model.works.filter { !$0.wasDeleted && $0.due <= org.clock.now() }.map(\.key)
        expect(Set(due).isSubset(of: later), "paths are late: \(Set(due).subtracting(later))")
        let early = model.works.filter { $0.due > org.clock.now() }.map(\.key)
        expect(Set(early).isDisjoint(with: later), "paths are early: \(later)")
    }

    /// Reads on in the outbox, whose oldest entries are removed after some days.
    private func readOutbox() async throws {
        let last = lastReplayID
        let entries = try await org.store.read(org.id, isBrief: true) { tx in
            try tx.outbox(after: last, limit: 100_000)
        }
        let wanted = entries.indices.map { last + Int64($0) + 1 }
        expect(
            entries.map(\.replayID) == wanted,
            "replay ids have gaps: \(entries.map(\.replayID))"
        )
        lastReplayID = entries.last?.replayID ?? last
        creationsTold += entries.filter { $0.entry.payload.contains("\"CREATE\"") }.count
        told.formUnion(entries.compactMap(\.entry.record))
        expect(
            creationsTold == model.created,
            "\(creationsTold) of \(model.created) creations are told"
        )
        expect(model.works.allSatisfy { told.contains($0.id) }, "a work was never told of")
    }
}
