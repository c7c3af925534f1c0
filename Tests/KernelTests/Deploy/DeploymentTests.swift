import Kernel
import Metadata
import TestSupport
import Testing

/// Metadata changes by plan, and never loses data unasked.
@Suite struct DeploymentTests {
    private static let field = "  - { name: Nickname__c, type: Text, length: 40 }\n"

    /// The service desk with a further field on Case.
    private func extended(_ text: String = field) throws -> [MetadataPackage.File] {
        try ShippedApps.files(of: "service-desk").map { file in
            guard file.path == "objects/Case.yaml" else { return file }
            return MetadataPackage.File(
                path: file.path,
                text: file.text.replacing("\nfields:\n", with: "\nfields:\n" + text)
            )
        }
    }

    @Test("what is installed already needs no change", arguments: StoreKind.allCases)
    func nothingToDo(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)

        let plan = try await Deployment(org.records).plan(
            try ShippedApps.files(of: "service-desk"),
            in: org.id
        )

        #expect(plan.isEmpty)
        #expect(plan.package == "service-desk")
    }

    @Test(
        "a new field is planned, added, and then there for queries",
        arguments: StoreKind.allCases
    )
    func addField(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        try await org.create("Case", ["Subject": "Before"], as: admin)
        let deployment = Deployment(org.records)

        let plan = try await deployment.plan(try extended(), in: org.id)
        #expect(plan.changes.contains { $0.mark == .added && $0.text.contains("Nickname__c") })
        #expect(plan.steps.contains { $0.sentence.contains("Nickname__c") })
        #expect(!plan.losesData)
        await #expect(throws: RecordError.self) {
            try await org.query("SELECT Nickname__c FROM Case", as: admin)
        }

        _ = try await deployment.apply(try extended(), in: org.id, as: admin.user)
        try await org.create("Case", ["Nickname__c": "After"], as: admin)
        let names = try await org.query("SELECT Nickname__c FROM Case ORDER BY Id", as: admin)
        #expect(names.map { $0["Nickname__c"] } == [.null, .text("After")])
    }

    @Test(
        "a change that would lose values is refused, unless that is wanted",
        arguments: StoreKind.allCases
    )
    func dataLoss(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        let deployment = Deployment(org.records)
        let original = try ShippedApps.files(of: "service-desk")
        _ = try await deployment.apply(try extended(), in: org.id, as: admin.user)
        try await org.create("Case", ["Nickname__c": "Kept"], as: admin)

        let error = await #expect(throws: RecordError.self) {
            try await deployment.apply(original, in: org.id, as: admin.user)
        }
        #expect(error?.code == .invalidOperation)
        #expect(error?.message.contains("Nickname__c") == true)
        #expect(
            try await org.query("SELECT Nickname__c FROM Case", as: admin).first?.text(
                "Nickname__c"
            )
                == "Kept"
        )

        let plan = try await deployment.apply(
            original,
            in: org.id,
            as: admin.user,
            allowDataLoss: true
        )
        #expect(plan.losesData)
        let gone = await #expect(throws: RecordError.self) {
            try await org.query("SELECT Nickname__c FROM Case", as: admin)
        }
        #expect(gone?.code == .invalidField)
    }

    @Test(
        "a package with a mistake changes nothing, and the mistake has its place",
        arguments: StoreKind.allCases
    )
    func mistakes(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let files = try extended("  - { name: Nickname__c, type: Txt }\n")

        let problems = await #expect(throws: PackageProblems.self) {
            try await Deployment(org.records).apply(
                files,
                in: org.id,
                as: org.administrator.user
            )
        }

        let problem = try #require(problems?.problems.first)
        #expect(problem.file == "objects/Case.yaml")
        #expect(problem.line > 0)
        #expect(problem.message.contains("Text"))
    }

    @Test("a package waits for what it needs", arguments: StoreKind.allCases)
    func needs(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind, apps: ["platform"])
        let files = try extended().map { file in
            guard file.path == "package.yaml" else { return file }
            return MetadataPackage.File(
                path: file.path,
                text: file.text.replacing("[platform]", with: "[platform, moon]")
            )
        }

        let problems = await #expect(throws: PackageProblems.self) {
            try await Deployment(org.records).plan(files, in: org.id)
        }

        #expect(problems?.problems.first?.message.contains("moon") == true)
    }

    @Test("an app is installed into an org that lives", arguments: StoreKind.allCases)
    func install(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind, apps: ["platform"])
        let admin = org.administrator
        let account = try await org.create("Account", ["Name": "Hall"], as: admin)
        await #expect(throws: RecordError.self) {
            try await org.query("SELECT Id FROM Case", as: admin)
        }

        let plan = try await Deployment(org.records).apply(
            try ShippedApps.files(of: "service-desk"),
            in: org.id,
            as: admin.user
        )
        let ana = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        try await org.create("Case", ["AccountId": .id(account)], as: ana)

        #expect(plan.changes.contains { $0.text.contains("object Case ") })
        let found = try await org.query("SELECT Account.Name FROM Case", as: ana)
        #expect(found.first?.text("Account.Name") == "Hall")
    }
}
