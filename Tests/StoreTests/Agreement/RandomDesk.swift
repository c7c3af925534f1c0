import Metadata
import TestSupport

@testable import Kernel

/// Random records of the service desk: nulls, odd texts, boundary dates, deleted ones.
struct RandomDesk {
    static let counts: [(object: APIName, count: Int)] = [
        ("Account", 18), ("Contact", 36), ("Case", 70), ("CaseComment", 50), ("Task", 40),
        ("Event", 20),
    ]

    let schema: OrgSchema
    /// Who may own records.
    let owners: [RecordID]
    let today: Int
    var choice: RandomChoice
    private(set) var records: [(object: ObjectDefinition, records: [StoredRecord])] = []
    private var ids: [APIName: [RecordID]] = [:]

    init(schema: OrgSchema, owners: [RecordID], today: Int, seed: UInt64) {
        self.schema = schema
        self.owners = owners
        self.today = today
        choice = RandomChoice(seed: seed)
        ids["User"] = owners.filter { $0.prefix == schema.object("User")?.keyPrefix }
        ids["Group"] = owners.filter { $0.prefix == schema.object("Group")?.keyPrefix }
        for (name, count) in Self.counts {
            guard let object = schema.object(name) else { continue }
            ids[name] = (1...count).map {
                RecordID(prefix: object.keyPrefix, sequence: 500_000 + Int64($0))
            }
        }
        for (name, _) in Self.counts {
            guard let object = schema.object(name) else { continue }
            let made = (ids[name] ?? []).map { record($0, object) }
            records.append((object, made))
        }
    }

    private mutating func record(_ id: RecordID, _ object: ObjectDefinition) -> StoredRecord {
        var values: [FieldValue] = []
        for field in object.fields { values.append(value(field, id)) }
        return StoredRecord(id: id, values: values)
    }

    private mutating func value(_ field: FieldDefinition, _ id: RecordID) -> FieldValue {
        if case .id = field.type { return .id(id) }
        if field.name == "IsDeleted" { return .boolean(choice.chance(8)) }
        if field.name == "OwnerId" { return .id(choice.one(of: owners)) }
        if field.isUnique {
            return choice.chance(50)
                ? .null : .text("\(choice.one(of: RandomValues.texts))#\(id.sequence)")
        }
        if choice.chance(18), !field.isCheckbox { return .null }
        switch field.type {
        case .id, .address, .location, .formula, .summary, .file: return .null
        case .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .autoNumber:
            return .text(choice.one(of: RandomValues.texts))
        case .checkbox: return .boolean(choice.chance(50))
        case .number(_, let scale), .currency(_, let scale), .percent(_, let scale):
            let digits = choice.one(of: [0, 1, -1, 5, 10, 99, 100, 101, 1_000, -1_050, 123_456])
            return .number(ExactDecimal(unscaled: Int64(digits), scale: scale))
        case .date: return .date(choice.one(of: RandomValues.days(around: today)))
        case .dateTime: return .dateTime(RandomValues.moment(&choice, around: today))
        case .time: return .time(choice.number(0...86_399_999))
        case .picklist(let picklist): return choice(of: picklist).map { .text($0) } ?? .null
        case .multiselectPicklist(let picklist):
            let some = Set(choice.some(of: picklist.values.map(\.name), atMost: 3))
            return .text(
                picklist.values.map(\.name).filter(some.contains).joined(separator: ";")
            )
        case .lookup(let reference), .masterDetail(let reference):
            let targets = reference.targets.flatMap { ids[$0] ?? [] }
            return choice.any(of: targets).map { .id($0) } ?? .null
        case .coordinate: return .coordinate(choice.one(of: RandomValues.coordinates))
        }
    }

    private mutating func choice(of picklist: Picklist) -> String? {
        guard let name = choice.any(of: picklist.values.map(\.name)) else { return nil }
        // Values that came in before the list was as it is now.
        if choice.chance(5) { return "Retired" }
        return choice.chance(8) ? name.uppercased() : name
    }
}

extension FieldDefinition {
    fileprivate var isCheckbox: Bool {
        if case .checkbox = type { true } else { false }
    }
}
