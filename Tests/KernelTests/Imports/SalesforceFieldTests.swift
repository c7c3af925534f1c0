import Kernel
import Metadata
import TestSupport
import Testing

/// Objects and fields of a Salesforce project become those of a package.
@Suite struct SalesforceFieldTests {
    @Test("an object with fields of every kind that is known is deployed, and keeps records")
    func everyKind() async throws {
        let org = try await TestOrg(apps: ["service-desk"])
        var project = ProjectFixture()
        project.object("ns__Site__c", "<enableHistory>true</enableHistory>")
        let fields: [(String, String)] = [
            (
                "Code__c",
                "<type>Text</type><length>20</length><unique>true</unique>"
                    + "<caseSensitive>true</caseSensitive><externalId>true</externalId>"
                    + "<trackHistory>true</trackHistory><inlineHelpText>A &quot;code&quot;: x # y"
                    + "</inlineHelpText>"
            ),
            ("Notes__c", "<type>TextArea</type>"),
            ("Story__c", "<type>LongTextArea</type><length>32768</length>"),
            ("Page__c", "<type>Html</type><length>32768</length>"),
            ("Secret__c", "<type>EncryptedText</type><length>20</length><maskChar>X</maskChar>"),
            ("Mail__c", "<type>Email</type><unique>false</unique>"),
            ("Call__c", "<type>Phone</type>"), ("Link__c", "<type>Url</type>"),
            ("Is_Open__c", "<type>Checkbox</type><defaultValue>true</defaultValue>"),
            (
                "Size__c",
                "<type>Number</type><precision>10</precision><scale>2</scale>"
                    + "<defaultValue>1.5</defaultValue>"
            ),
            ("Price__c", "<type>Currency</type><precision>18</precision><scale>2</scale>"),
            ("Share__c", "<type>Percent</type><precision>5</precision><scale>1</scale>"),
            ("Day__c", "<type>Date</type><defaultValue>TODAY() + 7</defaultValue>"),
            ("Moment__c", "<type>DateTime</type>"),
            ("Hour__c", "<type>Time</type>"), ("Place__c", "<type>Location</type><scale>5</scale>"),
            ("Number__c", "<type>AutoNumber</type><displayFormat>S-{0000}</displayFormat>"),
            ("Keeper__c", "<type>Lookup</type><referenceTo>User</referenceTo>"),
            (
                "Firm__c",
                "<type>Lookup</type><referenceTo>Account</referenceTo>"
                    + "<relationshipName>Sites</relationshipName>"
            ),
            (
                "Twice__c",
                "<type>Number</type><precision>18</precision><scale>2</scale>"
                    + "<formula>Size__c\n  * 2</formula>"
            ),
        ]
        for (name, content) in fields {
            project.field(name, of: "ns__Site__c", "<label>\(name)</label>\(content)")
        }

        let fitted = try await project.deployed(in: org)
        #expect(fitted.remarks.isEmpty, "\(fitted.remarks)")

        let admin = org.administrator
        let firm = try await org.create("Account", ["Name": "Firm"], as: admin)
        try await org.create(
            "ns__Site__c",
            ["Name": "One", "Code__c": "a", "Firm__c": .string(firm.description)],
            as: admin
        )
        let rows = try await org.query(
            "SELECT Size__c, Twice__c, Is_Open__c FROM ns__Site__c",
            as: admin
        )
        #expect(rows.count == 1)
        #expect(rows.first?["Is_Open__c"] == .boolean(true))
        #expect(rows.first?["Twice__c"] == .number(try #require(ExactDecimal("3.00"))))
        let text = try #require(fitted.file("objects/ns__Site__c.yaml"))
        #expect(text.contains("help: \"A \\\"code\\\": x # y\""))
        #expect(text.contains("history: [Code__c]"))
        #expect(text.contains("relationshipName: Sites__r"))
    }

