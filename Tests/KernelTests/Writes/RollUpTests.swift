import Kernel
import Metadata
import TestSupport
import Testing

/// Summaries are exact once the save that changes them is answered.
@Suite struct RollUpTests {
    private static func money(_ text: String) -> FieldValue {
        ExactDecimal(text).map { .number($0) } ?? .null
    }

    @Test("nothing to count or add is zero, the least and greatest of nothing have no value")
    func none() async throws {
        let world = try await RollUpFixture(on: .sqlite)
        let shop = try await world.shop("Corner", in: try await world.region("North"))

        #expect(try await world.value("Count__c", of: "Shop__c", shop) == Self.money("0"))
        #expect(try await world.value("Sales__c", of: "Shop__c", shop) == Self.money("0.00"))
        #expect(try await world.value("First_Sale__c", of: "Shop__c", shop) == .null)
        #expect(try await world.value("Largest__c", of: "Shop__c", shop) == .null)
    }

    @Test(
        "a new record counts at once, for its parent and the parent's parent",
        arguments: StoreKind.allCases
    )
    func creation(_ kind: StoreKind) async throws {
        let world = try await RollUpFixture(on: kind)
        let region = try await world.region("North")
        let shop = try await world.shop("Corner", in: region)
        _ = try await world.sell([
            "Shop__c": .id(shop), "Amount__c": "0.10", "Day__c": "2026-03-01", "Status__c": "Paid",
        ])
        _ = try await world.sell([
            "Shop__c": .id(shop), "Amount__c": "0.20", "Day__c": "2026-02-01", "Status__c": "New",
        ])

        #expect(try await world.value("Count__c", of: "Shop__c", shop) == Self.money("2"))
        #expect(try await world.value("Sales__c", of: "Shop__c", shop) == Self.money("0.30"))
        #expect(try await world.value("Paid__c", of: "Shop__c", shop) == Self.money("0.10"))
        #expect(try await world.value("Open__c", of: "Shop__c", shop) == Self.money("1"))
        #expect(
            try await world.value("First_Sale__c", of: "Shop__c", shop)
                == .date(CivilText.daysSinceEpoch("2026-02-01") ?? 0)
        )
        #expect(try await world.value("Sales__c", of: "Region__c", region) == Self.money("0.30"))
        #expect(
            try await world.value("Last_Sale__c", of: "Region__c", region)
                == .date(CivilText.daysSinceEpoch("2026-03-01") ?? 0)
        )
    }

    @Test(
        "changes, moves, deletes and undeletes are followed",
        arguments: StoreKind.allCases
    )
    func changes(_ kind: StoreKind) async throws {
        let world = try await RollUpFixture(on: kind)
        let region = try await world.region("North")
        let shop = try await world.shop("Corner", in: region)
        let other = try await world.shop("Market", in: try await world.region("South"))
        let sale = try await world.sell([
            "Shop__c": .id(shop), "Amount__c": "5", "Status__c": "New",
        ])

        try await world.org.update("Sale__c", sale, ["Status__c": "Paid"], as: world.admin)
        #expect(try await world.value("Paid__c", of: "Shop__c", shop) == Self.money("5"))
        #expect(try await world.value("Open__c", of: "Shop__c", shop) == Self.money("0"))

        try await world.org.update("Sale__c", sale, ["Shop__c": .id(other)], as: world.admin)
        #expect(try await world.value("Count__c", of: "Shop__c", shop) == Self.money("0"))
        #expect(try await world.value("Largest__c", of: "Shop__c", other) == Self.money("5"))
        #expect(try await world.value("Sales__c", of: "Region__c", region) == Self.money("0"))

        try await world.org.delete(sale, as: world.admin)
        #expect(try await world.value("Sales__c", of: "Shop__c", other) == Self.money("0"))
        try await world.org.undelete(sale, as: world.admin)
        #expect(try await world.value("Sales__c", of: "Shop__c", other) == Self.money("5"))

        try await world.org.delete(other, as: world.admin)
        try await world.org.update("Sale__c", sale, ["Amount__c": "7"], as: world.admin)
        try await world.org.undelete(other, as: world.admin)
        #expect(try await world.value("Sales__c", of: "Shop__c", other) == Self.money("7"))
        #expect(try await world.problems().isEmpty)
    }

    @Test("a summary that is deployed later is worked out for the records that are there")
    func filling() async throws {
        let world = try await RollUpFixture(on: .sqlite)
        let shop = try await world.shop("Corner", in: try await world.region("North"))
        for amount in ["1.50", "2.25"] {
            _ = try await world.sell(["Shop__c": .id(shop), "Amount__c": .string(amount)])
        }
        let files = RollUpFixture.files.map { file in
            guard file.path == "objects/Shop__c.yaml" else { return file }
            let added = """

                  - name: Smallest__c
                    type: Summary
                    summaryOperation: min
                    summaryForeignKey: Sale__c.Shop__c
                    summarizedField: Sale__c.Amount__c
                """
            return MetadataPackage.File(path: file.path, text: file.text + added)
        }
        _ = try await Deployment(world.org.records).apply(
            files,
            in: world.org.id,
            as: world.admin.user
        )

        #expect(try await world.value("Smallest__c", of: "Shop__c", shop) == Self.money("1.50"))
    }

    /// The world's files with fields added to the sale and the shop.
    private static func files(sale: String, shop: String) -> [MetadataPackage.File] {
        RollUpFixture.files.map { file in
            switch file.path {
            case "objects/Sale__c.yaml":
                MetadataPackage.File(path: file.path, text: file.text + sale)
            case "objects/Shop__c.yaml":
                MetadataPackage.File(path: file.path, text: file.text + shop)
            default: file
            }
        }
    }

    private static func net(_ formula: String) -> String {
        """

          - name: Net__c
            type: Formula
            returnType: Currency
            precision: 12
            scale: 2
            formula: \(formula)
        """
    }

    private static let netSales = """

          - name: Net__c
            type: Summary
            summaryOperation: sum
            summaryForeignKey: Sale__c.Shop__c
            summarizedField: Sale__c.Net__c
        """

    @Test(
        "a summary of a formula follows what the formula reads, and its text",
        arguments: StoreKind.allCases
    )
    func formulas(_ kind: StoreKind) async throws {
        let world = try await RollUpFixture(on: kind)
        let deployment = Deployment(world.org.records)
        let shop = try await world.shop("Corner", in: try await world.region("North"))
        let sale = try await world.sell(["Shop__c": .id(shop), "Amount__c": "2.00"])
        _ = try await world.sell(["Shop__c": .id(shop), "Amount__c": "1.00", "Gift__c": true])
        func deploy(_ formula: String) async throws {
            _ = try await deployment.apply(
                Self.files(sale: Self.net(formula), shop: Self.netSales),
                in: world.org.id,
                as: world.admin.user
            )
        }

        try await deploy("IF(Gift__c, 0, Amount__c)")
        #expect(try await world.value("Net__c", of: "Shop__c", shop) == Self.money("2.00"))
        let results = try await world.org.save(
            [RecordDraft(object: "Sale__c", id: sale.description, values: ["Gift__c": true])],
            .update,
            as: world.admin
        )
        #expect(results.flatMap(\.errors).isEmpty)
        #expect(try await world.value("Net__c", of: "Shop__c", shop) == Self.money("0.00"))
        try await deploy("Amount__c * 2")
        #expect(try await world.value("Net__c", of: "Shop__c", shop) == Self.money("6.00"))
        #expect(try await world.problems() == [])
    }

    @Test(
        "a summary of a formula that changes unnoticed, or needs the summary, is refused",
        arguments: [
            ("Shop__r.Region__r.Sales__c", "reads other records"),
            ("DAY(TODAY())", "the time"),
            ("Net_Copy__c + 1", "Shop__c.Net__c → Sale__c.Net_Copy__c → Shop__c.Net__c"),
        ]
    )
    func unsettled(_ formula: String, _ reason: String) async throws {
        let world = try await RollUpFixture(on: .sqlite)
        let copy = """

              - name: Net_Copy__c
                type: Summary
                summaryOperation: sum
                summaryForeignKey: Shop__c.Best__c
                summarizedField: Shop__c.Net__c
            """
        let best =
            "\n  - { name: Best__c, type: Lookup, referenceTo: [Sale__c], relationshipName: Best }"
        let error = try await #require(throws: PackageProblems.self) {
            try await Deployment(world.org.records).plan(
                Self.files(sale: Self.net(formula) + copy, shop: Self.netSales + best),
                in: world.org.id
            )
        }

        #expect(error.description.contains(reason), "\(error)")
    }

    @Test("a summary of what is not there is refused with its place")
    func refusals() async throws {
        let org = try await TestOrg(apps: ["platform"])
        let wrong = [
            ("Sale__c.Shop__c", "Sale__c.Amout__c", "Amount__c"),
            ("Sale__c.Shop__c", "Sale__c.Status__c", "numbers"),
            ("Sale__c.Owner__c", "Sale__c.Amount__c", "no lookup"),
            ("Sail__c.Shop__c", "Sail__c.Amount__c", "Sale__c"),
        ]
        for (key, field, word) in wrong {
            let files = RollUpFixture.files.map { file in
                guard file.path == "objects/Shop__c.yaml" else { return file }
                let added = """

                      - name: Wrong__c
                        type: Summary
                        summaryOperation: sum
                        summaryForeignKey: \(key)
                        summarizedField: \(field)
                    """
                return MetadataPackage.File(path: file.path, text: file.text + added)
            }
            let error = await #expect(throws: PackageProblems.self) {
                try await Deployment(org.records).plan(files, in: org.id)
            }
            let problem = error?.problems.first { $0.message.contains(word) }
            #expect(problem?.file == "objects/Shop__c.yaml", "\(field)")
            #expect((problem?.line ?? 0) > 40)
        }
    }

    @Test("a random history leaves every summary as brute force has it", arguments: [1, 2, 3])
    func history(_ seed: UInt64) async throws {
        let world = try await RollUpFixture(on: .sqlite)
        var random = SeededRandom(seed: seed)
        var regions: [RecordID] = []
        for name in ["North", "South"] { regions.append(try await world.region(name)) }
        var shops: [RecordID] = []
        for index in 0..<4 {
            shops.append(try await world.shop("Shop \(index)", in: regions[index % 2]))
        }
        var sales: [RecordID] = []
        var gone: [RecordID] = []
        for _ in 0..<60 {
            let values: JSONObject = [
                "Shop__c": Bool.random(using: &random)
                    ? .id(shops.randomElement(using: &random) ?? shops[0]) : .null,
                "Amount__c": .string("\(Int.random(in: 0...999, using: &random)).05"),
                "Day__c": .string("2026-01-\(Int.random(in: 10...28, using: &random))"),
                "Gift__c": .bool(Bool.random(using: &random)),
                "Status__c": [.null, "New", "Paid", "Shipped"].randomElement(using: &random)
                    ?? .null,
            ]
            let sale = sales.randomElement(using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1, 2: sales.append(try await world.sell(values))
            case 3, 4:
                guard let sale else { continue }
                try await world.org.update("Sale__c", sale, values, as: world.admin)
            case 5:
                guard let sale else { continue }
                try await world.org.delete(sale, as: world.admin)
                sales.removeAll { $0 == sale }
                gone.append(sale)
            case 6:
                guard let back = gone.popLast() else { continue }
                try await world.org.undelete(back, as: world.admin)
                sales.append(back)
            default:
                let shop = shops[Int.random(in: 0..<shops.count, using: &random)]
                try await world.org.delete(shop, as: world.admin)
                if let sale {
                    try await world.org.update("Sale__c", sale, ["Amount__c": "3"], as: world.admin)
                }
                try await world.org.undelete(shop, as: world.admin)
            }
        }

        #expect(try await world.problems().isEmpty)
        for shop in shops {
            let children = try await world.org.query(
                "SELECT Amount__c, Status__c FROM Sale__c WHERE Shop__c = '\(shop)'",
                as: world.admin
            )
            var sum: Int64 = 0
            var paid: Int64 = 0
            for child in children {
                guard case .number(let amount) = child["Amount__c"],
                    let cents = amount.unscaled(at: 2)
                else { continue }
                sum += cents
                if ["Paid", "Shipped"].contains(child.text("Status__c")) { paid += cents }
            }
            #expect(
                try await world.value("Sales__c", of: "Shop__c", shop)
                    == .number(ExactDecimal(unscaled: sum, scale: 2))
            )
            #expect(
                try await world.value("Paid__c", of: "Shop__c", shop)
                    == .number(ExactDecimal(unscaled: paid, scale: 2))
            )
        }
    }

    @Test("parallel writers lose nothing", arguments: StoreKind.allCases)
    func concurrency(_ kind: StoreKind) async throws {
        let world = try await RollUpFixture(on: kind)
        let region = try await world.region("North")
        let shop = try await world.shop("Corner", in: region)

        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<5 {
                        let sale = try await world.sell([
                            "Shop__c": .id(shop), "Amount__c": "1.01",
                        ])
                        try await world.org.update(
                            "Sale__c",
                            sale,
                            ["Amount__c": "2.02"],
                            as: world.admin
                        )
                    }
                }
            }
            try await group.waitForAll()
        }

        #expect(try await world.value("Count__c", of: "Shop__c", shop) == Self.money("40"))
        #expect(try await world.value("Sales__c", of: "Region__c", region) == Self.money("80.80"))
        #expect(try await world.problems().isEmpty)
    }
}
