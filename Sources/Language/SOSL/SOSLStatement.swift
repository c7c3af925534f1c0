/// A SOSL search as it was written: the term is parsed, names are not resolved.
package struct SOSLStatement: Hashable, Sendable {
    package typealias Name = SOQLStatement.Name

    /// What to look for.
    ///
    /// `.or([])` finds nothing: the term is longer than what is searched for.
    package indirect enum Term: Hashable, Sendable {
        /// One word; `*` and `?` inside are wild cards, an escaped reserved character is literal.
        case word([WordPart])
        /// Words in this order, side by side.
        case phrase(String)
        case and([Term])
        case or([Term])
        /// `a AND NOT b`.
        case andNot(Term, Term)
        /// `FIND :name`, a bind variable; the API refuses it.
        case bind(String)
    }

    package enum WordPart: Hashable, Sendable {
        case text(String)
        case anyCharacters
        case oneCharacter
    }

    package enum Group: String, Hashable, Sendable, CaseIterable {
        case all, name, email, phone, sidebar
    }

    /// `Account(Id, Name WHERE … ORDER BY … LIMIT 10)`; a query whose FROM is the object.
    package struct Returning: Hashable, Sendable {
        package var object: Name
        /// `nil` where only the object was named: the record's Id.
        package var query: SOQLStatement?
        /// `USING ListView = Recent`.
        package var listView: Name?

        package init(object: Name, query: SOQLStatement?, listView: Name? = nil) {
            self.object = object
            self.query = query
            self.listView = listView
        }
    }

    package var term: Term
    package var group: Group
    package var returning: [Returning]
    package var limit: Int?
    package var offset: Int?
    /// `WITH SNIPPET`, `WITH HIGHLIGHT`, …: upper-cased first words, in order.
    package var with: [String]
    /// Bind variables in the place of `LIMIT`, `OFFSET` or a `WITH` value, without their colon; the
    /// API refuses them.
    package var binds: [String]

    package init(
        term: Term,
        group: Group = .all,
        returning: [Returning] = [],
        limit: Int? = nil,
        offset: Int? = nil,
        with: [String] = [],
        binds: [String] = []
    ) {
        self.term = term
        self.group = group
        self.returning = returning
        self.limit = limit
        self.offset = offset
        self.with = with
        self.binds = binds
    }
}
