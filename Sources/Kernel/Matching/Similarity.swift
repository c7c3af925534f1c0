/// How alike two words or texts are, from 0 (nothing in common) to 1 (the same).
///
/// Every measure is symmetric, is 1 for what is equal, and takes what has been folded before.
package enum Similarity {
    package typealias Letters = [Unicode.Scalar]

    /// Longer texts are compared by their beginnings: the cost grows with the square of the length.
    package static let lengthMax = 256

    /// Jaro's measure, raised for a common beginning as Winkler proposed.
    package static func jaroWinkler(_ left: Letters, _ right: Letters) -> Double {
        let (a, b) = ordered(Array(left.prefix(lengthMax)), Array(right.prefix(lengthMax)))
        let jaro = jaro(a, b)
        guard jaro > 0.7 else { return jaro }
        var shared = 0
        while shared < min(4, a.count, b.count), a[shared] == b[shared] { shared += 1 }
        return jaro + Double(shared) * 0.1 * (1 - jaro)
    }

    /// Two words, always in the same order: a greedy search then finds the same either way.
    private static func ordered(_ a: Letters, _ b: Letters) -> (Letters, Letters) {
        (a.count, MatchText.string(a)) <= (b.count, MatchText.string(b)) ? (a, b) : (b, a)
    }

    private static func jaro(_ a: Letters, _ b: Letters) -> Double {
        if a == b { return 1 }
        guard !a.isEmpty, !b.isEmpty else { return 0 }
        let reach = max(0, max(a.count, b.count) / 2 - 1)
        var isTaken = Array(repeating: false, count: b.count)
        var matchedA: Letters = []
        for (index, letter) in a.enumerated() {
            let low = max(0, index - reach)
            let high = min(b.count, index + reach + 1)
            guard low < high else { continue }
            if let found = (low..<high).first(where: { !isTaken[$0] && b[$0] == letter }) {
                isTaken[found] = true
                matchedA.append(letter)
            }
        }
        guard !matchedA.isEmpty else { return 0 }
        let matchedB = b.indices.filter { isTaken[$0] }.map { b[$0] }
        let swapped = zip(matchedA, matchedB).filter { $0 != $1 }.count
        let matches = Double(matchedA.count)
        return
            (matches / Double(a.count) + matches / Double(b.count)
            + (matches - Double(swapped / 2)) / matches) / 3
    }

    /// One less the share of letters that must be put in, left out, replaced or swapped.
    package static func edits(_ left: Letters, _ right: Letters) -> Double {
        edits(left, right) { _, _ in 1 }
    }

    /// The same, where a key's neighbour on the keyboard is half a mistake.
    package static func keyboard(_ left: Letters, _ right: Letters) -> Double {
        edits(left, right) { Keyboard.areNeighbours($0, $1) ? 0.5 : 1 }
    }

    private static func edits(
        _ left: Letters,
        _ right: Letters,
        _ replacement: (Unicode.Scalar, Unicode.Scalar) -> Double
    ) -> Double {
        let a = Array(left.prefix(lengthMax))
        let b = Array(right.prefix(lengthMax))
        guard !a.isEmpty || !b.isEmpty else { return 1 }
        var beforeLast: [Double] = []
        var last = (0...b.count).map(Double.init)
        for i in a.indices {
            var current = [Double(i + 1)]
            current.reserveCapacity(b.count + 1)
            for j in b.indices {
                let cost = a[i] == b[j] ? 0 : replacement(a[i], b[j])
                var best = min(last[j + 1] + 1, current[j] + 1, last[j] + cost)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, beforeLast[j - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return 1 - last[b.count] / Double(max(a.count, b.count))
    }

    /// How many runs of three letters two texts share, of all they have (Dice's measure).
    package static func nGrams(_ left: Letters, _ right: Letters) -> Double {
        overlap(NGrams.of(left), NGrams.of(right))
    }

    /// How many of their words two texts share, of all they have.
    package static func words(_ left: [Letters], _ right: [Letters]) -> Double {
        overlap(left.map(MatchText.string), right.map(MatchText.string))
    }

    private static func overlap(_ left: [String], _ right: [String]) -> Double {
        guard !left.isEmpty || !right.isEmpty else { return 1 }
        var counts: [String: Int] = [:]
        for item in left { counts[item, default: 0] += 1 }
        var shared = 0
        for item in right {
            guard let count = counts[item], count > 0 else { continue }
            counts[item] = count - 1
            shared += 1
        }
        return 2 * Double(shared) / Double(left.count + right.count)
    }

    /// How much of two texts is words that look alike, whatever their order.
    package static func alignment(_ one: [Letters], _ other: [Letters]) -> Double {
        let texts = [one, other].map { $0.map(MatchText.string).joined(separator: " ") }
        let (left, right) = texts[0] <= texts[1] ? (one, other) : (other, one)
        let total = max(left.map(\.count).reduce(0, +), right.map(\.count).reduce(0, +))
        guard total > 0 else { return 1 }
        let pairs = left.indices.flatMap { i in
            right.indices.map { j in (i, j, jaroWinkler(left[i], right[j])) }
        }
        .filter { $0.2 >= 0.85 }
        // The likest first; then the longest; so that neither text is the one that chooses.
        .sorted { one, other in
            let lengths = [one, other].map { min(left[$0.0].count, right[$0.1].count) }
            return (one.2, lengths[0]) > (other.2, lengths[1])
        }
        var (usedLeft, usedRight): (Set<Int>, Set<Int>) = ([], [])
        var sum = 0.0
        for (i, j, likeness) in pairs where !usedLeft.contains(i) && !usedRight.contains(j) {
            usedLeft.insert(i)
            usedRight.insert(j)
            sum += likeness * Double(min(left[i].count, right[j].count))
        }
        return min(1, sum / Double(total))
    }
}

/// Runs of three letters of a text, with blanks before and after.
package enum NGrams {
    package static let size = 3

    package static func of(_ letters: [Unicode.Scalar]) -> [String] {
        guard !letters.isEmpty else { return [] }
        let padded: [Unicode.Scalar] =
            [" ", " "] + letters.prefix(Similarity.lengthMax) + [" ", " "]
        return (0...(padded.count - size)).map { MatchText.string(padded[$0..<($0 + size)]) }
    }
}

/// Which keys lie side by side on a keyboard.
enum Keyboard {
    private static let rows = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"]

    private static let places: [Unicode.Scalar: (row: Int, column: Int)] = {
        var places: [Unicode.Scalar: (row: Int, column: Int)] = [:]
        for (row, keys) in rows.enumerated() {
            for (column, key) in keys.unicodeScalars.enumerated() { places[key] = (row, column) }
        }
        return places
    }()

    static func areNeighbours(_ left: Unicode.Scalar, _ right: Unicode.Scalar) -> Bool {
        guard let a = places[left], let b = places[right] else { return false }
        return abs(a.row - b.row) <= 1 && abs(a.column - b.column) <= 1
    }
}
