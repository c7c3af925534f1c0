package import Metadata

/// A restriction by the order in the log, with its lift if there is one.
package struct PublicRestriction: Hashable, Sendable {
    /// What a restriction is at a moment; nothing but the log and the clock decides.
    package enum State: String, Hashable, Sendable, CaseIterable {
        case upcoming, inForce, lifted, expired
    }

    package struct Reasons: Hashable, Sendable {
        package let facts: String?
        package let ground: String?
        package let aim: String?
        package let lesserSteps: [String]
        package let thirdParties: String?
        package let reversal: String?
        package let imminentHarm: String?
    }

    package struct Lift: Hashable, Sendable {
        package let index: Int
        package let at: Instant
        package let decision: String?
        package let reasons: String?
        package let signers: [String]
    }

    package let index: Int
    package let id: String
    package let org: String
    package let decision: String
    package let rule: String
    /// `channel`, `read-only`: one of the kinds that the kernel withholds.
    package let kind: String
    /// What of that kind, in words that compare: `channel mail`.
    package let target: String
    package let urgency: String
    package let noticedAt: Instant
    package let startsAt: Instant
    /// The first moment at which nothing is withheld any more, unless lifted before.
    package let endsAt: Instant
    package let requestedBy: String
    package let reasons: Reasons
    package let signers: [String]
    package internal(set) var lift: Lift?

    package var isEmergency: Bool { urgency == "emergency" }

    /// The moment from which on nothing is withheld.
    package var endedAt: Instant { lift.map { min($0.at, endsAt) } ?? endsAt }

    package func state(at now: Instant) -> State {
        if let lift, lift.at <= now, lift.at < endsAt { return .lifted }
        if now < startsAt { return .upcoming }
        return now < endsAt ? .inForce : .expired
    }
}

extension PublicRestriction {
    /// Reads the order of an entry.
    ///
    /// - Throws: `LogFormatError` where a member is missing.
    init(_ entry: LogEntry, index: Int) throws(LogFormatError) {
        let order = try ContentReader(entry.content["order"], "order")
        let restriction = try order.object("restriction")
        let reasons = try? order.object("reasons")
        self.init(
            index: index,
            id: try restriction.text("id"),
            org: try order.text("org"),
            decision: try restriction.text("decision"),
            rule: try restriction.text("rule"),
            kind: try restriction.text("kind"),
            target: Self.words(of: restriction["target"]),
            urgency: try order.text("urgency"),
            noticedAt: try order.moment("noticedAt"),
            startsAt: try restriction.moment("startsAt"),
            endsAt: try restriction.moment("endsAt"),
            requestedBy: try order.text("requestedBy"),
            reasons: Reasons(
                facts: reasons?.optionalText("facts"),
                ground: reasons?.optionalText("ground"),
                aim: reasons?.optionalText("aim"),
                lesserSteps: reasons?.texts("lesserSteps") ?? [],
                thirdParties: reasons?.optionalText("thirdParties"),
                reversal: reasons?.optionalText("reversal"),
                imminentHarm: reasons?.optionalText("imminentHarm")
            ),
            signers: Self.signers(of: order),
            lift: nil
        )
    }

    static func signers(of order: ContentReader) -> [String] {
        guard case .array(let signatures) = order["signatures"] else { return [] }
        return signatures.compactMap { signature in
            (try? ContentReader(signature, "signature"))?.optionalText("signer")
        }
    }

    /// `channel mail`, `object Case, operations create edit`: member by member, by their names.
    private static func words(of target: CanonicalJSON?) -> String {
        guard case .object(let members) = target else { return "" }
        return members.sorted { $0.key < $1.key }.compactMap { name, value in
            switch value {
            case .string(let text): "\(name) \(text)"
            case .integer(let number): "\(name) \(number)"
            case .array(let values):
                "\(name) "
                    + values.compactMap {
                        if case .string(let text) = $0 { text } else { nil }
                    }.joined(separator: " ")
            case .null, .boolean, .object: nil
            }
        }.joined(separator: ", ")
    }
}

extension PublicRestriction.Lift {
    /// Reads the lift of an entry.
    ///
    /// - Parameter now: when it must have been at the latest, where the entry does not say.
    /// - Throws: `LogFormatError` where it names no restriction.
    static func read(
        _ entry: LogEntry,
        index: Int,
        now: Instant
    ) throws(LogFormatError) -> (org: String, restriction: String, lift: Self) {
        let lift = try ContentReader(entry.content["lift"], "lift")
        let at = ContentReader(entry.content).optionalText("at").flatMap { LogCalendar.moment($0) }
        return (
            try lift.text("org"), try lift.text("restriction"),
            Self(
                index: index,
                at: at ?? now,
                decision: lift.optionalText("decision"),
                reasons: lift.optionalText("reasons"),
                signers: PublicRestriction.signers(of: lift)
            )
        )
    }
}
