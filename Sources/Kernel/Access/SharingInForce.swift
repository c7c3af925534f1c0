import Language
import Metadata

/// Which version of each criteria-based rule the shares of records are about.
///
/// A rule that says something else is another version, with a key of its own: what was shared by the
/// version before counts no more from the moment at which the new one is deployed.
struct RuleRegister {
    static let documentKind = "sharing-rule"
    private static let prefix = KeyPrefix("02c") ?? KeyPrefix(number: 0)

    private(set) var versions: [String: (key: RecordID, text: String)] = [:]

    init(from tx: any ReadTransaction) throws {
        for (name, text) in try tx.documents(kind: Self.documentKind) {
            let parts = text.split(separator: " ", maxSplits: 1)
            guard let first = parts.first, let number = Int64(first) else { continue }
            let key = RecordID(prefix: Self.prefix, sequence: number)
            versions[name] = (key, parts.count > 1 ? String(parts[1]) : "")
        }
    }

    /// The key of the rule as it is declared now; `nil` before it is deployed.
    func key(of rule: SharingRuleDefinition) -> RecordID? {
        versions[rule.key].flatMap { $0.text == rule.digestText ? $0.key : nil }
    }

    /// Gives each rule that is new or says something else a key of its own.
    ///
    /// - Returns: those rules, and the keys that count no more.
    mutating func renew(
        _ rules: [SharingRuleDefinition],
        in tx: any WriteTransaction
    ) throws -> (changed: [SharingRuleDefinition], gone: [RecordID]) {
        var last =
            try tx.document(kind: "sharing-rule-last", key: "present")
            .flatMap { Int64($0) } ?? 0
        var changed: [SharingRuleDefinition] = []
        var gone: [RecordID] = []
        let declared = Set(rules.map(\.key))
        for (name, version) in versions where !declared.contains(name) {
            gone.append(version.key)
            versions[name] = nil
            try tx.putDocument(kind: Self.documentKind, key: name, text: nil)
        }
        for rule in rules where key(of: rule) == nil {
            if let before = versions[rule.key] { gone.append(before.key) }
            last += 1
            changed.append(rule)
            versions[rule.key] = (
                RecordID(prefix: Self.prefix, sequence: last), rule.digestText
            )
            try tx.putDocument(
                kind: Self.documentKind,
                key: rule.key,
                text: "\(last) \(rule.digestText)"
            )
        }
        try tx.putDocument(kind: "sharing-rule-last", key: "present", text: String(last))
        return (changed, gone.sorted())
    }
}

/// The sharing rules of an org that are in force, compiled.
struct SharingInForce: Sendable {
    /// A rule whose records have shares of its key.
    struct CriteriaRule: Sendable {
        let definition: SharingRuleDefinition
        let key: RecordID
        let rows: RowPredicate
        /// The fields that decide.
        let fields: [FieldDefinition]
    }

    private(set) var criteria: [APIName: [CriteriaRule]] = [:]
    private(set) var byOwner: [SharingRuleDefinition] = []
    /// Fields, by object, that restriction rules and sharing sets ask of a user.
    private(set) var userPaths: [APIName: Set<APIName>] = [:]

    init() {}

    init(_ schema: OrgSchema, _ register: RuleRegister) throws {
        for rule in schema.automation.sharing.rules {
            guard let object = schema.object(rule.object), object.canBeShared else { continue }
            guard let criteria = rule.criteria else {
                byOwner.append(rule)
                continue
            }
            guard let key = register.key(of: rule),
                let rows = try? SharingCriteria(object, schema).rows(criteria)
            else { continue }
            let names = Set(criteria.items.map { APIName($0.field) })
            self.criteria[object.name, default: []].append(
                CriteriaRule(
                    definition: rule,
                    key: key,
                    rows: rows,
                    fields: object.fields.filter { names.contains($0.name) }
                )
            )
        }
        for (object, fields) in UserPaths(schema).fields {
            userPaths[object, default: []].formUnion(fields)
        }
    }

    var all: [CriteriaRule] { criteria.values.flatMap { $0 } }
}
