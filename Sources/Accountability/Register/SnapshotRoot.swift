/// One hash for the snapshots of all orgs of a day, which the log holds; each org gets the proof
/// that its own is in it.
///
/// A leaf is a commitment to the snapshot and not its hash: bands are few, and whoever is given a
/// proof sees hashes of others. The salt goes to the org with the proof.
package struct SnapshotRoot: Sendable {
    /// Days since 1970-01-01, in UTC.
    package let day: Int32
    package let root: TreeHash
    private let leaves: [String: (place: Int, part: PrivatePart)]
    private let hashes: [TreeHash]

    /// - Parameter snapshots: one for each org.
    package init(day: Int32, of snapshots: [UseSnapshot]) throws {
        self.day = day
        var leaves: [String: (place: Int, part: PrivatePart)] = [:]
        var hashes: [TreeHash] = []
        var range = CompactRange()
        for snapshot in snapshots.sorted(by: { $0.org < $1.org }) {
            let part = try PrivatePart("snapshot", snapshot.json)
            let leaf = TreeHash.leaf(part.commitment.bytes)
            leaves[snapshot.org] = (hashes.count, part)
            hashes.append(leaf)
            range.append(leaf)
        }
        self.leaves = leaves
        self.hashes = hashes
        root = range.root
    }

    /// What an org is given: its snapshot with the salt, and the way from it to the root.
    package func proof(for org: String) -> (part: PrivatePart, proof: InclusionProof)? {
        guard let leaf = leaves[org] else { return nil }
        let path = SnapshotRoot.path(to: leaf.place, in: hashes[...])
        return (leaf.part, InclusionProof(index: leaf.place, size: hashes.count, hashes: path))
    }

    /// From the leaf's sibling up (RFC 6962, section 2.1.1).
    private static func path(to place: Int, in leaves: ArraySlice<TreeHash>) -> [TreeHash] {
        guard leaves.count > 1 else { return [] }
        var half = 1
        while half * 2 < leaves.count { half *= 2 }
        let (left, right) = (leaves.prefix(half), leaves.dropFirst(half))
        return place < half
            ? path(to: place, in: left) + [root(of: right)]
            : path(to: place - half, in: right) + [root(of: left)]
    }

    private static func root(of leaves: ArraySlice<TreeHash>) -> TreeHash {
        var range = CompactRange()
        for leaf in leaves { range.append(leaf) }
        return range.root
    }
}
