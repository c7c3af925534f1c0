package import Metadata

/// What a product is meant for, what it is not, what is known to go wrong with it, and which parts
/// of it can be withheld one by one.
package struct ProductCard: Sendable {
    /// A part of a product that can be named by a measure.
    package struct Feature: Sendable {
        package let key: String
        package let summary: String
        /// What people do with it.
        package let serves: Set<PlatformOperation>
        /// Features of the same product without which it does not work.
        package let needs: [String]
        package let canBeWithheld: Bool
    }

    package struct Risk: Sendable {
        package let risk: String
        package let safeguard: String
    }

    package let product: String
    package let title: String
    package let summary: String
    package let intendedUses: [String]
    package let outOfScopeUses: [String]
    package let knownRisks: [Risk]
    package let features: [Feature]
    package let source: ShapedMap

    /// All that stops when a feature is withheld: its own uses, and those of what needs it.
    package func operationsLost(without key: String) -> Set<PlatformOperation> {
        var lost: Set<String> = [key]
        var grows = true
        while grows {
            let more = features.filter { feature in
                !lost.contains(feature.key) && feature.needs.contains { lost.contains($0) }
            }
            grows = !more.isEmpty
            lost.formUnion(more.map(\.key))
        }
        return features.filter { lost.contains($0.key) }
            .reduce(into: []) { $0.formUnion($1.serves) }
    }
}

extension ProductCard {
    static let shape = Shape(
        title: "a product card",
        summary: "What a product is for, and what it is not.",
        keys: [
            .init("product", .choice(PolicyFacts.products), required: true, "Its key."),
            .init("title", .text, required: true, "Its name for people."),
            .init("summary", .text, required: true, "What it does."),
            .init("intendedUses", .texts, required: true, "What it was made for."),
            .init("outOfScopeUses", .texts, required: true, "What it is not fit for."),
            .init("knownRisks", .list(riskShape), required: true, "What can go wrong."),
            .init("features", .list(featureShape), required: true, "Its parts."),
        ]
    )

    private static let riskShape = Shape(
        title: "a risk",
        summary: "What can go wrong, and what is done about it.",
        keys: [
            .init("risk", .text, required: true, "What can go wrong, and for whom."),
            .init("safeguard", .text, required: true, "What lessens it."),
        ]
    )

    private static let featureShape = Shape(
        title: "a feature",
        summary: "A part of a product.",
        keys: [
            .init("feature", .text, required: true, "Its key: lower-case words joined by `-`."),
            .init("summary", .text, required: true, "What it does."),
            .init("serves", .texts, required: true, "What people do with it."),
            .init("needs", .texts, "Features without which it does not work."),
            .init("canBeWithheld", .boolean, "Whether a measure may name it; true if missing."),
        ]
    )

    init(_ map: ShapedMap, problems: inout [PackageProblem]) {
        product = map.text("product") ?? ""
        title = map.text("title") ?? ""
        summary = map.text("summary") ?? ""
        intendedUses = map.texts("intendedUses")
        outOfScopeUses = map.texts("outOfScopeUses")
        knownRisks = map.list("knownRisks").map { risk in
            Risk(risk: risk.text("risk") ?? "", safeguard: risk.text("safeguard") ?? "")
        }
        var features: [Feature] = []
        for item in map.list("features") {
            features.append(Feature(item, problems: &problems))
        }
        self.features = features
        source = map
    }
}

extension ProductCard.Feature {
    fileprivate init(_ map: ShapedMap, problems: inout [PackageProblem]) {
        key = map.text("feature") ?? ""
        summary = map.text("summary") ?? ""
        needs = map.texts("needs")
        canBeWithheld = map.boolean("canBeWithheld") ?? true
        serves = Set(
            map.texts("serves").compactMap { text in
                PolicyReading.known(text, as: PlatformOperation.self, at: "serves", map, &problems)
            }
        )
    }
}
