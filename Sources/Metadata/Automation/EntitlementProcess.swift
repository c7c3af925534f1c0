/// What an office has promised for a kind of record: milestones, each within a time.
///
/// A process has versions; a record keeps the version it started with. The names are those of the
/// Metadata API's `EntitlementProcess`.
package struct EntitlementProcess: Sendable {
    /// What happens to the clocks of a record that leaves the process and comes back.
    package enum ReopenPolicy: String, Sendable, CaseIterable {
        /// Milestones go on where they were; the time outside does not count.
        case resume
        /// Every milestone begins anew.
        case restart
        /// Nothing runs any more.
        case none
    }

    package let name: APIName
    package let label: String
    package let description: String?
    package let object: APIName
    package let isActive: Bool
    package let version: Int
    /// Whether records that come now start with this version.
    package let isDefaultVersion: Bool
    package let versionNotes: String?
    /// By their name; the record's or the entitlement's own come first.
    package let businessHours: String?
    /// The field with the moment from which times count; the creation where it is missing.
    package let startDateField: APIName?
    /// Which records enter without an entitlement of their own.
    package let entry: Criteria?
    package let exit: Criteria?
    package let pause: Criteria?
    package let reopen: ReopenPolicy
    package let milestones: [Milestone]
    package let source: ShapedMap
}

extension EntitlementProcess {
    package struct Milestone: Sendable {
        /// A new record of another object completes the milestone of the record it points to.
        package struct Response: Sendable {
            package let object: APIName
            /// The lookup to the record.
            package let field: APIName
            package let criteria: Criteria
            package let source: ShapedMap
        }

        package struct TimeTrigger: Sendable {
            /// Minutes after the target; negative before it, and zero for the violation.
            package let minutes: Int
            package let actions: [RuleAction]
            package let source: ShapedMap
        }

        /// The name of its milestone type.
        package let name: APIName
        package let minutesToComplete: Int
        /// Whether time counts from when the criteria became true, not from the process's start.
        package let usesCriteriaStartTime: Bool
        package let businessHours: String?
        package let criteria: Criteria
        /// The record itself tells that it is completed.
        package let completion: Criteria?
        package let response: Response?
        package let successActions: [RuleAction]
        package let timeTriggers: [TimeTrigger]
        package let source: ShapedMap
    }
}

/// A kind of promise, by the name that processes use.
package struct MilestoneType: Sendable {
    package enum Recurrence: String, Sendable, CaseIterable {
        /// Once for each record.
        case none
        /// Again each time that the criteria become true.
        case independent = "recursIndependently"
        /// Again as soon as the one before is completed, while the criteria hold.
        case chained = "recursChained"
    }

    package let name: APIName
    package let label: String
    package let description: String?
    package let recurrence: Recurrence
    package let source: ShapedMap

    static let shape = Shape(
        title: "a milestone type",
        summary: "A kind of promise: a first answer, a resolution.",
        keys: [
            .init("milestoneType", .name, required: true, "Developer name."),
            .init("label", .text, required: true, "Name for people."),
            .init("description", .text, "What is promised."),
            .init(
                "recurrenceType",
                .choice(Recurrence.allCases.map(\.rawValue)),
                "Whether one record can have several; none where it is missing."
            ),
        ]
    )

    init(_ map: ShapedMap) {
        name = map.name("milestoneType") ?? ""
        label = map.text("label") ?? ""
        description = map.text("description")
        recurrence = map.text("recurrenceType").flatMap(Recurrence.init) ?? .none
        source = map
    }
}
