import Kernel
import Metadata
import TestSupport
import Testing

/// What cannot be taken takes with it what depends on it, and nothing else.
@Suite struct SalesforceDependencyTests {
    private func site() -> ProjectFixture {
        var project = ProjectFixture()
        project.object("Site__c")
        project.field(
            "Size__c",
            of: "Site__c",
            "<type>Number</type><precision>9</precision><scale>0</scale>"
        )
        project.field("Open__c", of: "Site__c", "<type>Checkbox</type>")
        project.field("Day__c", of: "Site__c", "<type>Date</type>")
        return project
    }

    @Test("a rule whose formula fails the check is left out, with the line of the formula")
    func rules() async throws {
        let org = try await TestOrg(apps: ["service-desk"])
        var project = site()
        project.rule("Small", of: "Site__c", "Size__c &lt; 1")
        project.rule("Wrong", of: "Site__c", "AND(\n  Size__c &gt; 1,\n  Nothing__c = 2)")
        project.rule(
            "Shown",
            of: "Site__c",
            "Size__c = 13",
            "<errorDisplayField>Gone__c</errorDisplayField>"
        )

        let fitted = try await project.deployed(in: org)

        let wrong = try #require(
            fitted.remarks.first { $0.item == "validation rule Site__c.Wrong" }
        )
        #expect(wrong.line == 7)
        #expect(wrong.message.contains("Nothing__c"))
        #expect(
            fitted.messages("validation rule Site__c.Shown").contains { $0.contains("Gone__c") }
        )
        await #expect(throws: (any Error).self) {
            try await org.create(
                "Site__c",
                ["Name": "x", "Size__c": 0],
                as: org.administrator
            )
        }
    }

    @Test(
        "a formula that fails takes those that read it along, and views, layouts and grants go on"
    )
    func cascade() async throws {
        let org = try await TestOrg(apps: ["service-desk"])
        var project = site()
        let digits = "<type>Number</type><precision>9</precision><scale>0</scale>"
        project.field("A__c", of: "Site__c", "\(digits)<formula>NOSUCH(Size__c)</formula>")
        project.field("B__c", of: "Site__c", "\(digits)<formula>A__c + 1</formula>")
        project.field("C__c", of: "Site__c", "\(digits)<formula>Size__c + 1</formula>")
        project.rule("Needs_B", of: "Site__c", "B__c = 3")
        project.view(
            "All",
            of: "Site__c",
            "<columns>NAME</columns><columns>B__c</columns><columns>C__c</columns>"
                + "<columns>CREATED_DATE</columns><columns>OWNER.ALIAS</columns>"
                + "<filterScope>Everything</filterScope><label>All: of \"them\"</label>"
        )
        project.view(
            "Bs",
            of: "Site__c",
            "<columns>NAME</columns><filterScope>Everything</filterScope><filters><field>B__c"
                + "</field><operation>equals</operation><value>1</value></filters>"
                + "<label>Bs</label>"
        )
        project.layout(
            "Site__c-Site Layout %28new%29",
            """
            <layoutSections><label>Main</label><layoutColumns><layoutItems>
            <behavior>Edit</behavior><field>Name</field></layoutItems><layoutItems>
            <field>B__c</field></layoutItems></layoutColumns><layoutColumns><layoutItems>
            <field>OwnerId</field></layoutItems></layoutColumns>
            <style>TwoColumnsTopToBottom</style></layoutSections>
            <relatedLists><relatedList>Nothing__c.Site__c</relatedList></relatedLists>
            """
        )
        project.permissionSet(
            "Reader",
            """
            <fieldPermissions><editable>false</editable><field>Site__c.B__c</field>
            <readable>true</readable></fieldPermissions>
            <fieldPermissions><editable>true</editable><field>Site__c.Size__c</field>
            <readable>true</readable></fieldPermissions>
            <objectPermissions><allowRead>true</allowRead><allowEdit>true</allowEdit>
            <object>Site__c</object></objectPermissions>
            <objectPermissions><allowRead>true</allowRead><object>Lead</object></objectPermissions>
            <classAccesses><apexClass>X</apexClass><enabled>true</enabled></classAccesses>
            """
        )

        let fitted = try await project.deployed(in: org)

        #expect(fitted.file("objects/Site__c.yaml")?.contains("name: C__c") == true)
        #expect(fitted.messages("field Site__c.A__c").contains { $0.contains("NOSUCH") })
        #expect(fitted.messages("field Site__c.B__c").contains { $0.hasPrefix("left out") })
        #expect(fitted.messages("validation rule Site__c.Needs_B").count == 1)
        let view = try #require(fitted.file("list-views/Site__c-All.yaml"))
        #expect(view.contains("columns: [Name, C__c, CreatedDate, Owner.Name]"))
        #expect(fitted.messages("list view Site__c.Bs").contains { $0.contains("B__c") })
        let layout = try #require(fitted.file("layouts/Site__c-Site_Layout__new_.yaml"))
        #expect(layout.contains("layout: \"Site Layout (new)\""))
        #expect(layout.contains("fields: [Name, OwnerId]"))
        let rights = try #require(fitted.file("permission-sets/Reader.yaml"))
        #expect(rights.contains("Site__c.Size__c") && !rights.contains("B__c"))
        #expect(fitted.messages("permission set Reader").contains { $0.contains("`Lead`") })
        #expect(
            fitted.messages("permission set Reader").contains { $0.contains("classAccesses (1)") }
        )
    }

    @Test("filters of list views become conditions that find the same records")
    func filters() async throws {
        let org = try await TestOrg(apps: ["service-desk"])
        var project = site()
        project.view(
            "Some",
            of: "Site__c",
            """
            <booleanFilter>(1 AND 2) OR 3 OR 4</booleanFilter><columns>NAME</columns>
            <filterScope>Everything</filterScope>
            <filters><field>Size__c</field><operation>greaterThan</operation><value>3</value>
            </filters><filters><field>Open__c</field><operation>equals</operation><value>1</value>
            </filters><filters><field>NAME</field><operation>startsWith</operation>
            <value>it's_</value></filters><filters><field>Day__c</field>
            <operation>equals</operation><value>LAST 30 DAYS</value></filters><label>Some</label>
            """
        )

        let fitted = try await project.deployed(in: org)

        let view = try #require(fitted.file("list-views/Site__c-Some.yaml"))
        #expect(
            view.contains(
                #"(Size__c > 3 AND Open__c = true) OR Name LIKE 'it\\'s\\_%' OR "#
                    + "Day__c = LAST_N_DAYS:30"
            ),
            "\(view)"
        )
    }

    @Test("XML that is not well formed is told with its line, and the others are taken")
    func malformed() async throws {
        let org = try await TestOrg(apps: ["service-desk"])
        var project = site()
        project.add("objects/Site__c/fields/X__c.field-meta.xml", "<CustomField>\n<type>Text</typ>")
        project.add("objects/Site__c/fields/Y__c.field-meta.xml", "")
        project.add(
            "objects/Site__c/fields/Z__c.field-meta.xml",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"
        )

        let fitted = try await project.deployed(in: org)

        let first = fitted.remarks.first { $0.file.hasSuffix("X__c.field-meta.xml") }
        #expect(first?.line == 2)
        #expect(first?.message.contains("<type>") == true)
        #expect(fitted.remarks.count { $0.file.hasPrefix("objects/Site__c/fields/") } == 3)
        #expect(fitted.file("objects/Site__c.yaml") != nil)
    }

    @Test("an import that is repeated changes nothing")
    func repeated() async throws {
        let org = try await TestOrg(apps: ["service-desk"])
        var project = site()
        project.field("Code__c", of: "Account", "<type>Text</type><length>5</length>")
        _ = try await project.deployed(in: org)

        let again = try await project.fitted(in: org)
        let plan = try await Deployment(org.records).plan(again.files, in: org.id)

        #expect(plan.isEmpty)
        #expect(again.remarks.isEmpty)
    }

    @Test("the older format, with everything in one file, is taken too")
    func olderFormat() async throws {
        let org = try await TestOrg(apps: ["service-desk"])
        var project = ProjectFixture()
        project.add(
            "src/objects/Site__c.object",
            """
            <CustomObject><fields><fullName>Kind__c</fullName><label>Kind</label>
            <picklist><picklistValues><fullName>A</fullName><default>true</default>
            </picklistValues></picklist><type>Picklist</type></fields><label>Site</label>
            <pluralLabel>Sites</pluralLabel><recordTypes><fullName>Big</fullName>
            <active>true</active><label>Big</label><picklistValues><picklist>Kind__c</picklist>
            <values><fullName>A</fullName><default>true</default></values>
            <values><fullName>Gone%2FAway</fullName><default>false</default></values>
            </picklistValues></recordTypes><nameField>
            <displayFormat>S-{0000}</displayFormat><label>No.</label><type>AutoNumber</type>
            </nameField><sharingModel>Private</sharingModel><validationRules>
            <fullName>Never</fullName><active>true</active><errorConditionFormula>
            ISPICKVAL(Kind__c, &quot;B&quot;)</errorConditionFormula><errorMessage>No</errorMessage>
            </validationRules></CustomObject>
            """
        )
        project.add("src/classes/X.cls-meta.xml", "")

        let fitted = try await project.deployed(in: org)

        let text = try #require(fitted.file("objects/Site__c.yaml"))
        #expect(text.contains("name: Never") && text.contains("name: Big"))
        #expect(text.contains("picklist: Kind__c") && text.contains("values: [A]"))
        #expect(
            fitted.messages("record type Site__c.Big") == [
                "changed: `Kind__c` does not offer `Gone/Away`: the picklist has no such value"
            ]
        )
        #expect(fitted.messages("cls") == ["left out: this kind of metadata is not taken"])
        try await org.create("Site__c", ["Kind__c": "A"], as: org.administrator)
    }
}
