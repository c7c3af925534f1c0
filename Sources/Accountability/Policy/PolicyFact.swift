/// One thing that may be known of a use, of a closed list: a rule can ask nothing else.
package struct PolicyFact: Hashable, Sendable {
    /// Which way a fact may move the outcome of a rule; the checks prove that it moves no other.
    package enum Tendency: Hashable, Sendable {
        /// Makes a use no better.
        case aggravates
        /// Makes a use no worse.
        case mitigates
        /// Says what kind of use it is.
        case neutral
        /// No rule reads it; the text says why. It exists so that mirrored cases can differ in it.
        case neverRead(because: String)
    }

    package let name: String
    package let kind: FeatureKind
    package let tendency: Tendency
    /// What it means when it holds, for whoever finds the facts.
    package let summary: String

    package var isReadable: Bool {
        if case .neverRead = tendency { false } else { true }
    }

    fileprivate init(
        _ name: String,
        _ kind: FeatureKind = .flag,
        _ tendency: Tendency,
        _ summary: String
    ) {
        self.name = name
        self.kind = kind
        self.tendency = tendency
        self.summary = summary
    }
}

/// The facts that rules of a policy can read, and those that none may.
package enum PolicyFacts {
    package static let all: [PolicyFact] = kinds + harms + reliefs + excluded

    package static let byName: [String: PolicyFact] = Dictionary(
        all.map { ($0.name, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    /// Every fact by name, also those that no rule may read: who does is told why not.
    package static let vocabulary: [String: FeatureKind] = byName.mapValues(\.kind)

    /// The categories of a use declaration.
    package static let categories = [
        "Service requests", "Case work", "Public information", "Outreach", "Campaigning",
        "Fundraising", "Sales", "Membership", "Recruiting", "Education", "Health", "Benefits",
        "Payments", "Migration", "Policing", "Emergency response", "Prediction", "Research",
        "Administration",
    ]

    package static let products = [
        "service-desk", "community", "analytics", "predictions", "collaboration", "recruiting",
        "fundraising", "loyalty", "response",
    ]

    private static let kinds: [PolicyFact] = [
        .init("useCategory", .code(categories), .neutral, "The category of the use as declared."),
        .init("product", .code(products), .neutral, "The product that is used."),
        .init("publicBody", .flag, .neutral, "The org is an authority or acts for one."),
        .init(
            "matter",
            .code([
                "vote or census", "justice", "health", "housing", "work", "credit", "education",
                "benefits", "migration", "safety", "trade", "giving", "other",
            ]),
            .neutral,
            "What the use is about."
        ),
    ]

    private static let harms: [PolicyFact] = [
        .init("deceives", .aggravates, "People are led to believe what is untrue."),
        .init("materialToThem", .aggravates, "What they believe decides what they do or give up."),
        .init("posesAsAnother", .aggravates, "It speaks as a person or body that it is not."),
        .init("machinePosesAsPerson", .aggravates, "People think a machine is a person."),
        .init("onPurpose", .aggravates, "The org means it, or goes on although it was told."),
        .init("urgesViolence", .aggravates, "It calls for, plans or rewards violence on people."),
        .init("intimidates", .aggravates, "It makes people fear for themselves or their own."),
        .init("targetsPersons", .aggravates, "It is aimed at persons who can be told apart."),
        .init(
            "targetsProtectedTrait",
            .aggravates,
            "People are picked by a trait that law protects, or by a stand-in for it."
        ),
        .init(
            "deniesRights",
            .aggravates,
            "People lose, or do not get, what they have a right to."
        ),
        .init(
            "tracksPersons",
            .aggravates,
            "It follows where persons are, whom they meet or both."
        ),
        .init("covert", .aggravates, "Those affected do not know and could not find out."),
        .init("bypassesProtection", .aggravates, "It gets round a lock, a choice or an objection."),
        .init("automatedDecision", .aggravates, "A machine's result takes effect by itself."),
        .init("legalEffect", .aggravates, "It changes rights, or hits a life as hard."),
        .init("predictsTrait", .aggravates, "It guesses a protected trait of a person."),
        .init("usesPrediction", .aggravates, "The guess is acted on, sold or passed on."),
        .init("affectsMinors", .aggravates, "Children are among those affected."),
        .init("childData", .aggravates, "Data of children is collected or used."),
        .init("coerces", .aggravates, "Force, threat, debt or need is used to make people comply."),
        .init("exploits", .aggravates, "Work, sex, organs or children are taken or sold."),
        .init("detains", .aggravates, "People are held and cannot leave."),
        .init("deniesHearing", .aggravates, "They cannot reach a judge within a fair time."),
        .init("illTreats", .aggravates, "People are hurt or kept in degrading conditions."),
        .init("takesValue", .aggravates, "Money, goods, work or data is got from people."),
        .init("repeated", .aggravates, "It happens again and again."),
        .init("afterRefusal", .aggravates, "It goes on after people said no."),
        .init("setsOthersOn", .aggravates, "It moves others to go after a person."),
        .init(
            "exposesPersons",
            .aggravates,
            "It spreads where a person lives or private pictures."
        ),
        .init("imminent", .aggravates, "The harm is about to happen."),
        .init("libertyAtStake", .aggravates, "People may lose their freedom or safety."),
        .init("healthAtStake", .aggravates, "People may lose life, health or care."),
        .init("votingAtStake", .aggravates, "People may lose a vote or not be counted."),
        .init("livelihoodAtStake", .aggravates, "People may lose home, work or income."),
        .init("scaleBand", .level(0...5), .aggravates, "People affected: 0 to 100, … 5 a million."),
        .init("harmScale", .level(0...4), .aggravates, "How grave for each of them."),
        .init("irremediability", .level(0...4), .aggravates, "How hard to make good again."),
    ]

    private static let reliefs: [PolicyFact] = [
        .init("consent", .mitigates, "Those affected agreed, knowing, and free to say no."),
        .init("guardianConsent", .mitigates, "Whoever cares for the child agreed in the same way."),
        .init(
            "lawfulAuthority",
            .mitigates,
            "A published law allows it, within human rights, and a court can be asked."
        ),
        .init("independentOversight", .mitigates, "A body that the org does not control looks on."),
        .init(
            "humanReview",
            .mitigates,
            "A person who can change it looks before it takes effect."
        ),
        .init("objectionOpen", .mitigates, "People are told, can object, and are heard in time."),
        .init("disclosed", .mitigates, "People are told in time, and plainly."),
        .init("recognisableFiction", .mitigates, "Anyone sees that it is satire, art or a drill."),
        .init("reportsOrWarns", .mitigates, "It tells of harm to report, study, warn or stop it."),
        .init("protectsThatPerson", .mitigates, "It shields the very person from present danger."),
        .init("correctsUnfairness", .mitigates, "It finds or evens out unequal treatment."),
        .init("corrected", .mitigates, "The mistake was put right, openly, once it was known."),
    ]

    private static let excluded: [PolicyFact] = [
        .init(
            "actorPolitics",
            .code(["side-a", "side-b", "none"]),
            .neverRead(because: "what somebody stands for in politics is never a ground"),
            "Which side of politics the org is on."
        ),
        .init(
            "actorFaith",
            .code(["faith-a", "faith-b", "none"]),
            .neverRead(because: "what somebody believes is never a ground"),
            "The faith of the org."
        ),
        .init(
            "actorEmployer",
            .code(["operator", "competitor", "partner", "none"]),
            .neverRead(because: "whose people they are is never a ground"),
            "For whom those act who do it."
        ),
        .init(
            "criticisesOperator",
            .flag,
            .neverRead(because: "criticism of the operator is never a ground"),
            "It speaks against the operator."
        ),
        .init(
            "billUnpaid",
            .flag,
            .neverRead(because: "what an org owes is settled by its contract, not here"),
            "The org owes the operator money."
        ),
        .init(
            "complaintBand",
            .level(0...9),
            .neverRead(because: "how many complain decides nothing"),
            "How many have complained or signed."
        ),
    ]
}

extension PolicyFact {
    fileprivate init(_ name: String, _ tendency: Tendency, _ summary: String) {
        self.init(name, .flag, tendency, summary)
    }
}
