import Kernel
import Metadata
import TestSupport
import Testing

@testable import Steward

/// The demo data against the apps it is made for.
@Suite struct DemoSchemaTests {
    private static func schema() throws -> OrgSchema {
        let packages = try ["platform", "service-desk"].map {
            try PackageReader.read(ShippedApps.files(of: $0))
        }
        return try SchemaAssembler.assemble(packages, prefixes: [:], version: 1)
    }

    private static func records() -> [DemoRecords] {
        [
            DemoRecords.harborview,
            DemoRecords(DemoData(.larkspur, seed: 3, now: DemoRecords.now, caseCount: 400)),
        ]
    }

    @Test("every field exists, and every picklist has the value")
    func fields() throws {
        let schema = try Self.schema()

        for draft in Self.records().flatMap(\.all) {
            let object = try #require(schema.object(APIName(draft.object)))
            for member in draft.values.members {
                let field = try #require(
                    object.field(APIName(member.name)),
                    "\(draft.object).\(member.name)"
                )
                guard let picklist = field.picklist else { continue }
                for value in try #require(member.value.string).split(separator: ";") {
                    #expect(
                        picklist.value(named: String(value)) != nil,
                        "\(draft.object).\(member.name): \(value)"
                    )
                }
            }
        }
    }

    @Test("a service type is one of the case's department")
    func dependentPicklists() throws {
        let object = try #require(try Self.schema().object("Case"))
        let picklist = try #require(object.field("Service_Type__c")?.picklist)

        for draft in Self.records().flatMap(\.cases) {
            guard let type = draft.values["Service_Type__c"]?.string else { continue }
            let department = try #require(draft.values["Department__c"]?.string)
            let value = try #require(picklist.value(named: type))
            #expect(value.controllingValues.contains(department), "\(type) in \(department)")
        }
    }

    @Test("all 19 service types occur, and every kind of value is missing somewhere")
    func variety() throws {
        let object = try #require(try Self.schema().object("Case"))
        let picklist = try #require(object.field("Service_Type__c")?.picklist)
        let cases = DemoRecords.harborview.cases
        let types = Set(cases.compactMap { $0.values["Service_Type__c"]?.string })

        #expect(types == Set(picklist.values.map(\.name)))
        for name in [
            "ContactId", "Description", "Service_Type__c", "Neighborhood__c", "Tags__c",
            "Location__Latitude__s", "Estimated_Cost__c", "Hours_Spent__c", "External_Reference__c",
        ] {
            let count = cases.filter { $0.values[name] != nil }.count
            #expect(count > 100 && count < cases.count, "\(name): \(count)")
        }
    }

    @Test("unique fields are unique")
    func uniqueFields() throws {
        let schema = try Self.schema()

        for records in Self.records() {
            for (name, drafts) in Dictionary(grouping: records.all, by: \.object) {
                let object = try #require(schema.object(APIName(name)))
                for field in object.fields where field.isUnique {
                    let values = drafts.compactMap { $0.values[field.name.text]?.string }
                    #expect(Set(values).count == values.count, "\(name).\(field.name)")
                }
            }
        }
    }

    @Test("profiles, roles, permission sets and queues are those of the apps")
    func declarations() throws {
        let packages = try ["platform", "service-desk"].map {
            try PackageReader.read(ShippedApps.files(of: $0))
        }
        let sets = packages.flatMap(\.permissionSets)
        let profiles = sets.filter(\.isProfile).map(\.label)
        let roles = packages.flatMap(\.roles).map(\.developerName.text)
        let queues = packages.flatMap(\.queues).map(\.developerName.text)

        for org in DemoOrg.all {
            for user in org.users + [org.administrator] {
                #expect(profiles.contains(user.profile))
                #expect(user.role.map(roles.contains) ?? true)
                for name in user.permissionSets {
                    #expect(sets.contains { !$0.isProfile && $0.name.text == name })
                }
            }
            for team in org.teams { #expect(team.queue.map(queues.contains) ?? true) }
        }
    }
}
