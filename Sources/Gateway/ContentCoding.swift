/// How a response body is coded on its way.
package enum ContentCoding: String, Hashable, Sendable {
    case identity
    case gzip

    /// Chooses by a request's `Accept-Encoding`.
    ///
    /// gzip when the client takes it at least as gladly as a plain body; else plain, even when the
    /// client says it takes neither: an answer it may not like is better than none. A malformed
    /// weight counts as 0. Several headers are joined by commas before.
    ///
    /// Source: RFC 9110, section 12.5.3.
    package static func negotiated(acceptEncoding header: String?) -> ContentCoding {
        guard let header else { return .identity }
        var gzip: Int?
        var identity: Int?
        var others: Int?
        for part in header.utf8.split(separator: UInt8(ascii: ",")) {
            let parameters = Substring(part).split(
                separator: ";",
                omittingEmptySubsequences: false
            )
            let weight = weight(parameters.dropFirst())
            switch trimmed(parameters.first ?? "").lowercased() {
            case "gzip", "x-gzip": gzip = max(gzip ?? 0, weight)
            case "identity": identity = weight
            case "*": others = weight
            default: continue
            }
        }
        let gzipWeight = gzip ?? others ?? 0
        return gzipWeight > 0 && gzipWeight >= identity ?? 0 ? .gzip : .identity
    }

    /// The weight among a coding's parameters, in thousandths.
    private static func weight(_ parameters: ArraySlice<Substring>) -> Int {
        for parameter in parameters {
            let sides = parameter.split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard sides.count == 2, trimmed(sides[0]).lowercased() == "q" else { continue }
            return thousandths(trimmed(sides[1])) ?? 0
        }
        return 1_000
    }

    /// Reads `1`, `0.5` or `0.001`; `nil` for anything else.
    private static func thousandths(_ text: Substring) -> Int? {
        let sides = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = sides.first, whole == "0" || whole == "1" else { return nil }
        let decimals = sides.count == 2 ? sides[1] : ""
        guard decimals.utf8.count <= 3, decimals.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
            return nil
        }
        let padded = decimals + String(repeating: "0", count: 3 - decimals.utf8.count)
        guard let fraction = Int(padded) else { return nil }
        let weight = (whole == "1" ? 1_000 : 0) + fraction
        return weight <= 1_000 ? weight : nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}