    @Test("picklists keep labels, values of shared sets, and what narrows them")
    func picklists() async throws {
        let org = try await TestOrg(apps: ["service-desk"])
        var project = ProjectFixture()
        project.object("Site__c")
        project.add(
            "force-app/main/default/globalValueSets/Kinds.globalValueSet-meta.xml",
            """
            <GlobalValueSet><customValue><fullName>Park</fullName><default>true</default>
            <label>A park</label></customValue><customValue><fullName>Road</fullName>
            <default>false</default><label>Road</label></customValue>
            <masterLabel>Kinds</masterLabel></GlobalValueSet>
            """
        )
        project.field(
            "Kind__c",
            of: "Site__c",
            "<type>Picklist</type><valueSet><restricted>true</restricted>"
                + "<valueSetName>Kinds</valueSetName></valueSet>"
        )
        project.field(
            "Part__c",
            of: "Site__c",
            """
            <type>MultiselectPicklist</type><valueSet><controllingField>Kind__c</controllingField>
            <valueSetDefinition><value><fullName>Tree</fullName><label>Tree</label></value>
            <value><fullName>true</fullName><label>True: yes</label></value>
            <value><fullName>a;b</fullName><label>Both</label></value></valueSetDefinition>
            <valueSettings><controllingFieldValue>Park</controllingFieldValue>
            <controllingFieldValue>Gone</controllingFieldValue>
            <valueName>Tree</valueName></valueSettings></valueSet>
            """
        )
        project.field(
            "Other__c",
            of: "Site__c",
            "<type>Picklist</type><valueSet><valueSetName>Missing</valueSetName></valueSet>"
        )

        let fitted = try await project.deployed(in: org)

        let text = try #require(fitted.file("objects/Site__c.yaml"))
        #expect(text.contains("label: \"A park\""))
        #expect(text.contains("controllingFieldValues: [Park]"))
        #expect(text.contains("name: \"true\""))
        let said = fitted.messages("field Site__c.Part__c")
        #expect(said.contains { $0.contains("`a;b`") })
        #expect(said.contains { $0.contains("offered under all: `true`") })
        #expect(fitted.messages("field Site__c.Other__c").contains { $0.contains("`Missing`") })
    }

    @Test("masters, details and their summaries come together")
    func summaries() async throws {
        let org = try await TestOrg(apps: ["service-desk"])
        var project = ProjectFixture()
        project.object("Order__c")
        project.object("Line__c")
        project.field(
            "Order__c",
            of: "Line__c",
            "<type>MasterDetail</type><referenceTo>Order__c</referenceTo>\n"
                + "<relationshipName>Lines</relationshipName>"
                + "<reparentableMasterDetail>true</reparentableMasterDetail>"
        )
        project.field(
            "Amount__c",
            of: "Line__c",
            "<type>Currency</type><precision>18</precision><scale>2</scale>"
        )
        let key = "<summaryForeignKey>Line__c.Order__c</summaryForeignKey>"
        project.field(
            "Total__c",
            of: "Order__c",
            "<type>Summary</type>\(key)<summarizedField>Line__c.Amount__c</summarizedField>"
                + "<summaryOperation>sum</summaryOperation><summaryFilterItems>"
                + "<field>Line__c.Amount__c</field><operation>greaterThan</operation>"
                + "<value>0</value></summaryFilterItems>"
        )
        project.field(
            "Gone__c",
            of: "Order__c",
            "<type>Summary</type>\(key)<summarizedField>Line__c.Nothing__c</summarizedField>"
                + "<summaryOperation>max</summaryOperation>"
        )

        let fitted = try await project.deployed(in: org)

        let admin = org.administrator
        let order = try await org.create("Order__c", ["Name": "1"], as: admin)
        try await org.create(
            "Line__c",
            ["Name": "1", "Order__c": .string(order.description), "Amount__c": 5],
            as: admin
        )
        let rows = try await org.query("SELECT Total__c FROM Order__c", as: admin)
        #expect(rows.first?["Total__c"] == .number(try #require(ExactDecimal("5.00"))))
        #expect(fitted.messages("field Order__c.Gone__c").contains { $0.contains("Nothing__c") })
        #expect(fitted.messages("field Line__c.Order__c").contains { $0.contains("moved") })
    }

