import Kernel
import Metadata
import TestSupport
import Testing

/// What a restriction withholds, from whom, on every way to a record.
@Suite struct UseRestrictionTests {
    /// A way to use records of `Case`.
    private struct Surface: Sendable {
        let name: String
        let operation: UseRestriction.Operation
        let run: @Sendable (TestOrg, Caller, RecordID) async throws -> Void
    }

    private static func query(_ name: String, _ soql: String) -> Surface {
        Surface(name: name, operation: .read) { org, caller, _ in
            _ = try await org.query(soql, as: caller)
        }
    }

    private static let reads: [Surface] = [
        query("query", "SELECT Id FROM Case"),
        query("count", "SELECT COUNT() FROM Case"),
        query("aggregate", "SELECT COUNT(Id) n, Status FROM Case GROUP BY Status"),
        query("child query", "SELECT Id, (SELECT Id FROM Cases) FROM Contact"),
        query("parent", "SELECT Parent.Subject FROM CaseComment"),
        query("semi-join", "SELECT Id FROM Contact WHERE Id IN (SELECT ContactId FROM Case)"),
        query("ordered page", "SELECT Id FROM Case ORDER BY CreatedDate DESC LIMIT 5"),
        query("deleted too", "SELECT Id FROM Case ALL ROWS"),
        query("history", "SELECT OldValue, NewValue FROM CaseHistory"),
        query("shares", "SELECT CaseId FROM CaseShare"),
        Surface(name: "get", operation: .read) { org, caller, id in
            _ = try await org.records.read(as: caller) { reader in
                try reader.retrieve([id], of: try reader.object("Case")) { TestRecordSink($0) }
                    .sink.records.count
            }
        },
        Surface(name: "search", operation: .read) { org, caller, _ in
            _ = try await org.search("FIND {lamp} RETURNING Case", as: caller)
        },
        Surface(name: "by external id", operation: .read) { org, caller, _ in
            _ = try await org.records.read(as: caller) { reader in
                try reader.lookup(
                    try reader.object("Case"),
                    by: "External_Reference__c",
                    value: "1"
                )
            }
        },
        Surface(name: "changed", operation: .read) { org, caller, _ in
            _ = try await org.records.read(as: caller) { reader in
                try reader.changed(
                    try reader.object("Case"),
                    from: Instant(milliseconds: 0),
                    to: reader.now,
                    isDeleted: false
                ).count
            }
        },
        Surface(name: "count of rows", operation: .read) { org, caller, _ in
            _ = try await org.records.read(as: caller) {
                try $0.rows(countOf: try $0.object("Case"))
            }
        },
    ]

    private static let writes: [Surface] = [
        Surface(name: "create", operation: .create) { org, caller, _ in
            try await org.create("Case", ["Subject": "Another"], as: caller)
        },
        Surface(name: "upsert", operation: .create) { org, caller, _ in
            let result = try await org.upsert(
                "Case",
                by: "External_Reference__c",
                ["External_Reference__c": "77", "Subject": "Another"],
                as: caller
            )
            if let error = result.errors.first { throw error }
        },
        Surface(name: "edit", operation: .edit) { org, caller, id in
            try await org.update("Case", id, ["Subject": "Changed"], as: caller)
        },
        Surface(name: "delete", operation: .delete) { org, caller, id in
            try await org.delete(id, as: caller)
        },
    ]

    /// The refusal of a surface; `nil` where it works.
    private func refusal(
        _ surface: Surface,
        _ org: TestOrg,
        _ caller: Caller,
        _ id: RecordID
    ) async -> RecordError.Code? {
        do {
            try await surface.run(org, caller, id)
            return nil
        } catch let error as RecordError {
            return error.code
        } catch {
            Issue.record(error)
            return nil
        }
    }

