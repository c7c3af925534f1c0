package import Metadata

/// Whoever has verified the transparency log, and knows what is in it.
package protocol RestrictionProof: Sendable {
    func isLogged(_ order: RestrictionOrder) -> Bool
    func isLogged(_ lift: RestrictionLift) -> Bool
}

extension RecordError {
    static func notLogged(_ restriction: String) -> RecordError {
        RecordError(
            .invalidInput,
            "restriction: \(restriction) counts only once its order is in the transparency log"
        )
    }
}

// How restrictions come and go: by signed orders, kept in the org's own store.
extension Records {
    /// Puts a restriction in force, or another in the place of one with the same id.
    ///
    /// It counts from the next request on.
    ///
    /// - Throws: `RecordError` `INVALID_INPUT` with every objection to the order; one that is not in
    ///   the transparency log is refused whatever else it is.
    package func restrict(
        _ order: RestrictionOrder,
        under authority: RestrictionAuthority,
        loggedIn proof: any RestrictionProof
    ) async throws {
        let now = clock.now()
        try await check(order, under: authority)
        guard proof.isLogged(order) else { throw RecordError.notLogged(order.restriction.id) }
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

    /// Ends a restriction before its time, from the next request on.
    ///
    /// - Throws: `RecordError` `INVALID_INPUT` with every objection, `NOT_FOUND` where the org has no
    ///   such restriction in force or to come.
    package func lift(
        _ lift: RestrictionLift,
        under authority: RestrictionAuthority,
        loggedIn proof: any RestrictionProof
    ) async throws {
        try await check(lift, under: authority)
        guard proof.isLogged(lift) else { throw RecordError.notLogged(lift.restriction) }
        let now = clock.now()
        let snapshots = snapshots
        var kept = lift.json
        kept.members.append(JSONObject.Member(name: "liftedAt", value: .string(now.text)))
        let text = kept.storedText
        try await store.write(lift.org) { tx in
            try tx.putDocument(
                kind: RestrictionsInForce.liftKind,
                key: lift.restriction,
                text: text
            )
            tx.afterCommit { snapshots.invalidate(lift.org, schemaToo: false) }
        }
    }

    /// - Throws: as `lift`, which this does not do.
    package func check(
        _ lift: RestrictionLift,
        under authority: RestrictionAuthority
    ) async throws {
        let found = authority.objections(
            to: lift.signatures,
            of: lift.signedBytes,
            by: lift.requestedBy
        )
        guard found.isEmpty else { throw RecordError(.invalidInput, found.joined(separator: "; ")) }
        let now = clock.now()
        let states = try await restrictionStates(of: lift.org)
        guard
            states.contains(where: {
                $0.order.restriction.id == lift.restriction && now < $0.endsAt
            })
        else {
            throw RecordError(
                .notFound,
                "restriction: \(lift.restriction) is not in force, nor announced"
            )
        }
    }

    /// The orders that an org has been given, with when each ends or has ended.
    package func restrictionStates(of org: OrgID) async throws -> [RestrictionState] {
        try await store.read(org, isBrief: true) { tx in
            let lifts = try RestrictionsInForce.lifts(tx)
            return try tx.documents(kind: RestrictionsInForce.documentKind)
                .sorted { $0.key < $1.key }
                .map {
                    let order = try RestrictionsInForce.order($0.text)
                    return RestrictionState(order: order, lifted: lifts[order.restriction.id])
                }
        }
    }

    /// - Throws: as `restrict`, which this does not do.
    package func check(
        _ order: RestrictionOrder,
        under authority: RestrictionAuthority
    ) async throws {
        let now = clock.now()
        try await store.read(order.org, isBrief: true) { tx in
            let objections = authority.objections(
                to: order,
                in: order.org,
                at: now,
                extending: try RestrictionsInForce.emergencies(before: order, in: tx)
            )
            guard objections.isEmpty else {
                throw RecordError(.invalidInput, objections.joined(separator: "; "))
            }
            try RestrictionsInForce.refuseTaken(order, at: now, in: tx)
        }
    }
}

extension RestrictionsInForce {
    static let documentKind = "use-restriction"
    static let liftKind = "use-restriction-lift"

