import Foundation
import Metadata
import Testing

@testable import Steward

/// The mark by which a server knows that another has ended without keeping its counts.
@Suite struct UseMarkTests {
    @Test("it is there until the server ends as it should, and tells when counts were last kept")
    func life() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "steward-mark-\(UUID().uuidString)", directoryHint: .isDirectory)
        defer { try? FileManager.default.removeItem(at: url) }
        let folder = DataFolder(url: url)
        try folder.make()
        let mark = UseMark(folder)
        #expect(mark.leftBehind() == nil)
        try mark.remove()
        for moment: Int64 in [1_773_135_000_000, 1_773_135_060_000] {
            try mark.put(at: Instant(milliseconds: moment))
            #expect(UseMark(folder).leftBehind() == Instant(milliseconds: moment))
        }
        try mark.remove()
        #expect(mark.leftBehind() == nil)
    }
}
