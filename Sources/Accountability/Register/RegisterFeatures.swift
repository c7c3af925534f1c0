/// What is declared beside what is seen: the features over which rules of the register are written.
///
/// A feature that is not there is not known, which is neither true nor false. No feature is a
/// number of records, and none is about a person.
package enum RegisterFeatures {
    /// - Parameters:
    ///   - declarations: those of the org, of whatever state.
    ///   - snapshot: the org's latest; without one, nothing observed is known.
    ///   - earlier: one of about 28 days before; without one, no change is known.
    ///   - date: the day on which it is asked: `2026-11-24`.
    package static func vector(
        declarations: [DeclaredUse],
        snapshot: UseSnapshot?,
        earlier: UseSnapshot?,
        on date: String
    ) -> [String: UseFeature] {
        let current = declarations.filter { $0.isCurrent(on: date) }
        var vector = declared(declarations, current, on: date)
        guard let snapshot else { return vector }
        for (name, feature) in snapshot.features { vector["observed.\(name)"] = feature }
        vector["observed.completeness"] = .number(snapshot.completeness)
        for (name, feature) in compared(current, snapshot) { vector[name] = feature }
        guard let earlier else { return vector }
        for (name, feature) in changed(snapshot, earlier) { vector[name] = feature }
        return vector
    }

    private static func declared(
        _ all: [DeclaredUse],
        _ current: [DeclaredUse],
        on date: String
    ) -> [String: UseFeature] {
        [
            "declared.current": .number(current.count),
            "declared.stale": .number(all.filter { $0.isInForce && !$0.isCurrent(on: date) }.count),
            "declared.products": .codes(Set(current.map(\.product))),
            "declared.categories": .codes(Set(current.map(\.category))),
            "declared.data": .codes(union(current) { $0.dataCategories }),
            "declared.special": .codes(union(current) { $0.specialCategories }),
            "declared.children": .truth(current.contains(where: \.hasChildren)),
            "declared.automatedDecisions": .codes(Set(current.map(\.automatedDecisions))),
        ]
    }

    /// What is seen and in no declaration.
    private static func compared(
        _ current: [DeclaredUse],
        _ snapshot: UseSnapshot
    ) -> [String: UseFeature] {
        var features: [String: UseFeature] = [:]
        let declared = union(current) { $0.dataCategories.union($0.specialCategories) }
        var undeclared: Set<String> = []
        for (name, feature) in snapshot.features where name.hasPrefix("data.") {
            guard RegisterVocabulary.isProductData(name), let seen = feature.codes else { continue }
            undeclared.formUnion(seen.subtracting(declared))
        }
        features["undeclared.data"] = .codes(undeclared)
        features["undeclared.special"] = .codes(
            undeclared.intersection(RegisterVocabulary.specialCategories)
        )
        if let seen = snapshot.features["products"]?.codes {
            features["undeclared.products"] = .codes(
                seen.subtracting(current.map(\.product)).subtracting([
                    "platform", RegisterVocabulary.other,
                ])
            )
        }
        if case .truth(let seen)? = snapshot.features["data.children"] {
            features["undeclared.children"] = .truth(
                seen && !current.contains(where: \.hasChildren)
            )
        }
        return features
    }

    /// By how many bands each band has moved, and what data is there that was not.
    private static func changed(
        _ snapshot: UseSnapshot,
        _ earlier: UseSnapshot
    ) -> [String: UseFeature] {
        var features: [String: UseFeature] = [:]
        for (name, feature) in snapshot.features {
            let before = earlier.features[name]
            if let now = feature.number, let then = before?.number {
                features["rise.\(name.dropFirst("band.".count))"] = .number(now - then)
            }
            if let now = feature.codes, let then = before?.codes {
                features["new.\(name)"] = .codes(now.subtracting(then))
            }
        }
        return features
    }

    private static func union(
        _ declarations: [DeclaredUse],
        _ of: (DeclaredUse) -> Set<String>
    ) -> Set<String> {
        declarations.reduce(into: []) { $0.formUnion(of($1)) }
    }
}

extension RegisterVocabulary {
    /// Whether a feature holds the kinds of data of one product.
    static func isProductData(_ feature: String) -> Bool {
        let product = String(feature.dropFirst("data.".count))
        return products.contains(product) || product == other
    }
}
