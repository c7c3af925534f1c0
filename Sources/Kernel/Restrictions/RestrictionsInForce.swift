package import Metadata

/// The restrictions of an org, asked before every use.
///
/// Part of the snapshot, so that a change takes effect with the next request. Most orgs have none, and
/// are done after one look at an empty list.
package struct RestrictionsInForce: Sendable {
    /// In the order of their ids.
    package let all: [UseRestriction]
    private let products: ProductMap
    private let bindings: UseBindings
    private let rates: RestrictionRates

    init(
        _ all: [UseRestriction] = [],
        products: ProductMap = ProductMap(),
        bindings: UseBindings = UseBindings(),
        rates: RestrictionRates = RestrictionRates()
    ) {
        self.all = all.sorted { $0.id < $1.id }
        self.products = products
        self.bindings = bindings
        self.rates = rates
    }

    /// The first restriction in force that withholds a use from a caller; `nil` where none does.
    ///
    /// - Parameter isFlow: it is a flow that acts with every right, and not the kernel for itself.
    func first(
        _ use: RestrictedUse,
        by access: CallerAccess,
        isFlow: Bool = false,
        doer: UseDoer = UseDoer(),
        at now: Instant
    ) -> UseRestriction? {
        if all.isEmpty { return nil }
        let context = UseContext(products: products, bindings: bindings, doer: doer)
        return all.first {
            $0.isInForce(at: now) && $0.withholds(use, context)
                && !Unrestrictable.covers(use, by: access, isFlow: isFlow)
        }
    }

    /// The restriction that refuses all that a client does, whoever uses it.
    func first(client: String, at now: Instant) -> UseRestriction? {
        if all.isEmpty { return nil }
        let doer = UseDoer(client: client)
        let context = UseContext(products: products, bindings: bindings, doer: doer)
        return all.first { $0.isInForce(at: now) && $0.withholds(.client(client), context) }
    }

    /// Refuses guests where the org shows them nothing, and requests beyond a rate.
    ///
    /// Administrators' requests are counted and never refused: the way out stays open.
    func admit(_ access: CallerAccess, of caller: Caller, at now: Instant) throws {
        if all.isEmpty { return }
        if access.sharing.kind == .guest, let one = first(.guest, by: access, at: now) {
            throw RecordError(one)
        }
        if let (restriction, _) = exhausted(.request, in: caller.org, at: now),
            !access.has(.viewAllData)
        {
            throw RecordError(restriction)
        }
    }

    /// Takes one operation from every rate that is in force for it.
    ///
    /// - Returns: the rate that is used up, and when it begins anew; `nil` where none is.
    func exhausted(
        _ operation: UseRestriction.Rate.Operation,
        in org: OrgID,
        at now: Instant
    ) -> (restriction: UseRestriction, until: Instant)? {
        for restriction in all where restriction.isInForce(at: now) {
            guard case .rate(let rate) = restriction.measure, rate.operation == operation,
                let until = rates.take(rate, of: restriction.id, in: org, at: now)
            else { continue }
            return (restriction, min(until, restriction.endsAt))
        }
        return nil
    }
}

extension RecordError {
    /// A refusal that names what refused, until when, and where to appeal.
    package init(_ restriction: UseRestriction, fields: [APIName] = []) {
        self.init(
            .useRestricted,
            "this use is withheld until \(restriction.endsAt.text) by restriction \(restriction.id), "
                + "which carries out decision \(restriction.decision); appeal at "
                + restriction.appealPath,
            fields: fields,
            detail: .restriction(restriction)
        )
    }
}

extension RecordReader {
    /// The restriction that withholds a use here and now.
    func restriction(on use: RestrictedUse) -> UseRestriction? {
        if snapshot.restrictions.all.isEmpty { return nil }
        let own = snapshot.restrictions.first(
            use,
            by: access,
            isFlow: actsForFlow,
            doer: UseDoer(flow: flowThatActs, client: caller.client),
            at: now
        )
        return own ?? restriction(onWhatIsSummedIn: use)
    }

    /// Whoever chooses by a summary chooses by the fields that it sums up.
    private func restriction(onWhatIsSummedIn use: RestrictedUse) -> UseRestriction? {
        guard case .field(let objectName, let name) = use,
            let object = snapshot.schema.object(objectName), let field = object.field(name),
            let rollUp = RollUp(field, of: object, in: snapshot.schema)
        else { return nil }
        // Summaries of summaries end somewhere: a circle of them is not deployed.
        for source in rollUp.sources ?? rollUp.child.fields {
            let use = RestrictedUse.field(object: rollUp.child.name, field: source.name)
            if let one = restriction(on: use) { return one }
        }
        return nil
    }

    /// The restriction on an operation with an object's records: on its own, or on those of the object
    /// of whose records they tell.
    func restriction(
        on operation: UseRestriction.Operation,
        of object: ObjectDefinition
    ) -> UseRestriction? {
        if snapshot.restrictions.all.isEmpty { return nil }
        if let own = restriction(on: .records(operation, object.name)) { return own }
        let told = operation == .read ? operation : .edit
        return object.subject.flatMap { restriction(on: .records(told, $0)) }
    }

    /// - Throws: `RecordError` `USE_RESTRICTED` where the operation is withheld.
    func refuse(_ operation: UseRestriction.Operation, of object: ObjectDefinition) throws {
        if let one = restriction(on: operation, of: object) { throw RecordError(one) }
    }

    /// - Throws: `RecordError` `USE_RESTRICTED` where the use is withheld.
    func refuse(_ use: RestrictedUse) throws {
        if snapshot.restrictions.all.isEmpty { return }
        if let restriction = restriction(on: use) { throw RecordError(restriction) }
    }

    /// The restrictions of the org that have not ended; everybody in the org may know them.
    package var useRestrictions: [UseRestriction] {
        snapshot.restrictions.all.filter { now < $0.endsAt }
    }
}

extension RecordReader {
    /// Gives up for now what would go out while its channel is withheld, for a person to run again.
    ///
    /// Nothing is lost, and nothing goes out by itself when the restriction ends. What is beyond a rate
    /// waits for the next window.
    func holdIfWithheld(
        _ channel: UseRestriction.Channel,
        _ sending: RestrictedUse.Sending = RestrictedUse.Sending()
    ) throws {
        if snapshot.restrictions.all.isEmpty { return }
        if let restriction = restriction(on: .channel(channel, sending)) {
            throw JobFailure.permanent("held: \(RecordError(restriction).message)")
        }
        let operation: UseRestriction.Rate.Operation = channel == .mail ? .mail : .webhook
        if let (restriction, until) = snapshot.restrictions.exhausted(
            operation,
            in: caller.org,
            at: now
        ) {
            throw JobFailure.postponed(until: until, RecordError(restriction).message)
        }
    }
}

extension ObjectDefinition {
    /// The object of whose records these tell: history of what was changed, shares of what is shared.
    var subject: APIName? { historyOf ?? sharing.sharedObject }
}
