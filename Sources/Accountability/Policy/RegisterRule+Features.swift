extension FeatureValue {
    /// A feature as the register has it.
    package init(_ feature: UseFeature) {
        self =
            switch feature {
            case .truth(let flag): .flag(flag)
            case .number(let number): .level(number)
            case .codes(let codes): .codes(codes)
            }
    }
}

extension PolicyLibrary {
    /// The findings that the register's rules propose of an org, in the order of the rules.
    ///
    /// - Parameter features: as `RegisterFeatures.vector` gives them.
    package func findings(for features: [String: UseFeature]) -> [UseFindingProposal] {
        let vector = features.mapValues { FeatureValue($0) }
        return registerRules.compactMap { $0.proposal(for: vector) }
    }
}
