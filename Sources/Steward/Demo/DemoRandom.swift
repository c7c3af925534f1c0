import Metadata

/// What the demo draws by chance. The library's own ways may change between releases of Swift;
/// these give the same for a seed for ever.
extension SeededRandom {
    /// 0 to `bound` - 1.
    mutating func below(_ bound: Int) -> Int {
        guard bound > 1 else { return 0 }
        return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// True in so many cases of a hundred.
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// A number below `bound` that is more often small than large.
    mutating func skewed(below bound: Int) -> Int {
        let spread = 1 << 20
        return below(spread) * below(bound) / spread
    }

    /// A duration of this mean; most are shorter, a few are much longer.
    mutating func duration(mean milliseconds: Int64) -> Int64 {
        // The product of two uniform numbers has a mean of a quarter.
        let spread = 1 << 20
        let product =
            Double(below(spread)) * Double(below(spread)) / Double(spread) / Double(spread)
        return Int64(Double(milliseconds) * 4 * product)
    }

    mutating func pick(_ texts: [String]) -> String {
        texts.isEmpty ? "" : texts[below(texts.count)]
    }
}

/// A draw in which some are drawn more often than others.
struct DemoWeights: Sendable {
    private let sums: [Int]

    init(_ weights: [Int]) {
        var sum = 0
        sums = weights.map { weight in
            sum += weight
            return sum
        }
    }

    var total: Int { sums.last ?? 0 }

    /// The position that was drawn.
    func draw(_ random: inout SeededRandom) -> Int { position(of: random.below(total)) }

    /// Where a number below the total falls.
    func position(of number: Int) -> Int {
        var low = 0
        var high = sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > number { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The sum of all weights before a position.
    func sum(before position: Int) -> Int { position == 0 ? 0 : sums[position - 1] }
}
