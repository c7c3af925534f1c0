import Language
import Metadata

/// An authorized read as text for a person: which object, which fields, and whose rows.
package struct AuthorizedText {
    private let read: AuthorizedRead

    package init(_ read: AuthorizedRead) {
        self.read = read
    }

    package var text: String { lines(read, name: nil).joined(separator: "\n") }

    private func lines(_ read: AuthorizedRead, name: String?) -> [String] {
        let query = read.query
        let columns = query.columns.map { AuthorizedText.describe($0, query) }
        var line = "\(name ?? query.object.name.text) [\(columns.joined(separator: ", "))]"
        for (table, rows) in zip(query.tables, read.visible) {
            let place = table.join.map { " of \($0.field.name)" } ?? ""
            line += "\n    \(table.object.name)\(place): \(AuthorizedText.describe(rows))"
        }
        if read.scope != .everything {
            line += "\n    scope: \(AuthorizedText.describe(read.scope))"
        }
        let children = zip(query.children, read.children).flatMap { child, plan in
            lines(plan, name: "\(child.name) by \(child.field.name)")
        }
        return line.split(separator: "\n").map(String.init) + children.map { "    \($0)" }
    }

    private static func describe(_ expression: ResolvedExpression, _ query: ResolvedQuery) -> String
    {
        switch expression {
        case .column(let column): name(column, query)
        case .firstOf(let columns):
            "first of (\(columns.map { name($0, query) }.joined(separator: ", ")))"
        case .objectName(let column, _): "object of \(name(column, query))"
        case .aggregate(let function, let argument):
            "\(function.rawValue)(\(argument.map { describe($0, query) } ?? ""))"
        case .datePart(let part, let inner, _): "\(part.rawValue)(\(describe(inner, query)))"
        case .label(let column): "label of \(name(column, query))"
        case .formatted(let inner): "formatted \(describe(inner, query))"
        case .distance: "distance"
        case .isSubtotal(let key): "grouping \(key)"
        }
    }

    private static func name(_ column: ColumnReference, _ query: ResolvedQuery) -> String {
        guard query.tables.indices.contains(column.table), column.table > 0 else {
            return column.field.name.text
        }
        return "\(query.tables[column.table].object.name).\(column.field.name)"
    }

    private static func describe(_ rows: RowPredicate) -> String {
        switch rows {
        case .everything: "all rows"
        case .nothing: "no rows"
        case .fieldIn(let key, let ids): "\(key.field.name) is one of \(ids.count) ids"
        case .fieldIsNull(let key): "\(key.field.name) is empty"
        case .textIn(let key, let texts): "\(key.field.name) is one of \(texts.count) texts"
        case .parentVisible(let key, let rules):
            "\(key.field.name) in "
                + rules.map { "\($0.object.name) (\(describe($0.rows)))" }.joined(separator: " or ")
        case .childVisible(let rule):
            "\(rule.object.name) by \(rule.field.name) (\(describe(rule.rows)))"
        case .shared(let key, let shares):
            "\(key.field.name) in \(shares.share.name) of \(shares.keys.count) keys"
        case .condition(let own): own.text
        case .any(let parts): parts.map(describe).joined(separator: " or ")
        case .all(let parts): parts.map(describe).joined(separator: " and ")
        }
    }
}
