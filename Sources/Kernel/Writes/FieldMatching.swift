import Metadata

/// When two values of a field count as the same.
enum FieldMatching {
    /// A value in the form in which equal ones are equal: texts in upper case, unless the field
    /// tells cases apart.
    static func folded(_ value: FieldValue, of field: FieldDefinition) -> FieldValue {
        guard case .text(let text) = value, !field.isCaseSensitive else { return value }
        return .text(text.uppercased())
    }
}
