import Metadata

/// `copyRecord`: a new record with the values of another, such as one kept as a template.
struct CopyRecord: InvocableAction {
    let name = "copyRecord"
    let label = "Copy Record"
    let summary = "Creates a record with the values of another."
    let needs: [APIName] = []
    let inputs = [
        ActionParameter("recordId", .id, required: true, "The record to copy."),
        ActionParameter("fields", .text, "Which fields, separated by commas; all if missing."),
    ]
    let outputs = [ActionParameter("recordId", .id, "The new record.")]

    func run(_ calls: [ActionCall], by writer: RecordWriter) throws -> [ActionOutcome] {
        var outcomes: [ActionOutcome?] = Array(repeating: nil, count: calls.count)
        let wanted = calls.map { $0.id("recordId") }
        var groups: [KeyPrefix: [Int]] = [:]
        for (place, id) in wanted.enumerated() {
            if let id { groups[id.prefix, default: []].append(place) }
        }
        for (prefix, places) in groups.sorted(by: { $0.key.number < $1.key.number }) {
            guard let object = writer.schema.object(withPrefix: prefix),
                writer.access.mayRead(object)
            else { continue }
            try copy(places, calls, wanted, object, writer, into: &outcomes)
        }
        return outcomes.map {
            $0 ?? .failure(RecordError(.invalidCrossReferenceKey, "invalid cross reference id"))
        }
    }

    private func copy(
        _ places: [Int],
        _ calls: [ActionCall],
        _ wanted: [RecordID?],
        _ object: ObjectDefinition,
        _ writer: RecordWriter,
        into outcomes: inout [ActionOutcome?]
    ) throws {
        let fields = object.fields.filter { field in
            field.isStored && FlowType(field) != nil && field.writing != .never && !field.isUnique
                && !field.isSystem && field.derivation == nil
                && writer.access.mayRead(field, of: object)
                && writer.access.mayEdit(field, of: object)
        }
        let ids = Array(Set(places.compactMap { wanted[$0] })).sorted()
        let page = try writer.retrieve(ids, of: object, fields: ["Id"] + fields.map(\.name.text)) {
            TableSink($0)
        }
        let rows = Dictionary(
            page.sink.rows.compactMap { row in row.first?.id.map { ($0, row) } },
            uniquingKeysWith: { first, _ in first }
        )
        var drafts: [RecordDraft] = []
        var owners: [Int] = []
        for place in places {
            guard let id = wanted[place], let row = rows[id] else { continue }
            let names = calls[place].text("fields").map { text in
                Set(text.split(separator: ",").map { APIName($0.filter { !$0.isWhitespace }) })
            }
            var values = JSONObject()
            for (field, value) in zip(fields, row.dropFirst()) {
                guard names?.contains(field.name) ?? true, !value.isNull else { continue }
                values.members.append(
                    JSONObject.Member(name: field.name.text, value: FlowConversion.json(value))
                )
            }
            drafts.append(RecordDraft(object: object.name.text, values: values))
            owners.append(place)
        }
        for (place, result) in zip(owners, try writer.save(drafts, .create)) {
            outcomes[place] =
                if let id = result.id {
                    .success(["recordId": .value(.id(id))])
                } else {
                    .failure(
                        result.errors.first
                            ?? RecordError(.unknownException, "the copy was not saved")
                    )
                }
        }
    }
}
