package import Metadata

/// A decision in the form in which the Union's database of statements of reasons takes it.
///
/// Whether the Digital Services Act obliges an operator to submit it is for the operator's lawyers;
/// the form is the same.
///
/// Source: digital-services-act/transparency-database, `app/Models/Statement.php` and the published
/// documentation of its API, the categories as of July 2025.
package struct DSAStatement: Hashable, Sendable {
    package static let textMax = 5_000
    package static let explanationMax = 2_000
    package static let groundMax = 500

    /// `D-2026-0007`.
    package let decision: String
    package let members: JSONObject

    /// The statement of a decision that restricts; `nil` for every other, which needs none.
    ///
    /// - Parameters:
    ///   - restrictions: the orders that carry it out.
    ///   - category: the database's name for what a rule is about; one that it does not know is
    ///     replaced by the breach of terms.
    package init?(
        _ decision: PublicDecision,
        fields: [String: String],
        restrictions: [PublicRestriction],
        category: String? = nil
    ) {
        guard decision.isRestriction else { return nil }
        self.decision = decision.id
        let facts = decision.current
        let starts =
            restrictions.map(\.startsAt).min() ?? facts.moment("StartsAt") ?? decision.first.at
        let ends = restrictions.map(\.endsAt).max() ?? facts.moment("EndsAt")
        let kinds =
            restrictions.isEmpty
            ? [facts.text("RestrictionKind") ?? ""] : restrictions.map(\.kind)
        guard
            let measure = Measure(
                kinds: Set(kinds),
                targets: restrictions.map(\.target) + [facts.text("RestrictionTarget") ?? ""]
            )
        else { return nil }
        members = JSONObject(
            measure.members(until: ends)
                + Self.ground(fields, rule: decision.rule)
                + Self.rest(fields, decision, starts: starts, category: category)
        )
    }

    private static func member(_ name: String, _ text: String) -> JSONObject.Member {
        JSONObject.Member(name: name, value: .string(text))
    }

    private static func list(_ name: String, _ texts: [String]) -> JSONObject.Member {
        JSONObject.Member(name: name, value: .array(texts.map { .string($0) }))
    }

    private static func ground(_ fields: [String: String], rule: String) -> [JSONObject.Member] {
        let explanation = String((fields["Ground"] ?? "").prefix(explanationMax))
        let reference = fields["LegalReference"] ?? ""
        var members: [JSONObject.Member] = []
        if fields["GroundKind"]?.lowercased() == "law" {
            members = [
                member("decision_ground", "DECISION_GROUND_ILLEGAL_CONTENT"),
                member(
                    "illegal_content_legal_ground",
                    String((reference.isEmpty ? rule : reference).prefix(groundMax))
                ),
                member("illegal_content_explanation", explanation),
            ]
        } else {
            members = [
                member("decision_ground", "DECISION_GROUND_INCOMPATIBLE_CONTENT"),
                member("incompatible_content_ground", String(rule.prefix(groundMax))),
                member("incompatible_content_explanation", explanation),
                member("incompatible_content_illegal", "No"),
            ]
        }
        if reference.hasPrefix("https://") || reference.hasPrefix("http://") {
            members.append(
                member("decision_ground_reference_url", String(reference.prefix(groundMax)))
            )
        }
        return members
    }

    private static func rest(
        _ fields: [String: String],
        _ decision: PublicDecision,
        starts: Instant,
        category: String?
    ) -> [JSONObject.Member] {
        let known = category.flatMap { categories.contains($0) ? $0 : nil }
        return [
            list("content_type", ["CONTENT_TYPE_OTHER"]),
            member("content_type_other", "The use of a service by an organisation"),
            member("content_date", LogCalendar.dayText(of: decision.first.at)),
            member("category", known ?? "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"),
            list("territorial_scope", territory(fields["Territory"] ?? "")),
            member("application_date", LogCalendar.dayText(of: starts)),
            member("account_type", "ACCOUNT_TYPE_BUSINESS"),
            member("decision_facts", String((fields["Facts"] ?? "").prefix(textMax))),
            member("source_type", source(fields["SourceKind"] ?? "")),
            member("automated_detection", fields["AutomatedDetection"] == "true" ? "Yes" : "No"),
            // A constant: two people decide, and nothing else can.
            member("automated_decision", "AUTOMATED_DECISION_NOT_AUTOMATED"),
            member("puid", puid(decision.id)),
        ]
    }

    /// The database takes letters, digits, dashes and underscores.
    private static func puid(_ id: String) -> String {
        let plain = id.unicodeScalars.map { scalar -> Character in
            let isPlain =
                scalar.isASCII
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || scalar == "-" || scalar == "_")
            return isPlain ? Character(scalar) : "-"
        }
        return String(String(plain).prefix(groundMax))
    }

    private static func source(_ kind: String) -> String {
        switch kind.lowercased() {
        case "concern": "SOURCE_ARTICLE_16"
        case "register finding", "own review", "": "SOURCE_VOLUNTARY"
        default: "SOURCE_TYPE_OTHER_NOTIFICATION"
        }
    }

    /// The states named; all of the Union and the European Economic Area where none is.
    private static func territory(_ text: String) -> [String] {
        let named = Set(
            text.split { !$0.isLetter }.map { $0.uppercased() }.map { $0 == "EL" ? "GR" : $0 }
        )
        let found = states.filter { named.contains($0) }
        return found.isEmpty ? states : found
    }

    private static let states = [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
        "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    ]

    static let categories: Set<String> = [
        "STATEMENT_CATEGORY_ANIMAL_WELFARE", "STATEMENT_CATEGORY_CONSUMER_INFORMATION",
        "STATEMENT_CATEGORY_CYBER_VIOLENCE", "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN",
        "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
        "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
        "STATEMENT_CATEGORY_OTHER_VIOLATION_TC", "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
        "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY", "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
        "STATEMENT_CATEGORY_SELF_HARM", "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
        "STATEMENT_CATEGORY_VIOLENCE",
    ]
}

