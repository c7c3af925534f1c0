import Foundation
import Language
import Testing

/// Queries from public code: all that are valid are read, all that are not are refused.
@Suite struct LanguageCorpusTests {
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

    private struct Invalid: Decodable {
        let query: String
    }

    /// Well-formed, but wrong about functions: whoever resolves names refuses them.
    private static let leftToTheResolver = [
        // No function has this name.
        "SELECT LeadSourceCOUNT(Name) FROM Lead GROUP BY LeadSource",
        // A place is no number.
        "SELECT Name, StreetAddress__c FROM Warehouse__c WHERE GEOLOCATION(37.775, -122.418) < 20",
        // DISTANCE takes two places and a unit, the first of them a field.
        "SELECT Name, DISTANCE(37.775, -122.418) FROM Warehouse__c",
        "SELECT Id, Name, Location, "
            + "DISTANCE(GEOLOCATION(37.775,-122.418), warehouse_location__c, 'km') FROM CONTACT",
    ]

    @Test(
        "every query of the corpus is read",
        .enabled(if: isPresent, "the corpus is missing: ../shared/data/corpus-soql/queries.json")
    )
    func queries() throws {
        let data = try Data(contentsOf: Self.folder.appending(path: "queries.json"))
        for query in try JSONDecoder().decode([Query].self, from: data) {
            if query.language == "SOSL" {
                #expect(throws: Never.self, "\(query.id)") { try SOSLParser.parse(query.query) }
            } else {
                #expect(throws: Never.self, "\(query.id)") {
                    let statement = try SOQLParser.parse(query.query)
                    let again = try SOQLParser.parse(statement.description)
                    #expect(shape(of: again) == shape(of: statement))
                }
            }
        }
    }

    @Test(
        "every invalid query of the corpus is refused, or left to the resolver with a reason",
        .enabled(if: isPresent, "the corpus is missing: ../shared/data/corpus-soql/invalid.json")
    )
    func invalid() throws {
        let data = try Data(contentsOf: Self.folder.appending(path: "invalid.json"))
        let queries = try JSONDecoder().decode([Invalid].self, from: data).map(\.query)
        for query in queries {
            #expect(
                (refusal(of: query) == nil) == Self.leftToTheResolver.contains(query),
                "\(query)"
            )
        }
        #expect(Self.leftToTheResolver.allSatisfy(queries.contains))
    }
}
