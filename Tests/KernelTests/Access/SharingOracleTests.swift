import Foundation
import Metadata
import TestSupport
import Testing

@testable import Kernel

/// The engine and the oracle agree about who sees and changes what, whatever is asked and whatever
/// has changed.
@Suite struct SharingOracleTests {
    /// How many orgs and changes; more of both with `SHARING_WORLDS`.
    private static let worlds =
        ProcessInfo.processInfo.environment["SHARING_WORLDS"].flatMap { UInt64($0) } ?? 3

    @Test("everyone sees what the rules say", arguments: StoreKind.allCases)
    func worlds(_ kind: StoreKind) async throws {
        for seed in 1...Self.worlds {
            let world = try await SharingWorld(on: kind, seed: seed)
            var history = ["begun"]
            for round in 0..<8 {
                let note: Comment = "seed \(seed), round \(round), \(history.suffix(4))"
                for user in world.oracle.users {
                    guard try await agrees(world, user, note) else { return }
                }
                for _ in 0..<3 { history.append(try await world.change()) }
            }
        }
    }

    /// Whether all surfaces say of one user what the oracle says.
    private func agrees(
        _ world: SharingWorld,
        _ user: SharingOracle.User,
        _ note: Comment
    ) async throws -> Bool {
        let seen = try await SharingSurfaces(world, user).differences()
        #expect(seen.isEmpty, note)
        return seen.isEmpty
    }
}

/// Everything by which one user can learn of records, compared with what the oracle says.
private struct SharingSurfaces {
    let world: SharingWorld
    let user: SharingOracle.User
    let caller: Caller
    let folders: [RecordID: SharingOracle.Level]
    let boxes: [RecordID: SharingOracle.Level]

    init(_ world: SharingWorld, _ user: SharingOracle.User) {
        self.world = world
        self.user = user
        caller = Caller(org: world.org.id, user: user.id)
        let oracle = world.oracle
        folders = Dictionary(
            uniqueKeysWithValues: oracle.folders.filter { !$0.isDeleted }
                .map { ($0.id, oracle.level(user, $0)) }
        )
        boxes = Dictionary(
            uniqueKeysWithValues: oracle.boxes.filter { !$0.isDeleted }
                .map { ($0.id, oracle.level(user, $0)) }
        )
    }

    private func seen(_ levels: [RecordID: SharingOracle.Level]) -> Set<RecordID> {
        Set(levels.filter { $0.value >= .read }.keys)
    }

    private func ids(_ soql: String, _ path: String = "Id") async throws -> Set<RecordID> {
        Set(try await world.org.query(soql, as: caller).compactMap { $0[path].id })
    }

    func differences() async throws -> [String] {
        let mine = seen(folders)
        var found: [String] = []
        func compare(_ surface: String, _ given: Set<RecordID>, _ wanted: Set<RecordID>) {
            if given == wanted { return }
            let more = given.subtracting(wanted).map(\.description).sorted()
            let less = wanted.subtracting(given).map(\.description).sorted()
            found.append(
                "\(surface) for \(user.kind) \(user.id): too much \(more), too little \(less)"
            )
        }
        compare("query", try await ids("SELECT Id FROM Folder__c"), mine)
        compare(
            "ordered",
            try await ids("SELECT Id FROM Folder__c ORDER BY CreatedDate DESC LIMIT 100"),
            mine
        )
        // A page is found by a walk where it can be; the whole list never is.
        for order in ["Id DESC", "Id", "CreatedDate DESC, Name"] {
            let list = "SELECT Id FROM Folder__c ORDER BY \(order) LIMIT"
            let whole = try await world.org.query("\(list) 1000", as: caller)
            for limit in [1, 3, 5] {
                let page = try await world.org.query("\(list) \(limit)", as: caller)
                if page.map({ $0["Id"].id }) != whole.prefix(limit).map({ $0["Id"].id }) {
                    found.append("page of \(limit) by \(order) for \(user.kind) \(user.id)")
                }
            }
        }
        compare("boxes", try await ids("SELECT Id FROM Box__c"), seen(boxes))
        compare("get", try await got(folders.keys.sorted()), mine)
        compare(
            "search",
            Set(try await world.org.search("FIND {plan} RETURNING Folder__c", as: caller)),
            mine
        )
        // A guest sees no tags.
        if user.kind != .guest {
            compare(
                "parent",
                try await ids("SELECT Folder__r.Id FROM Tag__c", "Folder__r.Id"),
                mine
            )
            compare(
                "semi-join",
                try await ids(
                    "SELECT Folder__c FROM Tag__c WHERE Folder__c IN (SELECT Id FROM Folder__c)",
                    "Folder__c"
                ),
                mine
            )
        }
        compare("details", try await ids("SELECT Folder__c FROM Paper__c", "Folder__c"), mine)
        compare("children", try await children(), mine)
        compare("folders in boxes", try await inBoxes(), foldersInSeenBoxes(mine))
        compare("changed", try await changed(), mine)
        compare("export", try await exported(), mine)
        let count = try await world.org.count("SELECT COUNT() FROM Folder__c", as: caller)
        if count != mine.count { found.append("count \(count) instead of \(mine.count)") }
        let groups = try await world.org.query(
            "SELECT COUNT(Id) n, Color__c FROM Folder__c GROUP BY Color__c",
            as: caller
        )
        let sum = groups.compactMap { $0.integer("n") }.reduce(0, +)
        if sum != mine.count { found.append("aggregate \(sum) instead of \(mine.count)") }
        found += try await levels()
        found += try await explanations()
        found += try await shares(mine)
        return found
    }

