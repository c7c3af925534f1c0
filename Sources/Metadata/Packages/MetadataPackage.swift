/// Metadata that travels: the files of one package, read and checked for shape.
///
/// Whether its names refer to anything is the assembler's question, since that depends on the other
/// packages of the org.
package struct MetadataPackage: Sendable {
    /// One file, as written.
    package struct File: Sendable, Hashable {
        /// Path within the package: `objects/Case.yaml`.
        package let path: String
        package let text: String

        package init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    package let name: String
    package let label: String
    package let version: String
    package let needs: [String]
    package let files: [File]
    package let objects: [ShapedMap]
    package let permissionSets: [PermissionSetDefinition]
    package let roles: [RoleDefinition]
    package let queues: [QueueDefinition]
    package let groups: [PublicGroupDefinition]
    package let presentation: Presentation
    /// Every file's mapping, by the folder it lies in.
    let maps: [String: [ShapedMap]]

    /// The mappings of one kind of metadata, in the order of their files.
    func declared(in folder: String) -> [ShapedMap] { maps[folder] ?? [] }
}

/// Reads a package from its files.
package enum PackageReader {
    /// - Parameter files: every file of the package, `package.yaml` among them.
    /// - Throws: `PackageProblems`, with all that is wrong.
    package static func read(_ files: [MetadataPackage.File]) throws -> MetadataPackage {
        var reading = PackageReading(files: files.sorted { $0.path < $1.path })
        return try reading.package()
    }
}

/// The work of reading one package: problems are gathered, so that all of them are reported.
private struct PackageReading {
    let files: [MetadataPackage.File]
    var problems: [PackageProblem] = []
    var maps: [String: [ShapedMap]] = [:]
    var manifest: ShapedMap?

    init(files: [MetadataPackage.File]) {
        self.files = files
    }

    mutating func package() throws -> MetadataPackage {
        for file in files { read(file) }
        problems += (maps["scenarios"] ?? []).flatMap(Scenario.problems)
        if manifest == nil && problems.isEmpty {
            problems.append(
                PackageProblem(
                    file: "package.yaml",
                    line: 0,
                    column: 0,
                    message: "is missing: it says what the package is"
                )
            )
        }
        let sets = (maps["permission-sets"] ?? []).map { permissionSet($0, isProfile: false) }
        let profiles = (maps["profiles"] ?? []).map { permissionSet($0, isProfile: true) }
        let queues = (maps["queues"] ?? []).map(PackageReading.queue)
        let roles = (maps["roles"] ?? []).map(PackageReading.role)
        let presentation = presentation
        guard problems.isEmpty, let manifest else { throw PackageProblems(problems) }
        return MetadataPackage(
            name: manifest.text("package") ?? "",
            label: manifest.text("label") ?? "",
            version: manifest.text("version") ?? "",
            needs: manifest.texts("needs"),
            files: files,
            objects: maps["objects"] ?? [],
            permissionSets: profiles + sets,
            roles: roles,
            queues: queues,
            groups: (maps["groups"] ?? []).map(PublicGroupDefinition.init),
            presentation: presentation,
            maps: maps
        )
    }

    private mutating func read(_ file: MetadataPackage.File) {
        if file.path == "package.yaml" {
            manifest = map(file, Shapes.package)
            return
        }
        let folder = file.path.split(separator: "/").first.map(String.init) ?? ""
        guard let kind = Shapes.byFolder.first(where: { $0.folder == folder }),
            file.path.contains("/")
        else {
            let hint = Suggestion.phrase(for: folder, among: Shapes.byFolder.map(\.folder))
            problems.append(
                PackageProblem(
                    file: file.path,
                    line: 0,
                    column: 0,
                    message: "no kind of metadata lives in `\(folder)`\(hint)"
                )
            )
            return
        }
        if let map = map(file, kind.shape) { maps[folder, default: []].append(map) }
    }

    private mutating func map(_ file: MetadataPackage.File, _ shape: Shape) -> ShapedMap? {
        var reader = ShapeReader(file: file.path)
        let map = reader.read(file.text, as: shape)
        problems += reader.problems
        return map
    }

    private mutating func permissionSet(
        _ map: ShapedMap,
        isProfile: Bool
    ) -> PermissionSetDefinition {
        PermissionSetDefinition(
            name: map.name(isProfile ? "profile" : "permissionSet") ?? "",
            label: map.text("label") ?? "",
            description: map.text("description"),
            isProfile: isProfile,
            userType: isProfile ? map.text("userType") ?? "Standard" : nil,
            objects: map.list("objectPermissions").map(PackageReading.objectPermissions),
            fields: map.list("fieldPermissions").compactMap { fieldPermissions($0) },
            userPermissions: map.texts("userPermissions").compactMap { name in
                userPermission(name, map)
            }
        )
    }

    private static func objectPermissions(
        _ map: ShapedMap
    ) -> PermissionSetDefinition.ObjectPermissions {
        PermissionSetDefinition.ObjectPermissions(
            object: map.name("object") ?? "",
            allowRead: map.boolean("allowRead") ?? false,
            allowCreate: map.boolean("allowCreate") ?? false,
            allowEdit: map.boolean("allowEdit") ?? false,
            allowDelete: map.boolean("allowDelete") ?? false,
            viewAllRecords: map.boolean("viewAllRecords") ?? false,
            modifyAllRecords: map.boolean("modifyAllRecords") ?? false,
            viewAllFields: map.boolean("viewAllFields") ?? false,
            editAllFields: map.boolean("editAllFields") ?? false
        )
    }

    private mutating func fieldPermissions(
        _ map: ShapedMap
    ) -> PermissionSetDefinition.FieldPermissions? {
        let parts = (map.text("field") ?? "").split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            problems.append(map.problem("`field` must be `Object.Field`", at: "field"))
            return nil
        }
        return PermissionSetDefinition.FieldPermissions(
            object: APIName(parts[0]),
            field: APIName(parts[1]),
            readable: map.boolean("readable") ?? false,
            editable: map.boolean("editable") ?? false
        )
    }

    private mutating func userPermission(_ name: String, _ map: ShapedMap) -> UserPermission? {
        if let permission = UserPermission(rawValue: name) { return permission }
        let hint = Suggestion.phrase(for: name, among: UserPermission.allCases.map(\.rawValue))
        problems.append(map.problem("unknown permission `\(name)`\(hint)", at: "userPermissions"))
        return nil
    }

    private static func queue(_ map: ShapedMap) -> QueueDefinition {
        QueueDefinition(
            developerName: map.name("queue") ?? "",
            label: map.text("label") ?? "",
            email: map.text("email"),
            objects: map.texts("objects").map { APIName($0) },
            roles: map.texts("roles").map { APIName($0) }
        )
    }

    private static func role(_ map: ShapedMap) -> RoleDefinition {
        RoleDefinition(
            developerName: map.name("role") ?? "",
            label: map.text("label") ?? "",
            parent: map.name("parentRole")
        )
    }

    private var presentation: Presentation {
        Presentation(
            listViews: (maps["list-views"] ?? []).map { map in
                ListViewDefinition(
                    object: map.name("object") ?? "",
                    developerName: map.name("listView") ?? "",
                    label: map.text("label") ?? "",
                    filterScope: map.text("filterScope") ?? "Everything",
                    queue: map.name("queue"),
                    filter: map.text("filter"),
                    columns: map.texts("columns"),
                    orderBy: map.text("orderBy")
                )
            },
            layouts: (maps["layouts"] ?? []).map(PackageReading.layout),
            apps: (maps["apps"] ?? []).map { map in
                AppDefinition(
                    developerName: map.name("app") ?? "",
                    label: map.text("label") ?? "",
                    description: map.text("description"),
                    tabs: map.texts("tabs").map { APIName($0) }
                )
            }
        )
    }

    private static func layout(_ map: ShapedMap) -> LayoutDefinition {
        LayoutDefinition(
            object: map.name("object") ?? "",
            name: map.text("layout") ?? "",
            recordType: map.name("recordType"),
            sections: map.list("sections").map { section in
                LayoutDefinition.Section(
                    label: section.text("label") ?? "",
                    columns: section.integer("columns") ?? 2,
                    fields: section.texts("fields").map { APIName($0) }
                )
            },
            relatedLists: map.list("relatedLists").map { list in
                LayoutDefinition.RelatedList(
                    relationship: list.name("relationship") ?? "",
                    fields: list.texts("fields")
                )
            }
        )
    }
}