    /// Reads an org's restrictions; one that cannot be read is a failure, never a restriction less.
    init(from tx: any ReadTransaction) throws {
        self.init(try RestrictionsInForce.stored(tx))
    }

    /// As above, with what the measures that need it are about.
    init(_ questions: SystemQuestions, _ rates: RestrictionRates) throws {
        let all =
            try RestrictionsInForce.stored(questions.tx) + RestrictionsInForce.trials(questions.tx)
        let needsBindings = all.contains {
            if case .purpose = $0.measure { true } else { false }
        }
        self.init(
            all,
            products: questions.schema.products,
            bindings: needsBindings ? try UseBindings(questions) : UseBindings(),
            rates: rates
        )
    }

    private static func stored(_ tx: any ReadTransaction) throws -> [UseRestriction] {
        let lifts = try lifts(tx)
        return try tx.documents(kind: documentKind).map {
            let restriction = try RestrictionsInForce.restriction($0.text)
            return lifts[restriction.id].map { restriction.lifted(at: $0.at) } ?? restriction
        }
    }

    /// The lifts, by the restrictions that they end.
    static func lifts(_ tx: any ReadTransaction) throws -> [String: RestrictionState.Lifted] {
        var lifts: [String: RestrictionState.Lifted] = [:]
        for document in try tx.documents(kind: liftKind) {
            guard let json = try JSONParser.parse(document.text).object else {
                throw RecordError(.unknownException, "a stored lift is no object")
            }
            lifts[document.key] = RestrictionState.Lifted(
                at: try RestrictionReader(json).moment("liftedAt"),
                lift: try RestrictionLift(json)
            )
        }
        return lifts
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
        if let lifted = try lifts(tx)[id], lifted.at <= now {
            throw RecordError(.invalidInput, "restriction.id: \(id) is taken, it was lifted")
        }
        throw RecordError(.invalidInput, "restriction.id: \(id) is in force already")
    }

    /// The emergencies that withheld the same, each begun within the time in which one is extended
    /// after the one before had ended, up to an order; the earliest first.
    static func emergencies(
        before order: RestrictionOrder,
        in tx: any ReadTransaction
    ) throws -> [RestrictionState] {
        guard order.urgency == .emergency else { return [] }
        let lifts = try lifts(tx)
        let same = try tx.documents(kind: documentKind)
            .map { try self.order($0.text) }
            .filter { other in
                other.urgency == .emergency
                    && other.restriction.measure == order.restriction.measure
                    && other.restriction.id != order.restriction.id
                    && other.restriction.startsAt <= order.restriction.startsAt
            }
            .map { RestrictionState(order: $0, lifted: lifts[$0.restriction.id]) }
            .sorted { $0.order.restriction.startsAt > $1.order.restriction.startsAt }
        var chain: [RestrictionState] = []
        var begin = order.restriction.startsAt
        for state in same {
            let gap = state.endsAt.adding(seconds: RestrictionOrder.extensionHoursMax * 3_600)
            guard begin <= gap else { break }
            chain.append(state)
            begin = state.order.restriction.startsAt
        }
        return chain.reversed()
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

/// How a restriction that an org was given stands.
package struct RestrictionState: Sendable {
    package struct Lifted: Sendable {
        package let at: Instant
        package let lift: RestrictionLift
    }

    package enum Name: String, Sendable {
        case announced, inForce = "in force", over, lifted
    }

    package let order: RestrictionOrder
    /// `nil` where it ends or has ended by the clock.
    package let lifted: Lifted?

    /// The first moment at which nothing is withheld any more.
    package var endsAt: Instant {
        lifted.map { min($0.at, order.restriction.endsAt) } ?? order.restriction.endsAt
    }

    package func name(at now: Instant) -> Name {
        if lifted != nil { return .lifted }
        if now < order.restriction.startsAt { return .announced }
        return now < order.restriction.endsAt ? .inForce : .over
    }
}
