/// One question that the register answers about an org, as rules name it.
///
/// The list is closed, and no feature is a count of records, a content or a person. The register's
/// own names have dots, which formulas cannot have; `name(of:)` turns one into the other.
package struct RegisterFeature: Hashable, Sendable {
    package let name: String
    package let kind: FeatureKind
    package let summary: String

    fileprivate init(_ name: String, _ kind: FeatureKind, _ summary: String) {
        self.name = name
        self.kind = kind
        self.summary = summary
    }

    /// `undeclaredSpecial` for `undeclared.special`.
    package static func name(of vectorName: String) -> String {
        let parts = vectorName.split { $0 == "." || $0 == "-" }.map(String.init)
        let rest = parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
        return (parts.prefix(1) + rest).joined()
    }

    package static let all: [RegisterFeature] = declared + observed + undeclared + changed

    package static let vocabulary: [String: FeatureKind] = Dictionary(
        all.map { ($0.name, $0.kind) },
        uniquingKeysWith: { first, _ in first }
    )

    private static let data = [
        "contact-details", "correspondence", "location", "employment", "date-of-birth",
        "login-activity", "identity-documents", "payments", "education", "household",
        "residence-status", "behaviour", "children", "other",
    ]
    private static let special = [
        "health", "biometrics", "genetics", "ethnic-origin", "political-opinions",
        "religion-or-belief", "union-membership", "sexual-life", "criminal-offences",
    ]
    private static let products = PolicyFacts.products + ["platform", "accountability", "other"]
    private static let exposure = [
        "guest-reads", "guest-creates", "guest-edits", "guest-deletes",
        "guest-reads-confidential", "guest-reads-personal",
    ]
    private static let integrations = [
        "payment", "identity", "messaging", "documents", "public-administration",
        "law-enforcement", "military", "unclassified",
    ]
    private static let automation = [
        "approvals", "sends-webhooks", "sends-mail", "record-triggered", "scheduled",
        "event-triggered", "with-every-right", "deletes",
    ]
    private static let automatedDecisions = [
        "None", "Suggestions to a person", "Decisions without legal effect",
        "Decisions with legal or similar effect",
    ]
    private static let count = FeatureKind.level(0...10_000)
    private static let band = FeatureKind.level(0...20)
    private static let rise = FeatureKind.level(-20...20)

    private static let declared: [RegisterFeature] = [
        .init("declaredCurrent", count, "Declarations in force and not overdue."),
        .init("declaredStale", count, "Declarations whose attestation is overdue."),
        .init("declaredProducts", .codes(products), "Products with a declaration."),
        .init("declaredCategories", .codes(PolicyFacts.categories), "Categories declared."),
        .init("declaredData", .codes(data), "Kinds of data declared."),
        .init("declaredSpecial", .codes(special), "Special kinds of data declared."),
        .init("declaredChildren", .flag, "Data of children is declared."),
        .init("declaredAutomatedDecisions", .codes(automatedDecisions), "What machines decide."),
    ]

    private static let observed: [RegisterFeature] = [
        .init("observedCompleteness", count, "How much of the time was counted, of 10 000."),
        .init("observedProducts", .codes(products), "Products installed."),
        .init("observedDataSpecial", .codes(special), "Special kinds of data in the metadata."),
        .init("observedDataChildren", .flag, "The metadata tells of data of children."),
        .init("observedExposure", .codes(exposure), "What people without login can do."),
        .init("observedIntegrations", .codes(integrations), "Kinds of systems it sends to."),
        .init("observedAutomation", .codes(automation), "What happens by itself."),
        .init("observedBandMails", band, "Mails sent in 28 days, in bands."),
        .init("observedBandPredictions", band, "Predictions made in 28 days, in bands."),
        .init("observedBandSiteUses", band, "Uses of public pages in 28 days, in bands."),
        .init("observedBandUsers", band, "Users, in bands."),
    ]

    private static let undeclared: [RegisterFeature] = [
        .init("undeclaredProducts", .codes(products), "Products used and in no declaration."),
        .init("undeclaredData", .codes(data + special), "Kinds of data in no declaration."),
        .init("undeclaredSpecial", .codes(special), "Special kinds of data in no declaration."),
        .init("undeclaredChildren", .flag, "Data of children in no declaration."),
    ]

    private static let changed: [RegisterFeature] = [
        .init("riseMails", rise, "Bands by which mails rose since 28 days before."),
        .init("risePredictions", rise, "Bands by which predictions rose."),
        .init("riseExports", rise, "Bands by which exports rose."),
        .init("riseSiteUses", rise, "Bands by which uses of public pages rose."),
        .init("newDataSpecial", .codes(special), "Special kinds of data that were not there."),
        .init("newExposure", .codes(exposure), "What people without login could not do before."),
        .init("newIntegrations", .codes(integrations), "Kinds of systems it did not send to."),
    ]
}
