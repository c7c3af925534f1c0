/// What a rule of the register would have said of snapshots of the past, before it counts.
package struct ShadowReport: Hashable, Sendable {
    /// One org on one day, as the register saw it.
    package struct Snapshot: Sendable {
        package let org: String
        /// `2026-11-24`.
        package let day: String
        package let features: [String: FeatureValue]

        package init(org: String, day: String, features: [String: FeatureValue]) {
            self.org = org
            self.day = day
            self.features = features
        }
    }

    package let rule: RuleReference
    /// Snapshots that were looked at, and the orgs that they are of.
    package let snapshots: Int
    package let orgs: Int
    /// The orgs that would have got a finding, with the first day of it.
    package let hits: [String: String]
    /// Orgs for which the rule before says something else; none where there was no rule before.
    package let changed: Set<String>
    /// Orgs of which too little is known for the rule to say anything.
    package let undecided: Set<String>

    package init(
        of rule: RegisterRule,
        replacing former: RegisterRule? = nil,
        over snapshots: [Snapshot]
    ) {
        var hits: [String: String] = [:]
        var undecided: Set<String> = []
        var changed: Set<String> = []
        for snapshot in snapshots.sorted(by: { ($0.day, $0.org) < ($1.day, $1.org) }) {
            let result = rule.result(of: snapshot.features)
            if result != .ok, hits[snapshot.org] == nil { hits[snapshot.org] = snapshot.day }
            if !rule.isDecided(by: snapshot.features) { undecided.insert(snapshot.org) }
            if let former, former.result(of: snapshot.features) != result {
                changed.insert(snapshot.org)
            }
        }
        self.rule = rule.reference
        self.snapshots = snapshots.count
        orgs = Set(snapshots.map(\.org)).count
        self.hits = hits
        self.changed = changed
        self.undecided = undecided.subtracting(hits.keys)
    }

    /// What is printed with every decision that rests on the rule; `nil` where there is no cause.
    ///
    /// A rule that falls on one org alone may have been made for it, and one that falls on nobody
    /// has not shown what it does.
    package var warning: String? {
        switch hits.count {
        case 0: "\(rule) would have fallen on no org: what it does has not been seen yet"
        case 1: "\(rule) would have fallen on one org alone: it may have been made for it"
        default: nil
        }
    }

    /// For the proposal of a rule.
    package var summary: String {
        var text =
            "\(rule): of \(orgs) orgs \(hits.count) would have been asked, of \(undecided.count) "
            + "too little is known"
        if !changed.isEmpty { text += ", for \(changed.count) the rule before says otherwise" }
        return text
    }
}

extension RegisterRule {
    /// Whether what is known of an org is enough to say something.
    package func isDecided(by vector: [String: FeatureValue]) -> Bool {
        let values = Dictionary(
            vector.map { (RegisterFeature.name(of: $0.key), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        return predicate.truth(of: values) != .unknown
    }
}
