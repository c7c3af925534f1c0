package import Metadata

/// A policy of the operator: its versions in the order of their beginning.
package struct PolicyDocument: Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case acceptableUse = "acceptable-use"
        case process
    }

    /// What the file's folder and every acceptance call it: `acceptable-use`.
    package let key: String
    package let title: String
    package let kind: Kind
    /// The body that answers for it.
    package let owner: String
    /// Products; none for all of them.
    package let appliesTo: [String]
    package let versions: [PolicyVersion]
    package let source: ShapedMap

    package func version(_ name: String) -> PolicyVersion? {
        versions.first { $0.name == name }
    }

    /// The version that binds at a moment; `nil` before the first, and after a repeal.
    package func inForce(at moment: Instant) -> PolicyVersion? {
        versions.first { state(of: $0, at: moment) == .inForce }
    }

    /// How a version stands at a moment: the calendar decides, and no switch.
    package func state(of version: PolicyVersion, at moment: Instant) -> PolicyVersion.State {
        let calendar = version.calendar
        if let repealedOn = calendar.repealedOn, repealedOn <= moment { return .repealed }
        if let begin = calendar.effectiveFrom, begin <= moment {
            let isFollowed = versions.contains { other in
                guard let next = other.calendar.effectiveFrom else { return false }
                return begin < next && next <= moment
            }
            return isFollowed ? .superseded : .inForce
        }
        if let published = calendar.publishedOn, published <= moment { return .announced }
        if let opened = calendar.commentFrom, opened <= moment { return .comment }
        return .draft
    }
}

/// One text of a policy, with the rules that go with it and the days on which it takes its steps.
package struct PolicyVersion: Sendable {
    package enum State: String, Hashable, Sendable, CaseIterable {
        case draft
        /// Everybody can say what they think of it; it can still change.
        case comment
        /// Published and fixed; it does not bind yet.
        case announced
        case inForce = "in force"
        case superseded
        case repealed
    }

    /// Midnights in UTC with which the steps begin.
    package struct Calendar: Hashable, Sendable {
        package let commentFrom: Instant?
        package let commentUntil: Instant?
        package let publishedOn: Instant?
        package let effectiveFrom: Instant?
        package let repealedOn: Instant?
    }

    package struct Approval: Hashable, Sendable {
        package let body: String
        package let on: Instant
    }

    /// `2026-11`.
    package let name: String
    /// The file with the text: `2026-11.md`.
    package let file: String
    package let text: String
    package let rules: [RuleReference]
    /// Why this version exists.
    package let reason: String
    package let proposedBy: String
    /// Whether it is the one with which a deployment begins, before there is any org to bind.
    package let isFounding: Bool
    package let calendar: Calendar
    package let approvals: [Approval]
    /// What the text and each rule must still be, once they are published.
    package let pinnedText: String?
    package let pinnedRules: [String: String]
    package let source: ShapedMap

    /// What an acceptance accepts and the log holds.
    package var digest: String { PolicyDigest.of(text) }

    /// The content of the log entry `policy-published`.
    package func logContent(of document: PolicyDocument) -> [String: CanonicalJSON] {
        var content: [String: CanonicalJSON] = [
            "document": .string(document.key), "version": .string(name),
            "title": .string(document.title), "digest": .string(digest),
            "rules": .array(rules.map { .string($0.description) }),
            "approvals": .array(approvals.map { .string($0.body) }),
            "reason": .string(reason),
        ]
        let days = [
            ("publishedAt", calendar.publishedOn), ("commentUntil", calendar.commentUntil),
            ("effectiveFrom", calendar.effectiveFrom),
        ]
        for (name, day) in days {
            if let day { content[name] = .string(LogCalendar.text(of: day)) }
        }
        return content
    }
}
