import Language
package import Metadata
import UseMeter

/// A caller's view of one snapshot of an org; confined to the body it is handed to.
package class RecordReader {
    package let caller: Caller
    package let snapshot: OrgSnapshot
    package let access: CallerAccess
    package let now: Instant
    let tx: any ReadTransaction
    let locators: QueryLocators
    let secrets: SecretBox
    let uses: UseCounter
    /// The way by which what is done now comes; `nil` where the platform acts for itself.
    var surface: UseSurface?
    /// How long the stages took so far.
    package internal(set) var timings = StageTimings()

    init(
        caller: Caller,
        snapshot: OrgSnapshot,
        access: CallerAccess,
        now: Instant,
        tx: any ReadTransaction,
        locators: QueryLocators,
        secrets: SecretBox,
        uses: UseCounter
    ) {
        self.caller = caller
        self.snapshot = snapshot
        self.access = access
        self.now = now
        self.tx = tx
        self.locators = locators
        self.secrets = secrets
        self.uses = uses
        surface = access.sharing.kind == .guest ? .site : caller.surface
    }

    /// Counts a use.
    func note(_ key: UseKey, uses: Int, records: Int) {
        self.uses.count(key, uses: uses, records: records)
    }

    /// Whether a flow that has every right reads and writes through this, and not the kernel for itself.
    var actsForFlow: Bool { false }

    /// The flow with rights of its own in whose course this reads or writes.
    var flowThatActs: APIName? { nil }

    /// What the open transaction remembers; `nil` where nothing but what is on disk can be read.
    var memory: TransactionMemory? { nil }

    /// Runs a closure once what has been read is on disk.
    func onceLasting(_ body: @escaping @Sendable () -> Void) { body() }

    var schema: OrgSchema { snapshot.schema }

    var authorizer: Authorizer {
        Authorizer(
            schema: snapshot.schema,
            access: access,
            org: caller.org,
            context: ReadContext(
                user: caller.user,
                timeZone: caller.timeZone,
                locale: caller.locale,
                calendar: snapshot.organization.calendar,
                permissions: access.permissions
            )
        )
    }

    /// Text to plan: parse, resolve, authorize.
    ///
    /// It is remembered for as long as the snapshot lives.
    package func plan(_ soql: String, includesDeleted: Bool = false) throws -> AuthorizedRead {
        try plan(.soql(soql), includesDeleted) { soql }
    }

    /// The plan of a question, whose text is asked for where the plan is not known yet.
    private func plan(
        _ question: PlanCache.Question,
        _ includesDeleted: Bool,
        _ text: () -> String
    ) throws -> AuthorizedRead {
        let key = PlanCache.Key(
            question: question,
            includesDeleted: includesDeleted,
            caller: caller
        )
        return try snapshot.plan(key) {
            let soql = text()
            let statement = try timings.measure(.parse) { try parse(soql) }
            let query = try timings.measure(.resolve) {
                try resolve(statement, of: soql, includesDeleted: includesDeleted)
            }
            try UserRecordAccess.refuseElsewhere(query)
            return timings.measure(.authorize) { authorizer.authorize(query) }
        }
    }

    func parse(_ soql: String) throws -> SOQLStatement {
        do {
            return try SOQLParser.parse(soql)
        } catch {
            throw RecordError(error.code, error.message(in: soql))
        }
    }

    func resolve(
        _ statement: SOQLStatement,
        of soql: String,
        includesDeleted: Bool = false
    ) throws -> ResolvedQuery {
        let query: ResolvedQuery
        do {
            query = try Resolver.resolve(
                statement,
                in: schema,
                visible: access,
                includesDeleted: includesDeleted
            )
        } catch {
            throw RecordError(error, in: soql)
        }
        // A platform event has no lookup, and no lookup points to one: it can only be asked for.
        guard !query.object.isEvent else {
            throw RecordError(
                .invalidType,
                "entity type \(query.object.name) does not support query"
            )
        }
        return query
    }

    /// The first page of a query's rows.
    ///
    /// - Parameter makeSink: makes the sink for the plan's rows.
    package func query<Sink: RowSink>(
        _ soql: String,
        options: QueryOptions = QueryOptions(),
        _ makeSink: (AuthorizedRead) throws -> Sink
    ) throws -> QueryPage<Sink> {
        let plan = try plan(soql, includesDeleted: options.includesDeleted)
        var sink = try makeSink(plan)
        let isGrouped = plan.query.kind == .groups
        let size = isGrouped ? Limits.groupsMax : options.pageSize
        let outcome = try run(plan, .first(size), into: &sink)
        if isGrouped && outcome.total > Limits.groupsMax {
            throw RecordError(
                .exceededIDLimit,
                "Aggregate query does not support queryMore(), use LIMIT to restrict the results "
                    + "to a single batch"
            )
        }
        let next = outcome.ids.map { ids in
            let cursor = locators.keep(
                QueryLocators.Entry(
                    org: caller.org,
                    user: caller.user,
                    soql: soql,
                    includesDeleted: options.includesDeleted,
                    ids: ids,
                    expires: now.adding(seconds: Limits.locatorLifeSeconds)
                )
            )
            return "\(cursor)-\(size)"
        }
        return QueryPage(sink: sink, plan: plan, total: outcome.total, nextLocator: next)
    }

    /// A later page of a query.
    ///
    /// - Parameter locator: `<cursor>-<offset>`, as the page before gave it; any offset within the
    ///   result will do.
    package func queryMore<Sink: RowSink>(
        _ locator: String,
        options: QueryOptions = QueryOptions(),
        _ makeSink: (AuthorizedRead) throws -> Sink
    ) throws -> QueryPage<Sink> {
        let parts = locator.split(separator: "-", maxSplits: 1)
        guard let first = parts.first, let cursor = try? RecordID(String(first)),
            let entry = locators.entry(cursor, at: now),
            entry.org == caller.org, entry.user == caller.user,
            let offset = parts.count == 2 ? Int(parts[1]) : 0,
            entry.ids.indices.contains(offset)
        else { throw RecordError(.invalidQueryLocator, "invalid query locator") }
        let plan = try plan(entry.soql, includesDeleted: entry.includesDeleted)
        let end = min(offset + options.pageSize, entry.ids.count)
        var sink = try makeSink(plan)
        _ = try run(plan, .ids(Array(entry.ids[offset..<end])), into: &sink)
        let next = end < entry.ids.count ? "\(cursor)-\(end)" : nil
        return QueryPage(sink: sink, plan: plan, total: entry.ids.count, nextLocator: next)
    }

    /// Records by id, in the order given; those that are not there for the caller are left out.
    ///
    /// - Parameter fields: field paths; `nil` for every field the caller may read.
    package func retrieve<Sink: RowSink>(
        _ ids: [RecordID],
        of object: ObjectDefinition,
        fields: [String]? = nil,
        includesDeleted: Bool = false,
        _ makeSink: (AuthorizedRead) throws -> Sink
    ) throws -> QueryPage<Sink> {
        if let wrong = fields?.first(where: { !RecordReader.isPath($0) }) {
            throw RecordError(.invalidField, "no field path: \(wrong.prefix(80))")
        }
        func soql(_ names: [String]) -> String {
            "SELECT \(names.joined(separator: ",")) FROM \(object.name)"
        }
        let plan =
            if let fields {
                try plan(soql(fields), includesDeleted: includesDeleted)
            } else {
                try plan(.wholeRecords(object.name), includesDeleted) {
                    soql(readableFields(of: object))
                }
            }
        var sink = try makeSink(plan)
        let outcome = try run(plan, .ids(ids), into: &sink)
        return QueryPage(sink: sink, plan: plan, total: outcome.total, nextLocator: nil)
    }

    /// Whether a text is names joined by points, and nothing that a query would read as more.
    private static func isPath(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false)
            .allSatisfy { APIName.isWellFormed(String($0)) }
    }

    private func readableFields(of object: ObjectDefinition) -> [String] {
        object.fields.filter { access.mayRead($0, of: object) }.map(\.name.text)
    }

    /// Hands a plan to the store; sealed texts are opened or masked on their way to the sink.
    ///
    /// - Parameter isOwn: it is a question of the kernel's or a page's own, and no use of what it
    ///   reads.
    func run<Sink: RowSink>(
        _ plan: AuthorizedRead,
        _ page: PageRequest,
        into sink: inout Sink,
        isOwn: Bool = false
    ) throws -> ReadOutcome {
        let outcome = try rows(of: plan, page, into: &sink)
        if !isOwn { count(plan, page, outcome) }
        return outcome
    }

    private func rows<Sink: RowSink>(
        of plan: AuthorizedRead,
        _ page: PageRequest,
        into sink: inout Sink
    ) throws -> ReadOutcome {
        let start = ContinuousClock.now
        defer { timings.add(ContinuousClock.now - start, to: .store) }
        if !snapshot.restrictions.all.isEmpty {
            for use in plan.restrictedUses { try refuse(use) }
        }
        if UserRecordAccess.isAsked(plan.query) {
            return try UserRecordAccess(reader: self, plan: plan).run(page, into: &sink)
        }
        guard plan.readsSealedText else { return try tx.read(plan, page, into: &sink) }
        var unsealing = UnsealingSink(
            sink,
            plan: plan,
            secrets: secrets,
            isRevealing: access.has(.viewEncryptedData)
        )
        let outcome = try tx.read(plan, page, into: &unsealing)
        sink = unsealing.inner
        return outcome
    }

    /// The rows of one of the kernel's or a page's own queries, as the caller.
    package func rows(_ soql: String) throws -> [[FieldValue]] {
        let plan = try plan(soql)
        var sink = TableSink(plan)
        _ = try run(plan, .first(Int.max - 1), into: &sink, isOwn: true)
        return sink.rows
    }
}

extension SyntaxError {
    var code: RecordError.Code {
        switch kind {
        case .malformedQuery: .malformedQuery
        case .malformedSearch: .malformedSearch
        case .numberOutsideValidRange: .numberOutsideValidRange
        }
    }
}

extension RecordError {
    init(_ error: ResolveError, in text: String) {
        let code: Code =
            switch error.kind {
            case .invalidField: .invalidField
            case .invalidType: .invalidType
            case .malformedQuery: .malformedQuery
            case .invalidQueryFilterOperator: .invalidQueryFilterOperator
            case .numberOutsideValidRange: .numberOutsideValidRange
            }
        self.init(code, error.span?.located(error.detail, in: text) ?? error.detail)
    }
}
