import Kernel
import Metadata
import TestSupport
import UseMeter

/// What counting uses costs, beside the save that it counts.
extension Microbenchmarks {
    static func uses(_ stopwatch: Stopwatch) async throws {
        let counter = UseCounter()
        let subjects = (0..<64).map { UseSubject(product: "platform", name: "Object\($0)__c") }
        func key(_ number: Int, _ client: String?) -> UseKey {
            UseKey(
                org: 1,
                day: 20_000,
                subject: subjects[number % subjects.count],
                operation: .create,
                surface: .rest,
                client: client
            )
        }
        let client = "3MVG9" + String(repeating: "x", count: 80)
        stopwatch.measure("count a use", per: 1_000) {
            for number in 0..<1_000 { counter.count(key(number, nil), records: 1) }
        }
        stopwatch.measure("count a client's use", per: 1_000) {
            for number in 0..<1_000 { counter.count(key(number, client), records: 1) }
        }
        let org = try await TestOrg(on: .sqlite)
        let one = [DraftCase.draft(0)]
        try await stopwatch.measure("count and create a case") {
            keep(try await org.save(one, .create, as: org.administrator))
        }
        // The same save as the platform, which counts nothing; its rights are looked up by nobody.
        let system = Caller.system(org.id, as: org.administrator.user, because: "a measurement")
        try await stopwatch.measure("create a case as the platform") {
            keep(try await org.save(one, .create, as: system))
        }
        _ = await org.records.keepUse()
        try await stopwatch.measure("keep the counts of an org") {
            for number in 0..<200 {
                org.records.uses.count(
                    UseKey(
                        org: org.id.record.number,
                        day: 20_000,
                        subject: subjects[number % subjects.count],
                        operation: number < 100 ? .read : .edit,
                        surface: number.isMultiple(of: 2) ? .rest : .flow
                    ),
                    records: 1
                )
            }
            keep(await org.records.keepUse())
        }
    }
}
