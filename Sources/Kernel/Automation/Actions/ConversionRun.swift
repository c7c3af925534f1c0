import Metadata

/// Converts records of one object together: one query or save for each target, not for each record.
///
/// What cannot be converted is left as it was.
struct ConversionRun {
    let conversion: RecordConversion
    let object: ObjectDefinition
    let writer: RecordWriter

    /// A record on its way.
    struct Source {
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

    func values(
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

    func told(_ result: SaveResult, _ target: RecordConversion.Target) -> RecordError {
        let error = result.errors.first ?? RecordError(.unknownException, "it was not saved")
        return RecordError(error.code, "\(target.name): \(error.message)", fields: error.fields)
    }
}
