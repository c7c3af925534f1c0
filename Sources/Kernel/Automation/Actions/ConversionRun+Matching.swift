import Metadata

// Records that are there already, and are used instead of new ones.
extension ConversionRun {
    /// The records to use instead of new ones: those that the call names, then those that match.
    func find(
        _ target: RecordConversion.Target,
        _ made: ObjectDefinition,
        _ going: [Int],
        _ values: [Int: [(field: APIName, value: FieldValue)]],
        _ sources: inout [Source]
    ) throws -> [Int: RecordID] {
        var found: [Int: RecordID] = [:]
        var keys: [Int: [String]] = [:]
        for place in going {
            let named = sources[place].call.ids("useRecordIds").first {
                $0.prefix == made.keyPrefix
            }
            if let named {
                found[place] = named
            } else {
                keys[place] = values[place].flatMap { key(target, $0) }
            }
        }
        let seen = Set(try writer.visible(Array(Set(found.values)).sorted(), of: made))
        for (place, id) in found where !seen.contains(id) {
            sources[place].failure = RecordError(
                .invalidCrossReferenceKey,
                "\(target.name): invalid cross reference id"
            )
        }
        let matches = try self.matches(target, made, Set(keys.values))
        for (place, key) in keys {
            guard let ids = matches[key], let id = ids.first else { continue }
            guard ids.count == 1 else {
                sources[place].failure = RecordError(
                    .duplicateValue,
                    "\(target.name): \(ids.count) records match; name one of them in useRecordIds"
                )
                continue
            }
            found[place] = id
        }
        return found
    }

    /// The values by which a record is found; `nil` where one is missing.
    func key(
        _ target: RecordConversion.Target,
        _ given: [(field: APIName, value: FieldValue)]
    ) -> [String]? {
        guard !target.matchBy.isEmpty else { return nil }
        let key = target.matchBy.compactMap { name in
            given.first { $0.field == name }.flatMap { FlowConversion.text($0.value) }?.lowercased()
        }
        return key.count == target.matchBy.count ? key : nil
    }

    /// Asked by every field, with the caller's rights; which values belong together is compared here.
    private func matches(
        _ target: RecordConversion.Target,
        _ made: ObjectDefinition,
        _ keys: Set<[String]>
    ) throws -> [[String]: [RecordID]] {
        let conditions = target.matchBy.enumerated().compactMap { place, name -> String? in
            guard let field = made.field(name), let type = FlowType(field) else { return nil }
            let literals = Set(keys.map { $0[place] }).sorted().compactMap { text in
                FlowConversion.value(of: text, as: type).flatMap(SOQLText.literal)
            }
            return literals.isEmpty ? nil : "\(name) IN (\(literals.joined(separator: ", ")))"
        }
        guard !conditions.isEmpty else { return [:] }
        let names = target.matchBy.map(\.text).joined(separator: ", ")
        let rows = try writer.query(
            "SELECT Id, \(names) FROM \(made.name) WHERE "
                + conditions.joined(separator: " AND ")
        ) { TableSink($0) }.sink.rows
        var matches: [[String]: [RecordID]] = [:]
        for row in rows {
            guard let id = row.first?.id else { continue }
            let key = row.dropFirst().compactMap { FlowConversion.text($0)?.lowercased() }
            if keys.contains(key) { matches[key, default: []].append(id) }
        }
        return matches
    }

    /// Fields of records that were there get a value only where they have none.
    func fill(
        _ target: RecordConversion.Target,
        _ made: ObjectDefinition,
        _ found: [Int: RecordID],
        _ values: [Int: [(field: APIName, value: FieldValue)]],
        _ sources: inout [Source]
    ) throws {
        let places = found.keys.sorted().filter { sources[$0].failure == nil }
        guard !places.isEmpty else { return }
        let ids = Array(Set(places.compactMap { found[$0] })).sorted()
        let names = target.assignments.map(\.field)
        let page = try writer.retrieve(ids, of: made, fields: ["Id"] + names.map(\.text)) {
            TableSink($0)
        }
        var blank: [RecordID: Set<APIName>] = [:]
        for row in page.sink.rows {
            guard let id = row.first?.id else { continue }
            blank[id] = Set(zip(names, row.dropFirst()).filter { $0.1.isNull }.map(\.0))
        }
        var changes: [RecordID: JSONObject] = [:]
        for place in places {
            guard let id = found[place] else { continue }
            sources[place].made[target.name] = id
            for (field, value) in values[place] ?? [] where !value.isNull {
                guard blank[id]?.remove(field) != nil else { continue }
                changes[id, default: JSONObject()].members.append(
                    JSONObject.Member(name: field.text, value: FlowConversion.json(value))
                )
            }
        }
        let drafts = changes.sorted { $0.key < $1.key }.map { id, values in
            RecordDraft(object: made.name.text, id: id.description, values: values)
        }
        for (draft, result) in zip(drafts, try writer.save(drafts, .update))
        where !result.errors.isEmpty {
            for place in places where found[place]?.description == draft.id {
                sources[place].failure = told(result, target)
            }
        }
    }
}
