/// Turns a field's declaration into its definition, and adds the fields that the platform gives.
struct FieldAssembly {
    private(set) var problems: [PackageProblem] = []

    /// The field a declaration stands for, with the parts of a compound after it.
    mutating func fields(_ map: ShapedMap) -> [FieldDefinition] {
        guard let name = map.name("name"), let type = type(map) else { return [] }
        let isText = FieldAssembly.isTextual(type)
        let isReadOnly = map.has("mark") || map.has("stamp") || map.has("joined")
        let field = FieldDefinition(
            name: name,
            label: map.text("label") ?? FieldAssembly.label(for: name),
            type: type,
            help: map.text("help"),
            description: map.text("description"),
            isRequired: isRequired(map, type),
            isUnique: map.boolean("unique") ?? false,
            isCaseSensitive: map.boolean("caseSensitive") ?? false,
            isExternalID: map.boolean("externalId") ?? false,
            writing: writing(map, type, isReadOnly: isReadOnly),
            defaultValue: defaultValue(map, type),
            defaultFormula: defaultFormula(map, type),
            derivation: FieldAssembly.derivation(map),
            isSearchable: map.boolean("searchable") ?? isText,
            classification: classification(map)
        )
        if map.boolean("unique") == true && !FieldAssembly.mayBeUnique(type) && !type.isFormula {
            problems.append(map.problem("this type cannot be unique", at: "unique"))
        }
        return [field] + FieldAssembly.components(of: field)
    }

    private mutating func classification(_ map: ShapedMap) -> DataClassification {
        let groups = map.texts("complianceGroup").map { text in
            let group = DataClassification.ComplianceGroup(rawValue: text)
            if group == nil {
                let known = DataClassification.ComplianceGroup.allCases.map(\.rawValue)
                problems.append(
                    map.problem(
                        "there is no compliance group `\(text)`; there are "
                            + known.joined(separator: ", "),
                        at: "complianceGroup"
                    )
                )
            }
            return group
        }
        return DataClassification(
            level: map.text("securityClassification").flatMap(DataClassification.Level.init),
            groups: Set(groups.compactMap { $0 }),
            categories: map.texts("dataCategories")
        )
    }

    private func isRequired(_ map: ShapedMap, _ type: FieldType) -> Bool {
        if case .masterDetail = type { return true }
        return map.boolean("required") ?? false
    }

    private func writing(
        _ map: ShapedMap,
        _ type: FieldType,
        isReadOnly: Bool
    ) -> FieldDefinition.Writing {
        if isReadOnly { return .never }
        switch type {
        case .formula, .summary, .autoNumber, .address, .location: return .never
        case .masterDetail: return .onCreate
        case .id, .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .checkbox,
            .number, .currency, .percent, .date, .dateTime, .time, .picklist,
            .multiselectPicklist, .lookup, .coordinate, .file:
            return map.text("writable").flatMap(FieldDefinition.Writing.init) ?? .always
        }
    }

    private static func derivation(_ map: ShapedMap) -> FieldDefinition.Derivation? {
        if let mark = map.map("mark") {
            return .mark(field: mark.name("field") ?? "", mark: mark.text("mark") ?? "")
        }
        if let checkbox = map.name("stamp") { return .stamp(checkbox: checkbox) }
        if map.has("joined") { return .joined(map.texts("joined").map { APIName($0) }) }
        return nil
    }

    private static func isTextual(_ type: FieldType) -> Bool {
        switch type {
        case .text, .longTextArea, .html, .email, .phone, .autoNumber: true
        case .id, .encryptedText, .url, .checkbox, .number, .currency, .percent, .date, .dateTime,
            .time, .picklist, .multiselectPicklist, .lookup, .masterDetail, .address, .location,
            .coordinate, .file, .formula, .summary:
            false
        }
    }

    private static func mayBeUnique(_ type: FieldType) -> Bool {
        switch type {
        case .text, .email, .number, .autoNumber, .lookup: true
        case .id, .longTextArea, .html, .encryptedText, .phone, .url, .checkbox, .currency,
            .percent, .date, .dateTime, .time, .picklist, .multiselectPicklist, .masterDetail,
            .address, .location, .coordinate, .file, .formula, .summary:
            false
        }
    }

