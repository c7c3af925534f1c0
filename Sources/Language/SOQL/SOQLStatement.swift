/// A SOQL query as it was written: names are not resolved, values are not typed.
///
/// The grammar is that of the SOQL and SOSL Reference; clause by clause in the order of the text.
package struct SOQLStatement: Hashable, Sendable {
    package var select: [SelectItem]
    package var from: FromClause
    package var scope: Name?
    package var filter: Condition?
    package var with: WithClause?
    /// Those after the first: `WITH DATA CATEGORY … WITH SECURITY_ENFORCED`.
    package var furtherWith: [WithClause]
    package var groupBy: GroupByClause?
    package var having: Condition?
    package var orderBy: [OrderKey]
    package var limit: NumberLiteral?
    package var offset: NumberLiteral?
    /// `FOR VIEW`, `FOR REFERENCE`, `FOR UPDATE`, in the order written.
    package var forClauses: [ForClause]
    /// `UPDATE TRACKING`, `UPDATE VIEWSTAT`.
    package var updateClauses: [UpdateClause]
    package var allRows: Bool
    package var span: SourceSpan

    package init(
        select: [SelectItem],
        from: FromClause,
        scope: Name? = nil,
        filter: Condition? = nil,
        with: WithClause? = nil,
        furtherWith: [WithClause] = [],
        groupBy: GroupByClause? = nil,
        having: Condition? = nil,
        orderBy: [OrderKey] = [],
        limit: NumberLiteral? = nil,
        offset: NumberLiteral? = nil,
        forClauses: [ForClause] = [],
        updateClauses: [UpdateClause] = [],
        allRows: Bool = false,
        span: SourceSpan
    ) {
        self.select = select
        self.from = from
        self.scope = scope
        self.filter = filter
        self.with = with
        self.furtherWith = furtherWith
        self.groupBy = groupBy
        self.having = having
        self.orderBy = orderBy
        self.limit = limit
        self.offset = offset
        self.forClauses = forClauses
        self.updateClauses = updateClauses
        self.allRows = allRows
        self.span = span
    }
}

extension SOQLStatement {
    /// One name, as spelt.
    package struct Name: Hashable, Sendable {
        package var text: String
        package var span: SourceSpan

        package init(_ text: String, span: SourceSpan) {
            self.text = text
            self.span = span
        }
    }

    /// A dotted path: `Account.Owner.Name`; never empty.
    package struct Path: Hashable, Sendable {
        package var segments: [Name]
        package var span: SourceSpan

        package init(_ segments: [Name], span: SourceSpan) {
            self.segments = segments
            self.span = span
        }
    }

    /// A number as written, or the bind variable that stands in its place.
    package struct NumberLiteral: Hashable, Sendable {
        /// Decimal text with an optional sign and exponent: `-1.5`, `6.02e23`.
        ///
        /// After `LIMIT` and `OFFSET`, and as the count of a date literal, it is digits that an
        /// `Int32` holds, or a bind variable with its colon: `:pageSize`.
        package var text: String
        package var span: SourceSpan

        /// Whether package code is to supply the number; the API refuses it.
        package var isBind: Bool { text.utf8.first == UInt8(ascii: ":") }

        package init(_ text: String, span: SourceSpan) {
            self.text = text
            self.span = span
        }
    }

    package indirect enum SelectItem: Hashable, Sendable {
        /// `Name`, `toLabel(Status) s`, `COUNT(Id) n`.
        case expression(Expression, alias: Name?)
        /// `(SELECT … FROM Contacts)`.
        case child(SOQLStatement)
        case typeOf(TypeOf)
        /// `FIELDS(ALL)`.
        case fields(FieldsKind, span: SourceSpan)
    }

    package enum FieldsKind: String, Hashable, Sendable, CaseIterable {
        case all, standard, custom
    }

    /// `TYPEOF What WHEN Account THEN Phone ELSE Name END`.
    package struct TypeOf: Hashable, Sendable {
        package struct Branch: Hashable, Sendable {
            package var type: Name
            package var fields: [Path]

            package init(type: Name, fields: [Path]) {
                self.type = type
                self.fields = fields
            }
        }

        package var path: Path
        package var branches: [Branch]
        package var otherwise: [Path]
        package var span: SourceSpan

        package init(path: Path, branches: [Branch], otherwise: [Path], span: SourceSpan) {
            self.path = path
            self.branches = branches
            self.otherwise = otherwise
            self.span = span
        }
    }

    /// Anything that has a value per row or per group.
    package indirect enum Expression: Hashable, Sendable {
        case path(Path)
        /// `COUNT()`, `toLabel(Status)`, `DISTANCE(Location__c, GEOLOCATION(1, 2), 'mi')`,
        /// `CALENDAR_YEAR(convertTimezone(CreatedDate))`.
        case call(Call)
        /// A literal; only as a function's argument.
        case literal(Value)

        package var span: SourceSpan {
            switch self {
            case .path(let path): path.span
            case .call(let call): call.span
            case .literal(let value): value.span
            }
        }
    }

    package struct Call: Hashable, Sendable {
        package var function: Name
        package var arguments: [Expression]
        package var span: SourceSpan

        package init(function: Name, arguments: [Expression], span: SourceSpan) {
            self.function = function
            self.arguments = arguments
            self.span = span
        }
    }

