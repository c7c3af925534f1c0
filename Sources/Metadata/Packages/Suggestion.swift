/// The nearest of some names to one that is unknown, for "did you mean".
package enum Suggestion {
    /// The candidate within a third of the name's length in edits, or `nil`.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String?
    {
        let wanted = Array(name.lowercased().utf8.prefix(80))
        var best: (distance: Int, name: String)?
        for candidate in candidates {
            let other = Array(candidate.lowercased().utf8.prefix(80))
            guard abs(other.count - wanted.count) <= wanted.count / 3 + 1 else { continue }
            let distance = edits(wanted, other)
            if distance < best?.distance ?? Int.max { best = (distance, candidate) }
        }
        guard let best, best.distance <= max(1, wanted.count / 3) else { return nil }
        return best.name
    }

    /// ` (did you mean …?)` or nothing.
    package static func phrase(for name: String, among candidates: some Sequence<String>) -> String
    {
        nearest(to: name, among: candidates).map { " (did you mean `\($0)`?)" } ?? ""
    }

    /// Insertions, deletions, replacements and swaps of neighbours between two texts.
    private static func edits(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var current = [i + 1]
            for j in 0..<b.count {
                var cost = min(last[j + 1] + 1, current[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[b.count]
    }
}
