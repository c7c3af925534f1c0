import Language
import Metadata

@testable import Kernel

/// Writes random queries that are valid for a caller.
struct RandomQuery {
    let schema: OrgSchema
    let access: CallerAccess
    let today: Int
    /// Ids that queries may name.
    let ids: [RecordID]
    var choice: RandomChoice
    /// Terms that the query at hand prefers, so that its clauses have something in common.
    private var favourites: [String: [Term]] = [:]

    init(
        schema: OrgSchema,
        access: CallerAccess,
        today: Int,
        ids: [RecordID],
        choice: RandomChoice
    ) {
        self.schema = schema
        self.access = access
        self.today = today
        self.ids = ids
        self.choice = choice
    }

    /// Something with a value, as a query writes it.
    struct Term {
        let text: String
        let type: ValueType
        var field: FieldDefinition?
        var canFilter = true
        var canSort = true
        var canGroup = true
    }

    static let objects: [APIName] = [
        "Account", "Contact", "Case", "Case", "Case", "CaseComment", "Task", "Event", "User",
        "Group",
    ]

    /// One query.
    mutating func next() -> String {
        let objects = Self.objects.compactMap { schema.object($0) }.filter(access.mayRead)
        let object = choice.one(of: objects)
        favourites = [:]
        switch choice.number(1...10) {
        case 1: return count(object)
        case 2, 3, 4: return groups(object)
        default: return records(object)
        }
    }

    // MARK: - Shapes

    private mutating func count(_ object: ObjectDefinition) -> String {
        var text = "SELECT COUNT() FROM \(object.name)\(scope(object))\(filter(object))"
        if choice.chance(20) { text += " LIMIT \(choice.number(0...30))" }
        return text
    }

    private mutating func records(_ object: ObjectDefinition) -> String {
        var items = ["Id"]
        for _ in 0..<choice.number(0...5) { items.append(item(object)) }
        if choice.chance(30) {
            let relationships = namedChildren(of: object)
            for relationship in choice.some(of: relationships, atMost: 2)
            where !relationships.isEmpty {
                items.append(child(relationship, depth: 1))
            }
        }
        if choice.chance(15), let typeOf = typeOf(object) { items.append(typeOf) }
        var seen: Set<String> = []
        let selected = items.filter { seen.insert(Self.key($0)).inserted }
        var text = "SELECT \(selected.joined(separator: ", ")) FROM \(object.name)"
        text += scope(object) + filter(object) + order(object) + window()
        return text
    }

    /// What two items must not have in common: the name under which they are given out.
    private static func key(_ item: String) -> String {
        var text = item.lowercased()
        for function in ["tolabel(", "format(", "convertcurrency("] where text.hasPrefix(function) {
            text = String(text.dropFirst(function.count).dropLast())
        }
        return text.hasPrefix("typeof ") ? "what" : text
    }

    private mutating func groups(_ object: ObjectDefinition) -> String {
        let keys = groupKeys(object)
        let kind = keys.isEmpty ? "" : choice.one(of: ["", "", "", "ROLLUP", "CUBE"])
        var columns = keys
        for index in 0..<choice.number(1...3) {
            columns.append("\(aggregate(object).text) a\(index)")
        }
        if !kind.isEmpty, let key = keys.first { columns.append("GROUPING(\(key)) sub") }
        if !keys.isEmpty, choice.chance(30) { columns.removeFirst() }
        var text = "SELECT \(columns.joined(separator: ", ")) FROM \(object.name)\(filter(object))"
        guard !keys.isEmpty else { return text }
        let list = keys.joined(separator: ", ")
        text += " GROUP BY " + (kind.isEmpty ? list : "\(kind)(\(list))")
        if choice.chance(40) { text += " HAVING \(having(object, keys, depth: 1))" }
        guard choice.chance(60) else { return text }
        var orders = keys.flatMap { kind.isEmpty ? [$0] : ["GROUPING(\($0))", $0] }
            .map { $0 + direction() }
        if choice.chance(40) { orders.insert(aggregate(object).text + direction(), at: 0) }
        text += " ORDER BY \(orders.joined(separator: ", "))"
        // Only now is it certain which groups come first.
        return text + window()
    }

