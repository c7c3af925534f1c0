package import Metadata

/// A decision with its statement of reasons; what was told of it later stands behind.
package struct PublicDecision: Hashable, Sendable {
    package let id: String
    /// The oldest first; there is always one.
    package internal(set) var versions: [PublicFacts]

    package var first: PublicFacts { versions[0] }
    package var current: PublicFacts { versions[versions.count - 1] }
    package var org: String? { current.org ?? current.text("OrgKey") }
    package var rule: String { current.text("Rule") ?? "" }
    package var outcome: String { current.text("Outcome") ?? "" }
    package var isRestriction: Bool { outcome == "Restriction" }
    package var isEmergency: Bool { current.text("Urgency") == "Emergency" }

    /// When it was taken: a day that it names itself counts only where it is before its entry's.
    package var decidedAt: Instant {
        first.moment("DecidedAt").map { min($0, first.at) } ?? first.at
    }

    /// The first day on which the org is told to have been heard.
    package var heardOn: Instant? {
        versions.compactMap { $0.moment("OrgHeardOn") }.min()
    }
}

/// A review from its opening to its close.
package struct PublicReview: Hashable, Sendable {
    package let opened: PublicFacts
    /// Each time that a reason was given for taking longer.
    package internal(set) var delays: [PublicFacts] = []
    package internal(set) var closed: PublicFacts?
}

/// An appeal, and what came of it.
package struct PublicAppeal: Hashable, Sendable {
    package let filed: PublicFacts
    package internal(set) var decided: PublicFacts?

    /// Whether the decision did not stay as it was.
    package var isChanged: Bool {
        ["changed", "reversed", "sent back"].contains(decided?.text("Outcome")?.lowercased())
    }
}

/// A promise made in a meeting or a decision.
package struct PublicCommitment: Hashable, Sendable {
    package let made: PublicFacts
    /// Each time that its day was moved.
    package internal(set) var moves: [PublicFacts] = []
    package internal(set) var done: PublicFacts?

    /// What was promised first; moving does not take it back.
    package var firstDue: Instant? { made.dueEnd("DueOn") }
    package var due: Instant? { moves.compactMap { $0.dueEnd("DueOn") }.last ?? firstDue }
    package var slips: Int { moves.count }
}

/// A meeting, in the versions of its minutes.
package struct PublicMeeting: Hashable, Sendable {
    package let id: String
    package internal(set) var versions: [PublicFacts]

    package var current: PublicFacts { versions[versions.count - 1] }
    package var hasDeclinedTerms: Bool { current.text("Declined") != nil }
    /// When minutes were first told of.
    package var minutesAt: Instant? { versions.first { $0.text("MinutesDigest") != nil }?.at }
}

/// An opening of an org's data by the operator, told without what was seen.
package struct PublicBreakGlass: Hashable, Sendable {
    package let index: Int
    package let id: String
    package let org: String?
    package let reason: String
    package let scope: String?
    package let at: Instant
    package let until: Instant?
    package internal(set) var closedAt: Instant?
    package internal(set) var queries: String?

    init(_ entry: LogEntry, index: Int) throws(LogFormatError) {
        let content = ContentReader(entry.content)
        self.index = index
        id = try content.text("id")
        org = content.optionalText("org")
        reason = try content.text("reason")
        scope =
            content.optionalText("scope")
            ?? (content.texts("scope").isEmpty
                ? nil : content.texts("scope").joined(separator: ", "))
        at = try content.moment("at")
        until = content.optionalText("until").flatMap { LogCalendar.moment($0) }
    }
}

/// The stages of a concern, by their days; its contents are not in the log.
package struct PublicConcern: Hashable, Sendable {
    package let id: String
    package internal(set) var channel: String?
    package internal(set) var reporterKind: String?
    package internal(set) var product: String?
    /// The day since 1970 of the opening; until that is told of, of the first stage that was: the steps
    /// of one night may come in any order.
    package internal(set) var openedOn: Int
    /// Whether the opening itself was told of.
    var isOpeningTold = false
    package internal(set) var acknowledgedOn: Int?
    package internal(set) var triagedOn: Int?
    package internal(set) var closedOn: Int?
    package internal(set) var outcome: String?
}
