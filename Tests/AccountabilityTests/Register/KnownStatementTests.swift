import Accountability
import Foundation
import Testing
import UseMeter

/// What is declared beside what is seen, and what is said of it.
@Suite struct KnownStatementTests {
    private func seen(
        day: Int = 20_000,
        mails: Int = 2,
        desk: [String] = ["contact-details", "correspondence"],
        children: Bool = false,
        completeness: Int = 10_000
    ) throws -> UseSnapshot {
        try RegisterFixture.snapshot(
            "org",
            day: day,
            completeness: completeness,
            [
                "band.mails": .integer(mails), "band.service-desk.records": .integer(3),
                "band.platform.records": .integer(2), "band.predictions": .integer(0),
                "products": RegisterFixture.codes("platform", "service-desk"),
                "data.service-desk": .array(desk.map { .string($0) }),
                "data.platform": RegisterFixture.codes("contact-details"),
                "data.special": RegisterFixture.codes(),
                "data.children": .boolean(children),
            ]
        )
    }

    private func vector(
        _ declarations: [DeclaredUse],
        _ snapshot: UseSnapshot?,
        earlier: UseSnapshot? = nil,
        on date: String = "2026-03-10"
    ) -> [String: UseFeature] {
        RegisterFeatures.vector(
            declarations: declarations,
            snapshot: snapshot,
            earlier: earlier,
            on: date
        )
    }

    @Test("data that no current declaration names is undeclared")
    func undeclared() throws {
        let declaration = RegisterFixture.declaration()
        let snapshot = try seen(desk: ["contact-details", "health"], children: true)
        let features = vector([declaration], snapshot)
        #expect(features["undeclared.data"] == .codes(["health"]))
        #expect(features["undeclared.special"] == .codes(["health"]))
        #expect(features["undeclared.children"] == .truth(true))
        #expect(features["undeclared.products"] == .codes([]))
        let covering = RegisterFixture.declaration("UD-0002", special: "health")
        #expect(vector([declaration, covering], snapshot)["undeclared.data"] == .codes([]))
        let lapsed = RegisterFixture.declaration("UD-0002", special: "health", due: "2026-03-09")
        let stale = vector([declaration, lapsed], snapshot)
        #expect(stale["undeclared.data"] == .codes(["health"]))
        #expect(stale["declared.stale"] == .number(1))
        #expect(vector([], snapshot)["undeclared.products"] == .codes(["service-desk"]))
    }

    @Test("what is not known is left out, and not taken for no")
    func unknown() throws {
        let features = vector([RegisterFixture.declaration()], nil)
        #expect(features["declared.current"] == .number(1))
        #expect(features.keys.allSatisfy { $0.hasPrefix("declared.") })
        let without = vector([], try seen())
        #expect(without.keys.allSatisfy { !$0.hasPrefix("rise.") && !$0.hasPrefix("new.") })
    }

    @Test("a band that has risen tells by how many")
    func rise() throws {
        let features = vector(
            [],
            try seen(mails: 4, desk: ["contact-details", "health"]),
            earlier: try seen(day: 19_972, mails: 2)
        )
        #expect(features["rise.mails"] == .number(2))
        #expect(features["rise.platform.records"] == .number(0))
        #expect(features["new.data.service-desk"] == .codes(["health"]))
    }

    @Test("coverage takes what is not known for not declared")
    func coverage() throws {
        let good = vector([RegisterFixture.declaration()], try seen())
        #expect(RegisterCoverage.Org(features: good, lastReviewed: nil).isDeclared)
        for worse in [
            vector([RegisterFixture.declaration()], nil), vector([], try seen()),
            vector([RegisterFixture.declaration()], try seen(children: true)),
            vector([RegisterFixture.declaration(due: "2026-03-01")], try seen()),
        ] {
            #expect(!RegisterCoverage.Org(features: worse, lastReviewed: nil).isDeclared)
        }
    }

    private func statement(
        _ declarations: [DeclaredUse],
        _ snapshots: [UseSnapshot]
    ) -> KnownStatement {
        KnownStatement(
            question: "Is the service desk used for mass letters?",
            org: "org",
            product: "service-desk",
            date: "2024-10-04",
            declarations: declarations,
            snapshots: snapshots
        )
    }

    @Test("a statement names what it was made of, and what was not looked at")
    func whole() throws {
        let snapshots = [try seen(day: 20_000), try seen(day: 19_972, mails: 0)]
        let other = RegisterFixture.declaration("UD-0009", product: "analytics")
        let statement = statement([other, RegisterFixture.declaration()], snapshots)
        #expect(statement.declarations.map(\.name) == ["UD-0001"])
        #expect(statement.snapshots.map(\.date) == ["2024-09-06", "2024-10-04"])
        #expect(statement.features["rise.mails"] == .number(2))
        // Of another product nothing is said.
        #expect(statement.features.keys.allSatisfy { !$0.contains("platform") })
        let json = String(decoding: try statement.bytes(), as: UTF8.self)
        let text = statement.text
        for part in [json, text] {
            for line in KnownStatement.notLookedAt + statement.gaps {
                #expect(part.contains(line), "\(line)")
            }
            #expect(part.contains("UD-0001") && part.contains("2024-10-04"))
        }
        #expect(json.contains(try snapshots[0].digest()))
        #expect(text.contains("observed.band.mails: 100 to 999"))
        #expect(
            try statement.bytes()
                == self.statement([other, RegisterFixture.declaration()], snapshots.reversed())
                .bytes()
        )
    }

    @Test("it says why less is known than could be")
    func gaps() throws {
        #expect(
            statement([], []).gaps == [
                "the org has declared no use of this product", "there is no snapshot of the org",
            ]
        )
        let lapsed = RegisterFixture.declaration(due: "2024-01-01")
        let gaps = statement([lapsed], [try seen(day: 19_999, completeness: 9_000)]).gaps
        #expect(gaps.contains("to be attested again: UD-0001"))
        #expect(gaps.contains("nothing is known of the days after 2024-10-03"))
        #expect(gaps.contains("9000 of 10 000 parts of the time were counted"))
        // What lies after the day that is asked about is left out.
        #expect(statement([lapsed], [try seen(day: 20_001)]).snapshots.isEmpty)
    }
}
