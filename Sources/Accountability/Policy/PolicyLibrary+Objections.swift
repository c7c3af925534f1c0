package import Metadata

extension PolicyLibrary {
    /// Everything for which a measure cannot rest on a rule at a moment; empty where it can.
    ///
    /// - Parameters:
    ///   - rule: as a decision names it: `AUP-07@3`.
    ///   - kind: the kind of restriction, as the kernel names it: `channel`.
    ///   - moment: when it is decided.
    ///   - conduct: when what is decided about was done, where that is known.
    ///   - days: how long the measure lasts.
    package func objections(
        rule text: String,
        kind: String,
        at moment: Instant,
        conduct: Instant? = nil,
        days: Int? = nil
    ) -> [String] {
        guard let reference = RuleReference(text) else {
            return ["rule: `\(text.prefix(40))` names no rule and version: write AUP-07@3"]
        }
        guard let rule = rule(reference) else { return ["rule: \(unknown(reference))"] }
        var found: [String] = []
        if version(binding: reference, at: moment) == nil {
            found.append("rule: \(notBinding(reference, at: moment))")
        } else if let conduct, begin(of: reference).map({ conduct < $0 }) ?? true {
            found.append(
                "rule: \(reference) did not bind yet when it was done; no rule looks back"
            )
        }
        if let measure = PolicyMeasure(rawValue: kind) {
            if !rule.allowedMeasures.contains(measure) {
                let allowed = PolicyMeasure.allCases.filter(rule.allowedMeasures.contains)
                found.append(
                    "kind: \(reference) allows no `\(kind)`; it allows "
                        + allowed.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                )
            }
        } else {
            found.append("kind: `\(kind.prefix(40))` is no kind of restriction")
        }
        if let days, days > rule.longestDays {
            found.append("endsAt: \(reference) allows \(rule.longestDays) days at most")
        }
        return found
    }

    private func unknown(_ reference: RuleReference) -> String {
        let versions = rules.filter { $0.reference.id == reference.id }.map(\.reference.version)
        if let last = versions.max() {
            return
                "there is no version \(reference.version) of \(reference.id); the last is \(last)"
        }
        let ids = Set(rules.map(\.reference.id)).sorted()
        return "there is no rule \(reference.id)"
            + Suggestion.phrase(for: reference.id, among: ids)
    }

    /// Why a rule that exists does not bind.
    private func notBinding(_ reference: RuleReference, at moment: Instant) -> String {
        let holders = documents.flatMap { document in
            document.versions.filter { $0.rules.contains(reference) }
                .map { (version: $0, state: document.state(of: $0, at: moment)) }
        }
        let begins = holders.filter { [.announced, .comment, .draft].contains($0.state) }
            .compactMap(\.version.calendar.effectiveFrom).min()
        if holders.contains(where: { [.superseded, .repealed].contains($0.state) }) {
            let newer = rules(inForceAt: moment).first { $0.reference.id == reference.id }
            if let newer { return "\(reference) was superseded by \(newer.reference)" }
            return "\(reference) was repealed: it grounds no new decision"
        }
        if let begins { return "\(reference) does not bind before \(begins.day)" }
        return "\(reference) is in no published policy"
    }

    /// Since when a rule binds without a break that began after it.
    private func begin(of reference: RuleReference) -> Instant? {
        documents.flatMap(\.versions).filter { $0.rules.contains(reference) }
            .compactMap(\.calendar.effectiveFrom).min()
    }
}
