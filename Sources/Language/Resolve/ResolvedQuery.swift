package import Metadata

/// A query whose every name has been found in an org's schema and whose every value has its type.
///
/// It says nothing yet about who asks: which of the rows the caller may see is the authorizer's
/// part, how they are fetched is the store's.
package struct ResolvedQuery: Sendable {
    /// What comes back.
    package enum Kind: Hashable, Sendable {
        /// Records, each with its id in column 0.
        case records
        /// `SELECT COUNT() FROM …`: a number and no rows.
        case count
        /// Groups; `shape` has one value for each column.
        case groups
    }

    package var kind: Kind
    /// The object of the FROM clause stands first, then each parent that a path reaches, after the
    /// table it is reached from.
    package var tables: [Table]
    /// What is read from each row, without repetition.
    ///
    /// Output refers to it by position.
    package var columns: [ResolvedExpression]
    /// How the columns make up a record, in the order of the SELECT clause.
    package var shape: [OutputItem]
    package var children: [ChildQuery]
    /// The formula fields that the query names, with the columns from which each is worked out.
    package var formulas: [ColumnReference: FormulaUse]
    package var filter: ResolvedCondition?
    package var grouping: Grouping?
    package var having: ResolvedCondition?
    package var orderBy: [ResolvedOrderKey]
    package var limit: Int?
    package var offset: Int?
    /// Deleted records too (`ALL ROWS`, `queryAll`).
    package var includesDeleted: Bool
    package var scope: Scope
    /// `FOR VIEW` or `FOR REFERENCE`: the records become the caller's recent ones.
    package var marksRecent: Bool

    package var object: ObjectDefinition { tables[0].object }

    /// One use of an object in a query.
    package struct Table: Sendable {
        package let object: ObjectDefinition
        /// How it is reached; `nil` for the first.
        package let join: Join?
        /// Whether formula fields read it, and no path of the query: their values do not depend on
        /// which of its rows the caller may see.
        package let isForFormulas: Bool

        package init(object: ObjectDefinition, join: Join?, isForFormulas: Bool = false) {
            self.object = object
            self.join = join
            self.isForFormulas = isForFormulas
        }
    }

    /// A parent reached through a lookup; a record without that parent stays.
    package struct Join: Sendable {
        /// Position in `tables` of the record that holds the lookup.
        package let from: Int
        package let field: FieldDefinition

        package init(from: Int, field: FieldDefinition) {
            self.from = from
            self.field = field
        }
    }

    /// `(SELECT … FROM Contacts)`.
    package struct ChildQuery: Sendable {
        /// The key under which its records stand in the parent.
        package let name: String
        /// The lookup of the child that points to the parent.
        package let field: FieldDefinition
        package let query: ResolvedQuery

        package init(name: String, field: FieldDefinition, query: ResolvedQuery) {
            self.name = name
            self.field = field
            self.query = query
        }
    }

    package struct Grouping: Sendable {
        package enum Kind: Hashable, Sendable {
            case plain
            /// Subtotals for each leading part of the keys.
            case rollup
            /// Subtotals for each subset of the keys.
            case cube
        }

        package var kind: Kind
        /// Empty: all rows are one group.
        package var keys: [ResolvedExpression]

        package init(kind: Kind, keys: [ResolvedExpression]) {
            self.kind = kind
            self.keys = keys
        }
    }

    package enum Scope: String, Hashable, Sendable, CaseIterable {
        case everything, mine, delegated, team
        case mineAndMyGroups = "mine_and_my_groups"
        case myTerritory = "my_territory"
        case myTeamTerritory = "my_team_territory"
        case scopingRule
    }

    package init(
        kind: Kind,
        tables: [Table],
        columns: [ResolvedExpression],
        shape: [OutputItem],
        children: [ChildQuery] = [],
        formulas: [ColumnReference: FormulaUse] = [:],
        filter: ResolvedCondition? = nil,
        grouping: Grouping? = nil,
        having: ResolvedCondition? = nil,
        orderBy: [ResolvedOrderKey] = [],
        limit: Int? = nil,
        offset: Int? = nil,
        includesDeleted: Bool = false,
        scope: Scope = .everything,
        marksRecent: Bool = false
    ) {
        self.kind = kind
        self.tables = tables
        self.columns = columns
        self.shape = shape
        self.children = children
        self.formulas = formulas
        self.filter = filter
        self.grouping = grouping
        self.having = having
        self.orderBy = orderBy
        self.limit = limit
        self.offset = offset
        self.includesDeleted = includesDeleted
        self.scope = scope
        self.marksRecent = marksRecent
    }
}

