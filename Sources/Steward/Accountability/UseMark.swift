import Foundation
import Kernel
import Metadata
import StoreSQLite

/// Says on disk that a server counts uses, and when it last wrote them into the orgs' stores.
///
/// A server that ends as it should takes it away; one that finds it knows that another has ended
/// without having kept its last counts, and until when nothing was lost.
struct UseMark: Sendable {
    /// How often counts are kept.
    static let keepSeconds = 60
    /// How much may be lost at once: the time between two writings, with what they take themselves.
    static let lostSecondsMax = 75

    private let file: URL

    init(_ folder: DataFolder) {
        file = folder.url.appending(path: "uses-are-counted")
    }

    /// When the counts were last kept by a server that did not end as it should.
    func leftBehind() -> Instant? {
        guard let bytes = try? Data(contentsOf: file) else { return nil }
        return Int64(String(decoding: bytes, as: UTF8.self)).map { Instant(milliseconds: $0) }
    }

    func put(at now: Instant) throws {
        try Data(String(now.milliseconds).utf8).write(to: file, options: .atomic)
    }

    func remove() throws {
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        try FileManager.default.removeItem(at: file)
    }
}

extension Composition {
    /// Begins to count: what the last server may have lost is noted in every org.
    func beginCountingUses() async throws {
        let mark = UseMark(folder)
        if let kept = mark.leftBehind() {
            let end = kept.adding(seconds: Int64(UseMark.lostSecondsMax))
            for org in try await platform.orgs() {
                try await records.noteLostUse(
                    seconds: UseMark.lostSecondsMax,
                    before: end,
                    in: org.id
                )
            }
        }
        try mark.put(at: records.clock.now())
    }

    /// Writes what was counted into the orgs' stores.
    func keepUses() async {
        for (org, error) in await records.keepUse() {
            Output.note("steward: org \(org): uses are not kept yet: \(error)")
        }
    }
}
