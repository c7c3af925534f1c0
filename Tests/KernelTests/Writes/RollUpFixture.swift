import Kernel
import Metadata
import TestSupport

/// Regions, their shops and the sales of the shops, with summaries at both levels.
struct RollUpFixture {
    let org: TestOrg
    let admin: Caller

    private static let manifest = """
        package: roll-ups
        label: Roll-ups
        version: 1.0.0
        needs: [platform]
        """

    private static let region = """
        object: Region__c
        label: Region
        pluralLabel: Regions
        fields:
          - name: Sales__c
            type: Summary
            summaryOperation: sum
            summaryForeignKey: Shop__c.Region__c
            summarizedField: Shop__c.Sales__c
          - name: Last_Sale__c
            type: Summary
            summaryOperation: max
            summaryForeignKey: Shop__c.Region__c
            summarizedField: Shop__c.Last_Sale__c
          - { name: Code__c, type: Text, length: 20 }
        """

    private static let shop = """
        object: Shop__c
        label: Shop
        pluralLabel: Shops
        fields:
          - { name: Region__c, type: MasterDetail, referenceTo: [Region__c], relationshipName: Shops }
          - name: Count__c
            type: Summary
            summaryOperation: count
            summaryForeignKey: Sale__c.Shop__c
          - name: Sales__c
            type: Summary
            summaryOperation: sum
            summaryForeignKey: Sale__c.Shop__c
            summarizedField: Sale__c.Amount__c
          - name: Paid__c
            type: Summary
            summaryOperation: sum
            summaryForeignKey: Sale__c.Shop__c
            summarizedField: Amount__c
            summaryFilterItems:
              - { field: Sale__c.Status__c, operation: equals, value: "Paid, Shipped" }
          - name: Open__c
            type: Summary
            summaryOperation: count
            summaryForeignKey: Sale__c.Shop__c
            summaryFilterItems:
              - { field: Sale__c.Status__c, operation: notEqual, value: Paid }
              - { field: Sale__c.Gift__c, operation: equals, value: "False" }
          - name: First_Sale__c
            type: Summary
            summaryOperation: min
            summaryForeignKey: Sale__c.Shop__c
            summarizedField: Sale__c.Day__c
          - name: Last_Sale__c
            type: Summary
            summaryOperation: max
            summaryForeignKey: Sale__c.Shop__c
            summarizedField: Sale__c.Day__c
          - name: Largest__c
            type: Summary
            summaryOperation: max
            summaryForeignKey: Sale__c.Shop__c
            summarizedField: Sale__c.Amount__c
        """

    static let sale = """
        object: Sale__c
        label: Sale
        pluralLabel: Sales
        fields:
          - { name: Shop__c, type: Lookup, referenceTo: [Shop__c], relationshipName: Sales }
          - { name: Amount__c, type: Currency, precision: 12, scale: 2 }
          - { name: Day__c, type: Date }
          - { name: Gift__c, type: Checkbox }
          - name: Status__c
            type: Picklist
            values: [{ name: New }, { name: Paid }, { name: Shipped }]
        """

    static let files = [
        MetadataPackage.File(path: "package.yaml", text: manifest),
        MetadataPackage.File(path: "objects/Region__c.yaml", text: region),
        MetadataPackage.File(path: "objects/Shop__c.yaml", text: shop),
        MetadataPackage.File(path: "objects/Sale__c.yaml", text: sale),
    ]

    init(on kind: StoreKind) async throws {
        org = try await TestOrg(on: kind, apps: ["platform"])
        admin = org.administrator
        _ = try await Deployment(org.records).apply(Self.files, in: org.id, as: admin.user)
    }

    func region(_ name: String) async throws -> RecordID {
        try await org.create("Region__c", ["Name": .string(name)], as: admin)
    }

    func shop(_ name: String, in region: RecordID) async throws -> RecordID {
        try await org.create(
            "Shop__c",
            ["Name": .string(name), "Region__c": .id(region)],
            as: admin
        )
    }

    func sell(_ values: JSONObject) async throws -> RecordID {
        var values = values
        values.members.append(JSONObject.Member(name: "Name", value: "Sale"))
        return try await org.create("Sale__c", values, as: admin)
    }

    /// A record's field, as a query gives it.
    func value(_ field: String, of object: String, _ id: RecordID) async throws -> FieldValue {
        let found = try await org.query(
            "SELECT \(field) FROM \(object) WHERE Id = '\(id)'",
            as: admin
        )
        return found.first?[field] ?? .null
    }

    /// What a check of all summaries finds.
    func problems() async throws -> [String] {
        try await org.records.read(as: admin) { try $0.rollUpProblems() }
    }
}