/// What kind of value an expression has: how it is compared, sorted and written out.
package enum ValueType: Hashable, Sendable {
    case id
    /// Compared without regard to case unless it says otherwise.
    case text(isCaseSensitive: Bool)
    /// Text that cannot be filtered, sorted or grouped.
    case longText
    /// `a;b`: a set of values.
    case multiPicklist
    case boolean
    /// A whole number, written without a point.
    case integer
    /// An exact decimal with so many digits behind the point.
    case decimal(scale: Int)
    /// A binary fraction: a coordinate, a distance, an average.
    case real
    case date
    case dateTime
    case time
    /// Sealed text.
    case encrypted
    /// A file's bytes; read as a URL.
    case file
}

/// A field of one of a query's tables.
package struct ColumnReference: Sendable {
    /// Position in `ResolvedQuery.tables`.
    package let table: Int
    package let field: FieldDefinition

    package init(table: Int, field: FieldDefinition) {
        self.table = table
        self.field = field
    }
}

extension ColumnReference: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        left.table == right.table && left.field.name == right.field.name
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(table)
        hasher.combine(field.name)
    }
}

/// Anything that has a value for each record, or for each group.
package indirect enum ResolvedExpression: Hashable, Sendable {
    case column(ColumnReference)
    /// The one of these that is there: a field of a polymorphic parent.
    case firstOf([ColumnReference])
    /// The name of the object that a lookup's value belongs to: `What.Type`.
    case objectName(ColumnReference, objects: [ObjectReference])
    case aggregate(AggregateFunction, ResolvedExpression?)
    case datePart(DatePart, of: ResolvedExpression, inUserZone: Bool)
    /// The translated label of a picklist's value.
    case label(ColumnReference)
    /// Text as the caller's locale writes it.
    case formatted(ResolvedExpression)
    case distance(from: Place, to: Place, unit: DistanceUnit)
    /// 1 where the grouping key is summed over, else 0; the key's position.
    case isSubtotal(key: Int)

    /// An object by name and key prefix.
    package struct ObjectReference: Hashable, Sendable {
        package let name: String
        package let prefix: KeyPrefix

        package init(name: String, prefix: KeyPrefix) {
            self.name = name
            self.prefix = prefix
        }
    }

    package enum Place: Hashable, Sendable {
        case columns(latitude: ColumnReference, longitude: ColumnReference)
        case point(latitude: Double, longitude: Double)
    }
}

package enum DistanceUnit: String, Hashable, Sendable {
    case miles = "mi"
    case kilometres = "km"
}

package enum AggregateFunction: String, Hashable, Sendable, CaseIterable {
    case count = "COUNT"
    case countDistinct = "COUNT_DISTINCT"
    case sum = "SUM"
    case average = "AVG"
    case minimum = "MIN"
    case maximum = "MAX"
}

package enum DatePart: String, Hashable, Sendable, CaseIterable {
    case calendarYear = "CALENDAR_YEAR"
    case calendarQuarter = "CALENDAR_QUARTER"
    case calendarMonth = "CALENDAR_MONTH"
    case fiscalYear = "FISCAL_YEAR"
    case fiscalQuarter = "FISCAL_QUARTER"
    case fiscalMonth = "FISCAL_MONTH"
    case dayInYear = "DAY_IN_YEAR"
    case dayInMonth = "DAY_IN_MONTH"
    case dayInWeek = "DAY_IN_WEEK"
    case dayOnly = "DAY_ONLY"
    case hourInDay = "HOUR_IN_DAY"
    case weekInMonth = "WEEK_IN_MONTH"
    case weekInYear = "WEEK_IN_YEAR"
}

extension ResolvedExpression {
    /// What kind of value it has.
    package var type: ValueType {
        switch self {
        case .column(let column): column.field.valueType
        case .firstOf(let columns): columns.first?.field.valueType ?? .text(isCaseSensitive: false)
        case .objectName, .label, .formatted: .text(isCaseSensitive: false)
        case .aggregate(let function, let argument): Self.type(of: function, argument)
        case .datePart(let part, _, _): part == .dayOnly ? .date : .integer
        case .distance: .real
        case .isSubtotal: .integer
        }
    }

    private static func type(
        of function: AggregateFunction,
        _ argument: ResolvedExpression?
    ) -> ValueType {
        switch function {
        case .count, .countDistinct: .integer
        case .average: .real
        case .sum:
            if case .integer = argument?.type {
                .decimal(scale: 0)
            } else {
                argument?.type ?? .real
            }
        case .minimum, .maximum: argument?.type ?? .integer
        }
    }

    /// Whether an aggregate is part of it.
    package var isAggregate: Bool {
        switch self {
        case .aggregate: true
        case .formatted(let inner): inner.isAggregate
        case .column, .firstOf, .objectName, .datePart, .label, .distance, .isSubtotal: false
        }
    }
}

