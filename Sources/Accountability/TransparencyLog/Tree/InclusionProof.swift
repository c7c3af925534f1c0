/// Proves that an entry is in a tree, at an index.
///
/// Source: RFC 6962, section 2.1.1; checked as RFC 9162, section 2.1.3.2, says.
package struct InclusionProof: Hashable, Sendable {
    package let index: Int
    /// The size of the tree.
    package let size: Int
    /// From the leaf's sibling up to the root's child.
    package let hashes: [TreeHash]

    package init(index: Int, size: Int, hashes: [TreeHash]) {
        self.index = index
        self.size = size
        self.hashes = hashes
    }

    /// Checks that a leaf is in the tree with this root.
    package func verify(leaf: TreeHash, root: TreeHash) throws(ProofFailure) {
        guard try rootAbove(leaf) == root else { throw .wrongRoot }
    }

    private func rootAbove(_ leaf: TreeHash) throws(ProofFailure) -> TreeHash {
        guard index >= 0, index < size else { throw .outOfRange }
        var node = index
        var last = size - 1
        var hash = leaf
        for sibling in hashes {
            guard last > 0 else { throw .wrongLength }
            if node & 1 == 1 || node == last {
                hash = .node(sibling, hash)
                while node & 1 == 0, node > 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = .node(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        guard last == 0 else { throw .wrongLength }
        return hash
    }
}
