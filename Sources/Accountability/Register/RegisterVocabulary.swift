/// The closed lists of codes that the register knows.
///
/// Nothing that an org has named itself leaves it: what stands in no list is one of the others.
package enum RegisterVocabulary {
    /// What stands for a name in no list.
    package static let other = "other"

    /// Products of the platform; an org's own packages are `other`.
    package static let products: Set<String> = ["platform", "service-desk", "accountability"]

    /// Kinds of personal data, as use declarations name them.
    package static let dataCategories: Set<String> = [
        "contact-details", "correspondence", "location", "employment", "date-of-birth",
        "login-activity", "identity-documents", "payments", "education", "household",
        "residence-status", "behaviour", "children",
    ]

    /// Those that deserve particular protection.
    ///
    /// Source: Regulation (EU) 2016/679, articles 9 and 10.
    package static let specialCategories: Set<String> = [
        "health", "biometrics", "genetics", "ethnic-origin", "political-opinions",
        "religion-or-belief", "union-membership", "sexual-life", "criminal-offences",
    ]

    static func product(_ name: String) -> String { products.contains(name) ? name : other }

    static func category(_ name: String) -> String {
        dataCategories.contains(name) || specialCategories.contains(name) ? name : other
    }
}
