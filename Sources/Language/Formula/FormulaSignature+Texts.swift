// What the functions of text take and give.
extension FormulaFunction {
    var textSignature: FormulaSignature {
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
}
