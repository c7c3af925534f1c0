// What roll-up summaries hold, which depends on the fields that they summarise.
extension SchemaAssembler {
    /// Gives each summary the type of its summarised field, and reports those that have none.
    mutating func resolveSummaries() {
        var settled: [String: FieldType.Summary] = [:]
        for name in order {
            for field in drafts[name]?.fields ?? [] {
                guard case .summary = field.type else { continue }
                _ = settle(field.name, of: name, &settled, path: [])
            }
        }
        for name in order {
            guard let fields = drafts[name]?.fields else { continue }
            for (index, field) in fields.enumerated() {
                guard let summary = settled["\(name.folded).\(field.name.folded)"] else { continue }
                drafts[name]?.fields[index] = field.with(type: .summary(summary))
            }
        }
    }

    private mutating func settle(
        _ name: APIName,
        of object: APIName,
        _ settled: inout [String: FieldType.Summary],
        path: [String]
    ) -> FieldType.Summary? {
        let key = "\(object.folded).\(name.folded)"
        if let known = settled[key] { return known }
        guard let field = drafts[object]?.fields.first(where: { $0.name == name }),
            case .summary(let summary) = field.type
        else { return nil }
        guard !path.contains(key) else {
            let circle = (path + [key]).joined(separator: " → ")
            report(summary, "summaries summarise each other in a circle: \(circle)")
            return nil
        }
        guard let child = drafts[summary.child] else {
            let hint = Suggestion.phrase(for: summary.child.text, among: order.map(\.text))
            report(summary, "`\(summary.child)` is no object\(hint)", at: "summaryForeignKey")
            return nil
        }
        checkLookup(of: summary, from: child, to: object)
        guard let wanted = summary.field else {
            settled[key] = summary.holding(.number, precision: 18, scale: 0)
            return settled[key]
        }
        let known = child.fields + SystemFields.trailing
        guard let summarised = known.first(where: { $0.name == wanted }) else {
            let hint = Suggestion.phrase(for: wanted.text, among: known.map(\.name.text))
            report(
                summary,
                "`\(summary.child)` has no field `\(wanted)`\(hint)",
                at: "summarizedField"
            )
            return nil
        }
        var type = summarised.type
        if case .summary = type {
            guard let inner = settle(wanted, of: summary.child, &settled, path: path + [key]) else {
                return nil
            }
            type = .summary(inner)
        }
        guard let result = SchemaAssembler.result(of: type, summary.operation) else {
            report(
                summary,
                "`\(wanted)` has no \(summary.operation.rawValue): that takes numbers"
                    + (summary.operation == .sum ? "" : ", dates and moments"),
                at: "summarizedField"
            )
            return nil
        }
        settled[key] = summary.holding(
            result.kind,
            precision: summary.operation == .sum ? 18 : result.precision,
            scale: result.scale
        )
        return settled[key]
    }

    private mutating func checkLookup(
        of summary: FieldType.Summary,
        from child: Draft,
        to object: APIName
    ) {
        let lookups = child.fields.filter { $0.reference?.targets.contains(object) ?? false }
        guard !lookups.contains(where: { $0.name == summary.lookup }) else { return }
        let hint = Suggestion.phrase(
            for: summary.lookup.text,
            among: lookups.map(\.name.text)
        )
        report(
            summary,
            "`\(summary.child).\(summary.lookup)` is no lookup to `\(object)`\(hint)",
            at: "summaryForeignKey"
        )
    }

    private mutating func report(
        _ summary: FieldType.Summary,
        _ message: String,
        at key: String? = nil
    ) {
        if let problem = summary.declaration?.problem(message, at: key) { problems.append(problem) }
    }

    private static func result(
        of type: FieldType,
        _ operation: FieldType.Summary.Operation
    ) -> (kind: FieldType.Summary.Result, precision: Int, scale: Int)? {
        switch type {
        case .number(let precision, let scale): (.number, precision, scale)
        case .currency(let precision, let scale): (.currency, precision, scale)
        case .percent(let precision, let scale): (.percent, precision, scale)
        case .date: operation == .sum ? nil : (.date, 18, 0)
        case .dateTime: operation == .sum ? nil : (.dateTime, 18, 0)
        case .summary(let inner):
            operation == .sum && (inner.result == .date || inner.result == .dateTime)
                ? nil : (inner.result, inner.precision, inner.scale)
        case .formula(let formula): result(of: formula, operation)
        case .id, .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .checkbox,
            .time, .picklist, .multiselectPicklist, .lookup, .masterDetail, .autoNumber, .address,
            .location, .coordinate, .file:
            nil
        }
    }

    private static func result(
        of formula: FieldType.Formula,
        _ operation: FieldType.Summary.Operation
    ) -> (kind: FieldType.Summary.Result, precision: Int, scale: Int)? {
        switch formula.returns {
        case .number: (.number, formula.precision, formula.scale)
        case .currency: (.currency, formula.precision, formula.scale)
        case .percent: (.percent, formula.precision, formula.scale)
        case .date: operation == .sum ? nil : (.date, 18, 0)
        case .dateTime: operation == .sum ? nil : (.dateTime, 18, 0)
        case .checkbox, .text, .time: nil
        }
    }
}

extension FieldDefinition {
    /// The same field with another type.
    func with(type: FieldType) -> FieldDefinition {
        FieldDefinition(
            name: name,
            label: label,
            type: type,
            help: help,
            description: description,
            isRequired: isRequired,
            isUnique: isUnique,
            isCaseSensitive: isCaseSensitive,
            isExternalID: isExternalID,
            isNameField: isNameField,
            writing: writing,
            defaultValue: defaultValue,
            derivation: derivation,
            compound: compound,
            isSearchable: isSearchable,
            isSystem: isSystem,
            classification: classification,
            index: index
        )
    }
}
