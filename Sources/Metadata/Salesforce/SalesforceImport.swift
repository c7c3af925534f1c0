/// Turns a project into a metadata package, as far as the org can take it.
///
/// What depends on other things is made anew at every conversion, so that whatever is left out takes
/// with it what depends on it, and nothing else.
package struct SalesforceImport {
    let project: SalesforceProject
    let ground: ImportGround
    let title: ImportTitle
    /// Items found unfit by the checks of a deploy, with the reason and the line of the source.
    private(set) var refused: [String: (reason: String, line: Int)] = [:]
    private(set) var places = DraftPlaces()

    var world: ImportWorld
    var remarks: [ImportRemark] = []
    var draft = DraftPackage()

    package init(_ project: SalesforceProject, on ground: ImportGround, title: ImportTitle) {
        self.project = project
        self.ground = ground
        self.title = title
        world = ImportWorld(ground.schema)
    }

    /// A package, and what it does not have.
    package struct Conversion: Sendable {
        package let files: [MetadataPackage.File]
        package let remarks: [ImportRemark]
    }

    /// Makes the package without what was refused.
    package mutating func convert() -> Conversion {
        world = ImportWorld(ground.schema)
        remarks = project.remarks
        draft = DraftPackage()
        draft.files.append(("package.yaml", manifest))
        convertObjects()
        convertListViews()
        convertLayouts()
        convertPermissionSets()
        remarkOtherKinds()
        let written = draft.written()
        places = written.places
        return Conversion(
            files: written.files,
            remarks: remarks.sorted { ($0.file, $0.line) < ($1.file, $1.line) }
        )
    }

    /// Takes note of what a deploy finds wrong, to be left out from then on.
    ///
    /// - Returns: whether that will change anything; if not, the package has a problem of its own.
    package mutating func refuse(_ problems: [PackageProblem]) -> Bool {
        var isNew = false
        let found = problems.compactMap { problem in
            places.item(of: problem).map { (item: $0.item, line: $0.line, problem.message) }
        }
        // What shows a field that goes may be sound without it: it is asked again next time.
        let definitions = found.filter { !$0.item.isShown }
        for (item, line, message) in definitions.isEmpty ? found : definitions
        where refused[item.key] == nil {
            refused[item.key] = (message, line)
            isNew = true
        }
        return isNew
    }

    private var manifest: DraftMap {
        var map = DraftMap()
        map.put("package", text: title.name)
        map.put("label", text: title.label)
        map.put("version", text: title.version)
        map.put("needs", .texts(title.needs))
        return map
    }

    private mutating func remarkOtherKinds() {
        for (kind, files) in project.otherKinds.sorted(by: { $0.key < $1.key }) {
            remarks.append(
                ImportRemark(
                    outcome: .leftOut,
                    file: files.first ?? "",
                    line: 0,
                    item: kind,
                    message: files.count == 1
                        ? "this kind of metadata is not taken"
                        : "this kind of metadata is not taken, nor are \(files.count - 1) more of it"
                )
            )
        }
        for part in project.customPermissions {
            leaveOut(
                ImportItem("custom permission \(part.name)", file: part.file, line: 1),
                "there are no custom permissions; formulas that ask for it are left out"
            )
        }
        for part in project.profiles {
            let item = ImportItem("profile \(part.name)", file: part.file, line: 1)
            leaveOut(item, "profiles are not taken, but for the layouts that they assign")
        }
    }
}

// MARK: - Remarks

extension SalesforceImport {
    mutating func leaveOut(_ item: ImportItem, _ message: String, line: Int? = nil) {
        remark(.leftOut, item, message, line: line)
    }

    mutating func change(_ item: ImportItem, _ message: String, line: Int? = nil) {
        remark(.changed, item, message, line: line)
    }

    mutating func remark(
        _ outcome: ImportRemark.Outcome,
        _ item: ImportItem,
        _ message: String,
        line: Int? = nil
    ) {
        remarks.append(
            ImportRemark(
                outcome: outcome,
                file: item.file,
                line: line ?? item.line,
                item: item.name,
                message: message
            )
        )
    }

    /// Whether an item was refused before; then it is said why.
    mutating func isRefused(_ item: ImportItem) -> Bool {
        guard let (reason, line) = refused[item.key] else { return false }
        leaveOut(item, reason, line: line)
        return true
    }

    /// Whether a name can be one here; else the item is left out.
    mutating func isNamed(_ name: String, _ item: ImportItem) -> Bool {
        if APIName.isWellFormed(name) { return true }
        leaveOut(item, "`\(name.prefix(100))` cannot be a name here")
        return false
    }
}
