import Language
import Metadata
import TestSupport
import Testing

@testable import Kernel

/// What every store's full-text search finds.
@Suite struct SearchConformanceTests {
    private static let texts: [(subject: String, description: String)] = [
        ("Printer on fire", "It burns, brightly."),
        ("Fire drill", "The printer's cable is missing"),
        ("Crème brûlée", "MÜNCHEN-Ost 2024"),
        ("Printing", "fire on printer"),
        ("Deleted printer", "fire"),
    ]

    /// Which of the five texts a search finds, by their numbers.
    private func found(
        _ kind: StoreKind,
        _ find: String,
        fields: [APIName] = ["Subject", "Description"],
        under predicate: RowPredicate = .everything,
        limit: Int = 100
    ) async throws -> [Int64] {
        let fixture = try await ConformanceFixture(kind, idBase: 0)
        for text in Self.texts {
            try await fixture.insert(
                "Case",
                ["Subject": .text(text.subject), "Description": .text(text.description)]
            )
        }
        let last = RecordID(prefix: ServiceDesk.prefix("500"), sequence: Int64(Self.texts.count))
        try await fixture.delete("Case", last)
        let statement = try SOSLParser.parse("FIND {\(find)} RETURNING Case")
        let object = try ServiceDesk.object("Case")
        let search = AuthorizedSearch(
            object: object,
            term: statement.term,
            fields: try fields.map { try #require(object.field($0)) },
            visible: predicate,
            limit: limit
        )
        return try await fixture.read { try $0.search(search).map(\.sequence).sorted() }
    }

    @Test("words are found without regard to case and accents", arguments: StoreKind.allCases)
    func words(_ kind: StoreKind) async throws {
        #expect(try await found(kind, "PRINTER") == [1, 2, 4])
        #expect(try await found(kind, "creme") == [3])
        #expect(try await found(kind, "münchen") == [3])
        #expect(try await found(kind, "munchen ost") == [3])
        #expect(try await found(kind, "print") == [])
        #expect(try await found(kind, "2024") == [3])
    }

    @Test("a star at a word's end finds what begins so", arguments: StoreKind.allCases)
    func prefixes(_ kind: StoreKind) async throws {
        #expect(try await found(kind, "print*") == [1, 2, 4])
        #expect(try await found(kind, "brigh*") == [1])
        #expect(try await found(kind, "printe?") == [1, 2, 4])
    }

    @Test(
        "words may stand in different fields; a phrase stands in one",
        arguments: StoreKind.allCases
    )
    func phrases(_ kind: StoreKind) async throws {
        #expect(try await found(kind, "printer AND fire") == [1, 2, 4])
        #expect(try await found(kind, "\"printer on fire\"") == [1])
        #expect(try await found(kind, "\"fire on printer\"") == [4])
        #expect(try await found(kind, "drill OR brulee") == [2, 3])
        #expect(try await found(kind, "fire AND NOT burns") == [2, 4])
        #expect(try await found(kind, "fire & drill") == [2])
    }

    @Test("only the fields that are named are looked into", arguments: StoreKind.allCases)
    func fields(_ kind: StoreKind) async throws {
        #expect(try await found(kind, "printer", fields: ["Subject"]) == [1])
        #expect(try await found(kind, "fire", fields: ["Description"]) == [4])
        #expect(try await found(kind, "fire", fields: []) == [])
        #expect(try await found(kind, "fire AND NOT burns", fields: ["Subject"]) == [1, 2])
    }

    @Test("only what the caller may see is found, up to a limit", arguments: StoreKind.allCases)
    func visible(_ kind: StoreKind) async throws {
        let owner = RowPredicate.FieldKey(
            try #require(try ServiceDesk.object("Case").ownerField)
        )

        #expect(try await found(kind, "fire", under: .nothing) == [])
        #expect(try await found(kind, "fire", under: .fieldIsNull(owner)) == [1, 2, 4])
        #expect(try await found(kind, "fire", limit: 2).count == 2)
        #expect(try await found(kind, "fire", limit: 0) == [])
    }

    @Test("changed texts are found by their new words only", arguments: StoreKind.allCases)
    func changes(_ kind: StoreKind) async throws {
        let fixture = try await ConformanceFixture(kind)
        let object = try ServiceDesk.object("Case")
        let subject = try #require(object.field("Subject"))
        let id = try await fixture.insert("Case", ["Subject": .text("ancient")])
        try await fixture.update("Case", id, ["Subject": .text("modern")])
        let hits: @Sendable (String) async throws -> Int = { word in
            let term = try SOSLParser.parse("FIND {\(word)}").term
            let search = AuthorizedSearch(
                object: object,
                term: term,
                fields: [subject],
                visible: .everything,
                limit: 10
            )
            return try await fixture.read { try $0.search(search).count }
        }

        #expect(try await hits("ancient") == 0)
        #expect(try await hits("modern") == 1)
        try await fixture.delete("Case", id)
        #expect(try await hits("modern") == 0)
        try await fixture.undelete("Case", id)
        #expect(try await hits("modern") == 1)
        try await fixture.purge("Case", id)
        #expect(try await hits("modern") == 0)
    }
}
