import Language
import Metadata
import TestSupport

@testable import Kernel

/// Packages of random formula fields, the later ones over the earlier ones.
enum RandomFormulas {
    private static let objects: [APIName] = ["Account", "Contact", "Case", "Task"]

    /// Adds formula fields to an org in two rounds.
    static func deploy(_ count: Int, to org: TestOrg, seed: UInt64) async throws {
        for round in 1...2 {
            let schema = try await org.records.read(as: org.administrator) { $0.schema }
            let files = package(count / 2, round, schema, seed: seed)
            _ = try await Deployment(org.records)
                .apply(files, in: org.id, as: org.administrator.user)
        }
    }

    private static func package(
        _ count: Int,
        _ round: Int,
        _ schema: OrgSchema,
        seed: UInt64
    ) -> [MetadataPackage.File] {
        var files = [
            MetadataPackage.File(
                path: "package.yaml",
                text: """
                    package: formulas-\(round)
                    label: Formulas
                    version: 1.0.0
                    needs: [service-desk]
                    """
            )
        ]
        for (place, name) in objects.enumerated() {
            guard let object = schema.object(name) else { continue }
            var random = RandomFormula(
                schema: schema,
                object: object,
                choice: RandomChoice(seed: seed &* 100 &+ UInt64(round * 10 + place))
            )
            // An object's formulas may follow so many relationships in all.
            random.parentsPercent = count <= 10 ? 25 : 2
            var text = "extend: \(name)\nfields:\n"
            for number in 0..<count {
                random.mayChange = number % 3 == 0
                text += random.declaration(named: "F\(round)_\(number)__c")
            }
            files.append(MetadataPackage.File(path: "objects/\(name).yaml", text: text))
        }
        return files
    }
}
