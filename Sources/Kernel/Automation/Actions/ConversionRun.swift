import Metadata

/// Converts records of one object together: one query or save for each target, not for each record.
///
/// What cannot be converted is left as it was.
struct ConversionRun {
    let conversion: RecordConversion
    let object: ObjectDefinition
    let writer: RecordWriter

    /// A record on its way.
    private struct Source {
        let id: RecordID
        let call: ActionCall
        /// What the conversion reads of it, by path.
        var values: [String: FieldValue] = [:]
        var made: [APIName: RecordID] = [:]
        var created: [RecordID] = []
        var failure: RecordError?
    }

    private struct Undone: Error {}

    /// What became of each call, in their order.
    func convert(_ calls: [ActionCall]) throws -> [ActionOutcome] {
        var sources = calls.map { call in
            Source(id: call.id("recordId") ?? RecordID(number: 0), call: call)
        }
        try read(&sources)
        while true {
            var attempt = sources
            do {
                try writer.savepoint {
                    try run(&attempt)
                    if zip(sources, attempt).contains(where: {
                        $0.failure == nil && $1.failure != nil
                    }) {
                        throw Undone()
                    }
                }
                return attempt.map(outcome)
            } catch is Undone {
                for place in sources.indices { sources[place].failure = attempt[place].failure }
            }
        }
    }

    private func outcome(_ source: Source) -> ActionOutcome {
        if let failure = source.failure { return .failure(failure) }
        let all = conversion.targets.compactMap { source.made[$0.name] }
        return .success([
            "recordIds": .collection(all.map { .value(.id($0)) }),
            "createdIds": .collection(source.created.map { .value(.id($0)) }),
        ])
    }

    private func run(_ sources: inout [Source]) throws {
        for target in conversion.targets { try make(target, &sources) }
        for target in conversion.targets { try move(target, &sources) }
        try mark(&sources)
    }

    // MARK: - Reading

    /// With the caller's rights; a record that was converted is refused.
    private func read(_ sources: inout [Source]) throws {
        var paths: [String] = []
        let assignments = conversion.targets.flatMap(\.assignments) + conversion.assignments
        for case .field(let path) in assignments.map(\.source) where !paths.contains(path) {
            paths.append(path)
        }
        if let flag = conversion.convertedField?.text { paths.append(flag) }
        let ids = Array(Set(sources.map(\.id))).sorted()
        let page = try writer.retrieve(ids, of: object, fields: ["Id"] + paths) { TableSink($0) }
        let rows = Dictionary(
            page.sink.rows.compactMap { row in row.first?.id.map { ($0, row) } },
            uniquingKeysWith: { first, _ in first }
        )
        var seen: Set<RecordID> = []
        for place in sources.indices {
            guard let row = rows[sources[place].id] else {
                sources[place].failure = RecordError(
                    .invalidCrossReferenceKey,
                    "invalid cross reference id"
                )
                continue
            }
            guard seen.insert(sources[place].id).inserted else {
                sources[place].failure = RecordError(
                    .duplicateValue,
                    "the \(object.label) is converted in the same call already"
                )
                continue
            }
            for (path, value) in zip(paths, row.dropFirst()) { sources[place].values[path] = value }
            if let flag = conversion.convertedField?.text,
                sources[place].values[flag] == .boolean(true)
            {
                sources[place].failure = RecordError(
                    .invalidOperation,
                    "the \(object.label) has been converted already",
                    fields: [APIName(flag)]
                )
            }
        }
    }

    // MARK: - Targets

