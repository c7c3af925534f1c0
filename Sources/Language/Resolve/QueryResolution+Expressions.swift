import Metadata

/// Where an expression stands, which decides what it may be.
enum ExpressionPlace {
    case select, filter, having, group, order

    var allowsAggregates: Bool { self == .select || self == .having || self == .order }
}

extension QueryResolution {
    func isAggregate(_ item: SOQLStatement.SelectItem) -> Bool {
        guard case .expression(.call(let call), _) = item else { return false }
        return isAggregate(call)
    }

    private func isAggregate(_ call: SOQLStatement.Call) -> Bool {
        let name = call.function.text.uppercased()
        if AggregateFunction(rawValue: name) != nil || name == "GROUPING" { return true }
        return call.arguments.contains { argument in
            if case .call(let inner) = argument { isAggregate(inner) } else { false }
        }
    }

    mutating func expression(
        _ expression: SOQLStatement.Expression,
        in place: ExpressionPlace
    ) throws(ResolveError) -> ResolvedExpression {
        switch expression {
        case .path(let path): return try field(path, in: place)
        case .call(let call): return try function(call, in: place)
        case .literal(let value):
            throw .malformed("a field or a function is expected here", at: value.span)
        }
    }

    /// A path as one value; compounds have none.
    mutating func field(
        _ path: SOQLStatement.Path,
        in place: ExpressionPlace
    ) throws(ResolveError) -> ResolvedExpression {
        switch try target(path) {
        case .field(let column):
            try check(column.field, in: place, path)
            try checkGrouping(column, in: place, path)
            return .column(column)
        case .compound(_, let field):
            let what = if case .address = field.type { "Address" } else { "Geolocation" }
            throw ResolveError(
                .invalidField,
                "\(what) fields can only be filtered using Distance expressions",
                at: path.span
            )
        case .common(let columns, _):
            if let first = columns.first { try check(first.field, in: place, path) }
            return .firstOf(columns)
        case .objectName(let lookup):
            return .objectName(lookup, objects: objects(of: lookup))
        case .lookupID(let lookup): return .column(lookup)
        }
    }

    func objects(of lookup: ColumnReference) -> [ResolvedExpression.ObjectReference] {
        (lookup.field.reference?.targets ?? []).compactMap { schema.object($0) }
            .filter(visible.isVisible)
            .map { ResolvedExpression.ObjectReference(name: $0.name.text, prefix: $0.keyPrefix) }
    }

    private func check(
        _ field: FieldDefinition,
        in place: ExpressionPlace,
        _ path: SOQLStatement.Path
    ) throws(ResolveError) {
        let name = field.name
        switch place {
        case .select: return
        case .filter, .having:
            guard field.isFilterable else {
                throw ResolveError(
                    .invalidField,
                    "field '\(name)' can not be filtered in a query call",
                    at: path.span
                )
            }
        case .order:
            guard field.isSortable else {
                throw .malformed("field '\(name)' can not be sorted in a query call", at: path.span)
            }
        case .group:
            guard field.isGroupable else {
                throw .malformed(
                    "field '\(name)' can not be grouped in a query call",
                    at: path.span
                )
            }
        }
    }

    private mutating func function(
        _ call: SOQLStatement.Call,
        in place: ExpressionPlace
    ) throws(ResolveError) -> ResolvedExpression {
        let name = call.function.text.uppercased()
        if let aggregate = AggregateFunction(rawValue: name) {
            return try self.aggregate(aggregate, call, in: place)
        }
        if let part = DatePart(rawValue: name) { return try datePart(part, call) }
        switch name {
        case "TOLABEL": return try label(call, in: place)
        case "FORMAT":
            guard place == .select else {
                throw .malformed("FORMAT stands in SELECT only", at: call.span)
            }
            return try formatted(call)
        case "CONVERTCURRENCY": return try converted(call, in: place)
        case "DISTANCE": return try distance(call)
        case "GROUPING": return try grouping(call)
        case "CONVERTTIMEZONE":
            throw .malformed("convertTimezone() stands inside a date function", at: call.span)
        default:
            let known =
                AggregateFunction.allCases.map(\.rawValue) + DatePart.allCases.map(\.rawValue)
                + ["toLabel", "FORMAT", "convertCurrency", "DISTANCE", "GROUPING"]
            let hint = Suggestion.phrase(for: call.function.text, among: known)
            throw .malformed(
                "unknown function '\(call.function.text)'\(hint)",
                at: call.function.span
            )
        }
    }

    private mutating func formatted(
        _ call: SOQLStatement.Call
    ) throws(ResolveError) -> ResolvedExpression {
        let inner = try expression(try only(call), in: .select)
        switch inner.type {
        case .integer, .decimal, .real, .date, .dateTime, .time, .text, .longText, .multiPicklist:
            return .formatted(inner)
        case .id, .boolean, .encrypted, .file:
            throw .malformed("FORMAT() takes a number, a date or a time", at: call.span)
        }
    }

    private func only(
        _ call: SOQLStatement.Call
    ) throws(ResolveError) -> SOQLStatement.Expression {
        guard let argument = call.arguments.first, call.arguments.count == 1 else {
            throw .malformed("\(call.function.text)() takes one field", at: call.span)
        }
        return argument
    }