extension DSAStatement {
    /// What was withheld, in the database's four sorts.
    private struct Measure {
        var visibility: String?
        var monetary: String?
        var provision: String?
        var account: String?

        /// `nil` where nothing is withheld: an org that is only told of something.
        init?(kinds: Set<String>, targets: [String]) {
            let partial: Set<String> = [
                "purpose", "feature", "object", "field", "automation", "integration", "rate",
                "growth", "read-only",
            ]
            if !kinds.isDisjoint(with: partial) {
                provision = "DECISION_PROVISION_PARTIAL_SUSPENSION"
            }
            if kinds.contains("channel") {
                if targets.contains(where: { $0.contains("payment") }) {
                    monetary = "DECISION_MONETARY_SUSPENSION"
                } else {
                    provision = "DECISION_PROVISION_PARTIAL_SUSPENSION"
                }
            }
            if kinds.contains("visibility") { visibility = "DECISION_VISIBILITY_CONTENT_DISABLED" }
            if kinds.contains("export-only") {
                provision = "DECISION_PROVISION_TOTAL_SUSPENSION"
            }
            if kinds.contains("end") {
                provision = "DECISION_PROVISION_TOTAL_TERMINATION"
                account = "DECISION_ACCOUNT_TERMINATED"
            }
            guard [visibility, monetary, provision, account].contains(where: { $0 != nil }) else {
                return nil
            }
        }

        func members(until end: Instant?) -> [JSONObject.Member] {
            var members: [JSONObject.Member] = []
            func put(_ name: String, _ value: JSONValue?, _ endName: String) {
                guard let value else { return }
                members.append(JSONObject.Member(name: name, value: value))
                guard let end else { return }
                members.append(DSAStatement.member(endName, LogCalendar.dayText(of: end)))
            }
            put(
                "decision_visibility",
                visibility.map { .array([.string($0)]) },
                "end_date_visibility_restriction"
            )
            put(
                "decision_monetary",
                monetary.map { .string($0) },
                "end_date_monetary_restriction"
            )
            put(
                "decision_provision",
                provision.map { .string($0) },
                "end_date_service_restriction"
            )
            if let account {
                members.append(DSAStatement.member("decision_account", account))
            }
            return members
        }
    }
}

extension PublicRecord {
    /// The statements of all decisions that restrict, the oldest first.
    ///
    /// - Parameter categories: the database's category by the rule's id, `AUP-07`.
    package func dsaStatements(categories: [String: String] = [:]) -> [DSAStatement] {
        decisionsInOrder.reversed().compactMap { decision in
            DSAStatement(
                decision,
                fields: shown(decision.current),
                restrictions: restrictionsInOrder.filter { $0.decision == decision.id },
                category: categories[RuleName.id(decision.rule)]
            )
        }
    }
}
