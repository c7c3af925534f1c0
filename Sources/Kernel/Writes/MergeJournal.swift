import Metadata

/// What one merge changed, so that it can be undone.
struct MergeJournal {
    static let documentKind = "merge"

    /// One value of one record that became another.
    struct Change {
        let record: RecordID
        let field: APIName
        let before: JSONValue
        let after: JSONValue
    }

    let master: RecordID
    let merged: [RecordID]
    let at: Instant
    /// The master's own values.
    var values: [Change] = []
    /// Lookups that pointed to a merged record.
    var moves: [Change] = []
    /// Records that would have said the same twice, and were deleted.
    var removed: [RecordID] = []

    init(master: RecordID, merged: [RecordID], at: Instant) {
        self.master = master
        self.merged = merged
        self.at = at
    }

    /// When it can no longer be undone.
    var expires: Instant { at.adding(seconds: Limits.unmergeDays * 24 * 3_600) }
}

extension MergeJournal {
    var text: String {
        var writer = JSONWriter()
        writer.value(
            .object([
                "master": MergeJournal.json(master),
                "merged": .array(merged.map(MergeJournal.json)),
                "at": .number(JSONNumber(at.milliseconds)),
                "values": .array(values.map(MergeJournal.json)),
                "moves": .array(moves.map(MergeJournal.json)),
                "removed": .array(removed.map(MergeJournal.json)),
            ])
        )
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Reads what `text` wrote; `nil` for anything else.
    init?(_ text: String) {
        guard let json = try? JSONParser.parse(Array(text.utf8)),
            let master = MergeJournal.id(json["master"]),
            let at = json["at"]?.number.flatMap({ Int64($0.literal) })
        else { return nil }
        self.init(
            master: master,
            merged: (json["merged"]?.array ?? []).compactMap(MergeJournal.id),
            at: Instant(milliseconds: at)
        )
        values = (json["values"]?.array ?? []).compactMap(MergeJournal.change)
        moves = (json["moves"]?.array ?? []).compactMap(MergeJournal.change)
        removed = (json["removed"]?.array ?? []).compactMap(MergeJournal.id)
    }

    private static func json(_ id: RecordID) -> JSONValue { .string(id.description) }

    private static func json(_ change: Change) -> JSONValue {
        .array([json(change.record), .string(change.field.text), change.before, change.after])
    }

    private static func id(_ json: JSONValue?) -> RecordID? {
        json?.string.flatMap { try? RecordID($0) }
    }

    private static func change(_ json: JSONValue) -> Change? {
        guard let parts = json.array, parts.count == 4, let record = id(parts[0]),
            let field = parts[1].string
        else { return nil }
        return Change(
            record: record,
            field: APIName(field),
            before: parts[2],
            after: parts[3]
        )
    }
}

extension FieldValue {
    /// The value as a client would send it.
    func draftJSON(_ field: FieldDefinition) -> JSONValue {
        switch self {
        case .null, .blob: .null
        case .text(let text): .string(text)
        case .boolean(let isTrue): .bool(isTrue)
        case .number(let number): .number(JSONNumber(number))
        case .date, .dateTime, .time, .id, .coordinate:
            HistoricText.text(of: self, field).map { .string($0) } ?? .null
        }
    }
}
