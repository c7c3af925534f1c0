import Metadata

/// What the simulated org declares; it has two versions, and deploys go from one to the other.
struct SimulationFiles {
    /// More than this a work may not cost.
    let limit: Int
    /// Works of this colour are shown to the role `R2`.
    let sharedColor: String

    static let first = SimulationFiles(limit: 900, sharedColor: "Red")
    static let second = SimulationFiles(limit: 700, sharedColor: "Blue")

    var files: [MetadataPackage.File] {
        [
            file(
                "package.yaml",
                "package: simulation\nlabel: Simulation\nversion: 1.0.0\nneeds: [platform]\n"
            ),
            file("objects/Site__c.yaml", site), file("objects/Work__c.yaml", work),
            file("objects/Trace__c.yaml", trace), file("flows/Flag.yaml", flag),
            file("flows/Note.yaml", note), file("sharing-rules/Work__c.yaml", sharing),
            file("permission-sets/Working.yaml", permissions),
        ]
    }

    /// The same with a mistake, which no deploy may take.
    var broken: [MetadataPackage.File] {
        files.map { file in
            guard file.path == "objects/Work__c.yaml" else { return file }
            return self.file(
                file.path,
                file.text.replacing("Amount__c > \(limit)", with: "Amaunt__c > 1")
            )
        }
    }

    private func file(_ path: String, _ text: String) -> MetadataPackage.File {
        MetadataPackage.File(path: path, text: text)
    }

    private var site: String {
        """
        object: Site__c
        label: Site
        pluralLabel: Sites
        sharingModel: ReadWrite
        owners: [User]
        fields:
          - name: Count__c
            type: Summary
            summaryOperation: count
            summaryForeignKey: Work__c.Site__c
          - name: Total__c
            type: Summary
            summaryOperation: sum
            summaryForeignKey: Work__c.Site__c
            summarizedField: Work__c.Amount__c
          - name: Double__c
            type: Summary
            summaryOperation: sum
            summaryForeignKey: Work__c.Site__c
            summarizedField: Work__c.Double__c
        """
    }

    private var work: String {
        """
        object: Work__c
        label: Work
        pluralLabel: Works
        sharingModel: Private
        owners: [User]
        changeEvents: true
        fields:
          - { name: Site__c, type: Lookup, referenceTo: [Site__c], relationshipName: Works }
          - { name: Amount__c, type: Number, precision: 6, scale: 0 }
          - { name: Color__c, type: Text, length: 20 }
          - { name: Key__c, type: Text, length: 20, externalId: true, unique: true }
          - { name: Is_Large__c, type: Checkbox }
          - name: Double__c
            type: Formula
            returnType: Number
            precision: 8
            scale: 0
            formula: Amount__c * 2
        validationRules:
          - name: Limit
            errorConditionFormula: Amount__c > \(limit)
            errorMessage: too much
        """
    }

    private var trace: String {
        """
        object: Trace__c
        label: Trace
        pluralLabel: Traces
        sharingModel: Private
        owners: [User]
        fields:
          - { name: What__c, type: Text, length: 20 }
          - { name: Key__c, type: Text, length: 20 }
        """
    }

    private var flag: String {
        """
        flow: Flag
        label: Flag
        start:
          object: Work__c
          triggerType: RecordBeforeSave
        steps:
          - assignment: Set
            assignmentItems:
              - { assignToReference: $Record.Is_Large__c, operator: Assign, value: "false" }
          - decision: Size
            rules:
              - rule: Large
                conditions:
                  - { leftValueReference: $Record.Amount__c, operator: GreaterThan, value: "500" }
                steps:
                  - assignment: Mark
                    assignmentItems:
                      - { assignToReference: $Record.Is_Large__c, operator: Assign, value: "true" }
        """
    }

    private var note: String {
        """
        flow: Note
        label: Note
        runIn: System
        reason: Traces are for the administrator.
        start:
          object: Work__c
          triggerType: RecordAfterSave
          recordTriggerType: Create
          scheduledPaths:
            - name: Next_Day
              offsetNumber: 1
              offsetUnit: Days
              timeSource: RecordTriggerEvent
              steps:
                - recordCreate: Later
                  object: Trace__c
                  inputAssignments:
                    - { field: Name, value: Later }
                    - { field: What__c, value: later }
                    - { field: Key__c, elementReference: $Record.Key__c }
        steps:
          - recordCreate: Now
            object: Trace__c
            inputAssignments:
              - { field: Name, value: Now }
              - { field: What__c, value: now }
              - { field: Key__c, elementReference: $Record.Key__c }
        """
    }

    private var sharing: String {
        """
        object: Work__c
        sharingCriteriaRules:
          - name: Shown
            accessLevel: Read
            sharedTo: { role: R2 }
            criteriaItems:
              - { field: Color__c, operation: equals, value: \(sharedColor) }
        """
    }

    private var permissions: String {
        """
        permissionSet: Working
        label: Working
        objectPermissions:
          - object: Work__c
            allowRead: true
            allowCreate: true
            allowEdit: true
            allowDelete: true
            viewAllFields: true
            editAllFields: true
          - { object: Site__c, allowRead: true, viewAllFields: true }
        """
    }
}