    @Test("custom settings, metadata types and platform events become what they are nearest to")
    func specialObjects() async throws {
        let org = try await TestOrg(apps: ["service-desk"])
        var project = ProjectFixture()
        project.object("Setting__c", "<customSettingsType>Hierarchy</customSettingsType>")
        project.field("On__c", of: "Setting__c", "<type>Checkbox</type>")
        project.object("Rule__mdt", "<visibility>Public</visibility>")
        project.field("Text__c", of: "Rule__mdt", "<type>Text</type><length>10</length>")
        project.object("Told__e", "<eventType>StandardVolume</eventType>")
        project.field("What__c", of: "Told__e", "<type>Text</type><length>10</length>")
        project.field("Cost__c", of: "Told__e", "<type>Currency</type>")
        project.object("Heap__b")
        project.object("Opportunity")

        let fitted = try await project.deployed(in: org)

        try await org.create(
            "Rule__mdt",
            ["MasterLabel": "One", "DeveloperName": "One", "Text__c": "x"],
            as: org.administrator
        )
        #expect(fitted.file("objects/Setting__c.yaml")?.contains("setup: true") == true)
        #expect(fitted.file("objects/Told__e.yaml")?.contains("eventType: HighVolume") == true)
        #expect(!fitted.messages("field Told__e.Cost__c").isEmpty)
        #expect(!fitted.messages("object Heap__b").isEmpty)
        #expect(!fitted.messages("object Opportunity").isEmpty)
    }

    @Test("what has an unknown type, target or object is left out and told with file and line")
    func unknown() async throws {
        let org = try await TestOrg(apps: ["service-desk"])
        var project = ProjectFixture()
        project.object("Site__c")
        project.field("Odd__c", of: "Site__c", "<label>Odd</label>\n<type>Hologram</type>")
        project.field(
            "Deal__c",
            of: "Site__c",
            "<type>Lookup</type>\n<referenceTo>Opportunity</referenceTo>"
        )
        project.field("Bad Name__c", of: "Site__c", "<type>Text</type>")
        project.field("Level__c", of: "Opportunity", "<type>Text</type><length>5</length>")
        project.field("Level__c", of: "Account", "<type>Text</type><length>5</length>")

        let fitted = try await project.deployed(in: org)

        let odd = try #require(fitted.remarks.first { $0.item == "field Site__c.Odd__c" })
        #expect(odd.line == 5)
        #expect(odd.outcome == .leftOut)
        #expect(odd.file.hasSuffix("fields/Odd__c.field-meta.xml"))
        #expect(fitted.messages("field Site__c.Deal__c").contains { $0.contains("`Opportunity`") })
        #expect(!fitted.messages("field Site__c.Bad Name__c").isEmpty)
        #expect(!fitted.messages("object Opportunity").isEmpty)
        #expect(fitted.file("objects/Account.yaml")?.hasPrefix("extend: Account\n") == true)
    }

    @Test("a default that cannot be is left out, and its field stays")
    func badDefault() async throws {
        let org = try await TestOrg(apps: ["platform"])
        var project = ProjectFixture()
        project.object("Site__c")
        project.field(
            "Day__c",
            of: "Site__c",
            "<label>Day</label><type>Date</type><defaultValue>Other__c + 7</defaultValue>"
        )

        let fitted = try await project.deployed(in: org)

        let said = fitted.messages("default of field Site__c.Day__c")
        #expect(said.count == 1 && said.first?.contains("Other__c") == true, "\(fitted.remarks)")
        #expect(fitted.file("objects/Site__c.yaml")?.contains("name: Day__c") == true)
        #expect(fitted.file("objects/Site__c.yaml")?.contains("defaultFormula") == false)
    }
}
