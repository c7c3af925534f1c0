// What is written for a field.
extension SalesforceImport {
    mutating func map(_ field: FieldPlan, _ plan: ObjectPlan) -> DraftMap {
        let source = field.source
        var map = DraftMap(field.item)
        map.put("name", text: field.known.name)
        map.put("label", text: source.string("label"))
        map.put("type", text: field.type, line: source.first("type")?.line)
        map.put("description", text: source.string("description"))
        map.put("help", text: source.string("inlineHelpText"))
        if field.known.isWritten {
            map.put("required", flag: source.boolean("required") == true && !field.known.isMaster)
        }
        putDetails(field, &map)
        putIdentity(field, &map)
        putDefault(field, &map)
        if source.first("lookupFilter") != nil {
            change(
                field.item,
                "its lookup filter is not taken: any record may be chosen",
                line: source.first("lookupFilter")?.line
            )
        }
        putClassification(field, &map)
        return map
    }

    /// What the field's values are said to be; a value of the project's own is left out.
    private mutating func putClassification(_ field: FieldPlan, _ map: inout DraftMap) {
        let source = field.source
        if let level = source.string("securityClassification") {
            if DataClassification.Level(rawValue: level) != nil {
                map.put("securityClassification", text: level)
            } else {
                remark(.note, field.item, "the classification `\(level)` is not taken")
            }
        }
        let named = (source.string("complianceGroup") ?? "").split(separator: ";").map(String.init)
        let known = named.filter { DataClassification.ComplianceGroup(rawValue: $0) != nil }
        if !known.isEmpty { map.put("complianceGroup", .texts(known)) }
        for other in named where !known.contains(other) {
            remark(.note, field.item, "the compliance group `\(other)` is not taken")
        }
    }

    private mutating func putDetails(_ field: FieldPlan, _ map: inout DraftMap) {
        let source = field.source
        switch field.type {
        case "Text":
            map.put("length", .integer(clamp(source.integer("length") ?? 255, 1...255, field)))
        case "LongTextArea", "Html":
            let standard = source.string("type") == "TextArea" ? 255 : 32_768
            let length = source.integer("length") ?? standard
            map.put("length", .integer(clamp(length, 1...131_072, field)))
        case "EncryptedText":
            map.put("length", .integer(clamp(source.integer("length") ?? 175, 1...175, field)))
        case "Number", "Currency", "Percent":
            putDigits(field, &map)
        case "AutoNumber":
            map.put("displayFormat", text: displayFormat(source, field.item))
        case "Lookup", "MasterDetail":
            putReference(field, &map)
        case "Picklist", "MultiselectPicklist":
            putPicklist(field, &map)
        case "Formula":
            putFormula(field, &map)
        case "Summary":
            putSummary(field, &map)
        default:
            break
        }
    }

    private mutating func clamp(_ value: Int, _ range: ClosedRange<Int>, _ field: FieldPlan) -> Int
    {
        let clamped = min(max(value, range.lowerBound), range.upperBound)
        if clamped != value {
            change(
                field.item,
                "its length is \(clamped) in place of \(value)",
                line: field.source.first("length")?.line
            )
        }
        return clamped
    }

    private mutating func putDigits(_ field: FieldPlan, _ map: inout DraftMap) {
        let wanted = field.source.integer("precision") ?? 18
        let precision = min(max(wanted, 1), 18)
        let scale = min(max(field.source.integer("scale") ?? 0, 0), precision)
        if precision != wanted {
            change(
                field.item,
                "it has \(precision) digits in place of \(wanted)",
                line: field.source.first("precision")?.line
            )
        }
        map.put("precision", .integer(precision))
        map.put("scale", .integer(scale))
    }

    /// The form of numbers, without the parts of a date, which are not known.
    mutating func displayFormat(_ source: SourceElement, _ item: ImportItem) -> String {
        let place = source.first("displayFormat")
        guard let wanted = source.string("displayFormat") else { return "{0}" }
        var kept = ""
        var digits: String?
        var rest = wanted[...]
        while let open = rest.firstIndex(of: "{") {
            kept += rest[..<open]
            guard let close = rest[open...].firstIndex(of: "}") else { break }
            let inner = rest[rest.index(after: open)..<close]
            if !inner.isEmpty && inner.allSatisfy({ $0 == "0" }) && digits == nil {
                digits = "{\(inner)}"
                kept += digits ?? ""
            }
            rest = rest[rest.index(after: close)...]
        }
        kept += rest.filter { $0 != "{" && $0 != "}" }
        if digits == nil { kept = "\(kept.filter { $0 != "{" && $0 != "}" }){0}" }
        if kept != wanted {
            change(item, "its numbers look like `\(kept)`, not `\(wanted)`", line: place?.line)
        }
        return kept
    }

