import Foundation
import Synchronization

/// Regular expressions: compiled once, and stopped when they run away.
enum FormulaPattern {
    private static let compiled = Mutex<[String: NSRegularExpression]>([:])
    private static let countMax = 500
    private static let patternMax = 2_000
    private static let textMax = 32_768
    /// How often the matcher may report that it is still at work.
    private static let stepsMax = 2_000

    /// Whether the whole text matches.
    static func matches(_ text: String, pattern: String) throws(FormulaFailure) -> Bool {
        guard pattern.utf8.count <= patternMax, text.utf8.count <= textMax else {
            throw FormulaFailure(.limit, "REGEX: the pattern or the text is too long")
        }
        let expression = try expression(pattern)
        let whole = NSRange(location: 0, length: text.utf16.count)
        var isMatch = false
        var steps = 0
        var isStopped = false
        expression.enumerateMatches(
            in: text,
            options: [.reportProgress, .reportCompletion, .anchored],
            range: whole
        ) { result, flags, stop in
            if let result, result.range.location == 0, result.range.length == whole.length {
                isMatch = true
                stop.pointee = true
            } else if flags.contains(.internalError) {
                isStopped = true
                stop.pointee = true
            } else if flags.contains(.progress) {
                steps += 1
                if steps > stepsMax {
                    isStopped = true
                    stop.pointee = true
                }
            }
        }
        if isStopped, !isMatch {
            throw FormulaFailure(.limit, "REGEX: the pattern takes too long for this text")
        }
        return isMatch
    }

    private static func expression(
        _ pattern: String
    ) throws(FormulaFailure) -> NSRegularExpression {
        if let known = compiled.withLock({ $0[pattern] }) { return known }
        guard let made = try? NSRegularExpression(pattern: "\\A(?:\(pattern))\\z") else {
            throw FormulaFailure(.conversion, "REGEX: the pattern is no regular expression")
        }
        compiled.withLock { compiled in
            if compiled.count >= countMax { compiled.removeAll() }
            compiled[pattern] = made
        }
        return made
    }
}
