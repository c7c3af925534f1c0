import Metadata

/// Earlier decisions that a case resembles.
package struct Precedent: Hashable, Sendable {
    package let decision: PublicDecision
    /// What the two have in common, in words.
    package let alike: [String]
    /// In what they differ.
    package let different: [String]
}

extension PublicRecord {
    /// What is compared of a case.
    package struct CaseShape: Hashable, Sendable {
        /// With or without its version.
        package let rule: String
        package let kind: String?
        package let product: String?
        /// The sum of scale, scope and irremediability, where the log tells it.
        package let severity: Int?

        package init(rule: String, kind: String?, product: String?, severity: Int?) {
            self.rule = rule
            self.kind = kind
            self.product = product
            self.severity = severity
        }
    }

    /// The nearest decisions by the same rule, whatever its version; the nearest first.
    ///
    /// - Parameter excluding: the decision that is asked for itself.
    package func precedents(
        of shape: CaseShape,
        excluding id: String? = nil,
        max count: Int = 3
    ) -> [Precedent] {
        let rule = RuleName.id(shape.rule)
        guard !rule.isEmpty else { return [] }
        let near = decisions.values.filter { RuleName.id($0.rule) == rule && $0.id != id }
            .map { (decision: $0, distance: distance(of: self.shape(of: $0), to: shape)) }
            .sorted { one, other in
                one.distance == other.distance
                    ? one.decision.first.index > other.decision.first.index
                    : one.distance.lexicographicallyPrecedes(other.distance)
            }
        return near.prefix(max(count, 0)).map { compare($0.decision, shape) }
    }

    /// The nearest decisions to one that is in the log; only those before it.
    package func precedents(of decision: PublicDecision, max count: Int = 3) -> [Precedent] {
        precedents(of: shape(of: decision), excluding: decision.id, max: decisions.count)
            .filter { $0.decision.first.index < decision.first.index }.prefix(max(count, 0)).map {
                $0
            }
    }

    package func shape(of decision: PublicDecision) -> CaseShape {
        let facts = decision.current
        let review = facts.text("ReviewName").flatMap { reviews[$0] }
        return CaseShape(
            rule: decision.rule,
            kind: facts.text("RestrictionKind"),
            product: facts.text("Product"),
            severity: facts.count("Severity") ?? review?.opened.count("Severity")
        )
    }

    /// How far two cases are from each other: the kind first, then the product, then the severity.
    private func distance(of one: CaseShape, to other: CaseShape) -> [Int] {
        var gap = Int.max
        if let left = one.severity, let right = other.severity {
            // Numbers of strangers: the difference may be beyond any number.
            let (difference, overflows) = left.subtractingReportingOverflow(right)
            gap = overflows ? Int.max : Int(clamping: difference.magnitude)
        }
        return [one.kind == other.kind ? 0 : 1, one.product == other.product ? 0 : 1, gap]
    }

    private func compare(_ decision: PublicDecision, _ shape: CaseShape) -> Precedent {
        let own = self.shape(of: decision)
        var alike = ["rule \(RuleName.id(own.rule))"]
        var different: [String] = []
        func put(_ name: String, _ one: String?, _ other: String?) {
            if let one, one == other {
                alike.append("\(name) \(one)")
            } else if one != other {
                different.append("\(name) \(one ?? "none") and \(other ?? "none")")
            }
        }
        if own.rule != shape.rule { different.append("versions \(own.rule) and \(shape.rule)") }
        put("kind", own.kind, shape.kind)
        put("product", own.product, shape.product)
        put("severity", own.severity.map { String($0) }, shape.severity.map { String($0) })
        return Precedent(decision: decision, alike: alike, different: different)
    }
}
