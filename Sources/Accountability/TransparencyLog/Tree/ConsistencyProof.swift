/// Proves that a tree begins with all entries of a smaller one, in their order.
///
/// Source: RFC 6962, section 2.1.2; checked as RFC 9162, section 2.1.4.2, says.
package struct ConsistencyProof: Hashable, Sendable {
    package let oldSize: Int
    package let newSize: Int
    package let hashes: [TreeHash]

    package init(oldSize: Int, newSize: Int, hashes: [TreeHash]) {
        self.oldSize = oldSize
        self.newSize = newSize
        self.hashes = hashes
    }

    /// Checks that the tree with the one root grew into the tree with the other.
    ///
    /// Every tree begins with the empty one; that takes no hashes.
    package func verify(oldRoot: TreeHash, newRoot: TreeHash) throws(ProofFailure) {
        guard oldSize >= 0, oldSize <= newSize else { throw .outOfRange }
        if oldSize == newSize || oldSize == 0 {
            guard hashes.isEmpty else { throw .wrongLength }
            let isProven = oldSize == newSize ? oldRoot == newRoot : oldRoot == .emptyRoot
            guard isProven else { throw .wrongRoot }
            return
        }
        let (old, new) = try roots(oldRoot: oldRoot)
        guard old == oldRoot, new == newRoot else { throw .wrongRoot }
    }

    /// The roots that the hashes lead to.
    private func roots(
        oldRoot: TreeHash
    ) throws(ProofFailure) -> (old: TreeHash, new: TreeHash) {
        var node = oldSize - 1
        var last = newSize - 1
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        // An old tree that is one perfect subtree is where the proof starts, and is left out of it.
        var path = hashes[...]
        let start = node == 0 ? oldRoot : path.popFirst()
        guard let start else { throw .wrongLength }
        var (old, new) = (start, start)
        for hash in path {
            guard last > 0 else { throw .wrongLength }
            if node & 1 == 1 || node == last {
                old = .node(hash, old)
                new = .node(hash, new)
                while node & 1 == 0, node > 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                new = .node(new, hash)
            }
            node >>= 1
            last >>= 1
        }
        guard last == 0 else { throw .wrongLength }
        return (old, new)
    }
}
