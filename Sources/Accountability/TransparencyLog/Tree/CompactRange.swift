/// The least that must be known of a tree to append to it and to tell its root.
///
/// It holds the hashes of the perfect subtrees that the tree's size is the sum of: as many as the
/// size has one bits. Appending costs one node hash on average.
///
/// Source: "Compact Ranges", transparency-dev/merkle, `docs/compact_ranges.md`.
package struct CompactRange: Hashable, Sendable {
    /// The number of entries.
    package private(set) var size = 0
    /// The subtrees' hashes, the largest subtree's first.
    package private(set) var hashes: [TreeHash] = []

    package init() {}

    /// The range of a tree that is there already.
    ///
    /// - Parameter hashes: those of `Subtree.covering(0..<size)`, in that order.
    init(size: Int, hashes: [TreeHash]) {
        precondition(hashes.count == size.nonzeroBitCount, "one hash for each one bit of the size")
        self.size = size
        self.hashes = hashes
    }

    /// Appends a leaf, and tells of each perfect subtree that it completes, itself the first.
    package mutating func append(
        _ leaf: TreeHash,
        completed: (_ level: Int, _ hash: TreeHash) -> Void = { _, _ in }
    ) {
        var hash = leaf
        var level = 0
        completed(level, hash)
        // Invariant: the low one bits of the size are the subtrees that this leaf completes.
        while (size >> level) & 1 == 1 {
            hash = .node(hashes.removeLast(), hash)
            level += 1
            completed(level, hash)
        }
        hashes.append(hash)
        size += 1
    }

    /// The root of the tree.
    package var root: TreeHash { Self.root(of: hashes) }

    /// The root above subtrees, the largest first.
    static func root(of hashes: [TreeHash]) -> TreeHash {
        guard var root = hashes.last else { return .emptyRoot }
        for hash in hashes.dropLast().reversed() {
            root = .node(hash, root)
        }
        return root
    }
}
