import Accountability
import Foundation
import Kernel
import Metadata
import TestSupport
import Testing

/// A transparency log in a folder of its own, which goes with it.
final class TestLog: LogWriting {
    let folder = FileManager.default.temporaryDirectory
        .appending(path: "steward-log-\(UUID().uuidString)").path
    private let key: SigningKey
    private let turns = Turns()

    /// Appends come one after the other.
    private actor Turns {
        func append(_ entry: LogEntry, to folder: String, by key: SigningKey) async throws -> Int {
            let log = try await TransparencyLog(in: try DirectoryTiles(writing: folder), key: key)
            return try await log.append([try entry.bytes()]).first?.index ?? 0
        }
    }

    init() async throws {
        key = try SigningKey(name: "log.example/l", kind: .note)
        try await TransparencyLog.create(in: try DirectoryTiles(writing: folder), key: key)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var verifier: VerifierKey { key.verifier }

    func append(_ entry: LogEntry, mayBeThere: Bool) async throws -> Int {
        try await turns.append(entry, to: folder, by: key)
    }

    func record() async throws -> PublicRecord {
        let reader = PublicRecordReader(DirectoryTiles(reading: folder), log: verifier)
        return try await reader.reading().record
    }
}

/// A deployment without a log.
struct NoLog: LogWriting {
    func append(_ entry: LogEntry, mayBeThere: Bool) async throws -> Int { throw NoLogYet() }
}

extension AccountabilityOffice {
    /// The office in an org of a test, with or without a log.
    init(in org: TestOrg, log: TestLog? = nil) {
        let (id, key) = (org.id, log?.verifier)
        self.init(
            records: org.records,
            log: log ?? NoLog(),
            logFolder: log?.folder ?? "/nowhere",
            logKey: { key },
            authority: { RestrictionAuthority([]) },
            org: { id }
        )
    }
}
