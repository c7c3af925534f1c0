import Language
import Metadata
import TestSupport

/// Writes random formulas over the fields of an object and of its parents.
struct RandomFormula {
    /// What a formula, or a part of it, gives.
    enum Kind: CaseIterable {
        case number, text, boolean, date, dateTime, time
    }

    let schema: OrgSchema
    let object: ObjectDefinition
    var choice: RandomChoice
    /// Whether it may depend on the time or on the user.
    var mayChange = true
    /// How many of a hundred fields are a parent's.
    var parentsPercent = 25

    /// A formula field's declaration, with what it returns.
    mutating func declaration(named name: String) -> String {
        let kind = choice.one(of: [Kind.number, .number, .text, .text] + Kind.allCases)
        let returns =
            switch kind {
            case .number: choice.one(of: ["Number", "Number", "Currency", "Percent"])
            case .text: "Text"
            case .boolean: "Checkbox"
            case .date: "Date"
            case .dateTime: "DateTime"
            case .time: "Time"
            }
        let scale = kind == .number ? ", scale: \(choice.number(0...6))" : ""
        let blanks = choice.one(of: ["BlankAsZero", "BlankAsBlank"])
        let text = formula(kind, depth: choice.number(1...4))
        let quoted = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return """
              - { name: \(name), type: Formula, returnType: \(returns)\(scale), \
            formulaTreatBlanksAs: \(blanks), formula: "\(quoted)" }

            """
    }

    mutating func formula(_ kind: Kind, depth: Int) -> String {
        guard depth > 0, !choice.chance(10) else { return leaf(kind) }
        if choice.chance(12) {
            return "IF(\(formula(.boolean, depth: depth - 1)), \(formula(kind, depth: depth - 1)), "
                + "\(formula(kind, depth: depth - 1)))"
        }
        if choice.chance(5), kind != .boolean {
            return "BLANKVALUE(\(leaf(kind)), \(formula(kind, depth: depth - 1)))"
        }
        if choice.chance(5), kind != .boolean, let pick = field(where: \.isPickOne) {
            let names = pick.field.picklist?.values.map(\.name) ?? []
            return "CASE(\(pick.path), \(literal(choice.any(of: names) ?? "x")), "
                + "\(formula(kind, depth: depth - 1)), \(leaf(kind)))"
        }
        switch kind {
        case .number: return number(depth - 1)
        case .text: return text(depth - 1)
        case .boolean: return boolean(depth - 1)
        case .date: return date(depth - 1)
        case .dateTime: return dateTime(depth - 1)
        case .time: return leaf(.time)
        }
    }
}

// MARK: - By kind

extension RandomFormula {
    private mutating func number(_ depth: Int) -> String {
        func n() -> String { formula(.number, depth: depth) }
        switch choice.number(1...26) {
        case 1, 2, 3: return "(\(n()) + \(n()))"
        case 4, 5: return "(\(n()) - \(n()))"
        case 6, 7: return "(\(n()) * \(n()))"
        case 8, 9: return "(\(n()) / \(n()))"
        case 10: return "-(\(n()))"
        case 11: return "ABS(\(n()))"
        case 12: return "ROUND(\(n()), \(choice.number(-2...4)))"
        case 13: return "\(choice.one(of: ["CEILING", "FLOOR", "MCEILING", "MFLOOR"]))(\(n()))"
        case 14: return "MOD(\(n()), \(n()))"
        case 15: return "\(choice.one(of: ["MAX", "MIN"]))(\(n()), \(n()))"
        case 16: return "LEN(\(formula(.text, depth: depth)))"
        case 17:
            return "\(choice.one(of: ["YEAR", "MONTH", "DAY", "WEEKDAY"]))"
                + "(\(formula(.date, depth: depth)))"
        case 18: return "(\(formula(.date, depth: depth)) - \(formula(.date, depth: depth)))"
        case 19:
            return "(\(formula(.dateTime, depth: depth)) - \(formula(.dateTime, depth: depth)))"
        case 20: return "VALUE(\(formula(.text, depth: depth)))"
        case 21: return "FIND(\(leaf(.text)), \(formula(.text, depth: depth)))"
        case 22:
            return
                "\(choice.one(of: ["HOUR", "MINUTE", "SECOND"]))(\(formula(.time, depth: depth)))"
        case 23: return "SQRT(ABS(\(n())))"
        case 24: return "(\(leaf(.number)) ^ \(choice.number(0...3)))"
        case 25: return "TRUNC(\(n()), \(choice.number(0...3)))"
        default: return n()
        }
    }

