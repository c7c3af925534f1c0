package import UseMeter

/// All that a snapshot is made of: totals, numbers of records, and codes.
///
/// There is nothing in it that a record says, and no way from it to one.
package struct RegisterInput: Sendable {
    /// The org's id, in its long form.
    package let org: String
    package let day: Int32
    /// Day totals; those of other days than the snapshot's are passed over.
    package let days: [UseDay]
    package let records: RecordCounts
    package let codes: MetadataCodes
    /// The org's snapshot before, from which bands do not move for one record.
    package let previous: UseSnapshot?

    package init(
        org: String,
        day: Int32,
        days: [UseDay],
        records: RecordCounts,
        codes: MetadataCodes,
        previous: UseSnapshot?
    ) {
        self.org = org
        self.day = day
        self.days = days
        self.records = records
        self.codes = codes
        self.previous = previous
    }
}

extension UseSnapshot {
    /// Makes the snapshot of a day; the same input gives the same bytes.
    package init(_ input: RegisterInput) {
        let sum = UseSum(input)
        var features = sum.bands(after: input.previous)
        let codes = input.codes
        features["products"] = .codes(codes.products)
        for product in codes.products.sorted() {
            features["data.\(product)"] = .codes(codes.dataCategories[product] ?? [])
        }
        features["data.special"] = .codes(codes.specialCategories)
        features["data.children"] = .truth(codes.hasChildren)
        features["data.levels"] = .codes(codes.securityClassifications)
        features["data.compliance"] = .codes(codes.complianceGroups)
        features["exposure"] = .codes(codes.exposure)
        features["integrations"] = .codes(codes.integrations)
        features["automation"] = .codes(codes.automation)
        self.init(
            org: input.org,
            day: input.day,
            completeness: sum.completeness,
            features: features
        )
    }
}

/// Totals of the days of a snapshot, put together.
private struct UseSum {
    private var days: [Int32: UseDay] = [:]
    private var counts: [String: Int] = [:]
    private(set) var completeness = 10_000

    init(_ input: RegisterInput) {
        let wanted = (input.day - Int32(UseSnapshot.days) + 1)...input.day
        for day in input.days where wanted.contains(day.day) {
            days[day.day, default: UseDay(day: day.day)].add(day)
        }
        counts["users"] = input.records.users
        let totals = [
            "mails", "webhooks", "exports", "searches", "apiCalls", "siteUses", "flowRuns",
            "predictions", "unattributed",
        ]
        for name in totals { counts[name] = 0 }
        for product in input.codes.products.union([RegisterVocabulary.other]) { begin(product) }
        for (product, records) in input.records.products {
            add(records, "\(RegisterVocabulary.product(product)).records")
        }
        var clients: Set<String> = []
        for day in days.values {
            for (cell, count) in day.totals {
                add(cell, count)
                if let client = cell.client { clients.insert(client) }
            }
            add(day.unattributed, "unattributed")
        }
        counts["clients"] = clients.count
        completeness = UseSum.completeness(days.values.map(\.lostSeconds))
    }

    /// Every installed product has its bands, used or not: a missing one would tell none from some.
    private mutating func begin(_ product: String) {
        for name in ["records", "reads", "changes"] { add(0, "\(product).\(name)") }
    }

    private mutating func add(_ number: Int, _ name: String) {
        let (sum, isFull) = counts[name, default: 0].addingReportingOverflow(number)
        counts[name] = isFull ? Int.max : sum
    }

    private mutating func add(_ cell: UseDay.Cell, _ count: UseCount) {
        let product = RegisterVocabulary.product(cell.product)
        switch cell.operation {
        case .read, .report:
            add(count.uses, "\(product).reads")
        case .search:
            add(count.uses, "\(product).reads")
            add(count.uses, "searches")
        case .create, .edit, .delete: add(count.records, "\(product).changes")
        case .export: add(count.records, "exports")
        case .flowRun: add(count.records, "flowRuns")
        case .mail: add(count.records, "mails")
        case .webhook: add(count.records, "webhooks")
        case .prediction: add(count.records, "predictions")
        }
        switch cell.surface {
        case .rest, .bulk, .soap, .stream: add(count.uses, "apiCalls")
        case .site: add(count.uses, "siteUses")
        case .flow, .job, .mail, .export: break
        }
    }

    func bands(after previous: UseSnapshot?) -> [String: UseFeature] {
        var features: [String: UseFeature] = [:]
        for (name, count) in counts {
            let name = "band.\(name)"
            let before = previous?.features[name]?.number.map { UseBand(number: $0) }
            features[name] = .number(UseBand(of: count, after: before).number)
        }
        return features
    }

    private static func completeness(_ lost: [Int]) -> Int {
        let all = UseSnapshot.days * UseDay.secondsPerDay
        let known = all - min(all, lost.reduce(0, +))
        return known * 10_000 / all
    }
}
