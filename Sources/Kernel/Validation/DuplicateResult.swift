package import Metadata

/// Which records a save would have repeated, as far as its caller may know of them.
package struct DuplicateResult: Sendable, Hashable {
    /// One record that matches.
    package struct MatchRecord: Sendable, Hashable {
        /// `nil` for a record of the same request, which is not saved yet.
        package let id: RecordID?
        /// Its place in the request, from zero; `nil` for a record that is stored.
        package let position: Int?
        /// How surely it is the same, of 100.
        package let confidence: Double
        /// What is compared, as far as the caller may read it.
        package let differences: [FieldDifference]
        /// Its values, where the caller asked for them: the fields that are compared.
        package let values: [NamedValue]
    }

    package struct FieldDifference: Sendable, Hashable {
        package enum Kind: String, Sendable {
            case same = "SAME"
            case different = "DIFFERENT"
            /// One of the two, or both, have no value.
            case null = "NULL"
        }

        package let field: APIName
        package let kind: Kind
    }

    package struct NamedValue: Sendable, Hashable {
        package let field: APIName
        package let value: FieldValue
    }

    /// What one matching rule found.
    package struct MatchResult: Sendable, Hashable {
        package let rule: APIName
        package let entityType: APIName
        /// `ExactMatchEngine` or `FuzzyMatchEngine`.
        package let matchEngine: String
        package let records: [MatchRecord]
        /// All that match, those among them that the caller may not see.
        package let size: Int
    }

    /// Whether the save may be repeated with `allowSave`.
    package let allowSave: Bool
    package let rule: APIName
    package let entityType: APIName
    package let message: String
    package let matchResults: [MatchResult]
}

/// How a save meets duplicate rules: the platform's `DuplicateRuleHeader`.
package struct DuplicateOptions: Sendable, Hashable {
    /// Alerts are passed over; what a rule blocks stays blocked.
    ///
    /// The API's default is false; callers within the platform have no one to alert.
    package var allowSave: Bool
    /// What is found comes with its values.
    package var includesRecordDetails: Bool
    /// Only records that the caller may see are compared, whatever the rule says.
    package var runsAsCurrentUser: Bool
    /// No rule is asked: for saves that bring together what the rules found.
    var isOff = false

    package init(
        allowSave: Bool = true,
        includesRecordDetails: Bool = false,
        runsAsCurrentUser: Bool = false
    ) {
        self.allowSave = allowSave
        self.includesRecordDetails = includesRecordDetails
        self.runsAsCurrentUser = runsAsCurrentUser
    }
}
