import Kernel
import Metadata
import TestSupport
import Testing
import UseMeter

/// What callers do is counted once, where it happens: how often, and how many records.
@Suite struct UseCountingTests {
    private func accounts(_ count: Int, in org: TestOrg) async throws -> [RecordID] {
        let drafts = (0..<count).map { org.draft("Account", ["Name": .string("Account \($0)")]) }
        return try await org.save(drafts, .create, as: org.administrator).compactMap(\.id)
    }

    @Test(
        "a query counts once for each page, with the rows that it hands over",
        arguments: StoreKind.allCases
    )
    func queries(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        for _ in 0..<3 { _ = try await accounts(150, in: org) }
        let uses = try await org.uses {
            let found = try await org.query(
                "SELECT Id, Name FROM Account",
                as: org.administrator,
                options: QueryOptions(pageSize: 200)
            )
            #expect(found.count == 450)
        }
        #expect(uses == ["Account read rest: 3/450"])
    }

    @Test("a query counts its rows under its object, and a use of each other object it looks at")
    func parentsAndChildren() async throws {
        let org = try await TestOrg()
        let account = try await accounts(1, in: org)[0]
        for name in ["A", "B"] {
            try await org.create(
                "Contact",
                ["LastName": .string(name), "AccountId": .id(account)],
                as: org.administrator
            )
        }
        let uses = try await org.uses {
            _ = try await org.query(
                "SELECT Id, Owner.Name, Account.Name FROM Contact "
                    + "WHERE AccountId IN (SELECT Id FROM Account WHERE Name != null) AND LastName != null",
                as: org.administrator
            )
        }
        #expect(
            uses == ["Contact read rest: 1/2", "Account read rest: 1/0", "User read rest: 1/0"]
        )
        let children = try await org.uses {
            _ = try await org.query(
                "SELECT Id, (SELECT LastName FROM Contacts) FROM Account",
                as: org.administrator
            )
        }
        #expect(children == ["Account read rest: 1/1", "Contact read rest: 1/0"])
    }

    @Test("a count shows no record, and groups are a report")
    func reports() async throws {
        let org = try await TestOrg()
        _ = try await accounts(3, in: org)
        let uses = try await org.uses {
            _ = try await org.count("SELECT COUNT() FROM Account", as: org.administrator)
            _ = try await org.query(
                "SELECT Name, COUNT(Id) FROM Account GROUP BY Name",
                as: org.administrator
            )
        }
        #expect(uses == ["Account report rest: 2/3"])
    }

    @Test("of a save those records count that were saved, each once")
    func saves() async throws {
        let org = try await TestOrg(on: .sqlite)
        let uses = try await org.uses {
            let results = try await org.save(
                [
                    org.draft("Account", ["Name": "One"]), org.draft("Account", [:]),
                    org.draft("Account", ["Name": "Two"]), org.draft("Contact", ["LastName": "X"]),
                ],
                .create,
                as: org.administrator
            )
            #expect(results.filter { $0.id != nil }.count == 3)
        }
        #expect(uses == ["Account create rest: 1/2", "Contact create rest: 1/1"])
    }

    @Test("an edit is told from a new record, in an upsert too")
    func upserts() async throws {
        let org = try await TestOrg()
        let id = try await accounts(1, in: org)[0]
        let uses = try await org.uses {
            let drafts = [
                RecordDraft(object: "Account", id: id.description, values: ["Phone": "1"]),
                RecordDraft(object: "Account", values: ["Name": "New"]),
            ]
            _ = try await org.save(drafts, .upsert(field: "Id"), as: org.administrator)
        }
        #expect(uses == ["Account edit rest: 1/1", "Account create rest: 1/1"])
    }

    @Test("what is undone was no use")
    func undone() async throws {
        let org = try await TestOrg(on: .sqlite)
        let uses = try await org.uses {
            // All or none: the second fails, and the first is taken back.
            _ = try await org.save(
                [org.draft("Account", ["Name": "One"]), org.draft("Account", [:])],
                .create,
                as: org.administrator,
                options: SaveOptions(allOrNone: true)
            )
            // The whole transaction is thrown away.
            await #expect(throws: RecordError.self) {
                try await org.records.write(as: org.administrator) { writer in
                    _ = try writer.save(
                        [RecordDraft(object: "Account", values: ["Name": "Gone"])],
                        .create
                    )
                    throw RecordError(.invalidInput, "enough")
                }
            }
            // A part of it is thrown away, the rest is kept.
            try await org.records.write(as: org.administrator) { writer in
                _ = try writer.save(
                    [RecordDraft(object: "Account", values: ["Name": "Kept"])],
                    .create
                )
                try? writer.savepoint {
                    _ = try writer.save(
                        [RecordDraft(object: "Contact", values: ["LastName": "Gone"])],
                        .create
                    )
                    throw RecordError(.invalidInput, "enough")
                }
            }
        }
        #expect(uses == ["Account create rest: 1/1"])
    }

    @Test("deleting, bringing back and purging count the records that were named")
    func deletes() async throws {
        let org = try await TestOrg()
        let ids = try await accounts(3, in: org)
        let uses = try await org.uses {
            try await org.records.write(as: org.administrator) { writer in
                _ = try writer.delete(ids.map(\.description) + ["001000000000000"])
                _ = try writer.undelete([ids[0].description])
            }
            try await org.purge(ids[1], as: org.administrator)
        }
        #expect(uses == ["Account delete rest: 2/4", "Account create rest: 1/1"])
    }

    @Test("a search counts for each object that it looks into, with what it found")
    func searches() async throws {
        let org = try await TestOrg()
        _ = try await accounts(2, in: org)
        let uses = try await org.uses {
            _ = try await org.search(
                "FIND {Account} RETURNING Account(Id WHERE Name != null), Contact(Id)",
                as: org.administrator
            )
        }
        #expect(uses == ["Account search rest: 1/2", "Contact search rest: 1/0"])
    }

    @Test("records read in bulk or by an export of the org are on their way out")
    func exports() async throws {
        let org = try await TestOrg()
        _ = try await accounts(2, in: org)
        let system = Caller.system(
            org.id,
            as: org.administrator.user,
            because: "an export",
            surface: .export
        )
        let uses = try await org.uses {
            let soql = "SELECT Id FROM Account"
            _ = try await org.query(soql, as: org.administrator.by(.bulk))
            _ = try await org.query(soql, as: system)
        }
        #expect(uses == ["Account export bulk: 1/2", "Account export export: 1/2"])
    }

    @Test("a client's uses are told from those of sessions of none")
    func clients() async throws {
        let org = try await TestOrg()
        let uses = try await org.uses {
            let caller = org.administrator.by(.rest, client: "3MVG9.feed")
            try await org.create("Account", ["Name": "One"], as: caller)
            try await org.create("Account", ["Name": "Two"], as: org.administrator)
        }
        #expect(uses == ["Account create rest 3MVG9.feed: 1/1", "Account create rest: 1/1"])
    }

    @Test(
        "what the platform does for itself is no use: rules, entitlements, history, system callers"
    )
    func upkeep() async throws {
        let org = try await TestOrg(on: .sqlite)
        let uses = try await org.uses {
            let id = try await org.create(
                "Case",
                ["Subject": "Lamp", "Priority": "High", "Origin": "Web"],
                as: org.administrator
            )
            try await org.update("Case", id, ["Status": "Working"], as: org.administrator)
            let system = Caller.system(org.id, as: org.administrator.user, because: "a test")
            _ = try await org.query("SELECT Id FROM Case", as: system)
            try await org.records.read(as: org.administrator) { reader in
                _ = try reader.rows("SELECT Id FROM User")
            }
        }
        #expect(uses == ["Case create rest: 1/1", "Case edit rest: 1/1"])
    }

    @Test("the product of a use is the package that declared the object")
    func products() async throws {
        let org = try await TestOrg()
        try await org.create("Case", ["Subject": "Lamp"], as: org.administrator)
        try await org.create("Account", ["Name": "One"], as: org.administrator)
        let kept = try await org.keptUse()
        func product(_ name: String) -> Set<String> {
            Set(kept.keys.filter { $0.name == name }.map(\.product))
        }
        #expect(product("Case") == ["service-desk"])
        #expect(product("Account") == ["platform"])
    }

    @Test("a merge counts the records that go")
    func merges() async throws {
        let org = try await TestOrg()
        let ids = try await accounts(3, in: org)
        let uses = try await org.uses {
            try await org.records.write(as: org.administrator) { writer in
                _ = try writer.merge(
                    MergeRequest(
                        master: ids[0].description,
                        merged: ids.dropFirst().map(\.description),
                        values: ["Phone": "1"]
                    )
                )
            }
        }
        #expect(uses == ["Account delete rest: 1/2", "Account edit rest: 1/1"])
    }

    @Test("a guest's uses are those of a site")
    func guests() async throws {
        let org = try await TestOrg()
        let files = [
            MetadataPackage.File(
                path: "package.yaml",
                text: "package: a-site\nlabel: A site\nversion: 1.0.0\nneeds: [service-desk]\n"
            ),
            MetadataPackage.File(
                path: "profiles/Site_Guest.yaml",
                text: """
                    profile: Site_Guest
                    label: Site Guest
                    userType: Guest
                    objectPermissions:
                      - { object: Account, allowRead: true }
                    """
            ),
        ]
        _ = try await Deployment(org.records).apply(
            files,
            in: org.id,
            as: org.administrator.user
        )
        let guest = try await org.user("Guest", profile: "Site Guest")
        let uses = try await org.uses {
            _ = try await org.query("SELECT Id FROM Account", as: guest)
        }
        #expect(uses == ["Account read site: 1/0"])
    }
}