    /// `BillingCity` → `Billing City`, `Unit_Price__c` → `Unit Price`.
    static func label(for name: APIName) -> String {
        var text = name.text
        for suffix in ["__c", "__s"] where text.hasSuffix(suffix) { text.removeLast(3) }
        var label = ""
        var before: Character?
        for character in text {
            if character == "_" {
                label.append(" ")
            } else {
                if character.isUppercase, let before, before.isLowercase { label.append(" ") }
                label.append(character)
            }
            before = character
        }
        return label.hasSuffix(" Id") ? String(label.dropLast(2)) + "ID" : label
    }
}

// MARK: - Types

extension FieldAssembly {
    private mutating func type(_ map: ShapedMap) -> FieldType? {
        switch map.text("type") ?? "" {
        case "Text": return length(map, 255, upTo: 255).map { .text(length: $0) }
        case "LongTextArea":
            return length(map, 32_768, upTo: 131_072).map { .longTextArea(length: $0) }
        case "Html": return length(map, 32_768, upTo: 131_072).map { .html(length: $0) }
        case "EncryptedText": return length(map, 175, upTo: 175).map { .encryptedText(length: $0) }
        case "Email": return .email
        case "Phone": return .phone
        case "Url": return .url
        case "Checkbox": return .checkbox
        case "Number": return digits(map, 18, 0).map { .number(precision: $0, scale: $1) }
        case "Currency": return digits(map, 18, 2).map { .currency(precision: $0, scale: $1) }
        case "Percent": return digits(map, 18, 0).map { .percent(precision: $0, scale: $1) }
        case "Date": return .date
        case "DateTime": return .dateTime
        case "Time": return .time
        case "Picklist": return picklist(map).map { .picklist($0) }
        case "MultiselectPicklist": return picklist(map).map { .multiselectPicklist($0) }
        case "Lookup": return reference(map, isMaster: false).map { .lookup($0) }
        case "MasterDetail": return reference(map, isMaster: true).map { .masterDetail($0) }
        case "AutoNumber": return format(map).map { .autoNumber(format: $0) }
        case "Address": return .address
        case "Location": return .location
        case "File": return .file
        case "Formula": return formula(map)
        case "Summary": return summary(map)
        default:
            return nil
        }
    }

    private mutating func length(_ map: ShapedMap, _ standard: Int, upTo most: Int) -> Int? {
        let length = map.integer("length") ?? standard
        guard (1...most).contains(length) else {
            problems.append(map.problem("`length` must be 1 to \(most)", at: "length"))
            return nil
        }
        return length
    }

    private mutating func digits(_ map: ShapedMap, _ precision: Int, _ scale: Int) -> (Int, Int)? {
        let scale = map.integer("scale") ?? scale
        let precision = map.integer("precision") ?? precision
        guard (1...18).contains(precision), (0...precision).contains(scale) else {
            problems.append(
                map.problem(
                    "`precision` must be 1 to 18, and `scale` 0 to `precision`",
                    at: "precision"
                )
            )
            return nil
        }
        return (precision, scale)
    }

    private mutating func format(_ map: ShapedMap) -> String? {
        let format = map.text("displayFormat") ?? "{0}"
        let pieces = format.split(separator: "{", omittingEmptySubsequences: false)
        guard pieces.count == 2, let close = pieces[1].firstIndex(of: "}"),
            pieces[1][..<close].allSatisfy({ $0 == "0" }), close != pieces[1].startIndex
        else {
            problems.append(
                map.problem(
                    "`displayFormat` needs zeros in braces: `CASE-{0000}`",
                    at: "displayFormat"
                )
            )
            return nil
        }
        return format
    }

    private mutating func picklist(_ map: ShapedMap) -> Picklist? {
        let values = map.list("values").map { value in
            Picklist.Value(
                name: value.text("name") ?? "",
                label: value.text("label") ?? value.text("name") ?? "",
                isDefault: value.boolean("default") ?? false,
                isActive: value.boolean("active") ?? true,
                marks: Set(value.texts("marks")),
                controllingValues: value.texts("controllingFieldValues")
            )
        }
        var seen: Set<String> = []
        for (value, place) in zip(values, map.list("values")) {
            if !seen.insert(value.name.lowercased()).inserted {
                problems.append(place.problem("the value `\(value.name)` stands twice", at: "name"))
            }
            if value.name.contains(";") {
                problems.append(place.problem("a value cannot contain `;`", at: "name"))
            }
        }
        if values.filter(\.isDefault).count > 1 {
            problems.append(map.problem("only one value can be the default", at: "values"))
        }
        return Picklist(
            values: values,
            isRestricted: map.boolean("restricted") ?? true,
            controllingField: map.name("controllingField")
        )
    }