    private mutating func groupKeys(_ object: ObjectDefinition) -> [String] {
        var keys: [String] = []
        for _ in 0..<choice.number(0...3) {
            let term = choice.chance(30) ? dateFunction(object) : self.term(object) { $0.canGroup }
            guard let term, term.canGroup, !keys.contains(term.text) else { continue }
            keys.append(term.text)
        }
        return keys
    }

    private mutating func having(
        _ object: ObjectDefinition,
        _ keys: [String],
        depth: Int
    ) -> String {
        if depth < 3, choice.chance(25) {
            let one = having(object, keys, depth: depth + 1)
            let two = having(object, keys, depth: depth + 1)
            return "(\(one) \(choice.one(of: ["AND", "OR"])) \(two))"
        }
        if choice.chance(15) { return "(NOT \(having(object, keys, depth: 3)))" }
        return comparison(aggregate(object))
    }

    private mutating func aggregate(_ object: ObjectDefinition) -> Term {
        guard choice.chance(85),
            let inner = term(object, where: { $0.field?.isAggregatable ?? false })
        else { return Term(text: "COUNT(Id)", type: .integer) }
        let number: [AggregateFunction] = [.sum, .average, .minimum, .maximum, .count]
        let other: [AggregateFunction] = [.count, .countDistinct, .minimum, .maximum]
        let function: AggregateFunction
        switch inner.type {
        case .integer, .decimal, .real: function = choice.one(of: number)
        case .id, .text, .longText, .multiPicklist, .boolean, .date, .dateTime, .time, .encrypted,
            .file:
            function = choice.one(of: other)
        }
        let type: ValueType =
            switch function {
            case .count, .countDistinct: .integer
            case .average: .real
            case .sum, .minimum, .maximum: inner.type
            }
        return Term(text: "\(function.rawValue)(\(inner.text))", type: type)
    }

    private mutating func window() -> String {
        var text = ""
        if choice.chance(30) { text += " LIMIT \(choice.number(0...20))" }
        if choice.chance(15) { text += " OFFSET \(choice.number(0...10))" }
        return text
    }

    private mutating func scope(_ object: ObjectDefinition) -> String {
        guard object.ownerField != nil, choice.chance(10) else { return "" }
        return " USING SCOPE " + choice.one(of: ["mine", "everything", "mine_and_my_groups"])
    }

    private mutating func order(_ object: ObjectDefinition) -> String {
        guard choice.chance(55) else { return "" }
        var keys: [String] = []
        for _ in 0..<choice.number(1...3) {
            let term =
                choice.chance(15) ? dateFunction(object) : self.term(object, where: { $0.canSort })
            if let term { keys.append(term.text + direction()) }
        }
        if choice.chance(8), object.field("Location__c") != nil {
            keys.append("DISTANCE(Location__c, GEOLOCATION(37.775, -122.4), 'km')" + direction())
        }
        return keys.isEmpty ? "" : " ORDER BY \(keys.joined(separator: ", "))"
    }

    private mutating func direction() -> String {
        choice.one(of: ["", " ASC", " DESC", " DESC"])
            + choice.one(of: ["", "", " NULLS FIRST", " NULLS LAST"])
    }

    private mutating func child(_ relationship: OrgSchema.ChildRelationship, depth: Int) -> String {
        let object = relationship.child
        var items = ["Id"]
        for _ in 0..<choice.number(0...3) { items.append(item(object)) }
        let inner = namedChildren(of: object)
        if depth < 3, choice.chance(20), let next = choice.any(of: inner) {
            items.append(child(next, depth: depth + 1))
        }
        var seen: Set<String> = []
        let selected = items.filter { seen.insert(Self.key($0)).inserted }
        var text =
            "(SELECT \(selected.joined(separator: ", ")) FROM \(relationship.name?.text ?? "")"
        text += filter(object) + order(object)
        if choice.chance(30) { text += " LIMIT \(choice.number(0...3))" }
        return text + ")"
    }

    private func namedChildren(of object: ObjectDefinition) -> [OrgSchema.ChildRelationship] {
        let wanted: Set<APIName> = ["Contact", "Case", "CaseComment", "Task", "Event", "Account"]
        return schema.childRelationships(of: object.name).filter { relationship in
            relationship.name != nil && wanted.contains(relationship.child.name)
                && access.mayRead(relationship.child)
                && access.mayRead(relationship.field, of: relationship.child)
        }
    }

