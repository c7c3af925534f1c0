/// One thing of a project that is brought in: a field, a list view, ….
package struct ImportItem: Sendable, Hashable {
    /// What it is called in reports: `field Site__c.Size__c`.
    package let name: String
    /// Where its source is.
    package let file: String
    package let line: Int

    package init(_ name: String, file: String, line: Int) {
        self.name = name
        self.file = file
        self.line = line
    }

    var key: String { name.lowercased() }

    /// Whether it only shows or grants what others define.
    var isShown: Bool {
        ["list view ", "layout ", "permission set "].contains { name.hasPrefix($0) }
    }
}

/// What became of something that could not be taken as it is.
package struct ImportRemark: Sendable, Hashable, CustomStringConvertible {
    package enum Outcome: String, Sendable {
        case leftOut = "left out"
        /// Taken, but not all of it.
        case changed = "changed"
        case note = "note"
    }

    package let outcome: Outcome
    package let file: String
    /// Zero where it concerns the whole file.
    package let line: Int
    package let item: String
    package let message: String

    package var description: String {
        let place = line > 0 ? "\(file):\(line)" : file
        let subject = item.isEmpty ? "" : "\(item) "
        return "\(place): \(subject)\(outcome.rawValue): \(message)"
    }
}

/// What an import has to fit in with: the org as it is without the package.
package struct ImportGround: Sendable {
    let schema: OrgSchema
    /// Lower-case names of permission sets that other packages declare.
    let permissionSets: Set<String>

    package init(schema: OrgSchema, packages: [MetadataPackage]) {
        self.schema = schema
        permissionSets = Set(
            packages.flatMap(\.permissionSets).filter { !$0.isProfile }.map(\.name.folded)
        )
    }
}

/// How the package that an import makes is called.
package struct ImportTitle: Sendable {
    package let name: String
    package let label: String
    package let version: String
    package let needs: [String]

    package init(name: String, label: String, version: String, needs: [String]) {
        self.name = name
        self.label = label
        self.version = version
        self.needs = needs
    }

    /// `Nonprofit Success Pack` → `nonprofit-success-pack`.
    package static func name(from text: String) -> String {
        var name = ""
        for character in text.lowercased() {
            if character.isASCII && (character.isLetter || character.isNumber) {
                name.append(character)
            } else if !name.isEmpty && !name.hasSuffix("-") {
                name.append("-")
            }
        }
        while name.hasSuffix("-") { name.removeLast() }
        return name.isEmpty ? "imported" : name
    }
}
