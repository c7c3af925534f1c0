/// A rule at one version, `AUP-07@3`: the id names the rule for ever, the version its text.
package struct RuleReference: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let id: String
    package let version: Int

    package init(id: String, version: Int) {
        self.id = id
        self.version = version
    }

    /// Reads `AUP-07@3`; `nil` for what is not of this form.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, Self.isID(parts[0]), let version = Int(parts[1]), version > 0,
            String(version) == parts[1]
        else { return nil }
        self.init(id: parts[0], version: version)
    }

    /// Whether a text is the id of a rule: capitals, a hyphen, two or three digits.
    package static func isID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, (2...3).contains(parts[1].utf8.count) else {
            return false
        }
        return parts[0].utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
            && parts[1].utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    package var description: String { "\(id)@\(version)" }

    package static func < (one: RuleReference, other: RuleReference) -> Bool {
        (one.id, one.version) < (other.id, other.version)
    }
}
