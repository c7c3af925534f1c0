package import Metadata

/// A formula whose every name has been found in an org's schema and whose every part has its type.
package struct ResolvedFormula: Sendable, Hashable {
    package let root: FormulaNode
    /// The text or, for compiled criteria, the canonical text it was compiled from.
    package let text: String
    /// Every stored field the formula reads, once, in the order of its text; formula fields are
    /// followed to what they read.
    package let fieldPaths: [FormulaPath]
    /// What the formula names that belongs to no record.
    package let globals: Set<FormulaGlobal>

    package init(root: FormulaNode, text: String) {
        self.root = root
        self.text = text
        fieldPaths = root.fieldPaths
        globals = root.globals
    }

    package var type: FormulaType { root.type }

    package static func == (first: ResolvedFormula, second: ResolvedFormula) -> Bool {
        first.text == second.text && first.root == second.root
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(text)
        hasher.combine(root)
    }
}

/// A part of a resolved formula; what it means does not depend on the parts around it.
///
/// How blanks count is written into the tree: where a formula treats blank numbers as zero, every
/// number read from a field stands inside a `.cast(.blankToZero, …)`. Formula fields that the
/// formula names stand in the tree as `.computed`, with paths from the formula's own record.
package indirect enum FormulaNode: Sendable, Hashable {
    /// A value written in the formula; the type tells `NULL` and texts of picklists apart.
    case literal(FieldValue, FormulaType)
    /// A stored field, as it is stored; percentages stand inside a `.cast(.fromPercent, …)`.
    case field(FormulaPath)
    /// A formula field and what it computes.
    case computed(FormulaPath, FormulaNode)
    case global(FormulaGlobal)
    /// A variable that holds a value; the name is the declared one.
    case variable(String, FormulaType)
    case cast(FormulaCast, FormulaNode)
    case negate(FormulaNode)
    case not(FormulaNode)
    case and([FormulaNode])
    case or([FormulaNode])
    case binary(FormulaOperation, FormulaNode, FormulaNode)
    case call(FormulaFunction, [FormulaNode], FormulaType)
    /// A date or datetime compared with a stretch of days in the caller's zone: criteria only.
    ///
    /// Equal is inside, less is before its start, greater is at or after its end.
    case during(FormulaOperation, FormulaNode, FormulaDays)

    package var type: FormulaType {
        switch self {
        case .literal(_, let type), .variable(_, let type), .call(_, _, let type): type
        case .field(let path): path.field.formulaType ?? .null
        case .computed(let path, let node): path.field.formulaType ?? node.type
        case .global(let global): global.type
        case .cast(let cast, let node): cast.type(from: node.type)
        case .negate: .number
        case .not, .and, .or, .during: .boolean
        case .binary(let operation, let left, let right):
            operation.type(left.type, right.type)
        }
    }
}

/// A stretch of days: a named one, or one day, as days since 1970-01-01.
package enum FormulaDays: Sendable, Hashable {
    case literal(DateLiteral)
    case day(Int)
}

/// A change of a value that the formula's text does not spell out.
package enum FormulaCast: String, Sendable, Hashable, CaseIterable {
    /// A blank number is 0.
    case blankToZero
    /// Divided by a hundred.
    case fromPercent
    /// Times a hundred: the result of a formula field of type Percent.
    case toPercent
    /// The name of a picklist's value; that of a multi-select, `a;b`.
    case picklistToText
    /// The 18 characters of a record id.
    case idToText
    /// The 15 characters of a record id, case-sensitive: what formulas read from `Id`.
    case idToShortText
    /// Midnight UTC of the day.
    case dateToDateTime
    /// The day in UTC.
    case dateTimeToDate
    /// `true` or `false` of a checkbox, blank counting as false.
    case blankToFalse
    /// A text that holds a record id, compared with ids: 15 and 18 characters are one.
    case textToID

    package func type(from type: FormulaType) -> FormulaType {
        switch self {
        case .blankToZero, .fromPercent, .toPercent: .number
        case .picklistToText, .idToText, .idToShortText: .text
        case .dateToDateTime: .dateTime
        case .dateTimeToDate: .date
        case .blankToFalse: .boolean
        case .textToID: .id
        }
    }
}

/// What stands between two operands.
package enum FormulaOperation: String, Sendable, Hashable, CaseIterable {
    /// Numbers; a number of days to a date or datetime; milliseconds to a time.
    case add = "+"
    /// As `add`; of two dates or datetimes the days between them; of two times the milliseconds.
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case power = "^"
    /// Texts joined; a blank one counts as none.
    case concatenate = "&"
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    package var isComparison: Bool {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
        case .add, .subtract, .multiply, .divide, .power, .concatenate: false
        }
    }

    func type(_ left: FormulaType, _ right: FormulaType) -> FormulaType {
        switch self {
        case .concatenate: return .text
        case .multiply, .divide, .power: return .number
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: return .boolean
        case .add:
            if [.date, .dateTime, .time].contains(left) { return left }
            return [.date, .dateTime, .time].contains(right) ? right : .number
        case .subtract:
            if [.date, .dateTime, .time].contains(right) { return .number }
            return [.date, .dateTime, .time].contains(left) ? left : .number
        }
    }
}
