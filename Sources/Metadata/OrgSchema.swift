private import Synchronization

/// All definitions of an org at one version; immutable.
///
/// Work in flight keeps the schema it started with; what is compiled from it (queries, access) is
/// cached beside it.
package final class OrgSchema: Sendable {
    /// One way from a parent to its children.
    package struct ChildRelationship: Sendable {
        package let child: ObjectDefinition
        /// The child's lookup to the parent.
        package let field: FieldDefinition
        package let name: APIName?
    }

    package let version: Int
    /// In the order of their names.
    package let objects: [ObjectDefinition]
    package let presentation: Presentation
    package let automation: Automation
    package let products: ProductMap
    package let notes = SchemaNotes()
    private let byName: [APIName: ObjectDefinition]
    private let byPrefix: [KeyPrefix: ObjectDefinition]
    private let children: [APIName: [ChildRelationship]]
    private let histories: [APIName: ObjectDefinition]
    /// Room for what other parts make of the schema, made once.
    private let derived = Mutex<[ObjectIdentifier: any Sendable]>([:])

    package init(
        version: Int,
        objects: [ObjectDefinition],
        presentation: Presentation = .init(),
        automation: Automation = .init(),
        products: ProductMap = .init()
    ) {
        self.version = version
        self.objects = objects.sorted { $0.name < $1.name }
        self.presentation = presentation
        self.automation = automation
        self.products = products
        byName = Dictionary(objects.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        byPrefix = Dictionary(
            objects.map { ($0.keyPrefix, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        histories = Dictionary(
            objects.compactMap { object in object.historyOf.map { ($0, object) } },
            uniquingKeysWith: { first, _ in first }
        )
        var children: [APIName: [ChildRelationship]] = [:]
        for object in self.objects {
            for field in object.fields {
                guard let reference = field.reference else { continue }
                for target in reference.targets {
                    children[target, default: []].append(
                        ChildRelationship(
                            child: object,
                            field: field,
                            name: reference.childRelationshipName
                        )
                    )
                }
            }
        }
        self.children = children
    }

    /// What another part makes of the schema, made when it is first asked for and kept beside it.
    package func made<Value: Sendable>(_ make: (OrgSchema) -> Value) -> Value {
        let key = ObjectIdentifier(Value.self)
        if let known = derived.withLock({ $0[key] as? Value }) { return known }
        let value = make(self)
        derived.withLock { $0[key] = value }
        return value
    }

    package func object(_ name: APIName) -> ObjectDefinition? { byName[name] }

    package func object(withPrefix prefix: KeyPrefix) -> ObjectDefinition? { byPrefix[prefix] }

    /// The object that holds the history of an object's records, where it is kept.
    package func history(of object: APIName) -> ObjectDefinition? { histories[object] }

    /// Every lookup that points to the object, named or not.
    package func childRelationships(of object: APIName) -> [ChildRelationship] {
        children[object] ?? []
    }

    package func childRelationship(_ name: APIName, of object: APIName) -> ChildRelationship? {
        children[object]?.first { $0.name == name }
    }
}

/// How an org's records are shown: list views, layouts, tabs.
package struct Presentation: Sendable {
    package var listViews: [ListViewDefinition]
    package var layouts: [LayoutDefinition]
    package var apps: [AppDefinition]

    package init(
        listViews: [ListViewDefinition] = [],
        layouts: [LayoutDefinition] = [],
        apps: [AppDefinition] = []
    ) {
        self.listViews = listViews
        self.layouts = layouts
        self.apps = apps
    }
}
