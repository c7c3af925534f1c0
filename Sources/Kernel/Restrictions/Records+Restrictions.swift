package import Metadata

// How restrictions come and go: by signed orders, kept in the org's own store.
extension Records {
    /// Puts a restriction in force, or another in the place of one with the same id.
    ///
    /// It counts from the next request on.
    ///
    /// - Throws: `RecordError` `INVALID_INPUT` with every objection to the order.
    package func restrict(
        _ order: RestrictionOrder,
        under authority: RestrictionAuthority
    ) async throws {
        let now = clock.now()
        try await check(order, under: authority)
        var writer = JSONWriter()
        writer.value(.object(order.json))
        let text = String(decoding: writer.bytes, as: UTF8.self)
        let snapshots = snapshots
        try await store.write(order.org) { tx in
            try RestrictionsInForce.refuseTaken(order, at: now, in: tx)
            try tx.putDocument(
                kind: RestrictionsInForce.documentKind,
                key: order.restriction.id,
                text: text
            )
            tx.afterCommit { snapshots.invalidate(order.org, schemaToo: false) }
        }
    }

    /// - Throws: as `restrict`, which this does not do.
    package func check(
        _ order: RestrictionOrder,
        under authority: RestrictionAuthority
    ) async throws {
        let now = clock.now()
        let objections = authority.objections(to: order, in: order.org, at: now)
        guard objections.isEmpty else {
            throw RecordError(.invalidInput, objections.joined(separator: "; "))
        }
        try await store.read(order.org, isBrief: true) { tx in
            try RestrictionsInForce.refuseTaken(order, at: now, in: tx)
        }
    }

    /// The orders that an org has been given, those that are over too, in the order of their ids.
    package func restrictionOrders(of org: OrgID) async throws -> [RestrictionOrder] {
        try await store.read(org, isBrief: true) { tx in
            try tx.documents(kind: RestrictionsInForce.documentKind)
                .sorted { $0.key < $1.key }
                .map { try RestrictionsInForce.order($0.text) }
        }
    }
}

extension RestrictionsInForce {
    static let documentKind = "use-restriction"

    /// Reads an org's restrictions; one that cannot be read is a failure, never a restriction less.
    init(from tx: any ReadTransaction) throws {
        self.init(
            try tx.documents(kind: RestrictionsInForce.documentKind)
                .map { try RestrictionsInForce.restriction($0.text) }
        )
    }

    /// An id that is in force stands for one restriction until that ends.
    static func refuseTaken(
        _ order: RestrictionOrder,
        at now: Instant,
        in tx: any ReadTransaction
    ) throws {
        let id = order.restriction.id
        guard let text = try tx.document(kind: documentKind, key: id) else { return }
        let known = try self.order(text)
        guard known != order, known.restriction.endsAt > now else { return }
        throw RecordError(.invalidInput, "restriction.id: \(id) is in force already")
    }

    static func order(_ text: String) throws -> RestrictionOrder {
        guard let json = try JSONParser.parse(text).object else {
            throw RecordError(.unknownException, "a stored restriction is no object")
        }
        return try RestrictionOrder(json)
    }

    static func restriction(_ text: String) throws -> UseRestriction {
        try order(text).restriction
    }
}

extension RestrictionOrder {
    /// How its restriction stands.
    package enum State: String, Sendable {
        case announced, inForce = "in force", over
    }

    package func state(at now: Instant) -> State {
        if now < restriction.startsAt { return .announced }
        return now < restriction.endsAt ? .inForce : .over
    }
}
