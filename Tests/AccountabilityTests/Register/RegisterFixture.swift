import Accountability
import Foundation
import Kernel
import Metadata
import UseMeter

/// Orgs that are nothing but snapshots.
enum RegisterFixture {
    static let noCodes = MetadataCodes(packages: [], schema: OrgSchema(version: 1, objects: []))

    /// A snapshot with given features, as it would be read back.
    static func snapshot(
        _ org: String,
        day: Int = 20_000,
        completeness: Int = 10_000,
        _ features: [String: CanonicalJSON]
    ) throws -> UseSnapshot {
        try UseSnapshot(
            CanonicalJSON.object([
                "form": .integer(1), "org": .string(org), "day": .integer(day),
                "completeness": .integer(completeness), "features": .object(features),
            ]).bytes()
        )
    }

    /// A snapshot of an org that has so many records, and has sent so many mails.
    static func snapshot(
        _ org: String,
        day: Int32,
        records: Int,
        mails: Int,
        after previous: UseSnapshot?
    ) -> UseSnapshot {
        var use = UseDay(day: day)
        use.add(
            UseDay.Cell(product: "platform", name: "Case", operation: .mail, surface: .mail),
            UseCount(uses: mails, records: mails)
        )
        return UseSnapshot(
            RegisterInput(
                org: org,
                day: day,
                days: [use],
                records: RecordCounts(products: ["service-desk": records], users: records),
                codes: noCodes,
                previous: previous
            )
        )
    }

    static func codes(_ texts: String...) -> CanonicalJSON { .array(texts.map { .string($0) }) }

    static func declaration(
        _ name: String = "UD-0001",
        product: String = "service-desk",
        data: String = "contact-details;correspondence",
        special: String = "",
        due: String = "2027-01-01",
        isInForce: Bool = true
    ) -> DeclaredUse {
        DeclaredUse(
            name: name,
            fields: [
                "Version": "2", "Product": product, "Category": "Service requests",
                "DataCategories": data, "SpecialCategories": special, "Children": "false",
                "AutomatedDecisions": "None", "ReattestDue": due, "Publicity": "Public",
            ],
            isInForce: isInForce
        )
    }
}