    private mutating func aggregate(
        _ function: AggregateFunction,
        _ call: SOQLStatement.Call,
        in place: ExpressionPlace
    ) throws(ResolveError) -> ResolvedExpression {
        guard place.allowsAggregates else {
            throw .malformed(
                "\(function.rawValue)() cannot stand here; filter groups with HAVING",
                at: call.span
            )
        }
        if call.arguments.isEmpty {
            guard function == .count else {
                throw .malformed("\(function.rawValue)() needs a field", at: call.span)
            }
            return .aggregate(.count, nil)
        }
        let argument = try only(call)
        let inner: ResolvedExpression
        switch argument {
        case .path(let path): inner = try field(path, in: .select)
        case .call(let nested) where nested.function.text.uppercased() == "CONVERTCURRENCY":
            inner = try converted(nested, in: .select)
        case .call, .literal:
            throw .malformed("\(function.rawValue)() takes a field", at: argument.span)
        }
        guard QueryResolution.mayAggregate(function, inner) else {
            throw .malformed(
                "field \(argument) does not support aggregate operator \(function.rawValue)",
                at: argument.span
            )
        }
        return .aggregate(function, inner)
    }

    private static func mayAggregate(
        _ function: AggregateFunction,
        _ argument: ResolvedExpression
    ) -> Bool {
        switch argument.type {
        case .integer, .decimal, .real: true
        case .date, .dateTime, .id, .text:
            function != .sum && function != .average
        case .boolean, .time, .multiPicklist:
            function == .count || function == .countDistinct
        case .longText, .encrypted, .file: false
        }
    }

    private mutating func datePart(
        _ part: DatePart,
        _ call: SOQLStatement.Call
    ) throws(ResolveError) -> ResolvedExpression {
        var argument = try only(call)
        var inUserZone = false
        if case .call(let inner) = argument, inner.function.text.uppercased() == "CONVERTTIMEZONE" {
            argument = try only(inner)
            inUserZone = true
        }
        guard case .path(let path) = argument else {
            throw .malformed(
                "\(part.rawValue)() takes a date or date-time field",
                at: argument.span
            )
        }
        let inner = try field(path, in: .filter)
        switch inner.type {
        case .dateTime: break
        case .date:
            guard part != .hourInDay, part != .dayOnly, !inUserZone else {
                throw .malformed("\(part.rawValue)() takes a date-time field", at: path.span)
            }
        case .id, .text, .longText, .multiPicklist, .boolean, .integer, .decimal, .real, .time,
            .encrypted, .file:
            throw .malformed("\(part.rawValue)() takes a date or date-time field", at: path.span)
        }
        return .datePart(part, of: inner, inUserZone: inUserZone)
    }

    private mutating func label(
        _ call: SOQLStatement.Call,
        in place: ExpressionPlace
    ) throws(ResolveError) -> ResolvedExpression {
        guard case .path(let path) = try only(call), case .field(let column) = try target(path)
        else { throw .malformed("toLabel() takes a field", at: call.span) }
        try check(column.field, in: place, path)
        try checkGrouping(column, in: place, path)
        return .label(column)
    }

    /// One currency is in use: the value is the field's own.
    private mutating func converted(
        _ call: SOQLStatement.Call,
        in place: ExpressionPlace
    ) throws(ResolveError) -> ResolvedExpression {
        guard case .path(let path) = try only(call), case .field(let column) = try target(path),
            column.field.isCurrency
        else { throw .malformed("convertCurrency() takes a currency field", at: call.span) }
        return .column(column)
    }

    private mutating func grouping(
        _ call: SOQLStatement.Call
    ) throws(ResolveError) -> ResolvedExpression {
        let key = try expression(try only(call), in: .group)
        guard let index = groupKeys?.firstIndex(of: key) else {
            throw .malformed("GROUPING() takes a field of GROUP BY ROLLUP or CUBE", at: call.span)
        }
        return .isSubtotal(key: index)
    }

    private mutating func distance(
        _ call: SOQLStatement.Call
    ) throws(ResolveError) -> ResolvedExpression {
        guard call.arguments.count == 3 else {
            throw .malformed("DISTANCE() takes two places and 'mi' or 'km'", at: call.span)
        }
        guard case .literal(.string(let text, _)) = call.arguments[2],
            let unit = DistanceUnit(rawValue: text.lowercased())
        else {
            throw .malformed("the unit of DISTANCE() is 'mi' or 'km'", at: call.arguments[2].span)
        }
        let from = try self.place(call.arguments[0])
        let to = try self.place(call.arguments[1])
        if case .point = from {
            throw .malformed("the first place of DISTANCE() is a field", at: call.arguments[0].span)
        }
        return .distance(from: from, to: to, unit: unit)
    }

    private mutating func place(
        _ expression: SOQLStatement.Expression
    ) throws(ResolveError) -> ResolvedExpression.Place {
        switch expression {
        case .path(let path):
            guard case .compound(let table, let field) = try target(path) else { break }
            let parts = tables[table].object.components(of: field.name).filter { part in
                if case .coordinate = part.type { true } else { false }
            }
            guard parts.count == 2 else { break }
            return .columns(
                latitude: ColumnReference(table: table, field: parts[0]),
                longitude: ColumnReference(table: table, field: parts[1])
            )
        case .call(let call) where call.function.text.uppercased() == "GEOLOCATION":
            let numbers = call.arguments.compactMap { argument -> Double? in
                guard case .literal(.number(let literal)) = argument else { return nil }
                return Double(literal.text)
            }
            guard numbers.count == 2, call.arguments.count == 2, abs(numbers[0]) <= 90,
                abs(numbers[1]) <= 180
            else {
                throw .malformed(
                    "GEOLOCATION() takes a latitude (-90 to 90) and a longitude (-180 to 180)",
                    at: call.span
                )
            }
            return .point(latitude: numbers[0], longitude: numbers[1])
        case .call, .literal: break
        }
        throw .malformed("a location field or GEOLOCATION() is expected here", at: expression.span)
    }
}
