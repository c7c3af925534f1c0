/// When two records of an object are taken for the same thing.
package struct MatchingRule: Sendable {
    /// How the values of one field are compared.
    package struct Item: Sendable, Hashable {
        package let field: APIName
        package let method: MatchingMethod
        /// Whether a value that both lack counts as the same.
        package let matchesBlanks: Bool
        /// How alike two values must be, of 100.
        package let threshold: Int
    }

    package let name: APIName
    package let object: APIName
    package let label: String
    package let description: String?
    package let isActive: Bool
    package let items: [Item]
    package let booleanFilter: String?
    /// How the items are joined: all of them where nothing else is said.
    package let logic: FilterLogic
    /// Where it was declared.
    package let place: ShapedMap
}

/// How two values are compared, under the names of the Metadata API; then some of our own.
package enum MatchingMethod: String, Sendable, CaseIterable {
    case exact = "Exact"
    case firstName = "FirstName"
    case lastName = "LastName"
    case companyName = "CompanyName"
    case phone = "Phone"
    case city = "City"
    case street = "Street"
    case zip = "Zip"
    case title = "Title"
    case email = "Email"
    case editDistance = "EditDistance"
    case jaroWinkler = "JaroWinkler"
    case nGram = "NGram"
    case metaphone = "Metaphone"

    /// How alike two values must be where the rule does not say, of 100.
    package var threshold: Int {
        switch self {
        case .exact, .email, .metaphone: 100
        case .lastName, .jaroWinkler: 90
        case .firstName, .city: 85
        case .phone, .street, .zip, .editDistance: 80
        case .companyName: 70
        case .nGram: 60
        case .title: 50
        }
    }

    /// Whether a value either is the same or is not.
    package var isExact: Bool { self == .exact || self == .email }
}

extension MatchingRule {
    static let itemShape = Shape(
        title: "a matching rule item",
        summary: "How the values of one field are compared.",
        keys: [
            .init("fieldName", .name, required: true, "The field."),
            .init(
                "matchingMethod",
                .choice(MatchingMethod.allCases.map(\.rawValue)),
                required: true,
                "How two values are compared."
            ),
            .init(
                "blankValueBehavior",
                .choice(["MatchBlanks", "NullNotAllowed"]),
                "Whether values that both lack count as the same; NullNotAllowed where it is "
                    + "missing."
            ),
            .init("threshold", .integer, "How alike they must be, 1 to 100."),
        ]
    )

    static let shape = Shape(
        title: "a matching rule",
        summary: "When two records of an object are taken for the same thing.",
        keys: [
            .init("matchingRule", .name, required: true, "Developer name."),
            .init("object", .name, required: true, "The object."),
            .init("label", .text, required: true, "Name for people."),
            .init("description", .text, "What it finds."),
            .init("active", .boolean, "True where it is missing."),
            .init("matchingRuleItems", .list(itemShape), required: true, "What is compared."),
            .init("booleanFilter", .text, "`1 AND (2 OR 3)`; all of them where it is missing."),
        ]
    )

    /// So many ways in which a rule may hold are indexed.
    package static let waysMax = 16
    package static let itemsMax = 10

    init(_ map: ShapedMap) throws(PackageProblem) {
        let items = map.list("matchingRuleItems").map { item in
            let method = item.text("matchingMethod").flatMap(MatchingMethod.init) ?? .exact
            return Item(
                field: item.name("fieldName") ?? "",
                method: method,
                matchesBlanks: item.text("blankValueBehavior") == "MatchBlanks",
                threshold: item.integer("threshold") ?? method.threshold
            )
        }
        for (item, place) in zip(items, map.list("matchingRuleItems"))
        where !(1...100).contains(item.threshold) {
            throw place.problem("`threshold` must be 1 to 100", at: "threshold")
        }
        guard (1...MatchingRule.itemsMax).contains(items.count) else {
            throw map.problem(
                "a rule has 1 to \(MatchingRule.itemsMax) items",
                at: "matchingRuleItems"
            )
        }
        let filter = map.text("booleanFilter")
        let all = FilterLogic.all(items.indices.map { .condition($0) })
        guard let logic = filter.map({ FilterLogic.parse($0, count: items.count) }) ?? all else {
            throw map.problem(
                "`booleanFilter` must join all items by their numbers: `1 AND (2 OR 3)`",
                at: "booleanFilter"
            )
        }
        guard logic.ways(most: MatchingRule.waysMax) != nil else {
            throw map.problem(
                "`booleanFilter` can hold in more than \(MatchingRule.waysMax) ways: make it two "
                    + "rules",
                at: "booleanFilter"
            )
        }
        self.init(
            name: map.name("matchingRule") ?? "",
            object: map.name("object") ?? "",
            label: map.text("label") ?? "",
            description: map.text("description"),
            isActive: map.boolean("active") ?? true,
            items: items,
            booleanFilter: filter,
            logic: logic,
            place: map
        )
    }
}
