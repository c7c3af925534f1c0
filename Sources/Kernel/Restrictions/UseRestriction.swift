package import Metadata

/// Something that the platform withholds from an org, for a stated time and by a decision on record.
///
/// It takes away and never grants: it is asked after every permission, outranks Modify All Data and
/// callers with every right, and ends by the clock alone. What it can never withhold is in
/// `Unrestrictable`.
package struct UseRestriction: Hashable, Sendable {
    /// What can be done with records of an object.
    package enum Operation: String, Hashable, Sendable, CaseIterable {
        case read, create, edit, delete
    }

    /// A way out of the org.
    package enum Channel: String, Hashable, Sendable, CaseIterable {
        case mail, webhook
    }

    /// What is withheld.
    package enum Measure: Hashable, Sendable {
        /// Nothing: the org is told, and owes an answer.
        case notice
        /// Whatever serves a declared use, and what is bound to no use of its product; what serves
        /// other uses goes on.
        case purpose(declaration: String, product: String)
        /// A product as a whole: its records, flows and mails.
        case product(String)
        /// Some operations on an object's records. Who may view all data still reads them.
        case object(APIName, Set<Operation>)
        /// A field is not written, filtered, sorted or grouped by. Its values are still read.
        case field(object: APIName, field: APIName)
        /// A flow does not run.
        case automation(APIName)
        /// Nothing goes out; what waits is held.
        case channel(Channel)
        /// Sessions of a connected client are refused.
        case integration(client: String)
        /// No more than so much of something in a time.
        case rate(Rate)
        /// Guests see nothing; members stay.
        case visibility
        /// No new users, and no app that is not installed yet.
        case growth
        /// Nothing is written.
        case readOnly
        /// Nothing is left but what can never be withheld, the export of all data first of all.
        case exportOnly
        /// As export only; after its end the org can be erased.
        case end
    }

    /// How much of something an org may still do.
    package struct Rate: Hashable, Sendable {
        package enum Operation: String, Hashable, Sendable, CaseIterable {
            case mail, webhook, create, request
        }

        package let operation: Operation
        /// In each window; zero for none at all.
        package let count: Int
        /// How long a window is.
        package let seconds: Int

        package init(operation: Operation, count: Int, seconds: Int) {
            self.operation = operation
            self.count = max(0, count)
            self.seconds = min(max(1, seconds), 366 * 86_400)
        }
    }

    /// `R-2026-0001`.
    package let id: String
    /// The decision that it carries out: `D-2026-0007`.
    package let decision: String
    /// The rule that the decision applied, with its version: `AUP-07@3`.
    package let rule: String
    package let measure: Measure
    package let startsAt: Instant
    /// The first moment at which nothing is withheld any more.
    package let endsAt: Instant

    package init(
        id: String,
        decision: String,
        rule: String,
        measure: Measure,
        startsAt: Instant,
        endsAt: Instant
    ) {
        self.id = id
        self.decision = decision
        self.rule = rule
        self.measure = measure
        self.startsAt = startsAt
        self.endsAt = endsAt
    }

    /// Whether anything is withheld at a moment: the clock decides, and no job.
    package func isInForce(at now: Instant) -> Bool { startsAt <= now && now < endsAt }

    /// Where the decision can be appealed, as a path of the deployment.
    package var appealPath: String { "/accountability/appeals/new?decision=\(decision)" }
}

extension UseRestriction {
    /// The same restriction with an earlier end.
    func lifted(at moment: Instant) -> UseRestriction {
        UseRestriction(
            id: id,
            decision: decision,
            rule: rule,
            measure: measure,
            startsAt: startsAt,
            endsAt: min(endsAt, moment)
        )
    }
}
