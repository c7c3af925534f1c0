package import Metadata

// What a query may do with a field of each kind; the describe resources say the same.
extension FieldDefinition {
    /// Whether a WHERE clause may name it.
    package var isFilterable: Bool {
        switch valueType {
        case .id, .text, .multiPicklist, .boolean, .integer, .decimal, .real, .date, .dateTime,
            .time:
            true
        case .longText, .encrypted, .file: false
        }
    }

    /// Whether an ORDER BY clause may name it.
    package var isSortable: Bool {
        switch valueType {
        case .id, .text, .boolean, .integer, .decimal, .real, .date, .dateTime, .time: true
        case .multiPicklist, .longText, .encrypted, .file: false
        }
    }

    /// Whether a GROUP BY clause may name it.
    package var isGroupable: Bool {
        switch valueType {
        case .id, .text, .boolean, .integer, .date: true
        case .decimal, .real, .dateTime, .time, .multiPicklist, .longText, .encrypted, .file: false
        }
    }

    /// Whether MIN, MAX or COUNT may take it.
    package var isAggregatable: Bool {
        switch valueType {
        case .id, .text, .integer, .decimal, .real, .date, .dateTime: true
        case .boolean, .time, .multiPicklist, .longText, .encrypted, .file: false
        }
    }

    /// Whether its values are sums of money.
    var isCurrency: Bool {
        switch type {
        case .currency: true
        case .formula(let formula): formula.returns == .currency
        case .id, .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .checkbox,
            .number, .percent, .date, .dateTime, .time, .picklist, .multiselectPicklist, .lookup,
            .masterDetail, .autoNumber, .address, .location, .coordinate, .file, .summary:
            false
        }
    }
}

extension ValueType {
    /// The name by which error messages speak of it.
    var wireName: String {
        switch self {
        case .id: "ID"
        case .text, .longText, .encrypted: "string"
        case .multiPicklist: "multipicklist"
        case .boolean: "boolean"
        case .integer: "int"
        case .decimal, .real: "double"
        case .date: "date"
        case .dateTime: "dateTime"
        case .time: "time"
        case .file: "base64"
        }
    }

    var isQuoted: Bool {
        switch self {
        case .id, .text, .longText, .multiPicklist, .encrypted, .file: true
        case .boolean, .integer, .decimal, .real, .date, .dateTime, .time: false
        }
    }
}
