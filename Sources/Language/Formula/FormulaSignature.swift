/// What a function takes and gives, and how the documentation speaks of it.
package struct FormulaSignature: Sendable {
    package enum Section: String, Sendable, CaseIterable {
        case logic = "Logic"
        case text = "Text"
        case number = "Numbers"
        case date = "Dates and times"
        case other = "Other records"
    }

    /// What an argument may be.
    enum Parameter: Sendable {
        case text, number, boolean, date, dateTime, time, geolocation
        /// A date or a datetime.
        case day
        /// Anything that can be told from text: text, datetimes.
        case any

        var types: [FormulaType] {
            switch self {
            case .text: [.text]
            case .number: [.number]
            case .boolean: [.boolean]
            case .date: [.date]
            case .dateTime: [.dateTime]
            case .time: [.time]
            case .geolocation: [.geolocation]
            case .day: [.date, .dateTime]
            case .any: FormulaType.allCases
            }
        }
    }

    package let section: Section
    /// `LEFT(text, count)`.
    package let form: String
    package let summary: String
    package let result: FormulaType
    /// `nil` where the checker knows the function by name.
    let parameters: [Parameter]?
    /// How many of them must be there.
    let required: Int
    /// Whether the last may be repeated.
    let repeats: Bool

    init(
        _ section: Section,
        _ form: String,
        _ parameters: [Parameter]?,
        _ result: FormulaType,
        required: Int? = nil,
        repeats: Bool = false,
        _ summary: String
    ) {
        self.section = section
        self.form = form
        self.parameters = parameters
        self.result = result
        self.required = required ?? parameters?.count ?? 0
        self.repeats = repeats
        self.summary = summary
    }
}

extension FormulaFunction {
    /// What the function takes and gives.
    package var signature: FormulaSignature {
        switch signatureSection {
        case .logic: logicSignature
        case .text: textSignature
        case .number: numberSignature
        case .date, .other: dateSignature
        }
    }

    private var signatureSection: FormulaSignature.Section {
        switch self {
        case .if, .case, .ifError, .isBlank, .isNull, .blankValue, .nullValue, .isNumber, .isNew,
            .isClone, .isChanged, .priorValue, .isPickVal, .includes, .isIn:
            .logic
        case .begins, .br, .caseSafeID, .contains, .find, .hyperlink, .image, .initCap, .left, .len,
            .lower, .lpad, .mid, .substr, .regex, .reverse, .right, .rpad, .substitute, .text,
            .trim, .upper, .value, .ascii, .chr, .htmlEncode, .jsEncode, .jsInHTMLEncode,
            .urlEncode, .formatCurrency, .jsonValue, .jsonPathValue:
            .text
        case .abs, .ceiling, .floor, .mceiling, .mfloor, .round, .trunc, .mod, .max, .min, .sqrt,
            .exp, .ln, .log, .pi, .sin, .cos, .tan, .asin, .acos, .atan, .atan2, .distance,
            .geolocation, .currencyRate:
            .number
        case .addMonths, .date, .dateValue, .dateTimeValue, .timeValue, .day, .month, .year,
            .dayOfYear, .weekday, .isoWeek, .isoYear, .hour, .minute, .second, .millisecond, .now,
            .today, .timeNow, .unixTimestamp, .fromUnixTime, .formatDuration:
            .date
        case .vlookup: .other
        }
    }

    typealias Signature = FormulaSignature

    private var logicSignature: FormulaSignature {
        switch self {
        case .if:
            Signature(
                .logic,
                "IF(test, then, else)",
                nil,
                .null,
                "`then` where the test holds, else `else`; a blank test does not hold."
            )
        case .case:
            Signature(
                .logic,
                "CASE(value, value1, result1, …, else)",
                nil,
                .null,
                "The result behind the first value that is equal."
            )
        case .ifError:
            Signature(
                .logic,
                "IFERROR(value, instead)",
                nil,
                .null,
                "`instead` where `value` cannot be computed."
            )
        case .isBlank:
            Signature(
                .logic,
                "ISBLANK(value)",
                nil,
                .boolean,
                "Whether there is no value; empty text is none."
            )
        case .isNull:
            Signature(
                .logic,
                "ISNULL(value)",
                nil,
                .boolean,
                "As ISBLANK, but text always counts as a value. Prefer ISBLANK."
            )
        case .blankValue:
            Signature(
                .logic,
                "BLANKVALUE(value, instead)",
                nil,
                .null,
                "`instead` where `value` is blank."
            )
        case .nullValue:
            Signature(
                .logic,
                "NULLVALUE(value, instead)",
                nil,
                .null,
                "As BLANKVALUE, but text always counts as a value. Prefer BLANKVALUE."
            )
        case .isNumber:
            Signature(.logic, "ISNUMBER(text)", [.text], .boolean, "Whether VALUE could read it.")
        case .isNew:
            Signature(.logic, "ISNEW()", [], .boolean, "Whether the record is being created.")
        case .isClone:
            Signature(.logic, "ISCLONE()", [], .boolean, "Whether it is created as a copy.")
        case .isChanged:
            Signature(
                .logic,
                "ISCHANGED(field)",
                nil,
                .boolean,
                "Whether the save changes the field; false for a new record."
            )
        case .priorValue:
            Signature(
                .logic,
                "PRIORVALUE(field)",
                nil,
                .null,
                "The field's value before the save; of a new record its present one."
            )
        case .isPickVal:
            Signature(
                .logic,
                "ISPICKVAL(picklist, text)",
                nil,
                .boolean,
                "Whether the picklist holds that value; an empty text stands for none."
            )
        case .includes:
            Signature(
                .logic,
                "INCLUDES(multiselect, text)",
                nil,
                .boolean,
                "Whether the value is among those chosen."
            )
        default:
            Signature(
                .logic,
                "IN(value, value1, …)",
                nil,
                .boolean,
                "Whether the value is equal to one of the others."
            )
        }
    }

    /// Names that Salesforce knows and that are refused here, with the reason.
    package static let refused: [(name: String, reason: String)] = [
        ("GETSESSIONID", "a session must not leave the session"),
        ("GETRECORDIDS", "there are no list buttons with scripts"),
        ("INCLUDE", "there are no s-controls"),
        ("LINKTO", "links are made by pages; use HYPERLINK"),
        ("URLFOR", "links are made by pages; use HYPERLINK"),
        ("REQUIRESCRIPT", "pages take no scripts from formulas"),
        ("IMAGEPROXYURL", "images are shown from where they are"),
        ("PARENTGROUPVAL", "it belongs to reports"),
        ("PREVGROUPVAL", "it belongs to reports"),
        ("PREDICT", "there is no prediction service"),
        ("RANDOM", "a formula gives the same value each time it is read"),
        ("ISTEMPLATE", "there are no field sets in formulas"),
        ("JUNCTIONIDLIST", "it is part of field sets"),
    ]
}
