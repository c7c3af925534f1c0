import Kernel
import Metadata
import TestSupport

/// A small project, written file by file.
struct ProjectFixture {
    private(set) var files: [SalesforceProject.File] = []

    static let header = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

    mutating func add(_ path: String, _ text: String) {
        files.append(SalesforceProject.File(path: path, bytes: Array(text.utf8)))
    }

    mutating func object(_ name: String, _ content: String = "") {
        add(
            "force-app/main/default/objects/\(name)/\(name).object-meta.xml",
            """
            \(Self.header)<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">
                <label>\(name) label</label>
                <pluralLabel>\(name) labels</pluralLabel>
                <nameField><label>Name</label><type>Text</type></nameField>
                <sharingModel>ReadWrite</sharingModel>
                \(content)
            </CustomObject>
            """
        )
    }

    mutating func field(_ name: String, of object: String, _ content: String) {
        part("fields", "field", "CustomField", name, object, content)
    }

    mutating func rule(_ name: String, of object: String, _ formula: String, _ more: String = "") {
        part(
            "validationRules",
            "validationRule",
            "ValidationRule",
            name,
            object,
            """
            <active>true</active>
            <errorConditionFormula>\(formula)</errorConditionFormula>
            <errorMessage>No.</errorMessage>\(more)
            """
        )
    }

    mutating func view(_ name: String, of object: String, _ content: String) {
        part("listViews", "listView", "ListView", name, object, content)
    }

    mutating func part(
        _ folder: String,
        _ kind: String,
        _ root: String,
        _ name: String,
        _ object: String,
        _ content: String
    ) {
        add(
            "force-app/main/default/objects/\(object)/\(folder)/\(name).\(kind)-meta.xml",
            """
            \(Self.header)<\(root) xmlns="http://soap.sforce.com/2006/04/metadata">
            <fullName>\(name)</fullName>
            \(content)
            </\(root)>
            """
        )
    }

    mutating func layout(_ name: String, _ content: String) {
        add(
            "force-app/main/default/layouts/\(name).layout-meta.xml",
            "\(Self.header)<Layout>\n\(content)\n</Layout>"
        )
    }

    mutating func permissionSet(_ name: String, _ content: String) {
        add(
            "force-app/main/default/permissionsets/\(name).permissionset-meta.xml",
            "\(Self.header)<PermissionSet>\n<label>\(name)</label>\n\(content)\n</PermissionSet>"
        )
    }

    /// The package that an org makes of it.
    func fitted(in org: TestOrg) async throws -> FittedImport {
        try await Deployment(org.records).fit(
            SalesforceProject(files),
            name: "brought",
            label: "Brought",
            in: org.id
        )
    }

    /// What was deployed.
    func deployed(in org: TestOrg) async throws -> FittedImport {
        let fitted = try await fitted(in: org)
        _ = try await Deployment(org.records).apply(
            fitted.files,
            in: org.id,
            as: org.administrator.user
        )
        return fitted
    }
}

extension FittedImport {
    /// What is said of an item.
    func messages(_ item: String) -> [String] {
        remarks.filter { $0.item == item }.map { "\($0.outcome.rawValue): \($0.message)" }
    }

    func file(_ path: String) -> String? { files.first { $0.path == path }?.text }
}
