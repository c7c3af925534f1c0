import Metadata

// What becomes of the converted record, and of what belongs to it.
extension ConversionRun {
    func move(_ target: RecordConversion.Target, _ sources: inout [Source]) throws {
        var aims: [RecordID: (place: Int, id: RecordID)] = [:]
        for (place, source) in sources.enumerated() where source.failure == nil {
            if let id = source.made[target.name] { aims[source.id] = (place, id) }
        }
        guard !aims.isEmpty else { return }
        for name in target.moves {
            let known = writer.schema.childRelationship(name, of: object.name)
            guard let relationship = known, writer.access.mayRead(relationship.child) else {
                continue
            }
            var moved: Set<RecordID> = []
            while try move(relationship, aims, target, &moved, &sources) {}
        }
    }

    /// Moves a page of them.
    ///
    /// - Returns: whether there may be more.
    private func move(
        _ relationship: OrgSchema.ChildRelationship,
        _ aims: [RecordID: (place: Int, id: RecordID)],
        _ target: RecordConversion.Target,
        _ moved: inout Set<RecordID>,
        _ sources: inout [Source]
    ) throws -> Bool {
        let (child, lookup) = (relationship.child, relationship.field.name)
        let list = aims.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
        let rows = try writer.query(
            "SELECT Id, \(lookup) FROM \(child.name) WHERE \(lookup) IN (\(list)) "
                + "LIMIT \(Limits.saveBatchMax)"
        ) { TableSink($0) }.sink.rows
        var places: [Int] = []
        var drafts: [RecordDraft] = []
        for row in rows {
            guard row.count == 2, let id = row[0].id, let aim = row[1].id.flatMap({ aims[$0] }),
                moved.insert(id).inserted
            else { continue }
            places.append(aim.place)
            drafts.append(
                RecordDraft(
                    object: child.name.text,
                    id: id.description,
                    values: [lookup.text: .string(aim.id.description)]
                )
            )
        }
        var isComplete = true
        for (place, result) in zip(places, try writer.save(drafts, .update))
        where !result.errors.isEmpty {
            sources[place].failure = told(result, target)
            isComplete = false
        }
        return isComplete && drafts.count == Limits.saveBatchMax
    }

    /// The converted records say what they became.
    func mark(_ sources: inout [Source]) throws {
        var drafts: [RecordDraft] = []
        var places: [Int] = []
        for (place, source) in sources.enumerated() where source.failure == nil {
            var values = JSONObject()
            func set(_ name: APIName, _ value: JSONValue) {
                values.members.append(JSONObject.Member(name: name.text, value: value))
            }
            for target in conversion.targets {
                if let lookup = target.sourceLookup, let id = source.made[target.name] {
                    set(lookup, .string(id.description))
                }
            }
            for (field, value) in self.values(conversion.assignments, of: object, source) {
                set(field, FlowConversion.json(value))
            }
            if let flag = conversion.convertedField { set(flag, .bool(true)) }
            guard !values.members.isEmpty else { continue }
            drafts.append(
                RecordDraft(object: object.name.text, id: source.id.description, values: values)
            )
            places.append(place)
        }
        for (place, result) in zip(places, try writer.save(drafts, .update))
        where !result.errors.isEmpty {
            sources[place].failure =
                result.errors.first ?? RecordError(.unknownException, "it was not saved")
        }
    }
}
