/// How far the register reaches: how many orgs have declared what they do, and been reviewed.
package struct RegisterCoverage: Sendable, Hashable {
    /// What is known of one org for this.
    package struct Org: Sendable, Hashable {
        /// Whether each of its products has a current declaration, and nothing seen is missing in
        /// it.
        package let isDeclared: Bool
        /// Days since 1970-01-01, in UTC, of the last review; `nil` for none.
        package let lastReviewed: Int32?

        package init(isDeclared: Bool, lastReviewed: Int32?) {
            self.isDeclared = isDeclared
            self.lastReviewed = lastReviewed
        }

        /// By the features of `RegisterFeatures`; what is not known is not declared.
        package init(features: [String: UseFeature], lastReviewed: Int32?) {
            let isSeen = features["observed.completeness"] != nil
            let undeclared = ["undeclared.data", "undeclared.products"].allSatisfy {
                features[$0]?.codes?.isEmpty == true
            }
            self.init(
                isDeclared: isSeen && undeclared
                    && features["declared.current"]?.number ?? 0 > 0
                    && features["declared.stale"]?.number == 0
                    && features["undeclared.children"] == .truth(false),
                lastReviewed: lastReviewed
            )
        }
    }

    /// Two years: within this time each org should have been reviewed.
    package static let reviewDays: Int32 = 731

    /// Numbers of orgs as they are published; `nil` for what is held back.
    package let orgs: Int?
    package let declared: Int?
    package let reviewed: Int?

    package init(of all: [Org], on day: Int32, after previous: RegisterCoverage?) {
        let isFirst = previous == nil
        func published(_ count: Int, _ before: Int?) -> Int? {
            PublicCount.published(count, after: before, isFirst: isFirst)
        }
        orgs = published(all.count, previous?.orgs)
        guard all.count >= PublicRegister.orgsOfGridMin else {
            declared = nil
            reviewed = nil
            return
        }
        declared = published(all.filter(\.isDeclared).count, previous?.declared)
        reviewed = published(
            all.filter { org in
                org.lastReviewed.map { $0 > day - RegisterCoverage.reviewDays && $0 <= day }
                    ?? false
            }.count,
            previous?.reviewed
        )
    }

    /// A share in whole percent, of the published numbers; `nil` where one is held back.
    package static func percent(_ part: Int?, of whole: Int?) -> Int? {
        guard let part, let whole, whole > 0 else { return nil }
        return min(100, part * 100 / whole)
    }

    /// Reads what `json` wrote.
    init?(_ json: CanonicalJSON?) {
        guard case .object(let members)? = json else { return nil }
        func number(_ name: String) -> Int? {
            if case .integer(let count)? = members[name] { count } else { nil }
        }
        orgs = number("orgs")
        declared = number("declared")
        reviewed = number("reviewed")
    }

    package var json: CanonicalJSON {
        func number(_ value: Int?) -> CanonicalJSON { value.map { .integer($0) } ?? .null }
        return .object([
            "orgs": number(orgs), "declared": number(declared), "reviewed": number(reviewed),
            "declaredPercent": number(RegisterCoverage.percent(declared, of: orgs)),
            "reviewedPercent": number(RegisterCoverage.percent(reviewed, of: orgs)),
        ])
    }
}
