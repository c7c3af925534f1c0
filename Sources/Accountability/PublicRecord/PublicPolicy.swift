package import Metadata

/// A version of one of the policy's documents, as it was published.
package struct PublicPolicy: Hashable, Sendable {
    package let index: Int
    package let document: String
    package let version: String
    package let title: String
    /// SHA-256 of the text, in hexadecimal digits.
    package let digest: String
    /// `AUP-01@1`: each rule with its version.
    package let rules: [String]
    package let publishedAt: Instant
    /// Until when everybody could object before it took effect.
    package let commentUntil: Instant?
    package let effectiveFrom: Instant
    package let approvals: [String]
    package let reason: String?

    init(_ entry: LogEntry, index: Int) throws(LogFormatError) {
        try self.init(content: entry.content, index: index)
    }

    /// - Parameter content: of an entry `policy-published`.
    package init(content: [String: CanonicalJSON], index: Int) throws(LogFormatError) {
        let content = ContentReader(content)
        self.index = index
        document = try content.text("document")
        version = try content.text("version")
        title = content.optionalText("title") ?? document
        digest = try content.text("digest")
        rules = content.texts("rules")
        publishedAt = try content.moment("publishedAt")
        commentUntil = content.optionalText("commentUntil").flatMap { LogCalendar.moment($0) }
        effectiveFrom = try content.moment("effectiveFrom")
        approvals = content.texts("approvals")
        reason = content.optionalText("reason")
    }
}

/// A rule's id without its version.
enum RuleName {
    static func id(_ rule: String) -> String {
        String(rule.prefix { $0 != "@" }).trimmingWhitespace
    }
}
