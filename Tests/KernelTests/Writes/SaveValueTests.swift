import Kernel
import Metadata
import TestSupport
import Testing

/// What a save makes of what was sent: defaults, derived fields, numbers, stamps.
@Suite struct SaveValueTests {
    private static let columns = """
        SELECT CaseNumber, Status, Priority, IsClosed, ClosedDate, OwnerId, CreatedDate, CreatedById, \
        LastModifiedDate, LastModifiedById FROM Case
        """

    @Test(
        "a new record has its defaults, its number, its owner and its stamps",
        arguments: StoreKind.allCases
    )
    func creation(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        try await org.create("Case", ["subject": "  Pothole  ", "DESCRIPTION": ""], as: ana)

        let record = try #require(try await org.query(Self.columns, as: ana).first)

        #expect(record.text("CaseNumber") == "00000001")
        #expect(record.text("Status") == "New")
        #expect(record.text("Priority") == "Medium")
        #expect(record["OwnerId"] == .id(ana.user))
        #expect(record["CreatedById"] == .id(ana.user))
        #expect(record["CreatedDate"] == .dateTime(org.clock.now()))
        #expect(record["IsClosed"] == .boolean(false))
        let texts = try await org.query("SELECT Subject, Description FROM Case", as: ana).first
        #expect(texts?.text("Subject") == "Pothole")
        #expect(texts?["Description"] == .null)
    }

    @Test(
        "closing a case stamps the moment, and opening it again clears it",
        arguments: StoreKind.allCases
    )
    func closing(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let id = try await org.create("Case", ["Subject": "Pothole"], as: ana)
        org.clock.advance(seconds: 3_600)
        let closing = org.clock.now()
        try await org.update("Case", id, ["Status": "closed"], as: ana)
        org.clock.advance(seconds: 60)
        try await org.update("Case", id, ["Priority": "High"], as: ana)

        let closed = try #require(try await org.query(Self.columns, as: ana).first)
        #expect(closed.text("Status") == "Closed")
        #expect(closed["IsClosed"] == .boolean(true))
        #expect(closed["ClosedDate"] == .dateTime(closing))
        #expect(closed["LastModifiedDate"] == .dateTime(org.clock.now()))

        try await org.update("Case", id, ["Status": "Working"], as: ana)
        let open = try #require(try await org.query(Self.columns, as: ana).first)
        #expect(open["IsClosed"] == .boolean(false))
        #expect(open["ClosedDate"] == .null)
    }

    @Test("a person's name is put together from its parts", arguments: StoreKind.allCases)
    func names(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let id = try await org.create(
            "Contact",
            ["FirstName": "Grace", "LastName": "Hopper"],
            as: org.administrator
        )
        let name = "SELECT Name FROM Contact"

        #expect(
            try await org.query(name, as: org.administrator).first?.text("Name") == "Grace Hopper"
        )
        try await org.update("Contact", id, ["FirstName": .null], as: org.administrator)
        #expect(try await org.query(name, as: org.administrator).first?.text("Name") == "Hopper")
    }

    @Test("numbers are exact, and half is rounded away from zero", arguments: StoreKind.allCases)
    func numbers(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        for (sent, kept) in [
            ("0.005", "0.01"), ("-0.005", "-0.01"), ("9999999999.99", "9999999999.99"),
            ("1.0050000000000001", "1.01"), ("1e3", "1000"), ("0.1", "0.1"),
        ] {
            let id = try await org.create("Case", ["Estimated_Cost__c": .string(sent)], as: admin)
            let record = try await org.query(
                "SELECT Estimated_Cost__c FROM Case WHERE Id = '\(id)'",
                as: admin
            ).first
            #expect(
                record?["Estimated_Cost__c"] == ExactDecimal(kept).map { .number($0) },
                "\(sent)"
            )
        }
    }

    @Test(
        "auto-numbers of saves that stay have no gap, with failures and all at once",
        arguments: StoreKind.allCases
    )
    func autoNumbers(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<30 {
                group.addTask {
                    let maybeWrong: JSONObject = index % 3 == 0 ? ["Status": .null] : [:]
                    let drafts = [
                        RecordDraft(object: "Case", values: ["Subject": .string("\(index)")]),
                        RecordDraft(object: "Case", values: maybeWrong),
                    ]
                    _ = try await org.save(
                        drafts,
                        .create,
                        as: admin,
                        options: SaveOptions(allOrNone: index % 2 == 0)
                    )
                    if index % 5 == 0 {
                        _ = try? await org.records.write(as: admin) { writer in
                            _ = try writer.save(drafts, .create)
                            throw RecordError(.processingHalted, "undone")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }

        let numbers = try await org.query(
            "SELECT CaseNumber FROM Case ORDER BY CaseNumber",
            as: admin
        )
        .compactMap { $0.text("CaseNumber") }.compactMap { Int($0) }

        #expect(numbers == Array(1...numbers.count))
        // Twenty sound saves of two records, five that keep one of two, five that keep none.
        #expect(numbers.count == 45)
    }

    @Test("a save that expects an older record is refused", arguments: StoreKind.allCases)
    func unmodified(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let id = try await org.create("Account", ["Name": "Hall"], as: admin)
        let before = org.clock.now()
        try await org.update(
            "Account",
            id,
            ["Name": "Town Hall"],
            as: admin,
            options: SaveOptions(conditions: EditConditions(unmodifiedSince: before))
        )
        org.clock.advance(seconds: 1)
        try await org.update("Account", id, ["Name": "City Hall"], as: admin)

        let late = await #expect(throws: RecordError.self) {
            try await org.update(
                "Account",
                id,
                ["Name": "Lost"],
                as: admin,
                options: SaveOptions(conditions: EditConditions(unmodifiedSince: before))
            )
        }
        let early = await #expect(throws: RecordError.self) {
            try await org.update(
                "Account",
                id,
                ["Name": "Lost"],
                as: admin,
                options: SaveOptions(conditions: EditConditions(modifiedSince: org.clock.now()))
            )
        }
        let deleted = await #expect(throws: RecordError.self) {
            try await org.records.write(as: admin) { writer in
                let results = try writer.delete(
                    [id.description],
                    options: SaveOptions(conditions: EditConditions(unmodifiedSince: before))
                )
                if let error = results.flatMap(\.errors).first { throw error }
            }
        }

        #expect(late?.code == .entityFailedIfLastModifiedOnUpdate)
        #expect(early?.code == .entityFailedIfLastModifiedOnUpdate)
        #expect(deleted?.code == .entityFailedIfLastModifiedOnUpdate)
        #expect(
            try await org.query("SELECT Name FROM Account", as: admin).first?.text("Name")
                == "City Hall"
        )
    }
}
