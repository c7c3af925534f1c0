/// How the numbered conditions of a rule are joined: `1 AND (2 OR 3)`.
package indirect enum FilterLogic: Sendable, Hashable {
    /// A condition, counted from zero.
    case condition(Int)
    case all([FilterLogic])
    case any([FilterLogic])

    /// The ways in which it can hold: each a set of conditions that hold together.
    ///
    /// `nil` where there are more than `most`.
    package func ways(most: Int) -> [Set<Int>]? {
        switch self {
        case .condition(let index): return [[index]]
        case .any(let parts):
            var ways: [Set<Int>] = []
            for part in parts {
                guard let more = part.ways(most: most) else { return nil }
                ways += more.filter { !ways.contains($0) }
                guard ways.count <= most else { return nil }
            }
            return ways
        case .all(let parts):
            var ways: [Set<Int>] = [[]]
            for part in parts {
                guard let more = part.ways(most: most) else { return nil }
                guard ways.count * more.count <= most * most else { return nil }
                var joined: [Set<Int>] = []
                for way in ways {
                    for other in more where !joined.contains(way.union(other)) {
                        joined.append(way.union(other))
                    }
                }
                ways = joined
                guard ways.count <= most else { return nil }
            }
            return ways
        }
    }

    /// Whether it holds, where these conditions do.
    package func holds(_ conditions: Set<Int>) -> Bool {
        switch self {
        case .condition(let index): conditions.contains(index)
        case .all(let parts): parts.allSatisfy { $0.holds(conditions) }
        case .any(let parts): parts.contains { $0.holds(conditions) }
        }
    }
}

extension FilterLogic {
    /// Reads `1 AND (2 OR 3)`.
    ///
    /// - Parameter count: how many conditions there are; all of them must be named.
    /// - Returns: `nil` where the text is no such logic.
    package static func parse(_ text: String, count: Int) -> FilterLogic? {
        var reading = LogicReading(text, count: count)
        guard let logic = reading.any(depth: 0), reading.isAtEnd,
            reading.named == Set(0..<count)
        else { return nil }
        return logic
    }
}

/// One pass over the text of a logic.
private struct LogicReading {
    private var words: ArraySlice<String>
    private let count: Int
    private(set) var named: Set<Int> = []
    private static let depthMax = 16

    init(_ text: String, count: Int) {
        let spaced = text.uppercased().replacing("(", with: " ( ").replacing(")", with: " ) ")
        words = spaced.split(whereSeparator: \.isWhitespace).map(String.init)[...]
        self.count = count
    }

    var isAtEnd: Bool { words.isEmpty }

    mutating func any(depth: Int) -> FilterLogic? {
        joined("OR", depth) { $0.all(depth: depth) }.map { $0.count == 1 ? $0[0] : .any($0) }
    }

    private mutating func all(depth: Int) -> FilterLogic? {
        joined("AND", depth) { $0.condition(depth: depth) }.map { $0.count == 1 ? $0[0] : .all($0) }
    }

    private mutating func joined(
        _ word: String,
        _ depth: Int,
        _ part: (inout LogicReading) -> FilterLogic?
    ) -> [FilterLogic]? {
        guard depth <= LogicReading.depthMax, let first = part(&self) else { return nil }
        var parts = [first]
        while words.first == word {
            words.removeFirst()
            guard let next = part(&self) else { return nil }
            parts.append(next)
        }
        return parts
    }

    private mutating func condition(depth: Int) -> FilterLogic? {
        guard let word = words.popFirst() else { return nil }
        if word == "(" {
            guard let inner = any(depth: depth + 1), words.popFirst() == ")" else { return nil }
            return inner
        }
        guard let number = Int(word), number >= 1, number <= count else { return nil }
        named.insert(number - 1)
        return .condition(number - 1)
    }
}
