package import Metadata
package import UseMeter

/// What a restriction would have refused in the days before, by the way on which it came.
///
/// From day totals alone. They know no fields and not who had which right, so the numbers are upper
/// bounds: what can never be withheld is among them.
package struct UsePreview: Sendable, Hashable {
    /// How many days a preview looks at.
    package static let days: Int32 = 30

    /// How much each surface would have been refused.
    package private(set) var refused: [UseSurface: UseCount] = [:]
    /// Whether the measure is of something that day totals do not tell apart: then what is shown is
    /// all that was done with the records concerned.
    package let isBroad: Bool
    /// Uses of that time that had no room in the totals: so many may be missing.
    package private(set) var unattributed = 0

    /// - Parameter days: the day totals of the time that is looked at.
    package init(of measure: UseRestriction.Measure, days: [UseDay], schema: OrgSchema) {
        self.init(of: measure, days: days, schema: schema, bindings: UseBindings())
    }

    init(
        of measure: UseRestriction.Measure,
        days: [UseDay],
        schema: OrgSchema,
        bindings: UseBindings
    ) {
        let context = UseContext(products: schema.products, bindings: bindings, doer: UseDoer())
        let measured = MeasuredUse(measure)
        isBroad = measured.isBroad
        for day in days {
            unattributed += day.unattributed
            for (cell, count) in day.totals where measured.withholds(cell, context, schema) {
                refused[cell.surface, default: UseCount()].add(count)
            }
        }
    }
}

/// A measure, as far as day totals can tell what it withholds.
private struct MeasuredUse {
    let isBroad: Bool
    private let rate: UseRestriction.Rate?
    private let restriction: UseRestriction

    init(_ measure: UseRestriction.Measure) {
        var told = measure
        var rate: UseRestriction.Rate?
        switch measure {
        case .field(let object, _):
            // Of a field, all that is done with its object.
            told = .object(object, Set(UseRestriction.Operation.allCases))
            isBroad = true
        case .rate(let limit):
            // When on a day something was done is not known.
            rate = limit
            isBroad = true
        case .purpose:
            // Which flow has done something is not known.
            isBroad = true
        case .notice, .product, .object, .automation, .channel, .integration, .visibility, .growth,
            .readOnly, .exportOnly, .end:
            isBroad = false
        }
        self.rate = rate
        restriction = UseRestriction(
            id: "",
            decision: "",
            rule: "",
            measure: told,
            startsAt: Instant(milliseconds: 0),
            endsAt: Instant(milliseconds: 1)
        )
    }

    func withholds(_ cell: UseDay.Cell, _ context: UseContext, _ schema: OrgSchema) -> Bool {
        if let rate { return rate.counts(cell) }
        let context = UseContext(
            products: context.products,
            bindings: context.bindings,
            doer: UseDoer(client: cell.client)
        )
        return RestrictedUse.all(of: cell, in: schema)
            .contains { restriction.withholds($0, context) }
    }
}

extension UseRestriction.Rate {
    /// Whether what a total is of is taken from the rate.
    fileprivate func counts(_ cell: UseDay.Cell) -> Bool {
        switch operation {
        case .mail: cell.operation == .mail
        case .webhook: cell.operation == .webhook
        case .create: cell.operation == .create
        case .request:
            switch cell.surface {
            case .rest, .bulk, .soap, .site, .stream: true
            case .flow, .job, .mail, .export: false
            }
        }
    }
}

extension RestrictedUse {
    /// What a total is of, as a restriction is asked about it.
    fileprivate static func all(of cell: UseDay.Cell, in schema: OrgSchema) -> [RestrictedUse] {
        var uses: [RestrictedUse] = cell.client.map { [.client($0)] } ?? []
        if cell.surface == .site { uses.append(.guest) }
        let name = APIName(cell.name)
        switch cell.operation {
        case .flowRun: uses.append(.flow(name))
        case .mail:
            // It counts under what has sent it, where that is known; which of the two it is, is not.
            uses.append(.channel(.mail, Sending(template: name)))
            uses.append(.channel(.mail, Sending(flow: name)))
        case .webhook: uses.append(.channel(.webhook, Sending()))
        case .read, .search, .export, .report: uses += records(.read, name, schema)
        case .create: uses += records(.create, name, schema)
        case .edit: uses += records(.edit, name, schema)
        case .delete: uses += records(.delete, name, schema)
        case .prediction: break
        }
        return uses
    }

    /// Records of an object, and what that is of those of whom they tell.
    private static func records(
        _ operation: UseRestriction.Operation,
        _ name: APIName,
        _ schema: OrgSchema
    ) -> [RestrictedUse] {
        let own = RestrictedUse.records(operation, name)
        guard let subject = schema.object(name)?.subject else { return [own] }
        return [own, .records(operation == .read ? .read : .edit, subject)]
    }
}

extension Records {
    /// What a measure would have refused in the thirty days up to now.
    package func preview(
        of measure: UseRestriction.Measure,
        in org: OrgID
    ) async throws -> UsePreview {
        let today = clock.now().useDay
        let caller = Caller.system(org, as: org.record, because: "what a measure would refuse")
        let days = try await use(of: org, on: (today - UsePreview.days + 1)...today)
        return try await read(as: caller) { reader in
            UsePreview(
                of: measure,
                days: days,
                schema: reader.schema,
                bindings: try measure.bindings(reader.ownQuestions)
            )
        }
    }
}

extension UseRestriction.Measure {
    /// What serves which declared use; asked only where one would be withheld.
    fileprivate func bindings(_ questions: SystemQuestions) throws -> UseBindings {
        guard case .purpose = self else { return UseBindings() }
        return try UseBindings(questions)
    }
}