    @Test("a withheld object is refused on every way to its records, until the restriction ends")
    func everySurface() async throws {
        let org = try await TestOrg()
        let ana = try await org.user("Ana", profile: "Support Manager", role: "Service_Director")
        let id = try await org.create("Case", ["Subject": "Street lamp"], as: ana)
        let surfaces = Self.reads + Self.writes.filter { $0.operation != .delete }
        var usual: [String: RecordError.Code] = [:]
        for surface in surfaces { usual[surface.name] = await refusal(surface, org, ana, id) }
        #expect(usual.isEmpty)

        try await org.restrict(.object("Case", Set(UseRestriction.Operation.allCases)))
        for surface in Self.reads + Self.writes {
            let code = await refusal(surface, org, ana, id)
            #expect(code == .useRestricted, "\(surface.name)")
        }
        #expect(try await org.query("SELECT Id FROM Contact", as: ana).isEmpty)

        org.clock.advance(seconds: 72 * 3_600 - 1)
        #expect(await refusal(Self.reads[0], org, ana, id) == .useRestricted)
        org.clock.advance(seconds: 1)
        for surface in surfaces {
            #expect(await refusal(surface, org, ana, id) == nil, "\(surface.name)")
        }
    }

    @Test("records of a withheld object are not merged")
    func merge() async throws {
        let org = try await TestOrg()
        let admin = org.administrator
        let one = try await org.create("Contact", ["LastName": "Hopper"], as: admin)
        let other = try await org.create("Contact", ["LastName": "Lovelace"], as: admin)
        let request = MergeRequest(master: one.description, merged: [other.description])
        try await org.restrict(.object("Contact", [.edit]))
        let error = await #expect(throws: RecordError.self) {
            _ = try await org.records.write(as: admin) { try $0.merge(request) }
        }
        #expect(error?.code == .useRestricted)
        org.clock.advance(seconds: 72 * 3_600)
        _ = try await org.records.write(as: admin) { try $0.merge(request) }
    }

    @Test("administrators take all data out and erase, whatever is withheld")
    func neverWithheld() async throws {
        let everything = Set(UseRestriction.Operation.allCases)
        for measure in [
            .object("Case", everything), .readOnly, .exportOnly,
        ] as [UseRestriction.Measure] {
            let org = try await TestOrg()
            let admin = org.administrator
            let id = try await org.create("Case", ["Subject": "Street lamp"], as: admin)
            try await org.restrict(measure)
            for surface in Self.reads {
                #expect(await refusal(surface, org, admin, id) == nil, "\(surface.name)")
            }
            for surface in Self.writes where surface.operation != .delete {
                #expect(await refusal(surface, org, admin, id) == .useRestricted, "\(surface.name)")
            }
            #expect(
                try await org.records.read(as: admin) { $0.useRestrictions.map(\.measure) }
                    == [measure]
            )
            try await org.delete(id, as: admin)
        }
    }

    @Test("somebody can be kept out while nothing may be written")
    func deactivation() async throws {
        let org = try await TestOrg()
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        try await org.restrict(.readOnly)
        try await org.update("User", ana.user, ["IsActive": false], as: org.administrator)
        await #expect(throws: RecordError.self) {
            try await org.user("Bea", profile: "Support Agent", role: "Streets_Agent")
        }
    }

    @Test("a withheld field is neither written nor chosen by, and is still read")
    func field() async throws {
        let org = try await TestOrg()
        let admin = org.administrator
        let id = try await org.create("Case", ["Subject": "Lamp", "Priority": "High"], as: admin)
        try await org.restrict(.field(object: "Case", field: "Priority"))
        for soql in [
            "SELECT Id FROM Case WHERE Priority = 'High'",
            "SELECT Id FROM Case ORDER BY Priority",
            "SELECT COUNT(Id) n FROM Case GROUP BY Priority",
            "SELECT Id FROM Contact WHERE Id IN (SELECT ContactId FROM Case WHERE Priority = 'Low')",
        ] {
            let error = await #expect(throws: RecordError.self) {
                try await org.query(soql, as: admin)
            }
            #expect(error?.code == .useRestricted, "\(soql)")
        }
        let error = await #expect(throws: RecordError.self) {
            try await org.update("Case", id, ["Priority": "Low"], as: admin)
        }
        #expect(error?.code == .useRestricted)
        #expect(error?.fields == ["Priority"])
        let rows = try await org.query("SELECT Priority FROM Case", as: admin)
        #expect(rows.first?.text("Priority") == "High")
        try await org.update("Case", id, ["Subject": "Street lamp"], as: admin)
    }

    @Test(
        "a summary of a withheld field, and a summary of that, are chosen by no more than the field"
    )
    func fieldInSummaries() async throws {
        let org = try await TestOrg()
        let admin = org.administrator
        _ = try await Deployment(org.records).apply(
            [
                .init(
                    path: "package.yaml",
                    text: "package: sums\nlabel: Sums\nversion: 1.0.0\nneeds: [service-desk]\n"
                ),
                .init(
                    path: "objects/Fund__c.yaml",
                    text: """
                        object: Fund__c
                        label: Fund
                        pluralLabel: Funds
                        keyPrefix: a01
                        nameField: { name: Name, label: Name, type: Text }
                        sharingModel: ReadWrite
                        fields:
                          - name: Total__c
                            type: Summary
                            summaryOperation: sum
                            summaryForeignKey: Appeal__c.Fund__c
                            summarizedField: Appeal__c.Total__c
                        """
                ),
                .init(
                    path: "objects/Appeal__c.yaml",
                    text: """
                        object: Appeal__c
                        label: Appeal
                        pluralLabel: Appeals
                        keyPrefix: a02
                        nameField: { name: Name, label: Name, type: Text }
                        sharingModel: ControlledByParent
                        sharingParent: Fund__c
                        fields:
                          - { name: Fund__c, type: MasterDetail, referenceTo: [Fund__c], relationshipName: Appeals }
                          - name: Total__c
                            type: Summary
                            summaryOperation: sum
                            summaryForeignKey: Gift__c.Appeal__c
                            summarizedField: Gift__c.Amount__c
                          - name: Gifts__c
                            type: Summary
                            summaryOperation: count
                            summaryForeignKey: Gift__c.Appeal__c
                        """
                ),
                .init(
                    path: "objects/Gift__c.yaml",
                    text: """
                        object: Gift__c
                        label: Gift
                        pluralLabel: Gifts
                        keyPrefix: a03
                        nameField: { name: Name, label: Name, type: Text }
                        sharingModel: ControlledByParent
                        sharingParent: Appeal__c
                        fields:
                          - { name: Appeal__c, type: MasterDetail, referenceTo: [Appeal__c], relationshipName: Gifts }
                          - { name: Amount__c, type: Number, precision: 12, scale: 2 }
                        """
                ),
            ],
            in: org.id,
            as: admin.user
        )
        let withheld = [
            "SELECT Id FROM Gift__c WHERE Amount__c > 5",
            "SELECT Id FROM Appeal__c WHERE Total__c > 5",
            "SELECT Id FROM Appeal__c ORDER BY Total__c",
            "SELECT Id FROM Fund__c WHERE Total__c > 5",
            "SELECT Id FROM Gift__c WHERE Appeal__r.Fund__r.Total__c > 5",
        ]
        let query = { (soql: String) in
            try await org.records.read(as: .system(org.id, as: admin.user, because: "a test")) {
                try $0.rows(soql)
            }
        }
        for soql in withheld { _ = try await query(soql) }
        try await org.restrict(.field(object: "Gift__c", field: "Amount__c"))
        for soql in withheld {
            let error = await #expect(throws: RecordError.self, "\(soql)") { try await query(soql) }
            #expect(error?.code == .useRestricted, "\(soql)")
        }
        _ = try await query("SELECT Total__c FROM Appeal__c WHERE Gifts__c > 5")
    }

    @Test("a withheld field is not chosen by through formula fields that read it, at any depth")
    func fieldInFormulas() async throws {
        let org = try await TestOrg()
        let admin = org.administrator
        _ = try await Deployment(org.records).apply(
            [
                .init(
                    path: "package.yaml",
                    text: "package: echoes\nlabel: Echoes\nversion: 1.0.0\nneeds: [service-desk]\n"
                ),
                .init(
                    path: "objects/Case.yaml",
                    text: """
                        extend: Case
                        fields:
                          - { name: Echo__c, type: Formula, returnType: Text, formula: TEXT(Priority) }
                          - { name: Twice__c, type: Formula, returnType: Text, formula: "Echo__c & Echo__c" }
                          - { name: Other__c, type: Formula, returnType: Text, formula: UPPER(Subject) }
                        """
                ),
                .init(
                    path: "objects/CaseComment.yaml",
                    text: """
                        extend: CaseComment
                        fields:
                          - { name: Above__c, type: Formula, returnType: Text, formula: TEXT(Parent.Priority) }
                        """
                ),
            ],
            in: org.id,
            as: admin.user
        )
        try await org.create("Case", ["Subject": "Lamp", "Priority": "High"], as: admin)
        let withheld = [
            "SELECT Id FROM Case WHERE Echo__c = 'High'",
            "SELECT Id FROM Case WHERE Twice__c != null",
            "SELECT Id FROM Case ORDER BY Twice__c",
            "SELECT COUNT(Id) n FROM Case GROUP BY Echo__c",
            "SELECT Id FROM CaseComment WHERE Above__c = 'High'",
            "SELECT Id FROM CaseComment WHERE Parent.Echo__c = 'High'",
        ]
        for soql in withheld { _ = try await org.query(soql, as: admin) }
        try await org.restrict(.field(object: "Case", field: "Priority"))
        for soql in withheld {
            let error = await #expect(throws: RecordError.self, "\(soql)") {
                try await org.query(soql, as: admin)
            }
            #expect(error?.code == .useRestricted, "\(soql)")
        }
        let rows = try await org.query(
            "SELECT Twice__c FROM Case WHERE Other__c = 'LAMP'",
            as: admin
        )
        #expect(rows.first?.text("Twice__c") == "HighHigh")
    }

    @Test("a withheld field is not searched in; what is found by others still is")
    func fieldInSearch() async throws {
        let org = try await TestOrg()
        let admin = org.administrator
        let lamp = try await org.create(
            "Case",
            ["Subject": "Lamp", "Description": "Harbour"],
            as: admin
        )
        #expect(try await org.search("FIND {harbour} RETURNING Case", as: admin) == [lamp])
        try await org.restrict(.field(object: "Case", field: "Description"))
        #expect(try await org.search("FIND {harbour} RETURNING Case", as: admin).isEmpty)
        #expect(try await org.search("FIND {harbour}", as: admin).isEmpty)
        #expect(try await org.search("FIND {lamp} RETURNING Case", as: admin) == [lamp])
    }

    @Test("only the client that is named is refused")
    func client() async throws {
        let org = try await TestOrg()
        let user = org.administrator.user
        func rows(_ client: String?) async throws -> Int {
            try await org.query(
                "SELECT Id FROM User",
                as: Caller(org: org.id, user: user, client: client)
            ).count
        }
        try await org.restrict(.integration(client: "3MVG9feed"))
        let error = await #expect(throws: RecordError.self) { try await rows("3MVG9feed") }
        #expect(error?.code == .useRestricted)
        #expect(try await rows("3MVG9other") > 0)
        #expect(try await rows(nil) > 0)
    }

    @Test("a refusal names the restriction, the decision, the end and the way to appeal")
    func message() async throws {
        let org = try await TestOrg()
        try await org.restrict(.readOnly)
        let error = await #expect(throws: RecordError.self) {
            try await org.create("Case", ["Subject": "Lamp"], as: org.administrator)
        }
        for part in ["R-2026-0001", "D-2026-0007", "/accountability/appeals/new"] {
            #expect(error?.message.contains(part) == true)
        }
        guard case .restriction(let restriction)? = error?.detail else {
            Issue.record("the refusal names no restriction")
            return
        }
        #expect(restriction.endsAt == org.clock.now().adding(seconds: 72 * 3_600))
    }

    @Test("restrictions only take away: what was refused before is refused still")
    func subtracts() async throws {
        let org = try await TestOrg()
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let id = try await org.create(
            "Case",
            ["Subject": "Waste", "Department__c": "Sanitation"],
            as: org.administrator
        )
        let surfaces = Self.reads + Self.writes
        func refused() async -> [String: RecordError.Code] {
            var found: [String: RecordError.Code] = [:]
            for surface in surfaces { found[surface.name] = await refusal(surface, org, ana, id) }
            return found
        }
        let before = await refused()
        #expect(before["edit"] != nil && before["delete"] != nil)
        let measures: [UseRestriction.Measure] = [
            .object("Case", [.create]), .field(object: "Case", field: "Status"), .channel(.mail),
            .growth, .readOnly, .exportOnly,
        ]
        for (number, measure) in measures.enumerated() {
            try await org.restrict(measure, id: "R-\(number)")
            let now = await refused()
            #expect(Set(before.keys).isSubset(of: now.keys), "\(measure)")
        }
        org.clock.advance(seconds: 72 * 3_600)
        #expect(await refused() == before)
    }
}
