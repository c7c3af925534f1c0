/// A perfect subtree: `2^level` consecutive entries, the first at a multiple of that.
///
/// Its hash never changes once its entries are there, which is why tiles can hold it.
package struct Subtree: Hashable, Sendable {
    package let level: Int
    /// Its place among the subtrees of its level.
    package let index: Int

    package init(level: Int, index: Int) {
        self.level = level
        self.index = index
    }

    /// The perfect subtrees that make up a range of entries, the largest first.
    ///
    /// - Parameter range: begins at a multiple of its largest subtree, as the ranges of
    ///   `ProofRanges` do.
    package static func covering(_ range: Range<Int>) -> [Subtree] {
        var subtrees: [Subtree] = []
        var start = range.lowerBound
        while start < range.upperBound {
            let count = range.upperBound - start
            let level = Int.bitWidth - 1 - count.leadingZeroBitCount
            subtrees.append(Subtree(level: level, index: start >> level))
            start += 1 << level
        }
        return subtrees
    }
}

/// Which ranges of entries a proof holds the hashes of.
///
/// Source: RFC 6962, sections 2.1.1 (`PATH`) and 2.1.2 (`SUBPROOF`), as loops from the root down.
package enum ProofRanges {
    /// What proves that the entry at an index is in a tree, in a proof's order: leaf to root.
    static func inclusion(of index: Int, in size: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var whole = 0..<size
        while whole.count > 1 {
            let middle = whole.lowerBound + split(whole.count)
            if index < middle {
                ranges.append(middle..<whole.upperBound)
                whole = whole.lowerBound..<middle
            } else {
                ranges.append(whole.lowerBound..<middle)
                whole = middle..<whole.upperBound
            }
        }
        return ranges.reversed()
    }

    /// What proves that a tree begins with the entries of a smaller one.
    ///
    /// Nothing needs proof when the smaller one is empty or the same.
    static func consistency(from old: Int, to new: Int) -> [Range<Int>] {
        guard old > 0, old < new else { return [] }
        var ranges: [Range<Int>] = []
        var whole = 0..<new
        while whole.upperBound != old {
            let middle = whole.lowerBound + split(whole.count)
            if old <= middle {
                ranges.append(middle..<whole.upperBound)
                whole = whole.lowerBound..<middle
            } else {
                ranges.append(whole.lowerBound..<middle)
                whole = middle..<whole.upperBound
            }
        }
        // The verifier has the old root, so the old tree itself is not told.
        if whole.lowerBound > 0 {
            ranges.append(whole)
        }
        return ranges.reversed()
    }

    /// The largest power of two below a count of at least two.
    private static func split(_ count: Int) -> Int {
        1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }
}
