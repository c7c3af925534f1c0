import Kernel
import Metadata
import TestSupport

/// What it costs a save that somebody is told of it, or that it leaves work for later.
extension Microbenchmarks {
    static func events(_ stopwatch: Stopwatch) async throws {
        let quiet = try await TestOrg(on: .sqlite)
        let told = try await TestOrg(on: .sqlite)
        _ = try await Deployment(told.records).apply(
            telling,
            in: told.id,
            as: told.administrator.user
        )
        for (org, who) in [(quiet, "nobody told"), (told, "told")] {
            let one = [DraftCase.draft(0)]
            try await stopwatch.measure("save a new case, \(who)") {
                keep(try await org.save(one, .create, as: org.administrator))
            }
            let many = (0..<200).map { DraftCase.draft($0) }
            try await stopwatch.measure("save a new case, one of 200, \(who)", per: 200) {
                keep(try await org.save(many, .create, as: org.administrator))
            }
        }
        try await stopwatch.measure("a save of nothing") {
            try await quiet.records.write(as: quiet.administrator) { _ in }
        }
        try await stopwatch.measure("a job asked for") {
            try await quiet.records.write(as: quiet.administrator) { writer in
                _ = try writer.enqueue(NewJob(kind: "nothing"))
            }
        }
        try await stopwatch.measure("a job asked for, one of 200", per: 200) {
            try await quiet.records.write(as: quiet.administrator) { writer in
                for _ in 0..<200 { _ = try writer.enqueue(NewJob(kind: "nothing")) }
            }
        }
    }

    private static let telling = [
        MetadataPackage.File(
            path: "package.yaml",
            text: "package: telling\nlabel: Telling\nversion: 1.0.0\nneeds: [service-desk]\n"
        ),
        MetadataPackage.File(
            path: "objects/Case.yaml",
            text: "extend: Case\nchangeEvents: true\n"
        ),
    ]
}
