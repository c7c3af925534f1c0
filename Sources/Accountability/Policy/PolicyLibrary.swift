package import Metadata

/// All policies of a deployment, read from their files, as immutable as those.
package struct PolicyLibrary: Sendable {
    package let documents: [PolicyDocument]
    /// Every version of every rule.
    package let rules: [PolicyRule]
    package let registerRules: [RegisterRule]
    package let cards: [ProductCard]
    package let handling: HandlingPolicy?

    package init(
        documents: [PolicyDocument],
        rules: [PolicyRule],
        registerRules: [RegisterRule] = [],
        cards: [ProductCard] = [],
        handling: HandlingPolicy? = nil
    ) {
        self.documents = documents
        self.rules = rules.sorted { $0.reference < $1.reference }
        self.registerRules = registerRules.sorted { $0.reference < $1.reference }
        self.cards = cards
        self.handling = handling
    }

    package func document(_ key: String) -> PolicyDocument? {
        documents.first { $0.key == key }
    }

    package func rule(_ reference: RuleReference) -> PolicyRule? {
        rules.first { $0.reference == reference }
    }

    package func card(_ product: String) -> ProductCard? {
        cards.first { $0.product == product }
    }

    /// The rules on which a decision can rest at a moment.
    package func rules(inForceAt moment: Instant) -> [PolicyRule] {
        let references = documents.flatMap { $0.inForce(at: moment)?.rules ?? [] }
        return rules.filter { references.contains($0.reference) }
    }

    /// The document and version by which a rule is bound at a moment.
    package func version(
        binding reference: RuleReference,
        at moment: Instant
    ) -> (document: PolicyDocument, version: PolicyVersion)? {
        for document in documents {
            if let version = document.inForce(at: moment), version.rules.contains(reference) {
                return (document, version)
            }
        }
        return nil
    }

    /// What an org has to accept at a moment, and has not: something to ask it, and never a lock.
    ///
    /// A lock would take away use without a decision, and nobody could appeal it.
    ///
    /// - Parameter accepted: keys of documents and names of the versions that were accepted.
    package func notAccepted(
        of accepted: Set<PolicyAcceptanceKey>,
        at moment: Instant
    ) -> [PolicyAcceptanceKey] {
        documents.compactMap { document in
            guard document.kind == .acceptableUse, let version = document.inForce(at: moment) else {
                return nil
            }
            let key = PolicyAcceptanceKey(document: document.key, version: version.name)
            return accepted.contains(key) ? nil : key
        }
    }
}

/// What is accepted: one version of one document.
package struct PolicyAcceptanceKey: Hashable, Sendable {
    package let document: String
    package let version: String

    package init(document: String, version: String) {
        self.document = document
        self.version = version
    }
}
