import Foundation
import Kernel
import Metadata
import TestSupport
import Testing

/// Who may do what with a record of every object of the shipped apps, as it was last agreed.
///
/// `STEWARD_GOLDEN=rewrite` writes the file anew: read every line that changes.
@Suite struct AccessMatrixTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Corpus/access/matrix.txt")

    private static let preamble = """
        # What each kind of caller may do with a record of each object that "owner" owns, where it
        # has an owner: R read, C create, E edit, D delete, O give away, S share. `-` refused by the
        # rights, `?` by something else, a blank: there is nothing to try it on.
        """

    @Test("every caller may do with every object what the matrix says")
    func matrix() async throws {
        let matrix = try await AccessMatrix()
        var lines = [Self.preamble]
        for subject in matrix.subjects {
            lines += ["", "\(subject.object.name) (\(subject.object.sharingModel.rawValue))"]
            for (name, caller) in matrix.callers {
                let letters = try await matrix.letters(subject, as: caller)
                let label = name.padding(toLength: 28, withPad: " ", startingAt: 0)
                let line = "  \(label)\(letters)"
                lines.append(String(line.reversed().drop { $0 == " " }.reversed()))
            }
        }
        let text = lines.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["STEWARD_GOLDEN"] == "rewrite" {
            try FileManager.default.createDirectory(
                at: Self.file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: Self.file)
        }
        let kept = (try? String(contentsOf: Self.file, encoding: .utf8)) ?? ""
        let old = kept.split(separator: "\n", omittingEmptySubsequences: false)
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        for change in new.difference(from: old) {
            switch change {
            case .insert(let line, let text, _): Issue.record("now, line \(line + 1): \(text)")
            case .remove(let line, let text, _): Issue.record("agreed, line \(line + 1): \(text)")
            }
        }
    }
}
