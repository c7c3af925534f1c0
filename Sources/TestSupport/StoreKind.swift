import Foundation
package import Kernel
package import Metadata
import StoreSQLite
package import Synchronization

/// The stores that every test of stores runs on.
package enum StoreKind: String, CaseIterable, Sendable, CustomStringConvertible {
    case reference
    case sqlite

    /// How many records a walk looks at.
    ///
    /// Few, so that walks that find a page and walks that do not are both met in small orgs. What
    /// is measured is measured as it is served.
    package static let walkRecordsMax = Mutex(12)

    static var options: SQLiteOptions {
        SQLiteOptions(walkRecordsMax: walkRecordsMax.withLock { $0 })
    }

    package var description: String { rawValue }

    /// An empty store of this kind; in a folder of its own where it keeps files.
    package func make(clock: any WallClock) -> TestStore { make(clock: clock) { _ in } }

    /// A store of this kind in a folder that was made ready.
    func make(clock: any WallClock, _ prepare: (String) throws -> Void) rethrows -> TestStore {
        switch self {
        case .reference: return TestStore(ReferenceStore(clock: clock), folder: nil)
        case .sqlite:
            let folder = FileManager.default.temporaryDirectory
                .appending(path: "steward-test-\(UUID().uuidString)").path
            try prepare(folder)
            let store = SQLiteStore(directory: folder, clock: clock, options: StoreKind.options)
            return TestStore(store, folder: folder)
        }
    }
}

/// A store whose files go when nobody has it open any more.
package final class TestStore: Sendable {
    package let store: any RecordStore
    private let files: TestFolder?

    var folder: String? { files?.path }

    init(_ store: any RecordStore, folder: String?) {
        self.store = store
        files = folder.map { TestFolder($0) }
    }

    private init(_ store: any RecordStore, in files: TestFolder?) {
        self.store = store
        self.files = files
    }

    /// The same records as the next process finds them.
    ///
    /// - Parameter isClean: whether the store is closed before; otherwise it is left as it is, as by
    ///   a process that was killed.
    func reopened(isClean: Bool, clock: any WallClock) async -> TestStore {
        guard let files, let open = store as? SQLiteStore else { return self }
        if isClean { await open.close() }
        let store = SQLiteStore(directory: files.path, clock: clock, options: StoreKind.options)
        return TestStore(store, in: files)
    }
}

/// A folder that is removed when nobody needs it.
private final class TestFolder: Sendable {
    let path: String

    init(_ path: String) { self.path = path }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