    package struct FromClause: Hashable, Sendable {
        /// One for a query on an object; the relationship's path in a child query
        /// (`Contacts`, or `Account.Contacts`).
        package var object: Path
        package var alias: Name?
        /// `FROM Contact c, c.Account a`: further aliases, in order.
        package var relationships: [AliasedPath]

        package init(object: Path, alias: Name? = nil, relationships: [AliasedPath] = []) {
            self.object = object
            self.alias = alias
            self.relationships = relationships
        }
    }

    package struct AliasedPath: Hashable, Sendable {
        package var path: Path
        package var alias: Name?

        package init(path: Path, alias: Name?) {
            self.path = path
            self.alias = alias
        }
    }

    package indirect enum Condition: Hashable, Sendable {
        /// Two or more terms on one level.
        case and([Condition], span: SourceSpan)
        case or([Condition], span: SourceSpan)
        case not(Condition, span: SourceSpan)
        case comparison(Expression, Operator, Value, span: SourceSpan)

        package var span: SourceSpan {
            switch self {
            case .and(_, let span), .or(_, let span), .not(_, let span),
                .comparison(_, _, _, let span):
                span
            }
        }
    }

    package enum Operator: String, Hashable, Sendable, CaseIterable {
        case equal = "="
        case notEqual = "!="
        case less = "<"
        case greater = ">"
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case like = "LIKE"
        case `in` = "IN"
        case notIn = "NOT IN"
        case includes = "INCLUDES"
        case excludes = "EXCLUDES"
    }

    package indirect enum Value: Hashable, Sendable {
        case null(SourceSpan)
        case boolean(Bool, SourceSpan)
        /// Text with its escapes decoded; what the operator `LIKE` compares with is a pattern.
        ///
        /// In a pattern, an escaped `%` or `_` stays `\%`, `\_`, and an escaped backslash `\\`:
        /// every backslash takes away the meaning of the character after it, and a bare `%` or `_`
        /// is a wild card (see `likePattern(_:)`). Everywhere else `\%` and `\_` are the plain
        /// character, and the text is what is meant.
        case string(String, SourceSpan)
        case number(NumberLiteral)
        /// `USD5000`; the code is upper-cased.
        case currency(code: String, NumberLiteral)
        /// `2026-01-31`; a day of the calendar.
        case date(String, SourceSpan)
        /// `2026-01-31T10:00:00Z`, `2026-01-31T10:00:00.000+0000`, as written but for two things:
        /// `T` and `Z` are upper-case, and a blank before the zone is a `+` again. Each part is in
        /// its range, and there always is a zone.
        case dateTime(String, SourceSpan)
        /// `10:30:00.000Z`, as written; the fraction and the `Z` may be missing.
        case time(String, SourceSpan)
        /// `TODAY`, `LAST_N_DAYS:5`; a known name, upper-cased, with a count where it takes one.
        case dateLiteral(name: String, count: NumberLiteral?, SourceSpan)
        case list([Value], SourceSpan)
        /// `(SELECT AccountId FROM Contact)`.
        case subquery(SOQLStatement)
        /// `:name`, `:record.Id`, `:ids.keySet()`: the text after the colon, as written; the API
        /// refuses it, package code may supply it.
        case bind(String, SourceSpan)

        package var span: SourceSpan {
            switch self {
            case .null(let span), .boolean(_, let span), .string(_, let span),
                .date(_, let span), .dateTime(_, let span), .time(_, let span),
                .dateLiteral(_, _, let span), .list(_, let span), .bind(_, let span):
                span
            case .number(let number), .currency(_, let number): number.span
            case .subquery(let statement): statement.span
            }
        }
    }

    package enum WithClause: Hashable, Sendable {
        case securityEnforced(SourceSpan)
        case userMode(SourceSpan)
        case systemMode(SourceSpan)
        case dataCategory([DataCategory], SourceSpan)
        case recordVisibilityContext(SourceSpan)
    }

    package struct DataCategory: Hashable, Sendable {
        package var group: Name
        /// `AT`, `ABOVE`, `BELOW`, `ABOVE_OR_BELOW`.
        package var selector: String
        package var categories: [Name]

        package init(group: Name, selector: String, categories: [Name]) {
            self.group = group
            self.selector = selector
            self.categories = categories
        }
    }

    package struct GroupByClause: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable {
            case plain, rollup, cube
        }

        package var kind: Kind
        package var keys: [Expression]
        package var span: SourceSpan

        package init(kind: Kind, keys: [Expression], span: SourceSpan) {
            self.kind = kind
            self.keys = keys
            self.span = span
        }
    }

    package struct OrderKey: Hashable, Sendable {
        package var expression: Expression
        package var isDescending: Bool
        /// `nil` where the query does not say: nulls first.
        package var nullsLast: Bool?

        package init(expression: Expression, isDescending: Bool, nullsLast: Bool?) {
            self.expression = expression
            self.isDescending = isDescending
            self.nullsLast = nullsLast
        }
    }

    package enum ForClause: String, Hashable, Sendable {
        case view, reference, update
    }

    package enum UpdateClause: String, Hashable, Sendable {
        case tracking, viewstat
    }
}