    private mutating func text(_ depth: Int) -> String {
        func t() -> String { formula(.text, depth: depth) }
        switch choice.number(1...20) {
        case 1, 2, 3: return "(\(t()) & \(t()))"
        case 4: return "(\(t()) + \(t()))"
        case 5: return "LEFT(\(t()), \(small()))"
        case 6: return "RIGHT(\(t()), \(small()))"
        case 7: return "MID(\(t()), \(small()), \(small()))"
        case 8: return "UPPER(\(t()))"
        case 9: return "LOWER(\(t()))"
        case 10: return "TRIM(\(t()))"
        case 11: return "SUBSTITUTE(\(t()), \(leaf(.text)), \(leaf(.text)))"
        case 12: return "TEXT(\(formula(.number, depth: depth)))"
        case 13: return "TEXT(\(formula(.date, depth: depth)))"
        case 14: return field(where: \.isPickOne).map { "TEXT(\($0.path))" } ?? t()
        case 15: return "LPAD(\(t()), \(small()), \(literal("*")))"
        case 16: return "RPAD(\(t()), \(small()), \(literal("ab")))"
        case 17: return field(where: \.isReference).map { "CASESAFEID(\($0.path))" } ?? t()
        case 18: return "TEXT(\(formula(.dateTime, depth: depth)))"
        default: return t()
        }
    }

    private mutating func boolean(_ depth: Int) -> String {
        func b() -> String { formula(.boolean, depth: depth) }
        let orders = ["=", "<>", "<", ">", "<=", ">="]
        switch choice.number(1...20) {
        case 1, 2: return "AND(\(b()), \(b()))"
        case 3, 4: return "(\(b()) || \(b()))"
        case 5: return "NOT(\(b()))"
        case 6, 7, 8:
            let kind = choice.one(of: [Kind.number, .number, .date, .dateTime, .time])
            return "(\(formula(kind, depth: depth)) \(choice.one(of: orders)) "
                + "\(formula(kind, depth: depth)))"
        case 9:
            return "(\(formula(.text, depth: depth)) \(choice.one(of: ["=", "<>"])) "
                + "\(formula(.text, depth: depth)))"
        case 10, 11:
            let kind = choice.one(of: [Kind.number, .text, .date, .dateTime])
            return "ISBLANK(\(formula(kind, depth: depth)))"
        case 12, 13:
            guard let pick = field(where: \.isPickOne) else { return b() }
            let names = pick.field.picklist?.values.map(\.name) ?? []
            return "ISPICKVAL(\(pick.path), \(literal(choice.any(of: names) ?? "")))"
        case 14:
            return "\(choice.one(of: ["CONTAINS", "BEGINS"]))(\(formula(.text, depth: depth)), "
                + "\(leaf(.text)))"
        case 15:
            guard let picks = field(where: \.isPickMany) else { return b() }
            let names = picks.field.picklist?.values.map(\.name) ?? []
            return "INCLUDES(\(picks.path), \(literal(choice.any(of: names) ?? "x")))"
        case 16:
            let patterns = ["[a-z]+", "[A-Z].*", ".*[0-9].*", "a.?b", "(?i)STRASSE|straße"]
            return "REGEX(\(formula(.text, depth: depth)), \(literal(choice.one(of: patterns))))"
        case 17: return "ISNUMBER(\(formula(.text, depth: depth)))"
        default: return leaf(.boolean)
        }
    }

