package import Kernel
import Language
import Metadata

/// Full-text search: ids by rank, best first.
extension SQLCompiler {
    /// The statement of a search; `nil` where nothing can be found.
    ///
    /// Only the fields that the plan names are looked into, so that a hidden one never tells
    /// anything by being found.
    package func compile(_ search: AuthorizedSearch) -> SQLStatement? {
        let tables = Tables(search.object, dialect)
        let known = tables.searchedFields
        let fields = search.fields.filter { field in known.contains { $0.name == field.name } }
        guard !fields.isEmpty, search.limit > 0,
            let match = SearchText(dialect: dialect).match(search.term)
        else { return nil }
        var compiler = self
        compiler.asksEachRow = true
        let alias = compiler.newAlias()
        var conditions: [String] = []
        let rank: String
        var from = "FROM \(dialect.quoted(search.object.name)) \(alias)"
        switch dialect {
        case .sqlite:
            from = """
                FROM \(tables.searchTable) words
                CROSS JOIN \(dialect.quoted(search.object.name)) \(alias) \
                ON \(alias)."Id" = words.rowid
                """
            let place = compiler.bind(.text(Self.within(fields, match, tables)))
            conditions.append("words.\(tables.searchTable) MATCH \(place)")
            rank = "words.rank"
        case .postgres:
            let place = compiler.share(.text(match))
            let document = tables.searchDocument(fields, of: alias)
            if fields.count < known.count {
                // The index knows the words of all fields: it narrows, and the fields decide.
                let all = tables.searchDocument(known, of: alias)
                conditions.append("\(all) @@ to_tsquery('simple', \(place))")
            }
            conditions.append("\(document) @@ to_tsquery('simple', \(place))")
            rank = "ts_rank(\(document), to_tsquery('simple', \(place))) DESC"
        }
        conditions.append(compiler.isLive(alias))
        if let visible = compiler.predicate(search.visible, alias) { conditions.append(visible) }
        if search.term.needsVerification {
            conditions.append(compiler.verification(of: search.term, fields, alias, tables))
        }
        let text = """
            SELECT \(alias)."Id"
            \(from)
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(rank), \(alias)."Id"
            LIMIT \(compiler.bind(.integer(Int64(search.limit))))
            """
        return SQLStatement(text, compiler.parameters)
    }

    /// A match text of SQLite's that looks into some fields only.
    private static func within(
        _ fields: [FieldDefinition],
        _ match: String,
        _ tables: Tables
    ) -> String {
        let columns = fields.map(tables.searchColumn).joined(separator: " ")
        return "{\(columns)} : (\(match))"
    }

    /// The term itself, where its words' wild cards are looked for in the texts.
    ///
    /// A text fits where the pattern stands anywhere in it: it may span two words.
    private mutating func verification(
        of term: SOSLStatement.Term,
        _ fields: [FieldDefinition],
        _ alias: String,
        _ tables: Tables
    ) -> String {
        guard term.needsVerification else { return finds(term, fields, alias, tables) }
        switch term {
        case .word(let parts):
            let pattern = WordPattern(parts).like
            var alternatives: [String] = []
            for field in fields {
                let column = "\(alias).\(dialect.quoted(field.name))"
                let place = bind(.text(pattern))
                alternatives.append(
                    dialect == .sqlite
                        ? "steward_like(\(column), \(place))"
                        : "upper(\(column)) LIKE upper(\(place)) ESCAPE '\\'"
                )
            }
            return disjunction(alternatives)
        case .and(let terms):
            var all: [String] = []
            for term in terms { all.append(verification(of: term, fields, alias, tables)) }
            return "(\(all.joined(separator: " AND ")))"
        case .or(let terms):
            var alternatives: [String] = []
            for term in terms { alternatives.append(verification(of: term, fields, alias, tables)) }
            return disjunction(alternatives)
        case .andNot(let wanted, let unwanted):
            let first = verification(of: wanted, fields, alias, tables)
            let second = verification(of: unwanted, fields, alias, tables)
            return "(\(first) AND (\(second)) IS NOT TRUE)"
        case .phrase, .bind: return finds(term, fields, alias, tables)
        }
    }

    /// A part of the term that full-text search can decide by itself.
    private mutating func finds(
        _ term: SOSLStatement.Term,
        _ fields: [FieldDefinition],
        _ alias: String,
        _ tables: Tables
    ) -> String {
        guard let match = SearchText(dialect: dialect).match(term) else { return "FALSE" }
        switch dialect {
        case .sqlite:
            let place = bind(.text(Self.within(fields, match, tables)))
            return """
                \(alias)."Id" IN (SELECT rowid FROM \(tables.searchTable) \
                WHERE \(tables.searchTable) MATCH \(place))
                """
        case .postgres:
            let document = tables.searchDocument(fields, of: alias)
            return "\(document) @@ to_tsquery('simple', \(bind(.text(match))))"
        }
    }
}
