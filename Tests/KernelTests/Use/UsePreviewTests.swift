import Kernel
import Metadata
import TestSupport
import Testing
import UseMeter

/// What a measure would have refused, from day totals.
@Suite struct UsePreviewTests {
    private let feed = "3MVG9.feed"

    /// Some work by several ways, whose refusals are counted.
    private func work(_ org: TestOrg) async throws -> Int {
        var refused = 0
        func attempt(_ caller: Caller, _ object: String, _ values: JSONObject) async throws {
            let results: [SaveResult]
            do {
                results = try await org.save([org.draft(object, values)], .create, as: caller)
            } catch let error as RecordError where error.code == .useRestricted {
                refused += 1
                return
            }
            refused += results.flatMap(\.errors).filter { $0.code == .useRestricted }.count
        }
        let clerk = org.administrator
        for caller in [clerk, clerk.by(.bulk), clerk.by(.rest, client: feed)] {
            try await attempt(caller, "Case", ["Subject": "Lamp"])
            try await attempt(caller, "Account", ["Name": "Acme"])
        }
        return refused
    }

    private func total(_ preview: UsePreview) -> Int {
        preview.refused.values.reduce(0) { $0 + $1.records }
    }

    @Test(
        "what is previewed is refused when the same is done under the measure",
        arguments: [
            UseRestriction.Measure.object("Case", [.create]), .object("Case", [.read]),
            .object("Account", [.create, .edit]), .integration(client: "3MVG9.feed"), .readOnly,
            .growth, .notice, .visibility, .product("service-desk"),
        ]
    )
    func agreement(_ measure: UseRestriction.Measure) async throws {
        let org = try await TestOrg()
        // The administrator's own making of the org was not counted, and is not done again.
        #expect(try await work(org) == 0)
        _ = await org.records.keepUse()
        let preview = try await org.records.preview(of: measure, in: org.id)
        try await org.restrict(measure)
        #expect(try await work(org) == total(preview))
        #expect(!preview.isBroad)
    }

    @Test("it tells the ways apart")
    func surfaces() async throws {
        let org = try await TestOrg()
        _ = try await work(org)
        _ = await org.records.keepUse()
        let preview = try await org.records.preview(of: .object("Case", [.create]), in: org.id)
        #expect(
            preview.refused == [
                .rest: UseCount(uses: 2, records: 2), .bulk: UseCount(uses: 1, records: 1),
            ]
        )
    }

    @Test("it looks at thirty days, and not at earlier ones")
    func window() async throws {
        let org = try await TestOrg()
        _ = try await work(org)
        _ = await org.records.keepUse()
        org.clock.advance(seconds: 29 * 86_400)
        #expect(total(try await org.records.preview(of: .readOnly, in: org.id)) == 6)
        org.clock.advance(seconds: 86_400)
        #expect(total(try await org.records.preview(of: .readOnly, in: org.id)) == 0)
    }

    @Test("of a field all that is done with its records is shown, and that it is more")
    func fields() async throws {
        let org = try await TestOrg()
        _ = try await work(org)
        _ = await org.records.keepUse()
        let measure = UseRestriction.Measure.field(object: "Case", field: "Reason")
        let preview = try await org.records.preview(of: measure, in: org.id)
        #expect(preview.isBroad)
        #expect(total(preview) == 3)
    }

    @Test("of a rate all that is taken from it is shown")
    func rates() async throws {
        let org = try await TestOrg()
        _ = try await work(org)
        _ = await org.records.keepUse()
        let rate = UseRestriction.Rate(operation: .create, count: 1, seconds: 86_400)
        let preview = try await org.records.preview(of: .rate(rate), in: org.id)
        #expect(preview.isBroad)
        #expect(total(preview) == 6)
    }

    @Test("of a purpose what is bound to other uses alone is left out")
    func purposes() async throws {
        let org = try await TestOrg()
        let admin = org.administrator
        var declarations: [RecordID] = []
        for category in ["Service requests", "Outreach"] {
            declarations.append(
                try await org.create(
                    "UseDeclaration",
                    ["Product": "service-desk", "Category": .string(category)],
                    as: admin
                )
            )
        }
        try await org.create(
            "UseBinding",
            [
                "UseDeclarationId": .id(declarations[0]), "Kind": "Client",
                "Target": .string(feed),
            ],
            as: admin
        )
        _ = try await work(org)
        _ = await org.records.keepUse()
        let names = try await org.query(
            "SELECT Name FROM UseDeclaration ORDER BY Name",
            as: admin
        ).compactMap { $0.text("Name") }
        func cases(_ name: String) async throws -> Int {
            let measure = UseRestriction.Measure.purpose(declaration: name, product: "service-desk")
            return total(try await org.records.preview(of: measure, in: org.id))
        }
        let (bound, unbound) = (try await cases(names[0]), try await cases(names[1]))
        // What serves no use counts as serving each of its product; the feed's records of other
        // products, and what says what serves which use, are withheld with the first.
        #expect(bound - unbound == 2)
    }

    @Test("flows, mails and webhooks have previews of their own")
    func others() throws {
        func day(_ operation: UseOperation, _ name: String, _ surface: UseSurface) -> UseDay {
            var day = UseDay(day: 1)
            day.add(
                UseDay.Cell(
                    product: "platform",
                    name: name,
                    operation: operation,
                    surface: surface
                ),
                UseCount(uses: 2, records: 9)
            )
            return day
        }
        let days = [
            day(.flowRun, "Praise", .rest), day(.mail, "Case", .mail),
            day(.webhook, "Feed", .job), day(.read, "CaseHistory", .rest),
        ]
        let schema = OrgSchema(version: 1, objects: [])
        func surfaces(_ measure: UseRestriction.Measure) -> Set<UseSurface> {
            Set(UsePreview(of: measure, days: days, schema: schema).refused.keys)
        }
        #expect(surfaces(.automation("praise")) == [.rest])
        #expect(surfaces(.automation("Other")).isEmpty)
        #expect(surfaces(.channel(.mail)) == [.mail])
        #expect(surfaces(.channel(.webhook)) == [.job])
    }
}
