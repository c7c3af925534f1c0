import Foundation
import Kernel
import Metadata

/// An org as it is just after its packages were installed, to be copied: tests make many that are
/// alike, and installing takes much longer than most tests.
struct TestOrgTemplate: Sendable {
    /// All that one such org depends on.
    struct Key: Hashable {
        let kind: StoreKind
        let apps: [String]
        let timeZone: String
        let isSandbox: Bool
        let made: Instant
    }

    let store: TestStore
    let administrator: RecordID
    let usernames: OpenLoginDesk.Usernames

    private static let known = Locked<[Key: Task<TestOrgTemplate, any Error>]>([:])

    /// The template of a key, made by whoever needs it first.
    static func find(
        _ key: Key,
        _ make: @escaping @Sendable () async throws -> TestOrgTemplate
    ) async throws -> TestOrgTemplate {
        let task = known.withLock { known in
            if let task = known[key] { return task }
            let task = Task { try await make() }
            known[key] = task
            return task
        }
        return try await task.value
    }
}

extension TestStore {
    /// A store of its own with the same orgs; nobody may write to this one meanwhile.
    func copy(_ kind: StoreKind, clock: any WallClock) throws -> TestStore {
        if let reference = store as? ReferenceStore {
            return TestStore(reference.copy(clock: clock), folder: nil)
        }
        return try kind.make(clock: clock) { copy in
            guard let folder else { return }
            try FileManager.default.copyItem(atPath: folder, toPath: copy)
        }
    }
}
