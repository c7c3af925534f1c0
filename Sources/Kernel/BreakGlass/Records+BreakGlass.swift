import Language
package import Metadata

/// What is read of an org under a grant.
package enum BreakGlassQuestion: Hashable, Sendable {
    case soql(String)
    case records([RecordID], of: APIName, fields: [String])

    /// As the org's log shows it.
    var text: String {
        switch self {
        case .soql(let text): text
        case .records(let ids, let object, let fields):
            "\(fields.joined(separator: ", ")) of \(object): "
                + ids.map(\.description).joined(separator: ", ")
        }
    }
}

/// A question that was put under a grant.
package struct BreakGlassQuery: Hashable, Sendable {
    package let grant: String
    package let at: Instant
    package let question: String
}

// Grants are kept in the store of the org whose records they open, so that it has them when it leaves.
extension Records {
    private static let grantKind = "break-glass"
    private static let queryKind = "break-glass-query"
    /// Records that one question may show.
    private static let rowsMax = 2_000
    private static let questionMaxBytes = 20_000

    /// Keeps a request.
    package func request(_ grant: BreakGlassGrant) async throws {
        try await store.read(grant.org, isBrief: true) { tx in
            let schema = try snapshots.load(grant.org, from: tx).schema
            for name in grant.objects where schema.object(name) == nil {
                throw RecordError(.invalidInput, "objects: there is no object `\(name)` in the org")
            }
            for id in grant.records {
                guard let object = schema.object(withPrefix: id.prefix),
                    grant.objects.contains(object.name)
                else {
                    throw RecordError(.invalidInput, "records: \(id) is of none of the objects")
                }
            }
        }
        try await store.write(grant.org) { tx in
            guard try tx.document(kind: Self.grantKind, key: grant.id) == nil else {
                throw RecordError(.duplicateValue, "there is a grant \(grant.id) already")
            }
            try tx.putDocument(kind: Self.grantKind, key: grant.id, text: grant.json.storedText)
        }
    }

    /// - Throws: `RecordError` `NOT_FOUND` where the org has no such grant.
    package func grant(_ id: String, in org: OrgID) async throws -> BreakGlassGrant {
        try await store.read(org, isBrief: true) { try Self.grant(id, $0) }
    }

    /// The grants of an org, in the order in which they were asked for.
    package func grants(in org: OrgID) async throws -> [BreakGlassGrant] {
        try await store.read(org, isBrief: true) { tx in
            try tx.documents(kind: Self.grantKind).map { try Self.grant(stored: $0.text) }
                .sorted { ($0.requested.at, $0.id) < ($1.requested.at, $1.id) }
        }
    }

    /// What was asked under a grant, in order.
    package func queries(under id: String, in org: OrgID) async throws -> [BreakGlassQuery] {
        try await store.read(org, isBrief: true) { tx in
            try tx.documents(kind: Self.queryKind)
                .filter { $0.key.hasPrefix("\(id)/") }
                .sorted { $0.key < $1.key }
                .map { document in
                    let json = try JSONParser.parse(document.text).object ?? JSONObject()
                    let reader = RestrictionReader(json)
                    return BreakGlassQuery(
                        grant: id,
                        at: try reader.moment("at"),
                        question: try reader.text("question")
                    )
                }
        }
    }

    package func approve(_ id: String, in org: OrgID, by user: RecordID) async throws {
        try await change(id, in: org) { try $0.approve(by: user, at: $1) }
    }

    package func approveForOrg(_ id: String, in org: OrgID, by user: RecordID) async throws {
        try await change(id, in: org) { try $0.approveByOrg(user, at: $1) }
    }

    package func refuse(_ id: String, in org: OrgID, by user: RecordID) async throws {
        try await change(id, in: org) { try $0.refuse(by: user, at: $1) }
    }

    package func revoke(_ id: String, in org: OrgID, by user: RecordID) async throws {
        try await change(id, in: org) { try $0.revoke(by: user, at: $1) }
    }

    /// - Parameter isLogged: tells the transparency log first; what it throws leaves the grant shut.
    package func open(
        _ id: String,
        in org: OrgID,
        by user: RecordID,
        isLogged tell: (BreakGlassGrant) async throws -> Void
    ) async throws {
        let now = clock.now()
        var opened = try await grant(id, in: org)
        try opened.open(by: user, at: now)
        try await tell(opened)
        try await change(id, in: org) { grant, _ in try grant.open(by: user, at: now) }
    }

    /// - Parameter isLogged: tells the transparency log first; what it throws leaves the report owed.
    package func close(
        _ id: String,
        in org: OrgID,
        by user: RecordID,
        report: String,
        isLogged tell: (BreakGlassGrant) async throws -> Void
    ) async throws {
        let now = clock.now()
        var closed = try await grant(id, in: org)
        try closed.close(by: user, report: report, at: now)
        try await tell(closed)
        try await change(id, in: org) { grant, _ in
            try grant.close(by: user, report: report, at: now)
        }
    }

