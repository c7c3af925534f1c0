import Foundation
package import Kernel
package import Metadata
import StoreSQLite

/// The stores that every test of stores runs on.
package enum StoreKind: String, CaseIterable, Sendable, CustomStringConvertible {
    case reference
    case sqlite

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
            return TestStore(SQLiteStore(directory: folder, clock: clock), folder: folder)
        }
    }
}

/// A store whose files go when it goes.
package final class TestStore: Sendable {
    package let store: any RecordStore
    let folder: String?

    init(_ store: any RecordStore, folder: String?) {
        self.store = store
        self.folder = folder
    }

    deinit {
        if let folder { try? FileManager.default.removeItem(atPath: folder) }
    }
}
