import Kernel
import Metadata
import Testing

@testable import Steward

/// What the demo shows: made up, and yet as it could have been.
@Suite struct DemoDataTests {
    @Test("the same seed and moment give the same records, to the last byte")
    func repeatable() {
        let first = DemoRecords(DemoData(seed: 7, now: DemoRecords.now, caseCount: 600))
        let second = DemoRecords(DemoData(seed: 7, now: DemoRecords.now, caseCount: 600))

        #expect(first.texts == second.texts)
    }

    @Test("another seed gives other records")
    func seeds() {
        let first = DemoRecords(DemoData(seed: 7, now: DemoRecords.now, caseCount: 200))
        let second = DemoRecords(DemoData(seed: 8, now: DemoRecords.now, caseCount: 200))

        #expect(zip(first.cases, second.cases).allSatisfy { $0.values != $1.values })
    }

    @Test("a batch is the same whichever batches were made before it")
    func batches() {
        let data = DemoData(seed: 7, now: DemoRecords.now, caseCount: 600)
        let ids = DemoRecords(data).ids

        let alone = data.cases(400..<600, ids).map(DemoRecords.text)
        let amongOthers = DemoRecords(data).cases[400..<600].map(DemoRecords.text)

        #expect(alone == Array(amongOthers))
    }

    @Test("Harborview has 5,000 cases, 800 contacts and 120 accounts, and what follows from them")
    func counts() {
        let records = DemoRecords.harborview

        #expect(records.accounts.count == 120)
        #expect(records.contacts.count == 800)
        #expect(records.cases.count == 5_000)
        #expect((4_000...9_000).contains(records.comments.count))
        #expect((800...1_500).contains(records.tasks.count))
        #expect((150...500).contains(records.events.count))
        let assignments = records.data.org.users.map(\.permissionSets.count).reduce(0, +)
        #expect(records.data.recordCount == records.all.count + assignments)
    }

    @Test("every contact belongs to an account, and a case's account is that of its contact")
    func parents() throws {
        let records = DemoRecords.harborview
        var accounts: [String: String] = [:]
        for (contact, id) in zip(records.contacts, records.ids.contacts) {
            accounts[id.description] = try #require(contact.values["AccountId"]?.string)
        }

        #expect(Set(accounts.values) == Set(records.ids.accounts.map(\.description)))
        for draft in records.cases {
            guard let contact = draft.values["ContactId"]?.string else { continue }
            #expect(draft.values["AccountId"]?.string == accounts[contact])
        }
    }

    @Test("whoever asks was known before they asked")
    func contactsComeFirst() throws {
        let records = DemoRecords.harborview
        let created = Dictionary(
            uniqueKeysWithValues: try zip(records.ids.contacts, records.contacts).map {
                ($0.description, try DemoRecords.moment($1, "CreatedDate"))
            }
        )

        for draft in records.cases {
            guard let contact = draft.values["ContactId"]?.string else { continue }
            let known = try #require(created[contact])
            // People are entered in working hours, which may be some days later.
            #expect(try DemoRecords.moment(draft, "CreatedDate") > known - 5 * DemoCalendar.day)
        }
    }

    @Test("a case repeats an earlier one of the same department")
    func repeats() throws {
        let records = DemoRecords.harborview
        let repeated = records.cases.enumerated().filter { $0.element.values["ParentId"] != nil }

        #expect(repeated.count > 20)
        for (index, draft) in repeated {
            let parent = try #require(draft.values["ParentId"]?.string)
            let position = try #require(records.ids.cases.firstIndex(of: RecordID(parent)))
            #expect(position < index / DemoData.batchSize * DemoData.batchSize)
        }
    }

    @Test("a case is closed if, and only if, it has a closed date after it came in")
    func closing() throws {
        let records = DemoRecords.harborview

        for draft in records.cases {
            let isClosed = draft.values["Status"]?.string == "Closed"
            #expect((draft.values["ClosedDate"] != nil) == isClosed)
            #expect((draft.values["Resolution__c"] != nil) == isClosed)
            let created = try DemoRecords.moment(draft, "CreatedDate")
            #expect(created <= DemoRecords.now.milliseconds)
            #expect(created >= DemoRecords.now.milliseconds - 549 * DemoCalendar.day)
            guard isClosed else { continue }
            let closed = try DemoRecords.moment(draft, "ClosedDate")
            #expect(created < closed && closed <= DemoRecords.now.milliseconds)
        }
    }

    @Test("old cases are mostly closed, new ones wait in a queue, a few are escalated")
    func statuses() throws {
        let records = DemoRecords.harborview
        let statuses = records.cases.map { $0.values["Status"]?.string }
        let old = statuses.prefix(2_500)
        let queues = Set(records.ids.queues.values)

        #expect(old.filter { $0 == "Closed" }.count > 2_400)
        #expect((15...150).contains(statuses.filter { $0 == "New" }.count))
        #expect((10...150).contains(statuses.filter { $0 == "Escalated" }.count))
        #expect((80...500).contains(statuses.filter { $0 == "Working" }.count))
        for draft in records.cases {
            let owner = try #require(draft.values["OwnerId"]?.string)
            #expect(queues.contains(owner) == (draft.values["Status"]?.string == "New"))
        }
    }

    @Test("cases come in one after the other, fewer on weekends")
    func weekdays() throws {
        let records = DemoRecords.harborview
        let moments = try records.cases.map { try DemoRecords.moment($0, "CreatedDate") }
        let weekend = moments.filter { [2, 3].contains(records.data.calendar.localDay($0) % 7) }

        #expect(zip(moments, moments.dropFirst()).allSatisfy { $0 <= $1 })
        #expect((400...1_000).contains(weekend.count))
    }

    @Test("no subject is empty, and no sentence keeps a placeholder")
    func texts() {
        let records = DemoRecords.harborview
        let subjects = records.cases.map { $0.values["Subject"]?.string ?? "" }

        #expect(subjects.allSatisfy { !$0.isEmpty && $0.utf8.count <= 255 })
        #expect(Set(subjects).count >= 300)
        #expect(Set(records.cases.compactMap { $0.values["Description"]?.string }).count >= 4_000)
        #expect(records.texts.allSatisfy { !$0.contains("{street}") && !$0.contains("{area}") })
    }

    @Test("the small org shares nothing with the large one")
    func isolation() {
        let small = DemoRecords(DemoData(.larkspur, seed: 7, now: DemoRecords.now))
        let subjects = Set(DemoRecords.harborview.cases.map { $0.values["Subject"] })
        let usernames = Set(DemoRecords.harborview.users.map { $0.values["Username"] })

        #expect(small.cases.count == 40)
        #expect(small.users.count == 2)
        #expect(small.cases.allSatisfy { !subjects.contains($0.values["Subject"]) })
        #expect(small.users.allSatisfy { !usernames.contains($0.values["Username"]) })
    }
}