    private func change(
        _ id: String,
        in org: OrgID,
        _ step: @escaping @Sendable (inout BreakGlassGrant, Instant) throws -> Void
    ) async throws {
        let now = clock.now()
        try await store.write(org) { tx in
            var grant = try Self.grant(id, tx)
            try step(&grant, now)
            try tx.putDocument(kind: Self.grantKind, key: id, text: grant.json.storedText)
        }
    }

    private static func grant(_ id: String, _ tx: any ReadTransaction) throws -> BreakGlassGrant {
        guard let text = try tx.document(kind: grantKind, key: id) else {
            throw RecordError(.notFound, "there is no grant \(id.prefix(40)) for this org")
        }
        return try grant(stored: text)
    }

    private static func grant(stored text: String) throws -> BreakGlassGrant {
        guard let json = try JSONParser.parse(text).object else {
            throw RecordError(.unknownException, "a stored grant is no object")
        }
        return try BreakGlassGrant(stored: json)
    }
}

// MARK: - Reading

extension Records {
    /// Reads under a grant: nothing is written, and nothing outside of its scope is read.
    ///
    /// The question is on disk in the org's own log before it is answered. Sealed texts stay masked.
    package func read<Sink: RowSink & Sendable>(
        _ question: BreakGlassQuestion,
        under id: String,
        in org: OrgID,
        by user: RecordID,
        _ makeSink: @escaping @Sendable (AuthorizedRead) throws -> Sink
    ) async throws -> Sink {
        try await keep(question, under: id, in: org, by: user)
        let caller = Caller.system(org, as: org.record, because: "break-glass \(id)")
        return try await read(as: caller) { reader in
            // Again, on the state that is read: it may have been revoked in the meantime.
            let grant = try Self.grant(id, reader.tx)
            try grant.requireOpen(to: user, at: reader.now)
            return try BreakGlassReader(reader, grant).rows(question, max: Self.rowsMax, makeSink)
        }
    }

    private func keep(
        _ question: BreakGlassQuestion,
        under id: String,
        in org: OrgID,
        by user: RecordID
    ) async throws {
        let now = clock.now()
        let text = question.text
        guard text.utf8.count <= Self.questionMaxBytes else {
            throw RecordError(.invalidInput, "the question is longer than 20,000 bytes")
        }
        try await store.write(org) { tx in
            try Self.grant(id, tx).requireOpen(to: user, at: now)
            let known = try tx.documents(kind: Self.queryKind)
                .count { $0.key.hasPrefix("\(id)/") }
            let digits = String(known + 1)
            let number = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
            let kept: JSONObject = ["at": .string(now.text), "question": .string(text)]
            try tx.putDocument(
                kind: Self.queryKind,
                key: "\(id)/\(number)",
                text: kept.storedText
            )
        }
    }
}

/// Answers questions under a grant, on one state of the org.
private struct BreakGlassReader {
    private let reader: RecordReader
    private let grant: BreakGlassGrant

    init(_ reader: RecordReader, _ grant: BreakGlassGrant) {
        self.grant = grant
        self.reader = RecordReader(
            caller: reader.caller,
            snapshot: reader.snapshot,
            access: .breakGlass(reader.caller.user),
            now: reader.now,
            tx: reader.tx,
            locators: reader.locators,
            secrets: reader.secrets,
            uses: reader.uses
        )
    }

    func rows<Sink: RowSink>(
        _ question: BreakGlassQuestion,
        max: Int,
        _ makeSink: (AuthorizedRead) throws -> Sink
    ) throws -> Sink {
        switch question {
        case .soql(let text):
            guard grant.records.isEmpty else {
                throw outside("it opens single records, which are asked for by their ids")
            }
            let plan = try reader.plan(text)
            try admit(plan)
            var sink = try makeSink(plan)
            _ = try reader.run(plan, .first(max), into: &sink)
            return sink
        case .records(let ids, let name, let fields):
            guard let object = reader.schema.object(name) else {
                throw RecordError(.invalidType, "there is no object `\(name)`")
            }
            guard grant.records.isEmpty || ids.allSatisfy(grant.records.contains) else {
                throw outside("not all of these records are in its scope")
            }
            return try reader.retrieve(ids, of: object, fields: fields) { plan in
                try admit(plan)
                return try makeSink(plan)
            }.sink
        }
    }

    private func admit(_ plan: AuthorizedRead) throws {
        guard plan.children.isEmpty else { throw outside("children are asked for by themselves") }
        guard grant.records.isEmpty || plan.query.tables.count == 1 else {
            throw outside("fields of other records are not in its scope")
        }
        let others = BreakGlassReader.objects(of: plan).filter { !grant.objects.contains($0) }
        guard let other = others.first else { return }
        throw outside("`\(other)` is not in its scope")
    }

    /// Every object a plan looks at, by whatever way.
    private static func objects(of plan: AuthorizedRead) -> [APIName] {
        plan.query.tables.map(\.object.name) + (plan.children + plan.semiJoins).flatMap(objects)
    }

    private func outside(_ why: String) -> RecordError {
        RecordError(.insufficientAccess, "the grant \(grant.id) does not open this: \(why)")
    }
}
