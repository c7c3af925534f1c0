package import Metadata

/// What kind of value a formula, or a part of it, gives.
package enum FormulaType: String, Sendable, Hashable, CaseIterable {
    case text, number, boolean, date, dateTime, time, id, picklist, multiselect, geolocation
    /// `NULL`: fits wherever any other type does.
    case null

    /// How messages and the documentation speak of it.
    package var title: String {
        switch self {
        case .text: "Text"
        case .number: "Number"
        case .boolean: "Checkbox"
        case .date: "Date"
        case .dateTime: "Date/Time"
        case .time: "Time"
        case .id: "Id"
        case .picklist: "Picklist"
        case .multiselect: "Multi-Select Picklist"
        case .geolocation: "Geolocation"
        case .null: "Null"
        }
    }

    /// The type of a formula field's `returnType`; `nil` for a word that is none.
    package init?(returnType: String) {
        switch returnType.lowercased() {
        case "text": self = .text
        case "number", "currency", "percent": self = .number
        case "checkbox", "boolean": self = .boolean
        case "date": self = .date
        case "datetime": self = .dateTime
        case "time": self = .time
        default: return nil
        }
    }
}

extension FieldDefinition {
    /// What a formula that names the field reads; `nil` for what no formula may read.
    package var formulaType: FormulaType? {
        switch type {
        case .id, .lookup, .masterDetail: .id
        case .text, .email, .phone, .url, .autoNumber, .longTextArea, .html: .text
        case .checkbox: .boolean
        case .number, .currency, .percent, .coordinate, .summary: .number
        case .date: .date
        case .dateTime: .dateTime
        case .time: .time
        case .picklist: .picklist
        case .multiselectPicklist: .multiselect
        case .location: .geolocation
        case .formula(let formula): FormulaType(returnType: formula.returns.rawValue)
        case .encryptedText, .address, .file: nil
        }
    }

    /// Whether formulas read a hundredth of what is stored: 50 per cent is 0.5.
    package var isPercent: Bool {
        switch type {
        case .percent: true
        case .formula(let formula): formula.returns == .percent
        case .id, .text, .longTextArea, .html, .encryptedText, .email, .phone, .url, .checkbox,
            .number, .currency, .date, .dateTime, .time, .picklist, .multiselectPicklist, .lookup,
            .masterDetail, .autoNumber, .address, .location, .coordinate, .file, .summary:
            false
        }
    }
}
