/// What the values of a field are said to be: how sensitive, under which law, of which kind.
///
/// Said by whoever declares the field, and looked at in place of any value. The names are those of
/// Salesforce's `CustomField`.
package struct DataClassification: Sendable, Hashable {
    /// `securityClassification`.
    package enum Level: String, Sendable, CaseIterable {
        case `public` = "Public"
        case `internal` = "Internal"
        case confidential = "Confidential"
        case restricted = "Restricted"
        case missionCritical = "MissionCritical"
    }

    /// `complianceGroup`.
    package enum ComplianceGroup: String, Sendable, CaseIterable {
        /// Personally identifiable information.
        case pii = "PII"
        /// Health information in the United States.
        case hipaa = "HIPAA"
        /// Personal data of people in the European Union.
        case gdpr = "GDPR"
        /// Data of payment cards.
        case pci = "PCI"
        /// Data of children under 13 in the United States.
        case coppa = "COPPA"
        /// Personal data of people in California.
        case ccpa = "CCPA"
    }

    package let level: Level?
    package let groups: Set<ComplianceGroup>
    /// Kinds of personal data, as those of an object.
    package let categories: [String]

    package init(
        level: Level? = nil,
        groups: Set<ComplianceGroup> = [],
        categories: [String] = []
    ) {
        self.level = level
        self.groups = groups
        self.categories = categories
    }

    /// Whether nothing is said.
    package var isEmpty: Bool { level == nil && groups.isEmpty && categories.isEmpty }

    /// With what another declaration of the same field says.
    func adding(_ other: DataClassification) -> DataClassification {
        DataClassification(
            level: level ?? other.level,
            groups: groups.union(other.groups),
            categories: categories + other.categories.filter { !categories.contains($0) }
        )
    }
}
