/// Why bytes are not in the format that they should be in.
///
/// The message is lower case without a full stop, for people; `format` and `field` say where.
package struct LogFormatError: Error, Hashable, Sendable {
    /// What was read: "checkpoint", "verifier key".
    package let format: String
    /// The part of it that is wrong.
    package let field: String
    package let problem: String

    package init(_ format: String, _ field: String, _ problem: String) {
        self.format = format
        self.field = field
        self.problem = problem
    }
}

extension LogFormatError: CustomStringConvertible {
    package var description: String { "\(format), \(field): \(problem)" }
}
