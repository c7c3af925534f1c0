import Language
import Metadata

@testable import Kernel

/// An authorized plan in words: what is read, of which rows, in which order.
struct GoldenPlan {
    let read: AuthorizedRead
    /// The names of records.
    let names: [RecordID: String]

    var query: ResolvedQuery { read.query }

    /// The plan, its sub-selects and child queries; what belongs to a query is indented under it.
    var lines: [String] {
        var lines = ["\(query.object.name) [\(columns)]"]
        lines += rows.map { "  \($0)" }
        if let filter = query.filter { lines.append("  where \(condition(filter))") }
        for join in read.semiJoins {
            lines += GoldenPlan(read: join, names: names).lines.map { "    " + $0 }
        }
        lines += groups.map { "  \($0)" }
        if !query.orderBy.isEmpty {
            lines.append("  order \(query.orderBy.map(order).joined(separator: ", "))")
        }
        if let limit = query.limit { lines.append("  limit \(limit)") }
        if let offset = query.offset { lines.append("  offset \(offset)") }
        for (child, plan) in zip(query.children, read.children) {
            let inner = GoldenPlan(read: plan, names: names).lines
            lines.append("  \(child.name) by \(child.field.name): \(inner.first ?? "")")
            lines += inner.dropFirst().map { "  " + $0 }
        }
        return lines
    }

    private var columns: String {
        query.kind == .count ? "count" : query.columns.map(text).joined(separator: ", ")
    }

    private var rows: [String] {
        var lines: [String] = []
        for (position, predicate) in read.visible.enumerated() where predicate != .everything {
            let name = position == 0 ? "rows" : "\(path(position)) rows"
            lines.append("\(name): \(self.predicate(predicate))")
        }
        if read.scope != .everything { lines.append("scope: \(predicate(read.scope))") }
        if query.includesDeleted { lines.append("deleted ones too") }
        return lines
    }

    private var groups: [String] {
        guard let grouping = query.grouping else { return [] }
        let keys = grouping.keys.map(text).joined(separator: ", ")
        let kind =
            switch grouping.kind {
            case .plain: ""
            case .rollup: "rollup "
            case .cube: "cube "
            }
        let group = keys.isEmpty ? "all as one group" : "group \(kind)\(keys)"
        return [group] + (query.having.map { ["having \(condition($0))"] } ?? [])
    }

    private func order(_ key: ResolvedOrderKey) -> String {
        text(key.expression) + (key.isDescending ? " desc" : "")
            + (key.areNullsLast ? " nulls last" : "")
    }
}

// MARK: - Expressions

extension GoldenPlan {
    /// How a table is reached: `Account.Owner(User)`.
    private func path(_ position: Int) -> String {
        guard let join = query.tables[position].join else { return "" }
        let name = join.field.parentRelationshipName?.text ?? join.field.name.text
        let target =
            join.field.reference?.isPolymorphic ?? false
            ? "(\(query.tables[position].object.name))" : ""
        let before = path(join.from)
        return (before.isEmpty ? "" : "\(before).") + name + target
    }

    private func text(_ column: ColumnReference) -> String {
        let path = path(column.table)
        return path.isEmpty ? column.field.name.text : "\(path).\(column.field.name)"
    }

    private func text(_ expression: ResolvedExpression) -> String {
        switch expression {
        case .column(let column): text(column)
        case .firstOf(let columns): "first of \(columns.map(text).joined(separator: "/"))"
        case .objectName(let column, _): "object of \(text(column))"
        case .aggregate(let function, let argument):
            "\(function.rawValue.lowercased())(\(argument.map(text) ?? ""))"
        case .datePart(let part, let inner, let inUserZone):
            "\(part.rawValue.lowercased())(\(text(inner))\(inUserZone ? " here" : ""))"
        case .label(let column): "label(\(text(column)))"
        case .formatted(let inner): "format(\(text(inner)))"
        case .distance(let from, let to, let unit):
            "distance(\(text(from)), \(text(to)), \(unit.rawValue))"
        case .isSubtotal(let key): "subtotal(\(key))"
        }
    }

    private func text(_ place: ResolvedExpression.Place) -> String {
        switch place {
        case .columns(let latitude, let longitude): "\(text(latitude))/\(text(longitude))"
        case .point(let latitude, let longitude): "\(latitude)/\(longitude)"
        }
    }

    private func text(_ value: ResolvedValue) -> String {
        switch value {
        case .null: "null"
        case .text(let text): "'\(text)'"
        case .boolean(let value): "\(value)"
        case .number(let number): number.description
        case .real(let number): "\(number)"
        case .date(let days): "day \(days)"
        case .dateTime(let moment): "moment \(moment.milliseconds)"
        case .time(let milliseconds): "time \(milliseconds)"
        case .id(let id): name(id)
        }
    }

    private func name(_ id: RecordID) -> String { names[id] ?? id.description }
}

// MARK: - Conditions

extension GoldenPlan {
    private func condition(_ condition: ResolvedCondition) -> String {
        switch condition {
        case .and(let parts): "(\(parts.map(self.condition).joined(separator: " and ")))"
        case .or(let parts): "(\(parts.map(self.condition).joined(separator: " or ")))"
        case .not(let part): "not \(self.condition(part))"
        case .compare(let expression, let comparison, let value):
            "\(text(expression)) \(comparison.rawValue) \(text(value))"
        case .like(let expression, let pattern): "\(text(expression)) like '\(pattern)'"
        case .isIn(let expression, let values, let includesNull, let isNegated):
            "\(text(expression)) \(isNegated ? "not in" : "in") "
                + "(\((values.map(text) + (includesNull ? ["null"] : [])).joined(separator: ", ")))"
        case .includes(let expression, let sets, let isNegated):
            "\(text(expression)) \(isNegated ? "excludes" : "includes") "
                + sets.map { $0.joined(separator: "+") }.joined(separator: ", ")
        case .dateLiteral(let expression, let comparison, let literal):
            "\(text(expression)) \(comparison.rawValue) \(literal.unit.rawValue) \(literal.position)"
        case .semiJoin(let expression, _, let isNegated):
            "\(text(expression)) \(isNegated ? "not in" : "in") the sub-select"
        case .constant(let value): "\(value)"
        }
    }

    private func predicate(_ predicate: RowPredicate) -> String {
        switch predicate {
        case .everything: "all"
        case .nothing: "none"
        case .fieldIn(let key, let ids):
            "\(key.field.name) in (\(ids.map(name).sorted().joined(separator: ", ")))"
        case .textIn(let key, let texts): "\(key.field.name) in \(texts.count) texts"
        case .fieldIsNull(let key): "no \(key.field.name)"
        case .parentVisible(let key, let rules):
            rules.isEmpty
                ? "none by \(key.field.name)"
                : rules.map { rule in
                    "\(key.field.name) of \(rule.object.name) with \(self.predicate(rule.rows))"
                }.joined(separator: " or ")
        case .childVisible(let rule):
            "\(rule.object.name) by \(rule.field.name) with \(self.predicate(rule.rows))"
        case .shared(let key, let shares):
            "\(key.field.name == "Id" ? "" : "\(key.field.name) with ")\(shares.share.name) "
                + "\(shares.levels.map { "\($0.joined(separator: "/")) " } ?? "")for "
                + shares.keys.map(name).sorted().joined(separator: ", ")
        case .condition(let own): own.text
        case .any(let parts): "(\(parts.map(self.predicate).joined(separator: " or ")))"
        case .all(let parts): "(\(parts.map(self.predicate).joined(separator: " and ")))"
        }
    }
}
