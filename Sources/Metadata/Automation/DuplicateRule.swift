/// What a save does when its record matches others.
package struct DuplicateRule: Sendable {
    package enum Action: String, Sendable, CaseIterable {
        case allow = "Allow"
        case block = "Block"
    }

    /// What an allowed save does beside.
    package enum Operation: String, Sendable, CaseIterable {
        /// The client is told, and has to say that it wants to save all the same.
        case alert = "Alert"
        /// The records are put into a duplicate record set.
        case report = "Report"
    }

    package enum Security: String, Sendable, CaseIterable {
        /// Only records that the caller may see are compared.
        case enforceSharing = "EnforceSharingRules"
        /// All records are compared; those that the caller may not see are counted, not shown.
        case bypassSharing = "BypassSharingRules"
    }

    /// What happens in one kind of save.
    package struct Response: Sendable, Hashable {
        package let action: Action
        package let operations: Set<Operation>
    }

    package let name: APIName
    package let object: APIName
    package let label: String
    package let description: String?
    package let isActive: Bool
    package let sortOrder: Int
    package let matchingRules: [APIName]
    package let onInsert: Response
    package let onUpdate: Response
    package let alertText: String?
    package let security: Security
    /// Where it was declared.
    package let place: ShapedMap
}

extension DuplicateRule {
    static let shape = Shape(
        title: "a duplicate rule",
        summary: "What a save does when its record matches others.",
        keys: [
            .init("duplicateRule", .name, required: true, "Developer name."),
            .init("object", .name, required: true, "The object."),
            .init("label", .text, required: true, "Name for people."),
            .init("description", .text, "What it is for."),
            .init("active", .boolean, "True where it is missing."),
            .init("sortOrder", .integer, "Which of an object's rules comes first."),
            .init("matchingRules", .texts, required: true, "Matching rules; one is enough."),
            .init(
                "actionOnInsert",
                .choice(Action.allCases.map(\.rawValue)),
                "What a new record's save does; Allow where it is missing."
            ),
            .init(
                "actionOnUpdate",
                .choice(Action.allCases.map(\.rawValue)),
                "What a change does that touches what is compared."
            ),
            .init("operationsOnInsert", .texts, "Alert, Report: beside an allowed save."),
            .init("operationsOnUpdate", .texts, "Alert, Report: beside an allowed change."),
            .init("alertText", .text, "What people are told; `Use one of these records?`."),
            .init(
                "securityOption",
                .choice(Security.allCases.map(\.rawValue)),
                "Which records are compared; EnforceSharingRules where it is missing."
            ),
        ]
    )

    init(_ map: ShapedMap) throws(PackageProblem) {
        self.init(
            name: map.name("duplicateRule") ?? "",
            object: map.name("object") ?? "",
            label: map.text("label") ?? "",
            description: map.text("description"),
            isActive: map.boolean("active") ?? true,
            sortOrder: map.integer("sortOrder") ?? 1,
            matchingRules: map.texts("matchingRules").map { APIName($0) },
            onInsert: try DuplicateRule.response(map, "Insert"),
            onUpdate: try DuplicateRule.response(map, "Update"),
            alertText: map.text("alertText"),
            security: map.text("securityOption").flatMap(Security.init) ?? .enforceSharing,
            place: map
        )
    }

    private static func response(
        _ map: ShapedMap,
        _ kind: String
    ) throws(PackageProblem) -> Response {
        var operations: Set<Operation> = []
        for text in map.texts("operationsOn\(kind)") {
            guard let operation = Operation(rawValue: text) else {
                throw map.problem(
                    "an operation is Alert or Report, not `\(text)`",
                    at: "operationsOn\(kind)"
                )
            }
            operations.insert(operation)
        }
        return Response(
            action: map.text("actionOn\(kind)").flatMap(Action.init) ?? .allow,
            operations: operations
        )
    }
}