    private mutating func putReference(_ field: FieldPlan, _ map: inout DraftMap) {
        let source = field.source
        map.put("referenceTo", .texts(field.known.targets), line: source.first("referenceTo")?.line)
        map.put(
            "relationshipName",
            text: field.known.childRelationship,
            line: source.first("relationshipName")?.line
        )
        guard !field.known.isMaster else {
            if source.boolean("reparentableMasterDetail") == true {
                change(
                    field.item,
                    "a detail stays with its master: it cannot be moved to another",
                    line: source.first("reparentableMasterDetail")?.line
                )
            }
            return
        }
        let constraint = source.string("deleteConstraint")
            .flatMap(Reference.DeleteConstraint.init)
        let isRequired = source.boolean("required") == true
        let kept = isRequired && (constraint ?? .setNull) == .setNull ? .restrict : constraint
        map.put("deleteConstraint", text: kept?.rawValue)
    }

    private mutating func putFormula(_ field: FieldPlan, _ map: inout DraftMap) {
        let source = field.source
        map.put("returnType", text: source.string("type"))
        if ["Number", "Currency", "Percent"].contains(source.string("type") ?? "") {
            putDigits(field, &map)
        }
        let formula = source.first("formula")
        map.put("formula", text: formula?.trimmed ?? "\"\"", line: formula?.textLine)
        if source.string("formulaTreatBlanksAs") == "BlankAsBlank" {
            map.put("formulaTreatBlanksAs", text: "BlankAsBlank")
        }
    }

    private func putSummary(_ field: FieldPlan, _ map: inout DraftMap) {
        let source = field.source
        let operation = source.string("summaryOperation")?.lowercased() ?? "count"
        map.put("summaryOperation", text: operation)
        map.put(
            "summaryForeignKey",
            text: source.string("summaryForeignKey"),
            line: source.first("summaryForeignKey")?.line
        )
        if operation != "count" {
            map.put(
                "summarizedField",
                text: source.string("summarizedField"),
                line: source.first("summarizedField")?.line
            )
        }
        let filters = source.all("summaryFilterItems").map { filter in
            var item = DraftMap()
            item.put("field", text: Self.pair(filter.string("field"))?.1, line: filter.line)
            item.put("operation", text: filter.string("operation"))
            item.put("value", text: filter.string("value") ?? "")
            return item
        }
        if !filters.isEmpty { map.put("summaryFilterItems", .list(filters)) }
    }

    private mutating func putIdentity(_ field: FieldPlan, _ map: inout DraftMap) {
        let source = field.source
        guard field.type != "Formula" && field.type != "Summary" else { return }
        map.put("externalId", flag: source.boolean("externalId") == true)
        guard source.boolean("unique") == true else { return }
        let mayBe = ["Text", "Email", "Number", "AutoNumber", "Lookup"]
        guard mayBe.contains(field.type) else {
            let line = source.first("unique")?.line
            change(field.item, "its values need not be unique: its type cannot be", line: line)
            return
        }
        map.put("unique", .boolean(true))
        map.put("caseSensitive", flag: source.boolean("caseSensitive") == true)
    }

    private mutating func putDefault(_ field: FieldPlan, _ map: inout DraftMap) {
        guard let place = field.source.first("defaultValue"), let text = place.trimmed,
            field.type != "Formula"
        else { return }
        if let constant = Self.constant(text, field) {
            map.put("defaultValue", text: constant, line: place.line)
            return
        }
        let item = ImportItem(
            "default of \(field.item.name)",
            file: field.item.file,
            line: place.line
        )
        if !isRefused(item) { map.put("defaultFormula", text: text, of: item) }
    }

    /// A default that is one value; `nil` for a formula.
    private static func constant(_ text: String, _ field: FieldPlan) -> String? {
        switch field.type {
        case "Checkbox":
            let value = text.lowercased()
            return value == "true" || value == "false" ? value : nil
        case "Number", "Currency", "Percent":
            let precision = min(max(field.source.integer("precision") ?? 18, 1), 18)
            let scale = min(max(field.source.integer("scale") ?? 0, 0), precision)
            return ExactDecimal(text)?.exactly(at: scale) == nil ? nil : text
        case "Text", "LongTextArea", "Html", "Email", "Phone", "Url", "Picklist":
            guard let quote = text.first, quote == "\"" || quote == "'", text.count > 1,
                text.last == quote
            else { return nil }
            let inner = text.dropFirst().dropLast()
            if inner.contains(quote) || inner.contains("\\") { return nil }
            let value = String(inner)
            guard field.type == "Picklist" else { return value }
            return field.known.values?.contains(value) == true ? value : nil
        default:
            return nil
        }
    }
}
