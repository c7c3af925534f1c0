import Metadata
import TestSupport

/// Choices of a seeded generator, in the words of whoever makes random data and queries.
struct RandomChoice {
    private var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    /// True so many times in a hundred.
    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

    /// One of these, of which there is one at least.
    mutating func one<Element>(of elements: [Element]) -> Element {
        elements[number(0...(elements.count - 1))]
    }

    /// One of these; `nil` where there is none.
    mutating func any<Element>(of elements: [Element]) -> Element? {
        elements.isEmpty ? nil : one(of: elements)
    }

    mutating func some<Element>(of elements: [Element], atMost count: Int) -> [Element] {
        Array(elements.shuffled(using: &random).prefix(number(1...max(1, count))))
    }
}
