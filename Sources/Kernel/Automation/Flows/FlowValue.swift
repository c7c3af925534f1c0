package import Metadata

/// What kind of value a flow holds in a place.
package indirect enum FlowType: Sendable, Hashable {
    case text, number, boolean, date, dateTime, time, id, picklist, multipicklist, coordinate
    case record(APIName)
    case collection(FlowType)

    init(_ type: FlowDataType, objectType: APIName?) {
        switch type {
        case .string: self = .text
        case .number, .currency: self = .number
        case .boolean: self = .boolean
        case .date: self = .date
        case .dateTime: self = .dateTime
        case .time: self = .time
        case .picklist: self = .picklist
        case .multipicklist: self = .multipicklist
        case .record: self = .record(objectType ?? "")
        }
    }

    /// The type of a field's values; `nil` for what a flow cannot hold.
    init?(_ field: FieldDefinition) {
        switch field.type {
        case .id, .lookup, .masterDetail: self = .id
        case .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .autoNumber:
            self = .text
        case .checkbox: self = .boolean
        case .number, .currency, .percent, .summary: self = .number
        case .date: self = .date
        case .dateTime: self = .dateTime
        case .time: self = .time
        case .picklist: self = .picklist
        case .multiselectPicklist: self = .multipicklist
        case .coordinate: self = .coordinate
        case .formula(let formula): self = FlowType(formula)
        case .address, .location, .file: return nil
        }
    }

    private init(_ formula: FieldType.Formula) {
        switch formula.returns {
        case .checkbox: self = .boolean
        case .date: self = .date
        case .dateTime: self = .dateTime
        case .time: self = .time
        case .number, .currency, .percent: self = .number
        case .text: self = .text
        }
    }

    package var isCollection: Bool { item != nil }

    /// What a collection's items are.
    package var item: FlowType? {
        if case .collection(let item) = self { item } else { nil }
    }

    package var object: APIName? {
        if case .record(let name) = self { name } else { nil }
    }

    /// Whether it is one value, neither a record nor a collection.
    package var isValue: Bool {
        switch self {
        case .record, .collection: false
        case .text, .number, .boolean, .date, .dateTime, .time, .id, .picklist, .multipicklist,
            .coordinate:
            true
        }
    }

    private var isText: Bool {
        switch self {
        case .text, .picklist, .multipicklist, .id: true
        case .number, .boolean, .date, .dateTime, .time, .coordinate, .record, .collection: false
        }
    }

    /// Whether a value of the other type can stand in its place.
    func takes(_ other: FlowType) -> Bool {
        switch (self, other) {
        case (.record(let one), .record(let two)): one == two
        case (.collection(let one), .collection(let two)): one.takes(two)
        case (.dateTime, .date), (.date, .dateTime), (.coordinate, .number), (.number, .coordinate):
            true
        // Whatever can be written can be text.
        case (.text, _): other.isValue
        default: self == other || isText && other.isText
        }
    }

    /// What people read.
    package var name: String {
        switch self {
        case .text: "text"
        case .number: "a number"
        case .boolean: "a boolean"
        case .date: "a date"
        case .dateTime: "a date and time"
        case .time: "a time"
        case .id: "an id"
        case .picklist: "a picklist value"
        case .multipicklist: "picklist values"
        case .coordinate: "a coordinate"
        case .record(let object): "a record of \(object)"
        case .collection(let item): "a collection, each item \(item.name)"
        }
    }
}

/// What a flow holds in a place.
package enum FlowValue: Sendable, Hashable {
    case value(FieldValue)
    /// `nil` where there is none, such as a lookup that found nothing.
    case record(FlowRecord?)
    case collection([FlowValue])

    /// Nothing, in the form that a type has.
    static func empty(_ type: FlowType) -> FlowValue {
        switch type {
        case .record: .record(nil)
        case .collection: .collection([])
        case .boolean: .value(.boolean(false))
        case .text, .number, .date, .dateTime, .time, .id, .picklist, .multipicklist, .coordinate:
            .value(.null)
        }
    }

    package var value: FieldValue {
        if case .value(let value) = self { value } else { .null }
    }

    package var record: FlowRecord? {
        if case .record(let record) = self { record } else { nil }
    }

    package var items: [FlowValue] {
        if case .collection(let items) = self { items } else { [] }
    }

    package var isNull: Bool {
        switch self {
        case .value(let value): value.isNull
        case .record(let record): record == nil
        case .collection(let items): items.isEmpty
        }
    }
}

/// A record as a flow holds it: the fields that were read, and those given values since.
package struct FlowRecord: Sendable, Hashable {
    package let object: ObjectDefinition
    package var id: RecordID?
    /// By field index.
    package var values: [Int: FieldValue]
    /// Fields given values by the flow, which an update sends.
    package var changed: Set<Int> = []

    package init(object: ObjectDefinition, id: RecordID? = nil, values: [Int: FieldValue] = [:]) {
        self.object = object
        self.id = id
        self.values = values
    }

    /// A stored record, or one on its way to be.
    init(_ record: StoredRecord, of object: ObjectDefinition) {
        self.init(object: object, id: record.id.number == 0 ? nil : record.id)
        for field in object.fields where field.isStored { values[field.index] = record[field] }
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.object.name == right.object.name && left.id == right.id
            && left.values == right.values
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(object.name)
        hasher.combine(id)
    }
}
