import Metadata
import Testing

/// Packages are read strictly: what is wrong is named with its place, and all of it at once.
@Suite struct PackageReaderTests {
    private let manifest = MetadataPackage.File(
        path: "package.yaml",
        text: "package: test\nlabel: Test\nversion: 1.0.0\n"
    )

    private func problems(_ path: String, _ text: String) -> [String] {
        do {
            let package = try PackageReader.read([manifest, .init(path: path, text: text)])
            _ = try SchemaAssembler.assemble([package], prefixes: [:], version: 1)
            return []
        } catch let error as PackageProblems {
            return error.problems.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    private func object(_ fields: String) -> String {
        "object: Book__c\nlabel: Book\npluralLabel: Books\nfields:\n" + fields
    }

    @Test("an unknown key is refused with file, line, column and a suggestion")
    func unknownKey() {
        let found = problems(
            "objects/Book__c.yaml",
            object("  - { name: Pages__c, type: Number, sclae: 0 }\n")
        )
        #expect(
            found == [
                "objects/Book__c.yaml:5:37: unknown key `sclae` in a field (did you mean `scale`?)"
            ]
        )
    }

    @Test("a value outside a choice is refused with the choices")
    func unknownChoice() {
        let found = problems(
            "objects/Book__c.yaml",
            object("  - { name: Pages__c, type: Numbr }\n")
        )
        #expect(found.first?.contains("`type` cannot be `Numbr` (did you mean `Number`?)") == true)
    }

    @Test("all problems are told, not the first")
    func allProblems() {
        let found = problems(
            "objects/Book__c.yaml",
            object(
                """
                  - { name: A__c, type: Text, length: 999 }
                  - { name: B__c, type: Lookup, referenceTo: Nowhere__c }
                  - { name: A__c, type: Date }

                """
            )
        )
        #expect(found.contains { $0.contains("`length` must be 1 to 255") })
        #expect(found.contains { $0.contains("refers to `Nowhere__c`, which is no object") })
    }

    @Test("a file in a folder of no kind is refused")
    func unknownFolder() {
        #expect(
            problems("object/Book__c.yaml", "x: 1").first?.contains("did you mean `objects`")
                == true
        )
    }

    @Test("text that is no YAML is refused with its place")
    func noYAML() {
        let found = problems("objects/Book__c.yaml", "object: [\n")
        #expect(found.first?.hasPrefix("objects/Book__c.yaml:") == true)
        #expect(found.first?.contains("is no YAML") == true)
    }

    @Test("a custom object keeps its key prefix, and a new one gets the next")
    func prefixes() throws {
        let package = try PackageReader.read([
            manifest,
            .init(path: "objects/Book__c.yaml", text: object("  - { name: A__c, type: Date }\n")),
        ])
        let kept = try #require(KeyPrefix("a07"))
        let first = try SchemaAssembler.assemble([package], prefixes: [:], version: 1)
        let again = try SchemaAssembler.assemble([package], prefixes: ["Book__c": kept], version: 2)
        #expect(first.object("book__C")?.keyPrefix == KeyPrefix("a00"))
        #expect(again.object("Book__c")?.keyPrefix == kept)
        #expect(again.object(withPrefix: kept)?.name == "Book__c")
    }
}
