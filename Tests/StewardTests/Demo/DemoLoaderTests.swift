import Foundation
import Kernel
import Metadata
import StoreSQLite
import TestSupport
import Testing

@testable import Steward

/// The demo data in a real store, through the one door to records.
@Suite struct DemoLoaderTests {
    @Test("two orgs are made and filled, and neither sees the other")
    func load() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demo-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let clock = StillClock()
        let store = SQLiteStore(directory: folder.path, clock: clock)
        let platform = try await PlatformStore(path: folder.appending(path: "platform.sqlite").path)
        let records = Records(
            store: store,
            clock: clock,
            logins: DirectoryLoginDesk(platform),
            secrets: try SecretBox(deploymentKey: Array(repeating: 7, count: 32))
        )
        let loader = DemoLoader(records: records, deployment: Deployment(records))
        let packages = try ["platform", "service-desk"].map { try ShippedApps.files(of: $0) }
        let prefix = try #require(KeyPrefix("00D"))

        for (index, org) in DemoOrg.all.enumerated() {
            let data = DemoData(
                org,
                seed: 5,
                now: DemoRecords.now,
                caseCount: 40 + 260 * (1 - index)
            )
            let id = OrgID(RecordID(prefix: prefix, sequence: Int64(index + 1)))
            try await platform.addOrg(
                OrgEntry(
                    id: id,
                    slug: org.slug,
                    label: org.label,
                    idBase: Int64(index + 1) << 28,
                    createdAt: clock.now()
                )
            )
            let progress = Locked<[Int]>([])
            let administrator = try await loader.load(
                data,
                into: id,
                idBase: Int64(index + 1) << 28,
                packages: packages
            ) { done, total in
                progress.withLock { $0 += [done, total] }
            }
            #expect(progress.withLock { $0.suffix(2) } == [data.recordCount, data.recordCount])

            let caller = Caller(org: id, user: administrator)
            let found = try await records.read(as: caller) { reader in
                try [
                    "SELECT COUNT(Id) FROM Case",
                    "SELECT COUNT(Id) FROM Case WHERE IsClosed = true AND ClosedDate = null",
                    "SELECT COUNT(Id) FROM Case WHERE CreatedDate > 2026-03-02T13:00:00Z",
                    "SELECT COUNT(Id) FROM Contact WHERE AccountId != null",
                    "SELECT COUNT(Id) FROM User",
                ].map { try reader.rows($0).first?.first }
            }
            let expected = [data.caseCount, 0, 0, data.contactCount, org.users.count + 1]
            #expect(
                found == expected.map { .number(ExactDecimal(unscaled: Int64($0), scale: 0)) }
            )
        }
        await store.close()
        await platform.close()
    }

    private struct StillClock: WallClock {
        func now() -> Instant { DemoRecords.now }
    }
}