    private mutating func reference(_ map: ShapedMap, isMaster: Bool) -> Reference? {
        let targets = map.texts("referenceTo").map { APIName($0) }
        guard !targets.isEmpty, !isMaster || targets.count == 1 else {
            problems.append(
                map.problem(
                    isMaster
                        ? "`referenceTo` must name the one master object"
                        : "`referenceTo` must name at least one object",
                    at: "referenceTo"
                )
            )
            return nil
        }
        let constraint = map.text("deleteConstraint").flatMap(Reference.DeleteConstraint.init)
        return Reference(
            targets: targets,
            childRelationshipName: map.name("relationshipName"),
            deleteConstraint: isMaster ? .cascade : constraint ?? .setNull,
            sharesImplicitly: map.boolean("implicitSharing") ?? false
        )
    }

    /// Keys that a formula field cannot have, and why.
    private static let notOfFormulas = [
        ("externalId", "nothing is stored that an index could find"),
        ("unique", "nothing is stored that could be kept unique"),
        ("required", "nobody enters it"), ("writable", "nobody enters it"),
        ("searchable", "full-text search finds stored words only"),
    ]

    private mutating func formula(_ map: ShapedMap) -> FieldType? {
        guard let expression = map.text("formula"),
            let returns = map.text("returnType").flatMap(FieldType.Formula.Result.init)
        else {
            problems.append(map.problem("a formula needs `formula` and `returnType`"))
            return nil
        }
        for (key, advice) in FieldAssembly.notOfFormulas where map.has(key) {
            problems.append(map.problem("a formula field takes no `\(key)`: \(advice)", at: key))
        }
        guard let (precision, scale) = digits(map, 18, returns == .number ? 0 : 2) else {
            return nil
        }
        return .formula(
            .init(
                returns: returns,
                precision: precision,
                scale: scale,
                expression: expression,
                treatsBlanksAsZero: map.text("formulaTreatBlanksAs") != "BlankAsBlank",
                declaration: map
            )
        )
    }

    private mutating func summary(_ map: ShapedMap) -> FieldType? {
        guard
            let operation = map.text("summaryOperation").flatMap(FieldType.Summary.Operation.init),
            let key = map.text("summaryForeignKey")
        else {
            problems.append(
                map.problem("a summary needs `summaryOperation` and `summaryForeignKey`")
            )
            return nil
        }
        for name in ["precision", "scale"] where map.has(name) {
            problems.append(
                map.problem("a summary has the digits of the summarised field", at: name)
            )
        }
        guard let (child, lookup) = FieldAssembly.pair(key) else {
            problems.append(
                map.problem(
                    "`summaryForeignKey` names the child and its lookup: `Child__c.Parent__c`",
                    at: "summaryForeignKey"
                )
            )
            return nil
        }
        return .summary(
            .init(
                operation: operation,
                child: child,
                lookup: lookup,
                field: summarizedField(map, operation, of: child),
                filters: map.list("summaryFilterItems").map { item in
                    Criteria.Item(
                        field: ownName(item, "field", of: child)?.text ?? "",
                        operation: item.text("operation").flatMap(Criteria.Operation.init)
                            ?? .equals,
                        value: item.text("value") ?? ""
                    )
                },
                declaration: map
            )
        )
    }

    private mutating func summarizedField(
        _ map: ShapedMap,
        _ operation: FieldType.Summary.Operation,
        of child: APIName
    ) -> APIName? {
        let name = ownName(map, "summarizedField", of: child)
        if operation == .count && name != nil {
            problems.append(map.problem("a count has no `summarizedField`", at: "summarizedField"))
        }
        if operation != .count && name == nil {
            problems.append(map.problem("this summary needs the key `summarizedField`"))
        }
        return name
    }

    /// `Child__c.Amount__c` or `Amount__c`; another object's field is a problem.
    private mutating func ownName(
        _ map: ShapedMap,
        _ key: String,
        of child: APIName
    ) -> APIName? {
        guard let text = map.text(key) else { return nil }
        guard text.contains(".") else { return APIName(text) }
        if let (object, field) = FieldAssembly.pair(text), object == child { return field }
        problems.append(map.problem("`\(text)` is no field of `\(child)`", at: key))
        return nil
    }

