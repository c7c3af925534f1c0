import Foundation
import Kernel
import Language
import Metadata
import TestSupport
import Testing

/// Queries from public code whose object we have: each gives rows or says what is wrong with it.
@Suite struct QueryCorpusTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data/corpus-soql")

    /// The corpus lies beside the package, not in it; a checkout without it skips these tests.
    private static let isPresent = FileManager.default.fileExists(
        atPath: folder.appending(path: "queries.json").path
    )

    private struct Query: Decodable {
        let id: String
        let query: String
        let language: String
    }

    /// What a corpus query may be refused for: names we do not have, and what is not for the API.
    private static let refusals: Set<RecordError.Code> = [
        .invalidField, .invalidType, .malformedQuery, .invalidQueryFilterOperator,
    ]

    @Test(
        "every query whose object is there gives rows, or a proper error",
        .enabled(if: isPresent, "the corpus is missing: ../shared/data/corpus-soql/queries.json"),
        arguments: StoreKind.allCases
    )
    func queries(_ kind: StoreKind) async throws {
        let data = try Data(contentsOf: Self.folder.appending(path: "queries.json"))
        let queries = try JSONDecoder().decode([Query].self, from: data)
            .filter { $0.language == "SOQL" }
        let org = try await TestOrg(on: kind)
        let admin = org.administrator
        try await org.create("Account", ["Name": "Hall"], as: admin)
        let known = try await org.records.read(as: admin) { reader in
            Set(reader.snapshot.schema.objects.map(\.name))
        }
        var answered: [String] = []
        for query in queries {
            let statement = try SOQLParser.parse(query.query)
            guard known.contains(APIName(statement.from.object.description)) else { continue }
            do {
                _ = try await org.count(query.query, as: admin)
                answered.append(query.id)
            } catch let error as RecordError {
                #expect(Self.refusals.contains(error.code), "\(query.id): \(error)")
            }
        }

        #expect(Self.answered.allSatisfy(answered.contains))
    }

    /// Those that must run; the others name what the service desk does not have, or bind variables
    /// of Apex.
    private static let answered = [
        "Q001", "Q012", "Q013", "Q031", "Q033", "Q041", "Q047", "Q052", "Q053", "Q054", "Q059",
        "Q060",
        "Q064", "Q066",
    ]
}
