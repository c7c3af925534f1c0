import Foundation

/// One page of the corpus: a query, who asks it, and what every stage made of it.
///
/// A page begins with a comment that says what it shows. What is under a heading is indented by four
/// blanks.
struct GoldenFile: Sendable, CustomStringConvertible {
    let name: String
    /// Everything, as it is on disk.
    let text: String
    let comment: [String]
    let caller: String
    let query: String

    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Corpus/soql", directoryHint: .isDirectory)

    /// Whether expectations are written instead of compared.
    static let isRewriting = ProcessInfo.processInfo.environment["STEWARD_GOLDEN"] == "rewrite"

    static let all: [GoldenFile] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted().compactMap(GoldenFile.init)
    }()

    /// Reads a page; `nil` where it is not one.
    init?(name: String) {
        guard let text = try? String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        else { return nil }
        self.name = name
        self.text = text
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        comment = Array(lines.prefix { $0.hasPrefix("#") })
        guard let head = lines.first(where: { $0.hasPrefix("query as ") }),
            let place = lines.firstIndex(of: head)
        else { return nil }
        caller = String(head.dropFirst("query as ".count))
        query = lines[(place + 1)...].prefix { $0.hasPrefix("    ") }
            .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
    }

    var description: String { name }

    /// The page with these results.
    func page(_ sections: [(heading: String, lines: [String])]) -> String {
        var lines = comment
        let all = [("query as \(caller)", query.components(separatedBy: "\n"))] + sections
        for (heading, body) in all {
            lines.append(heading)
            lines += GoldenFile.indented(body)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func indented(_ lines: [String]) -> [String] {
        lines.map { $0.isEmpty ? "" : "    " + $0 }
    }

    func write(_ text: String) throws {
        try text.write(to: Self.folder.appending(path: name), atomically: true, encoding: .utf8)
    }
}
