import Language
import Metadata
import Store
import StoreSQLite
import Testing

@testable import Kernel

/// Full-text search of cases.
@Suite struct SearchTests {
    private func find(
        _ term: SOSLStatement.Term,
        in fixture: StoreFixture,
        fields: [APIName] = ["Subject", "Description"],
        visible: RowPredicate = .everything,
        limit: Int = 100
    ) async throws -> [Int64] {
        let object = try ServiceDesk.object("Case")
        let search = AuthorizedSearch(
            object: object,
            term: term,
            fields: fields.compactMap { object.field($0) },
            visible: visible,
            limit: limit
        )
        return try await fixture.store.read(fixture.org, isBrief: false) { transaction in
            try transaction.search(search).map(\.sequence)
        }
    }

    private func word(_ text: String) -> SOSLStatement.Term { .word([.text(text)]) }

    private func desk() async throws -> StoreFixture {
        let fixture = try await StoreFixture()
        for (subject, description) in [
            ("Printer on fire", "smoke and a café"), ("Scanner", "near the printer printer"),
            ("Tea", "no leaves, text: test"),
        ] {
            try await fixture.insert(
                "Case",
                ["Subject": .text(subject), "Description": .text(description)]
            )
        }
        return fixture
    }

    @Test("words, phrases, operators and wild cards")
    func terms() async throws {
        let fixture = try await desk()
        let terms: [(SOSLStatement.Term, Set<Int64>)] = [
            (word("PRINTER"), [1_000, 1_001]), (word("cafe"), [1_000]),
            (.phrase("on fire"), [1_000]), (.phrase("fire on"), []),
            (.and([word("printer"), word("smoke")]), [1_000]),
            (.and([word("printer"), word("&"), word("smoke")]), [1_000]),
            (.or([word("smoke"), word("tea")]), [1_000, 1_002]),
            (.andNot(word("printer"), word("fire")), [1_001]),
            (.word([.text("scan"), .anyCharacters]), [1_001]),
            (.word([.text("te"), .oneCharacter, .text("t")]), [1_002]),
            (.word([.text("te"), .oneCharacter, .text("x")]), []),
            (
                .or([.word([.text("f"), .oneCharacter, .text("re")]), word("tea")]), [1_000, 1_002]
            ),
            (.andNot(word("printer"), .word([.text("f"), .anyCharacters, .text("e")])), [1_001]),
            (.or([]), []), (word("\"OR\""), []), (word("{Subject} : x"), []),
            (word("NEAR("), [1_001]),
        ]
        for (term, expected) in terms {
            #expect(Set(try await find(term, in: fixture)) == expected, "\(term)")
        }
        try await fixture.remove()
    }

    @Test("a field that is not allowed, or a record that is hidden, is never found")
    func rights() async throws {
        let fixture = try await desk()
        #expect(try await find(word("printer"), in: fixture, fields: ["Subject"]) == [1_000])
        #expect(try await find(word("printer"), in: fixture, fields: ["Status"]) == [])
        #expect(try await find(word("printer"), in: fixture, visible: .nothing) == [])
        #expect(try await find(word("printer"), in: fixture, limit: 1).count == 1)
        try await fixture.remove()
    }

    @Test("search follows changes, deletions and undeletions")
    func upkeep() async throws {
        let fixture = try await desk()
        let id = RecordID(prefix: ServiceDesk.prefix("500"), sequence: 1_002)
        try await fixture.update("Case", id, ["Subject": .text("Coffee")])
        #expect(try await find(word("tea"), in: fixture) == [])
        #expect(try await find(word("coffee"), in: fixture) == [1_002])
        try await fixture.delete("Case", id)
        #expect(try await find(word("coffee"), in: fixture) == [])
        try await fixture.undelete("Case", id)
        #expect(try await find(word("coffee"), in: fixture) == [1_002])
        #expect(try await fixture.store.check(fixture.org, ServiceDesk.schema) == [])
        try await fixture.remove()
    }
}