    private func got(_ ids: [RecordID]) async throws -> Set<RecordID> {
        try await world.org.records.read(as: caller) { reader in
            let object = try reader.object("Folder__c")
            let page = try reader.retrieve(ids, of: object, fields: ["Id"]) { TestRecordSink($0) }
            return Set(page.sink.records.compactMap { $0["Id"].id })
        }
    }

    private func children() async throws -> Set<RecordID> {
        let rows = try await world.org.query(
            "SELECT Id, (SELECT Id FROM Papers__r) FROM Folder__c",
            as: caller
        )
        return Set(
            rows.filter { $0.children["Papers__r"]?.isEmpty == false }.compactMap { $0["Id"].id }
        )
    }

    private func inBoxes() async throws -> Set<RecordID> {
        let rows = try await world.org.query(
            "SELECT Id, (SELECT Id FROM Folders__r) FROM Box__c",
            as: caller
        )
        return Set(rows.flatMap { $0.children["Folders__r"] ?? [] }.compactMap { $0["Id"].id })
    }

    private func foldersInSeenBoxes(_ mine: Set<RecordID>) -> Set<RecordID> {
        Set(
            world.oracle.folders.filter { folder in
                mine.contains(folder.id)
                    && (folder.box.flatMap { boxes[$0] } ?? .none) >= .read
            }.map(\.id)
        )
    }

    private func changed() async throws -> Set<RecordID> {
        try await world.org.records.read(as: caller) { reader in
            let found = try reader.changed(
                try reader.object("Folder__c"),
                from: Instant(milliseconds: 0),
                to: Instant(milliseconds: 4_000_000_000_000),
                isDeleted: false
            )
            return Set(found.map(\.id))
        }
    }

    /// All pages of a query, by its locators, as an export reads them.
    private func exported() async throws -> Set<RecordID> {
        // Smaller than a client may ask for.
        var options = QueryOptions()
        options.pageSize = 2
        let pageOptions = options
        var pages: [TestRecordSink] = []
        var locator: String?
        repeat {
            let from = locator
            let page = try await world.org.records.read(as: caller) { reader in
                if let from {
                    try reader.queryMore(from, options: pageOptions) { TestRecordSink($0) }
                } else {
                    try reader.query("SELECT Id FROM Folder__c", options: pageOptions) {
                        TestRecordSink($0)
                    }
                }
            }
            pages.append(page.sink)
            locator = page.nextLocator
        } while locator != nil
        return Set(pages.flatMap(\.records).compactMap { $0["Id"].id })
    }

    private func levels() async throws -> [String] {
        let wanted = folders.merging(boxes) { first, _ in first }
        guard !wanted.isEmpty else { return [] }
        let list = wanted.keys.sorted().map { "'\($0)'" }.joined(separator: ",")
        let rows = try await world.org.query(
            "SELECT RecordId, HasReadAccess, HasEditAccess, HasDeleteAccess FROM UserRecordAccess "
                + "WHERE UserId = '\(user.id)' AND RecordId IN (\(list))",
            as: caller
        )
        var found: [String] = []
        for row in rows {
            guard let text = row.text("RecordId"), let id = try? RecordID(text),
                let level = wanted[id]
            else { continue }
            let given: SharingOracle.Level =
                row["HasDeleteAccess"] == .boolean(true)
                ? .all
                : row["HasEditAccess"] == .boolean(true)
                    ? .edit : row["HasReadAccess"] == .boolean(true) ? .read : .none
            if given != level {
                found.append("level of \(id) for \(user.kind) \(user.id): \(given), not \(level)")
            }
        }
        return found
    }

    /// A few records, each explained; what decides gives what is had.
    private func explanations() async throws -> [String] {
        var found: [String] = []
        for (id, level) in folders.sorted(by: { $0.key < $1.key }).prefix(4) {
            let user = user.id
            let explanation = try await world.org.records.read(as: world.admin) {
                try $0.explainAccess(of: user, to: id)
            }
            let names: [SharingOracle.Level: String] = [
                .none: "None", .read: "Read", .edit: "Edit", .all: "All",
            ]
            if explanation.level.rawValue != names[level] {
                found.append("explained \(explanation.text), not \(level)")
            }
            if level != .none && (explanation.decisive?.level ?? .none) < explanation.level {
                found.append("undecided: \(explanation.text)")
            }
        }
        return found
    }

    /// The shares of a record are seen by those who see the record.
    private func shares(_ mine: Set<RecordID>) async throws -> [String] {
        let oracle = world.oracle
        guard
            oracle.folderDefault != .readWrite || oracle.folderExternal != .readWrite
        else { return [] }
        let seen = try await ids(
            "SELECT ParentId FROM Folder__Share WHERE RowCause = 'Manual'",
            "ParentId"
        )
        let wanted = Set(
            oracle.shares.filter { $0.isManual && mine.contains($0.record) }.map(\.record)
        )
        if seen == wanted { return [] }
        let odd = seen.symmetricDifference(wanted)
        let told = odd.map { id in
            "\(id): deleted \(oracle.folders.filter { $0.id == id }.map(\.isDeleted)), "
                + "sees it \(mine.contains(id)), oracle's shares "
                + "\(oracle.shares.filter { $0.record == id })"
        }
        return ["shares for \(user.kind) \(user.id) of \(seen), not of \(wanted): \(told)"]
    }
}
