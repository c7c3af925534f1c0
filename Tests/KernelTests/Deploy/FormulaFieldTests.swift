import Kernel
import Metadata
import TestSupport
import Testing

/// A formula field is deployed only with a formula that works, and is told apart from stored ones.
@Suite struct FormulaFieldTests {
    private func package(_ fields: String) -> [MetadataPackage.File] {
        [
            .init(
                path: "package.yaml",
                text: "package: more\nlabel: More\nversion: 1.0.0\nneeds: [service-desk]\n"
            ),
            .init(path: "objects/Case.yaml", text: "extend: Case\nfields:\n" + fields),
        ]
    }

    private func field(_ name: String, _ returns: String, _ formula: String) -> String {
        "  - name: \(name)\n    type: Formula\n    returnType: \(returns)\n    formula: \(formula)\n"
    }

    /// What a deploy of these fields is refused with.
    private func problems(_ fields: String) async throws -> [String] {
        let org = try await TestOrg()
        do {
            _ = try await Deployment(org.records).plan(package(fields), in: org.id)
            return []
        } catch let error as PackageProblems {
            return error.problems.map(\.description)
        }
    }

    @Test("an unknown field is refused at its place in the file")
    func unknownField() async throws {
        let found = try await problems(field("F__c", "Number", "1 + Hours_Spend__c"))
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("objects/Case.yaml:6:18: ") == true)
        #expect(found.first?.contains("Hours_Spend__c") == true)
    }

    @Test("a formula of another type than the field's is refused")
    func otherType() async throws {
        let found = try await problems(field("F__c", "Date", "Hours_Spent__c + 1"))
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("objects/Case.yaml:6:") == true)
    }

    @Test("formulas that go round in a circle are refused, every one of them")
    func circle() async throws {
        let found = try await problems(
            field("A__c", "Number", "B__c + 1") + field("B__c", "Number", "C__c + 1")
                + field("C__c", "Number", "A__c + 1") + field("D__c", "Number", "A__c")
        )
        #expect(found.count == 4)
        #expect(found.allSatisfy { $0.contains("A__c") })
    }

    @Test("formulas that multiply each other are refused before they are built")
    func multiplied() async throws {
        var fields = field("F0__c", "Number", "Hours_Spent__c")
        for depth in 1...8 {
            let inner = Array(repeating: "F\(depth - 1)__c", count: 40).joined(separator: " + ")
            fields += field("F\(depth)__c", "Number", inner)
        }
        let found = try await problems(fields)
        #expect(found.count == 7)
        #expect(found.first?.contains("more than 5000 parts") ?? false)
        #expect(found.dropFirst().allSatisfy { $0.contains("more than 10000 parts") }, "\(found)")
    }

    @Test("a formula may look ten relationships up, and not eleven")
    func depth() async throws {
        let ten = Array(repeating: "Parent", count: 10).joined(separator: ".")
        #expect(try await problems(field("F__c", "Text", "\(ten).Subject")) == [])
        let found = try await problems(field("F__c", "Text", "Parent.\(ten).Subject"))
        #expect(found.count == 1)
    }

    @Test("sealed text is not for formulas")
    func sealed() async throws {
        let found = try await problems(
            "  - { name: Secret__c, type: EncryptedText, length: 20 }\n"
                + field("F__c", "Text", "Secret__c & \"!\"")
        )
        #expect(found.count == 1)
    }

    @Test("a formula field has a value, and cannot be written", arguments: StoreKind.allCases)
    func value(_ kind: StoreKind) async throws {
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        _ = try await Deployment(org.records).apply(
            package(
                field("Twice__c", "Number", "2 * Hours_Spent__c")
                    + field("Four__c", "Number", "2 * Twice__c")
                    + field("Town__c", "Text", "Account.Name & \"!\"")
            ),
            in: org.id,
            as: admin.user
        )
        let account = try await org.create("Account", ["Name": "Hall"], as: admin)
        try await org.create(
            "Case",
            ["Subject": "One", "Hours_Spent__c": 3, "AccountId": .id(account)],
            as: admin
        )
        try await org.create("Case", ["Subject": "Two"], as: admin)

        let rows = try await org.query(
            "SELECT Twice__c, Four__c, Town__c FROM Case ORDER BY Four__c DESC",
            as: admin
        )
        #expect(rows.map { $0["Four__c"] }.first == .number(ExactDecimal(unscaled: 12, scale: 0)))
        #expect(rows.map { $0["Twice__c"] }.last == .number(ExactDecimal(unscaled: 0, scale: 0)))
        #expect(rows.map { $0["Town__c"] } == [.text("Hall!"), .text("!")])
        let found = try await org.query("SELECT Id FROM Case WHERE Town__c = 'HALL!'", as: admin)
        #expect(found.count == 1)
        await #expect(throws: RecordError.self) {
            try await org.create("Case", ["Twice__c": 6], as: admin)
        }
    }
}
