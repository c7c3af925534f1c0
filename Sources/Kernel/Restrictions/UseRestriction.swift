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
        /// No new users, and no app that is not installed yet.
        case growth
        /// Nothing is written.
        case readOnly
        /// Nothing is left but what can never be withheld, the export of all data first of all.
        case exportOnly
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
    /// Whether a use is withheld, time aside.
    func withholds(_ use: RestrictedUse) -> Bool {
        switch (measure, use) {
        case (.object(let name, let operations), .records(let operation, let object)):
            object == name && operations.contains(operation)
        case (.field(let object, let field), .field(let usedObject, let used)):
            object == usedObject && field == used
        case (.automation(let name), .flow(let flow)): name == flow
        case (.channel(let channel), .channel(let used)): channel == used
        case (.integration(let client), .client(let used)): client == used
        case (.growth, .records(.create, "User")), (.growth, .newApp): true
        case (.readOnly, .records(let operation, _)): operation != .read
        case (.readOnly, .newApp), (.readOnly, .metadata), (.readOnly, .flow): true
        // What chooses by fields still exports; what writes them is refused as a write.
        case (.exportOnly, .client), (.exportOnly, .field): false
        case (.exportOnly, _): true
        case (.object, _), (.field, _), (.automation, _), (.channel, _), (.integration, _),
            (.growth, _), (.readOnly, _):
            false
        }
    }
}

/// A use that may be withheld, at the moment at which it is about to happen.
package enum RestrictedUse: Hashable, Sendable {
    case records(UseRestriction.Operation, APIName)
    /// A field is written, filtered, sorted or grouped by.
    case field(object: APIName, field: APIName)
    case flow(APIName)
    case channel(UseRestriction.Channel)
    /// A session of a connected client does anything.
    case client(String)
    /// An app that the org does not have is installed.
    case newApp
    /// The org's definitions change.
    case metadata
}