    private mutating func typeOf(_ object: ObjectDefinition) -> String? {
        guard object.name == "Task" || object.name == "Event",
            schema.object("Case").map(access.mayRead) == true
        else { return nil }
        let otherwise = choice.chance(50) ? " ELSE Id, Name" : ""
        return
            "TYPEOF What WHEN Account THEN Id, Name, Phone WHEN Case THEN Subject, IsClosed\(otherwise) END"
    }

    // MARK: - Terms

    private mutating func item(_ object: ObjectDefinition) -> String {
        guard let term = term(object, where: { _ in true }) else { return "Id" }
        switch term.field?.type {
        case .picklist? where choice.chance(30): return "toLabel(\(term.text))"
        case .currency? where choice.chance(20): return "convertCurrency(\(term.text))"
        default: break
        }
        switch term.type {
        case .integer, .decimal, .real, .date, .dateTime, .time, .text:
            return choice.chance(6) ? "FORMAT(\(term.text))" : term.text
        case .id, .longText, .multiPicklist, .boolean, .encrypted, .file: return term.text
        }
    }

    /// A field of the object or of a parent that the caller may see.
    private mutating func term(
        _ object: ObjectDefinition,
        where isWanted: (Term) -> Bool
    ) -> Term? {
        let liked = (favourites[object.name.text] ?? []).filter(isWanted)
        if choice.chance(45), let term = choice.any(of: liked) { return term }
        for _ in 0..<12 {
            guard let term = path(object, "", depth: 0), isWanted(term) else { continue }
            favourites[object.name.text, default: []].append(term)
            return term
        }
        return nil
    }

    private mutating func path(_ object: ObjectDefinition, _ prefix: String, depth: Int) -> Term? {
        if depth < 3, choice.chance(25) {
            let lookups = object.fields.filter {
                $0.parentRelationshipName != nil && access.mayRead($0, of: object)
            }
            if let lookup = choice.any(of: lookups), let name = lookup.parentRelationshipName,
                let reference = lookup.reference
            {
                let targets = reference.targets.compactMap { schema.object($0) }
                    .filter(access.mayRead)
                let next = "\(prefix)\(name)."
                if reference.isPolymorphic { return polymorphic(next, targets) }
                guard let target = targets.first else { return nil }
                return path(target, next, depth: depth + 1)
            }
        }
        let fields = object.fields.filter { field in
            access.mayRead(field, of: object) && (field.isStored || field.type.isFormula)
                && field.valueType != .file && field.valueType != .encrypted
        }
        guard let field = choice.any(of: fields) else { return nil }
        return Term(
            text: prefix + field.name.text,
            type: field.valueType,
            field: field,
            canFilter: field.isFilterable,
            canSort: field.isSortable,
            canGroup: field.isGroupable && isLasting(field, object)
        )
    }

    private func isLasting(_ field: FieldDefinition, _ object: ObjectDefinition) -> Bool {
        guard field.type.isFormula else { return true }
        let formula = try? schema.formulaFields.formula(of: field, on: object, in: schema)
        return formula?.isDeterministic ?? false
    }

    private mutating func polymorphic(_ prefix: String, _ targets: [ObjectDefinition]) -> Term? {
        let kinds = Set(targets.compactMap(\.nameField?.valueType))
        guard kinds.count == 1, targets.allSatisfy({ $0.nameField != nil }) else { return nil }
        let name = choice.one(of: ["Name", "Name", "Type", "Id"])
        return Term(
            text: prefix + name,
            type: name == "Id" ? .id : .text(isCaseSensitive: false),
            canFilter: true,
            canSort: true,
            canGroup: true
        )
    }

    mutating func filterTerm(_ object: ObjectDefinition) -> Term? {
        term(object) { $0.canFilter }
    }

    /// A date function of a field.
    mutating func dateFunction(_ object: ObjectDefinition) -> Term? {
        guard
            let term = term(
                object,
                where: { ($0.type == .date || $0.type == .dateTime) && $0.canFilter }
            )
        else { return nil }
        let isDate = term.type == .date
        let parts = DatePart.allCases.filter { !isDate || ($0 != .hourInDay && $0 != .dayOnly) }
        let part = choice.one(of: parts)
        let isLocal = !isDate && choice.chance(50)
        return Term(
            text: "\(part.rawValue)(\(isLocal ? "convertTimezone(\(term.text))" : term.text))",
            type: part == .dayOnly ? .date : .integer
        )
    }
}
