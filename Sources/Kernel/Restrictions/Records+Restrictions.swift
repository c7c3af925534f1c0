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
        let objections = authority.objections(to: order, in: order.org, at: now)
        guard objections.isEmpty else {
            throw RecordError(.invalidInput, objections.joined(separator: "; "))
        }
        var writer = JSONWriter()
        writer.value(.object(order.json))
        let text = String(decoding: writer.bytes, as: UTF8.self)
        let snapshots = snapshots
        try await store.write(order.org) { tx in
            let kind = RestrictionsInForce.documentKind
            let id = order.restriction.id
            if let known = try tx.document(kind: kind, key: id), known != text,
                try RestrictionsInForce.restriction(known).endsAt > now
            {
                throw RecordError(.invalidInput, "restriction.id: \(id) is in force already")
            }
            try tx.putDocument(kind: kind, key: id, text: text)
            tx.afterCommit { snapshots.invalidate(order.org, schemaToo: false) }
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