extension FieldDefinition {
    /// How its values are compared, sorted and written out.
    package var valueType: ValueType {
        switch type {
        case .id, .lookup, .masterDetail: .id
        case .text, .autoNumber: .text(isCaseSensitive: isCaseSensitive)
        case .email, .phone, .url, .picklist: .text(isCaseSensitive: false)
        case .longTextArea(let length):
            length <= 255 ? .text(isCaseSensitive: false) : .longText
        case .html: .longText
        case .encryptedText: .encrypted
        case .checkbox: .boolean
        case .number(_, let scale): scale == 0 && !name.isCustom ? .integer : .decimal(scale: scale)
        case .currency(_, let scale), .percent(_, let scale): .decimal(scale: scale)
        case .date: .date
        case .dateTime: .dateTime
        case .time: .time
        case .multiselectPicklist: .multiPicklist
        case .address, .location: .longText
        case .coordinate: .real
        case .file: .file
        case .formula(let formula): formula.valueType
        case .summary(let summary): summary.valueType
        }
    }
}

extension FieldType.Formula {
    /// How its values are compared, sorted and written out.
    package var valueType: ValueType {
        switch returns {
        case .checkbox: .boolean
        case .date: .date
        case .dateTime: .dateTime
        case .time: .time
        case .number, .currency, .percent: .decimal(scale: scale)
        case .text: .text(isCaseSensitive: false)
        }
    }
}

extension FieldType.Summary {
    /// How its values are compared, sorted and written out.
    package var valueType: ValueType {
        switch result {
        case .number, .currency, .percent: .decimal(scale: scale)
        case .date: .date
        case .dateTime: .dateTime
        }
    }
}

package struct ResolvedOrderKey: Sendable {
    package let expression: ResolvedExpression
    package let isDescending: Bool
    package let areNullsLast: Bool

    package init(expression: ResolvedExpression, isDescending: Bool, areNullsLast: Bool) {
        self.expression = expression
        self.isDescending = isDescending
        self.areNullsLast = areNullsLast
    }
}

/// A condition that is true or false for every record: nothing is unknown.
///
/// A comparison with a null is false, but for `=` and `!=` with null itself, and `!=`, `NOT IN` and
/// `EXCLUDES`, which a null satisfies; `NOT` turns false into true, nulls included.
package indirect enum ResolvedCondition: Sendable {
    case and([ResolvedCondition])
    case or([ResolvedCondition])
    case not(ResolvedCondition)
    case compare(ResolvedExpression, Comparison, ResolvedValue)
    /// `%` and `_` are wild cards, `\` takes away their meaning.
    case like(ResolvedExpression, pattern: String)
    /// One of these; none of them is null unless `includesNull`.
    case isIn(ResolvedExpression, [ResolvedValue], includesNull: Bool, isNegated: Bool)
    /// A multi-select value that has all of one of these sets; none of them if negated.
    case includes(ResolvedExpression, [[String]], isNegated: Bool)
    /// A date or date-time against a stretch of days: `= LAST_WEEK`.
    case dateLiteral(ResolvedExpression, Comparison, DateLiteral)
    /// `AccountId IN (SELECT …)`: the query's only column; its nulls do not count.
    case semiJoin(ResolvedExpression, ResolvedQuery, isNegated: Bool)
    case constant(Bool)
}

package enum Comparison: String, Hashable, Sendable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case greater = ">"
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
}

package enum ResolvedValue: Hashable, Sendable {
    case null
    case text(String)
    case boolean(Bool)
    case number(ExactDecimal)
    case real(Double)
    /// Days since 1970-01-01.
    case date(Int)
    case dateTime(Instant)
    /// Milliseconds since midnight.
    case time(Int)
    case id(RecordID)
}

/// How the columns of one row make up a record.
package indirect enum OutputItem: Sendable {
    /// `column` is a position in `ResolvedQuery.columns`.
    case value(key: String, column: Int, type: ValueType)
    /// Null where the id in column `id` is null.
    case parent(key: String, object: ParentObject, id: Int, items: [OutputItem])
    /// Position in `ResolvedQuery.children`.
    case child(key: String, index: Int)
    /// Null where all parts are null.
    case compound(key: String, parts: [CompoundPart])
    /// By the object of the id in column `id`.
    case typeOf(key: String, id: Int, branches: [TypeBranch], otherwise: [OutputItem])

    package struct CompoundPart: Sendable {
        /// `city`, `latitude`, ….
        package let key: String
        package let column: Int
        package let type: ValueType

        package init(key: String, column: Int, type: ValueType) {
            self.key = key
            self.column = column
            self.type = type
        }
    }

    package struct TypeBranch: Sendable {
        package let object: ObjectDefinition
        package let items: [OutputItem]

        package init(object: ObjectDefinition, items: [OutputItem]) {
            self.object = object
            self.items = items
        }
    }

    /// What a parent's `attributes` say.
    package enum ParentObject: Sendable {
        case one(ObjectDefinition)
        /// A polymorphic parent, of which only the fields common to all are read: type `Name`.
        case any
    }
}
