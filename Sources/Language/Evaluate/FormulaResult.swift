package import Metadata

extension FieldType.Formula {
    /// What a formula field shows of what its formula gives: a number at the field's scale, text no
    /// longer than allowed, a checkbox that is never empty.
    ///
    /// A number with more digits than there are is no value.
    package func shown(_ value: FieldValue) -> FieldValue {
        switch (returns, value) {
        case (.checkbox, .boolean): return value
        case (.checkbox, _): return .boolean(false)
        case (.number, .number(let number)), (.currency, .number(let number)),
            (.percent, .number(let number)):
            guard let digits = number.unscaled(at: scale) else { return .null }
            return .number(ExactDecimal(unscaled: digits, scale: scale))
        case (.text, .text(let text)):
            guard text.unicodeScalars.count > Self.lengthMax else {
                return text.isEmpty ? .null : .text(text)
            }
            return .text(
                String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.lengthMax)))
            )
        case (.date, .date), (.dateTime, .dateTime), (.time, .time): return value
        case (.number, _), (.currency, _), (.percent, _), (.text, _), (.date, _), (.dateTime, _),
            (.time, _):
            return .null
        }
    }
}