    private func make(_ target: RecordConversion.Target, _ sources: inout [Source]) throws {
        guard let made = writer.schema.object(target.object) else { return }
        let going = sources.indices.filter {
            sources[$0].failure == nil && !skips(target, sources[$0].call)
        }
        let values = Dictionary(
            going.map { ($0, self.values(target.assignments, of: made, sources[$0])) },
            uniquingKeysWith: { first, _ in first }
        )
        let found = try find(target, made, going, values, &sources)
        var drafts: [RecordDraft] = []
        var owners: [[Int]] = []
        var byKey: [[String]: Int] = [:]
        for place in going where found[place] == nil && sources[place].failure == nil {
            let given = values[place] ?? []
            // Two records that would make the same one share it.
            if let key = key(target, given) {
                if let known = byKey[key] {
                    owners[known].append(place)
                    continue
                }
                byKey[key] = drafts.count
            }
            drafts.append(draft(made, given, sources[place].call))
            owners.append([place])
        }
        for (places, result) in zip(owners, try writer.save(drafts, .create)) {
            for (turn, place) in places.enumerated() {
                guard let id = result.id else {
                    sources[place].failure = told(result, target)
                    continue
                }
                sources[place].made[target.name] = id
                if turn == 0 { sources[place].created.append(id) }
            }
        }
        try fill(target, made, found, values, &sources)
    }

    private func skips(_ target: RecordConversion.Target, _ call: ActionCall) -> Bool {
        (call.text("skipTargets") ?? "").split(separator: ",")
            .contains { APIName($0.filter { !$0.isWhitespace }) == target.name }
    }

    private func values(
        _ assignments: [RecordConversion.Assignment],
        of made: ObjectDefinition,
        _ source: Source
    ) -> [(field: APIName, value: FieldValue)] {
        assignments.map { assignment in
            let value: FieldValue =
                switch assignment.source {
                case .value(let text):
                    made.field(assignment.field).flatMap { FlowType($0) }
                        .flatMap { FlowConversion.value(of: text, as: $0) } ?? .null
                case .field(let path): source.values[path] ?? .null
                case .target(let name): source.made[name].map { .id($0) } ?? .null
                }
            return (assignment.field, value)
        }
    }

    private func draft(
        _ made: ObjectDefinition,
        _ given: [(field: APIName, value: FieldValue)],
        _ call: ActionCall
    ) -> RecordDraft {
        var values = JSONObject(
            given.filter { !$0.value.isNull }.map {
                JSONObject.Member(name: $0.field.text, value: FlowConversion.json($0.value))
            }
        )
        if let owner = call.id("ownerId"), let field = made.ownerField {
            values.members.append(
                JSONObject.Member(name: field.name.text, value: .string(owner.description))
            )
        }
        return RecordDraft(object: made.name.text, values: values)
    }

    private func told(_ result: SaveResult, _ target: RecordConversion.Target) -> RecordError {
        let error = result.errors.first ?? RecordError(.unknownException, "it was not saved")
        return RecordError(error.code, "\(target.name): \(error.message)", fields: error.fields)
    }

    // MARK: - Records that are there

    /// The records to use instead of new ones: those that the call names, then those that match.
    private func find(
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
    private func key(
        _ target: RecordConversion.Target,
        _ given: [(field: APIName, value: FieldValue)]
    ) -> [String]? {
        guard !target.matchBy.isEmpty else { return nil }
        let key = target.matchBy.compactMap { name in
            given.first { $0.field == name }.flatMap { FlowConversion.text($0.value) }?.lowercased()
        }
        return key.count == target.matchBy.count ? key : nil
    }

    /// By the first field, with the caller's rights; the others are compared here.
    private func matches(
        _ target: RecordConversion.Target,
        _ made: ObjectDefinition,
        _ keys: Set<[String]>
    ) throws -> [[String]: [RecordID]] {
        guard let first = target.matchBy.first, !keys.isEmpty,
            let field = made.field(first), let type = FlowType(field)
        else { return [:] }
        let literals = Set(keys.compactMap(\.first)).sorted().compactMap { text in
            FlowConversion.value(of: text, as: type).flatMap(SOQLText.literal)
        }
        guard !literals.isEmpty else { return [:] }
        let names = target.matchBy.map(\.text).joined(separator: ", ")
        let rows = try writer.query(
            "SELECT Id, \(names) FROM \(made.name) WHERE \(first) IN "
                + "(\(literals.joined(separator: ", ")))"
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
    private func fill(
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

    // MARK: - What goes along

    private func move(_ target: RecordConversion.Target, _ sources: inout [Source]) throws {
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
    private func mark(_ sources: inout [Source]) throws {
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
