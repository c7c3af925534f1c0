import Kernel
import Metadata
import TestSupport
import UseMeter

extension TestOrg {
    /// The org's totals of all days around its clock, as they are kept.
    func keptUse() async throws -> [UseDay.Cell: UseCount] {
        let failures = await records.keepUse()
        if let failure = failures.first { throw failure.error }
        let today = clock.now().useDay
        var sum = UseDay(day: today)
        for day in try await records.use(of: id, on: (today - 40)...(today + 1)) {
            for (cell, count) in day.totals { sum.add(cell, count) }
        }
        return sum.totals
    }

    /// What a piece of work counts, as `Case create rest: 1/3`: uses, then records.
    func uses(in work: () async throws -> Void) async throws -> Set<String> {
        let before = try await keptUse()
        try await work()
        var lines: Set<String> = []
        for (cell, count) in try await keptUse() {
            let uses = count.uses - (before[cell]?.uses ?? 0)
            let records = count.records - (before[cell]?.records ?? 0)
            guard uses != 0 || records != 0 else { continue }
            let what = "\(cell.name) \(cell.operation.rawValue) \(cell.surface.rawValue)"
            let client = cell.client.map { " \($0)" } ?? ""
            lines.insert("\(what)\(client): \(uses)/\(records)")
        }
        return lines
    }

    func draft(_ object: String, _ values: JSONObject) -> RecordDraft {
        RecordDraft(object: object, values: values)
    }
}

extension Caller {
    /// The same caller by another way.
    func by(_ surface: UseSurface, client: String? = nil) -> Caller {
        Caller(
            org: org,
            user: user,
            mode: mode,
            timeZone: timeZone,
            locale: locale,
            client: client,
            surface: surface
        )
    }
}
