import Metadata

/// The saves within which the present one happens, outermost first, and why each began.
///
/// Automation that saves records makes saves within saves; the chain stops those that never end.
struct SaveChain: Sendable {
    private(set) var links: [String] = []
    /// How many saves deep.
    private(set) var depth = 0

    /// The chain with one more save at its end.
    ///
    /// - Throws: `RecordError` with the whole chain where it is too deep.
    func appending(saveOf object: ObjectDefinition) throws(RecordError) -> SaveChain {
        var next = self
        next.links.append("save of \(object.name)")
        next.depth += 1
        guard next.depth <= Limits.saveDepthMax else {
            throw RecordError(
                .limitExceeded,
                "a save may cause saves \(Limits.saveDepthMax) deep, and this one goes deeper: "
                    + next.text
            )
        }
        return next
    }

    /// The chain with a reason for the saves that follow: `flow Escalate_Case`.
    func appending(reason: String) -> SaveChain {
        var next = self
        next.links.append(reason)
        return next
    }

    var text: String { links.joined(separator: " → ") }
}

extension RecordWriter {
    /// Names what causes the saves that happen within: `flow Escalate_Case`, `roll-up Account.Total`.
    func within<Result>(_ reason: String, _ body: () throws -> Result) rethrows -> Result {
        let outer = chain
        chain = outer.appending(reason: reason)
        defer { chain = outer }
        return try body()
    }
}
