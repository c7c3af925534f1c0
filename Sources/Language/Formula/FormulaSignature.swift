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

    fileprivate init(
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

    private typealias Signature = FormulaSignature

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

    private var textSignature: FormulaSignature {
        switch self {
        case .begins:
            Signature(
                .text,
                "BEGINS(text, start)",
                [.text, .text],
                .boolean,
                "Whether the text begins so; an empty start begins every text."
            )
        case .br: Signature(.text, "BR()", [], .text, "A line break, `<br>`.")
        case .caseSafeID:
            Signature(.text, "CASESAFEID(id)", [.text], .text, "The 18 characters of an id.")
        case .contains:
            Signature(
                .text,
                "CONTAINS(text, part)",
                [.text, .text],
                .boolean,
                "Whether the part is in the text; an empty part is in every text."
            )
        case .find:
            Signature(
                .text,
                "FIND(part, text[, start])",
                [.text, .text, .number],
                .number,
                required: 2,
                "The place of the part, from 1; 0 where it is not there."
            )
        case .hyperlink:
            Signature(
                .text,
                "HYPERLINK(url, name[, target])",
                [.text, .text, .text],
                .text,
                required: 2,
                "A link."
            )
        case .image:
            Signature(
                .text,
                "IMAGE(url, alternative[, height, width])",
                [.text, .text, .number, .number],
                .text,
                required: 2,
                "An image."
            )
        case .initCap:
            Signature(
                .text,
                "INITCAP(text)",
                [.text],
                .text,
                "Each word with a capital, the rest small."
            )
        case .left:
            Signature(.text, "LEFT(text, count)", [.text, .number], .text, "The first characters.")
        case .len: Signature(.text, "LEN(text)", [.text], .number, "How many characters it has.")
        case .lower:
            Signature(
                .text,
                "LOWER(text[, locale])",
                [.text, .text],
                .text,
                required: 1,
                "In small letters."
            )
        case .lpad:
            Signature(
                .text,
                "LPAD(text, length[, fill])",
                [.text, .number, .text],
                .text,
                required: 2,
                "Filled at the left to the length, or cut to it."
            )
        case .mid:
            Signature(
                .text,
                "MID(text, start, count)",
                [.text, .number, .number],
                .text,
                "Characters from the place `start`, from 1."
            )
        case .substr:
            Signature(
                .text,
                "SUBSTR(text, start[, count])",
                [.text, .number, .number],
                .text,
                required: 2,
                "As MID; without a count, to the end."
            )
        case .regex:
            Signature(
                .text,
                "REGEX(text, pattern)",
                [.text, .text],
                .boolean,
                "Whether the whole text matches the regular expression."
            )
        case .reverse: Signature(.text, "REVERSE(text)", [.text], .text, "From back to front.")
        case .right:
            Signature(.text, "RIGHT(text, count)", [.text, .number], .text, "The last characters.")
        case .rpad:
            Signature(
                .text,
                "RPAD(text, length[, fill])",
                [.text, .number, .text],
                .text,
                required: 2,
                "Filled at the right to the length, or cut to it."
            )
        case .substitute:
            Signature(
                .text,
                "SUBSTITUTE(text, old, new)",
                [.text, .text, .text],
                .text,
                "With every `old` replaced."
            )
        case .text:
            Signature(
                .text,
                "TEXT(value)",
                nil,
                .text,
                "A number, a date, a time or a picklist as text."
            )
        case .trim: Signature(.text, "TRIM(text)", [.text], .text, "Without blanks at its ends.")
        case .upper:
            Signature(
                .text,
                "UPPER(text[, locale])",
                [.text, .text],
                .text,
                required: 1,
                "In capitals."
            )
        case .value:
            Signature(.text, "VALUE(text)", [.text], .number, "The number that the text is.")
        case .ascii:
            Signature(.text, "ASCII(text)", [.text], .number, "The code of the first character.")
        case .chr: Signature(.text, "CHR(code)", [.number], .text, "The character of a code.")
        case .htmlEncode:
            Signature(.text, "HTMLENCODE(text)", [.text], .text, "Safe inside HTML.")
        case .jsEncode:
            Signature(.text, "JSENCODE(text)", [.text], .text, "Safe inside a JavaScript text.")
        case .jsInHTMLEncode:
            Signature(
                .text,
                "JSINHTMLENCODE(text)",
                [.text],
                .text,
                "Safe inside a JavaScript text that stands in HTML."
            )
        case .urlEncode:
            Signature(.text, "URLENCODE(text)", [.text], .text, "Safe inside a URL.")
        case .formatCurrency:
            Signature(
                .text,
                "FORMATCURRENCY(code, amount)",
                [.text, .number],
                .text,
                "An amount with its currency code and the currency's decimals."
            )
        case .jsonValue:
            Signature(
                .text,
                "JSONVALUE(json, name)",
                [.text, .text],
                .text,
                "A member of a JSON object, as text."
            )
        default:
            Signature(
                .text,
                "JSONPATHVALUE(json, path)",
                [.text, .text],
                .text,
                "What a path such as `$.a.b[0]` leads to, as text."
            )
        }
    }

    private var numberSignature: FormulaSignature {
        switch self {
        case .abs: Signature(.number, "ABS(number)", [.number], .number, "Without its sign.")
        case .ceiling:
            Signature(
                .number,
                "CEILING(number)",
                [.number],
                .number,
                "To the next whole number away from zero."
            )
        case .floor:
            Signature(
                .number,
                "FLOOR(number)",
                [.number],
                .number,
                "To the next whole number towards zero."
            )
        case .mceiling:
            Signature(
                .number,
                "MCEILING(number)",
                [.number],
                .number,
                "To the next greater whole number."
            )
        case .mfloor:
            Signature(
                .number,
                "MFLOOR(number)",
                [.number],
                .number,
                "To the next smaller whole number."
            )
        case .round:
            Signature(
                .number,
                "ROUND(number, decimals)",
                [.number, .number],
                .number,
                "Half is rounded away from zero."
            )
        case .trunc:
            Signature(
                .number,
                "TRUNC(number[, decimals])",
                [.number, .number],
                .number,
                required: 1,
                "Further decimals are cut off."
            )
        case .mod:
            Signature(
                .number,
                "MOD(number, divisor)",
                [.number, .number],
                .number,
                "What a whole division leaves, with the number's sign."
            )
        case .max:
            Signature(
                .number,
                "MAX(number, …)",
                [.number],
                .number,
                repeats: true,
                "The greatest."
            )
        case .min:
            Signature(
                .number,
                "MIN(number, …)",
                [.number],
                .number,
                repeats: true,
                "The least."
            )
        case .sqrt: Signature(.number, "SQRT(number)", [.number], .number, "The square root.")
        case .exp: Signature(.number, "EXP(number)", [.number], .number, "e to that power.")
        case .ln: Signature(.number, "LN(number)", [.number], .number, "The natural logarithm.")
        case .log:
            Signature(.number, "LOG(number)", [.number], .number, "The logarithm to base 10.")
        case .pi: Signature(.number, "PI()", [], .number, "3.14159…")
        case .sin: Signature(.number, "SIN(radians)", [.number], .number, "The sine.")
        case .cos: Signature(.number, "COS(radians)", [.number], .number, "The cosine.")
        case .tan: Signature(.number, "TAN(radians)", [.number], .number, "The tangent.")
        case .asin: Signature(.number, "ASIN(number)", [.number], .number, "The arc sine.")
        case .acos: Signature(.number, "ACOS(number)", [.number], .number, "The arc cosine.")
        case .atan: Signature(.number, "ATAN(number)", [.number], .number, "The arc tangent.")
        case .atan2:
            Signature(
                .number,
                "ATAN2(y, x)",
                [.number, .number],
                .number,
                "The angle of a point."
            )
        case .distance:
            Signature(
                .number,
                "DISTANCE(place, place, unit)",
                [.geolocation, .geolocation, .text],
                .number,
                "How far apart places are, in `mi` or `km`."
            )
        case .geolocation:
            Signature(
                .number,
                "GEOLOCATION(latitude, longitude)",
                [.number, .number],
                .geolocation,
                "A place, in degrees."
            )
        default:
            Signature(
                .number,
                "CURRENCYRATE(code)",
                [.text],
                .number,
                "The rate of a currency; 1, since an org has one currency."
            )
        }
    }

    private var dateSignature: FormulaSignature {
        switch self {
        case .addMonths:
            Signature(
                .date,
                "ADDMONTHS(date, count)",
                [.day, .number],
                .date,
                "The last day of a month stays the last day of one."
            )
        case .date:
            Signature(
                .date,
                "DATE(year, month, day)",
                [.number, .number, .number],
                .date,
                "A date; a day that does not exist is an error."
            )
        case .dateValue:
            Signature(
                .date,
                "DATEVALUE(value)",
                [.any],
                .date,
                "The day of a datetime in UTC, or of text."
            )
        case .dateTimeValue:
            Signature(
                .date,
                "DATETIMEVALUE(value)",
                [.any],
                .dateTime,
                "The moment of a text such as `2026-01-31 10:30:00`, in UTC, or of a date."
            )
        case .timeValue:
            Signature(
                .date,
                "TIMEVALUE(value)",
                [.any],
                .time,
                "The time of a datetime in UTC, or of a text such as `10:30:00.000`."
            )
        case .day: Signature(.date, "DAY(date)", [.day], .number, "The day of the month.")
        case .month: Signature(.date, "MONTH(date)", [.day], .number, "1 to 12.")
        case .year: Signature(.date, "YEAR(date)", [.day], .number, "The year.")
        case .dayOfYear: Signature(.date, "DAYOFYEAR(date)", [.day], .number, "1 to 366.")
        case .weekday:
            Signature(.date, "WEEKDAY(date)", [.day], .number, "1 for Sunday to 7 for Saturday.")
        case .isoWeek: Signature(.date, "ISOWEEK(date)", [.day], .number, "The ISO 8601 week.")
        case .isoYear:
            Signature(.date, "ISOYEAR(date)", [.day], .number, "The year of the ISO 8601 week.")
        case .hour: Signature(.date, "HOUR(time)", [.time], .number, "0 to 23.")
        case .minute: Signature(.date, "MINUTE(time)", [.time], .number, "0 to 59.")
        case .second: Signature(.date, "SECOND(time)", [.time], .number, "0 to 59.")
        case .millisecond: Signature(.date, "MILLISECOND(time)", [.time], .number, "0 to 999.")
        case .now: Signature(.date, "NOW()", [], .dateTime, "The present moment.")
        case .today: Signature(.date, "TODAY()", [], .date, "The present day in the user's zone.")
        case .timeNow: Signature(.date, "TIMENOW()", [], .time, "The present time in UTC.")
        case .unixTimestamp:
            Signature(
                .date,
                "UNIXTIMESTAMP(value)",
                [.any],
                .number,
                "Seconds since 1970-01-01; of a time, since midnight."
            )
        case .fromUnixTime:
            Signature(
                .date,
                "FROMUNIXTIME(seconds)",
                [.number],
                .dateTime,
                "The moment of a timestamp."
            )
        case .formatDuration:
            Signature(
                .date,
                "FORMATDURATION(seconds[, days]) or (from, to)",
                nil,
                .text,
                "Hours, minutes and seconds, `26:03:04`; with days, `1:02:03:04`."
            )
        default:
            Signature(
                .other,
                "VLOOKUP(result, key, value)",
                nil,
                .null,
                "The `result` field of the record whose `key` field has the value: "
                    + "`VLOOKUP($ObjectType.Zip__c.Fields.City__c, $ObjectType.Zip__c.Fields.Name, "
                    + "Zip)`."
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