    private static func pair(_ text: String) -> (APIName, APIName)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy(APIName.isWellFormed) else { return nil }
        return (APIName(parts[0]), APIName(parts[1]))
    }

    private mutating func defaultFormula(
        _ map: ShapedMap,
        _ type: FieldType
    ) -> DefaultFormula? {
        guard let text = map.text("defaultFormula") else { return nil }
        if map.has("defaultValue") {
            problems.append(
                map.problem("has both `defaultValue` and `defaultFormula`", at: "defaultFormula")
            )
        }
        switch type {
        case .text, .longTextArea, .html, .email, .phone, .url, .checkbox, .number, .currency,
            .percent, .date, .dateTime, .time, .picklist, .lookup:
            return DefaultFormula(expression: text, declaration: map)
        case .id, .encryptedText, .multiselectPicklist, .masterDetail, .autoNumber, .address,
            .location, .coordinate, .file, .formula, .summary:
            problems.append(map.problem("this type cannot have a default", at: "defaultFormula"))
            return nil
        }
    }

    private mutating func defaultValue(_ map: ShapedMap, _ type: FieldType) -> FieldValue {
        let text = map.text("defaultValue")
        switch type {
        case .checkbox:
            guard let text else { return .boolean(false) }
            if text == "true" || text == "false" { return .boolean(text == "true") }
        case .picklist(let picklist), .multiselectPicklist(let picklist):
            let value = text ?? picklist.defaultValue?.name
            return value.map { .text($0) } ?? .null
        case .number(_, let scale), .currency(_, let scale), .percent(_, let scale):
            guard let text else { return .null }
            if let number = ExactDecimal(text), let digits = number.exactly(at: scale) {
                return .number(ExactDecimal(unscaled: digits, scale: scale))
            }
        case .text, .longTextArea, .html, .email, .phone, .url:
            return text.map { .text($0) } ?? .null
        case .id, .encryptedText, .date, .dateTime, .time, .lookup, .masterDetail, .autoNumber,
            .address, .location, .coordinate, .file, .formula, .summary:
            guard text != nil else { return .null }
        }
        problems.append(map.problem("this type cannot have that default", at: "defaultValue"))
        return .null
    }
}

// MARK: - Parts of compounds

extension FieldAssembly {
    private static func components(of field: FieldDefinition) -> [FieldDefinition] {
        switch field.type {
        case .address: addressParts(of: field)
        case .location: coordinates(of: field)
        case .id, .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .checkbox,
            .number, .currency, .percent, .date, .dateTime, .time, .picklist,
            .multiselectPicklist, .lookup, .masterDetail, .autoNumber, .coordinate, .file,
            .formula, .summary:
            []
        }
    }

    private static let accuracies = [
        "Address", "NearAddress", "Block", "Street", "ExtendedZip", "Zip", "Neighborhood", "City",
        "County", "State", "Unknown",
    ]

    private static func addressParts(of field: FieldDefinition) -> [FieldDefinition] {
        let stem =
            field.name.text.hasSuffix("Address")
            ? String(field.name.text.dropLast("Address".count)) : field.name.text
        let accuracy = Picklist(
            values: accuracies.map { Picklist.Value(name: $0, label: $0) },
            isRestricted: true
        )
        let parts: [(String, FieldType)] = [
            ("Street", .longTextArea(length: 255)), ("City", .text(length: 40)),
            ("State", .text(length: 80)), ("PostalCode", .text(length: 20)),
            ("Country", .text(length: 80)), ("Latitude", .coordinate), ("Longitude", .coordinate),
            ("GeocodeAccuracy", .picklist(accuracy)),
        ]
        return parts.map { name, type in
            FieldDefinition(
                name: APIName(stem + name),
                label: label(for: APIName(stem + name)),
                type: type,
                compound: field.name,
                isSearchable: isTextual(type)
            )
        }
    }

    private static func coordinates(of field: FieldDefinition) -> [FieldDefinition] {
        let stem = field.name.isCustom ? String(field.name.text.dropLast(3)) : field.name.text
        let suffix = field.name.isCustom ? "__s" : ""
        let separator = field.name.isCustom ? "__" : ""
        return ["Latitude", "Longitude"].map { part in
            FieldDefinition(
                name: APIName("\(stem)\(separator)\(part)\(suffix)"),
                label: "\(field.label) (\(part))",
                type: .coordinate,
                compound: field.name
            )
        }
    }
}
