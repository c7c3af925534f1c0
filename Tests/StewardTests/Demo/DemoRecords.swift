import Kernel
import Metadata
import Testing

@testable import Steward

/// All records of a demo org, with ids as a store would give them.
struct DemoRecords {
    static let now = Instant(milliseconds: 1_772_456_400_000)  // 2026-03-02T13:00:00Z
    static let harborview = DemoRecords(DemoData(seed: 1, now: now))

    let data: DemoData
    let ids: DemoIDs
    let users: [RecordDraft]
    let accounts: [RecordDraft]
    let contacts: [RecordDraft]
    let cases: [RecordDraft]
    let comments: [RecordDraft]
    let tasks: [RecordDraft]
    let events: [RecordDraft]

    init(_ data: DemoData) {
        self.data = data
        var ids = DemoIDs(administrator: Self.id("005", 0).description)
        ids.users = data.org.users.indices.map { Self.id("005", $0 + 1) }
        ids.accounts = (0..<data.accountCount).map { Self.id("001", $0) }
        ids.contacts = (0..<data.contactCount).map { Self.id("003", $0) }
        ids.cases = (0..<data.caseCount).map { Self.id("500", $0) }
        ids.queues = [
            "Streets_Queue": Self.id("00G", 1).description,
            "Sanitation_Queue": Self.id("00G", 2).description,
        ]
        ids.recordTypes = [
            "Request": Self.id("012", 1).description, "Complaint": Self.id("012", 2).description,
            "Information": Self.id("012", 3).description,
        ]
        self.ids = ids
        users = data.users(profiles: [:], roles: [:])
        accounts = data.accounts(0..<data.accountCount, ids)
        contacts = data.contacts(0..<data.contactCount, ids)
        var cases: [RecordDraft] = []
        var followUps: [[RecordDraft]] = [[], [], []]
        for start in stride(from: 0, to: data.caseCount, by: DemoData.batchSize) {
            let positions = start..<min(data.caseCount, start + DemoData.batchSize)
            cases += data.cases(positions, ids)
            for (kind, drafts) in data.followUps(positions, ids).enumerated() {
                followUps[kind] += drafts
            }
        }
        self.cases = cases
        comments = followUps[0]
        tasks = followUps[1]
        events = followUps[2]
    }

    var all: [RecordDraft] { users + accounts + contacts + cases + comments + tasks + events }

    var texts: [String] { all.map(DemoRecords.text) }

    /// A draft as JSON.
    static func text(_ draft: RecordDraft) -> String {
        var writer = JSONWriter()
        writer.value(.object(draft.values))
        return draft.object + String(decoding: writer.bytes, as: UTF8.self)
    }

    static func moment(_ draft: RecordDraft, _ field: String) throws -> Int64 {
        let text = try #require(draft.values[field]?.string)
        return try #require(CivilText.millisecondsSinceEpoch(text))
    }

    private static func id(_ prefix: String, _ index: Int) -> RecordID {
        let prefix = KeyPrefix(prefix) ?? KeyPrefix(number: 0)
        return RecordID(prefix: prefix, sequence: Int64(index + 1))
    }
}
