/// The metadata files of a project in the source format, or in the older Metadata API format.
package struct SalesforceProject: Sendable {
    /// A file of the project.
    package struct File: Sendable {
        /// Path within the project.
        package let path: String
        package let bytes: [UInt8]

        package init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// An element of a file, called by its name.
    struct Part: Sendable {
        let name: String
        let file: String
        let element: SourceElement
    }

    /// What all files say about one object.
    struct ObjectSource: Sendable {
        let name: String
        /// The files that describe the object itself.
        var heads: [Part] = []
        var fields: [Part] = []
        var recordTypes: [Part] = []
        var rules: [Part] = []
        var views: [Part] = []
    }

    /// By lower-case name.
    private(set) var objects: [String: ObjectSource] = [:]
    private(set) var layouts: [Part] = []
    private(set) var permissionSets: [Part] = []
    private(set) var valueSets: [Part] = []
    private(set) var customPermissions: [Part] = []
    private(set) var profiles: [Part] = []
    /// Files of kinds that are not taken, by their kind.
    private(set) var otherKinds: [String: [String]] = [:]
    private(set) var remarks: [ImportRemark] = []

    /// The object in the order of their names.
    var sortedObjects: [ObjectSource] { objects.sorted { $0.key < $1.key }.map(\.value) }

    private static let kinds: Set<String> = [
        "object", "field", "recordType", "validationRule", "listView", "layout", "permissionset",
        "globalValueSet", "customPermission", "profile",
    ]

    /// The kind a file is of by its name: what stands before `-meta.xml`, or at the end.
    ///
    /// `nil` where it is no metadata file.
    private static func kind(_ path: String) -> (kind: String, name: String)? {
        var name = path.split(separator: "/").last.map(String.init) ?? path
        let hasMeta = name.hasSuffix("-meta.xml")
        if hasMeta { name.removeLast("-meta.xml".count) }
        guard let dot = name.lastIndex(of: ".") else { return nil }
        let kind = String(name[name.index(after: dot)...])
        guard hasMeta || kinds.contains(kind) else { return nil }
        return (kind, String(name[..<dot]))
    }

    /// Whether the contents of a file are of interest; of others the name is enough.
    package static func reads(_ path: String) -> Bool {
        kind(path).map { kinds.contains($0.kind) } ?? false
    }

    /// - Parameter files: in the order in which they count; of what stands twice the first is taken.
    package init(_ files: [File]) {
        for file in files {
            guard let (kind, name) = Self.kind(file.path) else { continue }
            guard Self.kinds.contains(kind) else {
                otherKinds[kind, default: []].append(file.path)
                continue
            }
            do {
                let root = try SourceXML.read(Self.plain(file.bytes))
                add(Part(name: name, file: file.path, element: root), kind)
            } catch {
                remark(file.path, error.line, "", "the file \(error.message)")
            }
        }
    }

    private mutating func remark(_ file: String, _ line: Int, _ item: String, _ message: String) {
        remarks.append(
            ImportRemark(
                outcome: .leftOut,
                file: file,
                line: line,
                item: item,
                message: message
            )
        )
    }

    /// Placeholders of build tools for a namespace stand for none.
    private static func plain(_ bytes: [UInt8]) -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.contains("%%%NAMESPACE") else { return bytes }
        var plain = text.replacing("%%%NAMESPACE_OR_C%%%", with: "c")
        for name in ["NAMESPACE", "NAMESPACE_DOT", "NAMESPACED_ORG", "NAMESPACED_RT"] {
            plain = plain.replacing("%%%\(name)%%%", with: "")
        }
        return Array(plain.utf8)
    }

    private mutating func add(_ part: Part, _ kind: String) {
        switch kind {
        case "object": add(object: part)
        case "layout": layouts.append(part)
        case "permissionset": permissionSets.append(part)
        case "globalValueSet": valueSets.append(part)
        case "customPermission": customPermissions.append(part)
        case "profile": profiles.append(part)
        default:
            // `objects/Site__c/fields/Size__c.field-meta.xml`
            let folders = part.file.split(separator: "/").map(String.init)
            guard folders.count >= 3 else {
                remark(part.file, 0, "", "the file lies in no object's folder")
                return
            }
            add(part, kind, to: Self.bare(folders[folders.count - 3]))
        }
    }

    private mutating func add(object part: Part) {
        let name = Self.bare(part.name)
        var source = objects[name.lowercased()] ?? ObjectSource(name: name)
        source.heads.append(part)
        objects[name.lowercased()] = source
        for child in part.element.children {
            let kind: String
            switch child.name {
            case "fields": kind = "field"
            case "recordTypes": kind = "recordType"
            case "validationRules": kind = "validationRule"
            case "listViews": kind = "listView"
            default: continue
            }
            add(
                Part(name: child.string("fullName") ?? "", file: part.file, element: child),
                kind,
                to: name
            )
        }
    }

    private mutating func add(_ part: Part, _ kind: String, to object: String) {
        let named = Part(
            name: part.element.string("fullName") ?? Self.bare(part.name),
            file: part.file,
            element: part.element
        )
        var source = objects[object.lowercased()] ?? ObjectSource(name: object)
        switch kind {
        case "field": source.fields.append(named)
        case "recordType": source.recordTypes.append(named)
        case "validationRule": source.rules.append(named)
        default: source.views.append(named)
        }
        objects[object.lowercased()] = source
    }

    private static func bare(_ name: String) -> String {
        name.replacing("___NAMESPACE___", with: "").replacing("%%%NAMESPACE%%%", with: "")
    }
}