    private mutating func date(_ depth: Int) -> String {
        switch choice.number(1...6) {
        case 1: return "(\(formula(.date, depth: depth)) + \(small()))"
        case 2: return "(\(formula(.date, depth: depth)) - \(formula(.number, depth: 0)))"
        case 3: return "ADDMONTHS(\(formula(.date, depth: depth)), \(choice.number(-30...30)))"
        case 4, 5: return "DATEVALUE(\(formula(.dateTime, depth: depth)))"
        default: return leaf(.date)
        }
    }

    private mutating func dateTime(_ depth: Int) -> String {
        switch choice.number(1...4) {
        case 1: return "(\(formula(.dateTime, depth: depth)) + \(small()) / 24)"
        case 2: return "(\(formula(.dateTime, depth: depth)) - 0.25)"
        default: return leaf(.dateTime)
        }
    }
}

// MARK: - Leaves

extension RandomFormula {
    private mutating func small() -> String { String(choice.number(0...6)) }

    private func literal(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    private mutating func leaf(_ kind: Kind) -> String {
        if choice.chance(70), let field = field(where: { Self.kind(of: $0) == kind }) {
            return field.path
        }
        switch kind {
        case .number:
            return choice.one(of: ["0", "1", "2", "-3", "0.5", "10", "2.25", "100", "1000000.01"])
        case .text: return literal(choice.one(of: RandomValues.texts.filter { $0 != "\\" } + [""]))
        case .boolean: return choice.one(of: ["TRUE", "FALSE"])
        case .date:
            if mayChange, choice.chance(50) { return "TODAY()" }
            return choice.one(of: ["DATE(2024, 2, 29)", "DATE(2026, 1, 31)", "DATE(1999, 12, 31)"])
        case .dateTime:
            if mayChange, choice.chance(60) { return "NOW()" }
            return "DATETIMEVALUE(\(literal("2026-03-10 09:30:00")))"
        case .time: return "TIMEVALUE(\(literal("12:30:00.500")))"
        }
    }

    /// A field of the object or of a parent, with its path.
    private mutating func field(
        where isWanted: (FieldDefinition) -> Bool
    ) -> (path: String, field: FieldDefinition)? {
        var prefix = ""
        var place = object
        for _ in 0..<2 where choice.chance(parentsPercent) {
            let lookups = place.fields.filter { field in
                field.parentRelationshipName != nil && field.reference?.isPolymorphic == false
            }
            guard let lookup = choice.any(of: lookups), let name = lookup.parentRelationshipName,
                let target = lookup.reference?.targets.first.flatMap({ schema.object($0) })
            else { break }
            prefix += "\(name)."
            place = target
        }
        let found = choice.any(of: place.fields.filter { isWanted($0) && $0.isOfFormulas })
        return found.map { (prefix + $0.name.text, $0) }
    }

    private static func kind(of field: FieldDefinition) -> Kind? {
        switch field.type {
        case .number, .currency, .percent, .summary: .number
        case .text, .email, .phone, .url, .autoNumber: .text
        case .checkbox: .boolean
        case .date: .date
        case .dateTime: .dateTime
        case .time: .time
        case .formula(let formula):
            switch formula.returns {
            case .number, .currency, .percent: .number
            case .text: .text
            case .checkbox: .boolean
            case .date: .date
            case .dateTime: .dateTime
            case .time: .time
            }
        case .id, .longTextArea, .html, .encryptedText, .picklist, .multiselectPicklist, .lookup,
            .masterDetail, .address, .location, .coordinate, .file:
            nil
        }
    }
}

extension FieldDefinition {
    fileprivate var isPickOne: Bool { if case .picklist = type { true } else { false } }
    fileprivate var isPickMany: Bool { if case .multiselectPicklist = type { true } else { false } }
    fileprivate var isReference: Bool { reference != nil }
    /// Whether a formula may read it here: what is stored, or what a formula gives.
    fileprivate var isOfFormulas: Bool { name != "IsDeleted" }
}
