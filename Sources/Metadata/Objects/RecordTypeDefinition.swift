/// A variant of an object.
package struct RecordTypeDefinition: Sendable, Hashable {
    /// What a picklist offers in records of the type.
    package struct Offer: Sendable, Hashable {
        /// Names of the picklist's own values, in its order.
        package let values: [String]
        /// What a new record of the type has; `nil` for none.
        package let defaultValue: String?

        package init(values: [String], defaultValue: String?) {
            self.values = values
            self.defaultValue = defaultValue
        }
    }

    package let developerName: APIName
    package let label: String
    package let description: String?
    package let isActive: Bool
    package let isDefault: Bool
    /// By the picklist's field; a picklist that is not named offers all its values.
    package let offers: [APIName: Offer]

    package init(
        developerName: APIName,
        label: String,
        description: String?,
        isActive: Bool,
        isDefault: Bool,
        offers: [APIName: Offer] = [:]
    ) {
        self.developerName = developerName
        self.label = label
        self.description = description
        self.isActive = isActive
        self.isDefault = isDefault
        self.offers = offers
    }
}
