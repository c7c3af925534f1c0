package import Language
package import Metadata
private import Synchronization

/// A query that access control has narrowed to what one caller may see.
///
/// Its initializer is internal to the kernel, and a store accepts nothing else: a read that skipped
/// authorization does not compile.
package final class AuthorizedRead: Sendable {
    package let org: OrgID
    package let query: ResolvedQuery
    /// For each of the query's tables, which of its rows the caller may see.
    package let visible: [RowPredicate]
    /// The children's own plans, in the order of `query.children`.
    package let children: [AuthorizedRead]
    /// The plans of the semi-joins in the filter, in the order in which a walk through the
    /// condition meets them.
    package let semiJoins: [AuthorizedRead]
    package let context: ReadContext
    /// The scope of the query as a condition on its first table.
    package let scope: RowPredicate
    /// Whether sealed texts are among what is asked for, children's included.
    let readsSealedText: Bool
    /// The objects that it looks at beside its own, for parents, children and conditions.
    let objectsBeside: [ObjectDefinition]
    /// What it uses of what can be withheld; worked out where an org has restrictions.
    var restrictedUses: Set<RestrictedUse> {
        if let known = knownUses.withLock({ $0 }) { return known }
        let uses = RestrictedReads(self).uses
        knownUses.withLock { $0 = uses }
        return uses
    }
    private let knownUses = Mutex<Set<RestrictedUse>?>(nil)
    /// Room for the store's translation, made once.
    private let translation = Mutex<(any Sendable)?>(nil)

    init(
        org: OrgID,
        query: ResolvedQuery,
        visible: [RowPredicate],
        children: [AuthorizedRead],
        semiJoins: [AuthorizedRead],
        context: ReadContext,
        scope: RowPredicate
    ) {
        self.org = org
        self.query = query
        self.visible = visible
        self.children = children
        self.semiJoins = semiJoins
        self.context = context
        self.scope = scope
        objectsBeside = AuthorizedRead.objects(beside: query, children + semiJoins)
        readsSealedText =
            query.columns.contains { $0.type == .encrypted }
            || children.contains(where: \.readsSealedText)
    }

    private static func objects(
        beside query: ResolvedQuery,
        _ inner: [AuthorizedRead]
    ) -> [ObjectDefinition] {
        var names: Set<APIName> = [query.object.name]
        let parents = query.tables.filter { !$0.isForFormulas }.map(\.object)
        let others = inner.flatMap { [$0.query.object] + $0.objectsBeside }
        return (parents + others).filter { names.insert($0.name).inserted }
    }

    /// What a store made of this plan, kept beside it.
    package func translated<Translation: Sendable>(
        _ translate: (AuthorizedRead) throws -> Translation
    ) rethrows -> Translation {
        if let kept = translation.withLock({ $0 as? Translation }) { return kept }
        let made = try translate(self)
        translation.withLock { $0 = made }
        return made
    }
}

/// What a plan depends on beside the schema: whose days and years they are.
package struct ReadContext: Sendable, Hashable {
    package let user: RecordID
    package let timeZone: String
    package let locale: String
    package let calendar: CalendarSettings
    /// What formulas ask for as `$Permission`.
    package let permissions: Set<UserPermission>

    package init(
        user: RecordID,
        timeZone: String,
        locale: String,
        calendar: CalendarSettings,
        permissions: Set<UserPermission> = []
    ) {
        self.user = user
        self.permissions = permissions
        self.timeZone = timeZone
        self.locale = locale
        self.calendar = calendar
    }
}

/// Which rows of one object a caller may see.
package indirect enum RowPredicate: Sendable, Hashable {
    case everything
    case nothing
    /// The lookup's value is one of these; they are sorted.
    case fieldIn(FieldKey, [RecordID])
    case fieldIsNull(FieldKey)
    /// The text, a name, is one of these; they are sorted.
    case textIn(FieldKey, [String])
    /// The record that the lookup points to is of one of these kinds, and visible.
    case parentVisible(FieldKey, [ParentRule])
    /// A record that counts points here.
    case childVisible(ChildRule)
    /// The record that the field names (the id: the record itself) has a share that counts.
    case shared(FieldKey, ShareLookup)
    /// What the record itself says.
    case condition(RowCondition)
    case any([RowPredicate])
    case all([RowPredicate])

    /// A field of the object, by definition; equal by name.
    package struct FieldKey: Sendable, Hashable {
        package let field: FieldDefinition

        package init(_ field: FieldDefinition) {
            self.field = field
        }

        package static func == (left: Self, right: Self) -> Bool {
            left.field.name == right.field.name
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(field.name)
        }
    }

    /// The shares that count: of one of these keys, at one of these levels.
    package struct ShareLookup: Sendable, Hashable {
        package let share: ObjectDefinition
        /// The share's lookup to the record.
        package let record: FieldDefinition
        package let key: FieldDefinition
        package let level: FieldDefinition
        /// `nil`: whatever the level.
        package let levels: [String]?
        /// Sorted.
        package let keys: [RecordID]

        package init(
            share: ObjectDefinition,
            record: FieldDefinition,
            key: FieldDefinition,
            level: FieldDefinition,
            levels: [String]?,
            keys: [RecordID]
        ) {
            self.share = share
            self.record = record
            self.key = key
            self.level = level
            self.levels = levels
            self.keys = keys
        }

        /// The same with other keys.
        func with(keys: [RecordID]) -> ShareLookup {
            ShareLookup(
                share: share,
                record: record,
                key: key,
                level: level,
                levels: levels,
                keys: keys
            )
        }

        /// Whether it looks at the same shares, but for the keys.
        func looksLike(_ other: ShareLookup) -> Bool {
            share.name == other.share.name && level.name == other.level.name
                && levels == other.levels
        }

        package static func == (left: Self, right: Self) -> Bool {
            left.looksLike(right) && left.keys == right.keys
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(share.name)
            hasher.combine(level.name)
            hasher.combine(levels)
            hasher.combine(keys)
        }
    }

    /// The rows of a child object that count, by its lookup to the record.
    package struct ChildRule: Sendable, Hashable {
        package let object: ObjectDefinition
        package let field: FieldDefinition
        package let rows: RowPredicate

        package init(object: ObjectDefinition, field: FieldDefinition, rows: RowPredicate) {
            self.object = object
            self.field = field
            self.rows = rows
        }

        package static func == (left: Self, right: Self) -> Bool {
            left.object.name == right.object.name && left.field.name == right.field.name
                && left.rows == right.rows
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(object.name)
            hasher.combine(field.name)
            hasher.combine(rows)
        }
    }

    /// A condition on the record's own fields; equal by its text.
    package struct RowCondition: Sendable, Hashable {
        package let condition: ResolvedCondition
        package let text: String
        package let context: ReadContext

        package init(_ condition: ResolvedCondition, text: String, context: ReadContext) {
            self.condition = condition
            self.text = text
            self.context = context
        }

        package static func == (left: Self, right: Self) -> Bool {
            left.text == right.text && left.context == right.context
        }

        package func hash(into hasher: inout Hasher) { hasher.combine(text) }
    }

    /// The rows of a parent object that count.
    package struct ParentRule: Sendable, Hashable {
        package let object: ObjectDefinition
        package let rows: RowPredicate

        package init(object: ObjectDefinition, rows: RowPredicate) {
            self.object = object
            self.rows = rows
        }

        package static func == (left: Self, right: Self) -> Bool {
            left.object.name == right.object.name && left.rows == right.rows
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(object.name)
            hasher.combine(rows)
        }
    }
}
