import Accountability
import Foundation
import Testing

/// Proofs over many sizes: the right ones are accepted, all others refused.
@Suite struct ProofPropertyTests {
    /// A tree of its leaves' hashes in memory tiles, and the roots at every size.
    private struct Grown {
        let store: MemoryTiles
        let leaves: [TreeHash]
        let roots: [TreeHash]

        init(_ count: Int) async throws {
            let key = try Fixture.logKey()
            let entries = Fixture.entries(0..<count)
            let batches = Array(repeating: 4_000, count: count / 4_000) + [count % 4_000]
            (store, _) = try await Fixture.log(of: entries, batches: batches, key: key)
            leaves = entries.map { .leaf($0) }
            var range = CompactRange()
            var roots = [range.root]
            for leaf in leaves {
                range.append(leaf)
                roots.append(range.root)
            }
            self.roots = roots
        }
    }

    @Test("every entry of every tree up to 70, and some of larger ones, is proven")
    func inclusion() async throws {
        let grown = try await Grown(700)
        let large = [127, 128, 129, 255, 256, 257, 300, 511, 512, 513, 600, 700]
        let tree = TileTree(grown.store, size: 700)
        for size in Array(1...70) + large {
            let indices = size <= 70 ? Array(0..<size) : [0, 1, size / 3, size / 2, size - 1]
            for index in indices {
                let proof = try await tree.inclusionProof(of: index, in: size)
                try proof.verify(leaf: grown.leaves[index], root: grown.roots[size])
                expectRefused(proof, leaf: grown.leaves[index], root: grown.roots[size])
            }
        }
    }

    private func expectRefused(_ proof: InclusionProof, leaf: TreeHash, root: TreeHash) {
        let other = TreeHash.leaf(Data("another".utf8))
        let (index, size, hashes) = (proof.index, proof.size, proof.hashes)
        var wrong = [
            InclusionProof(index: index, size: size, hashes: hashes + [other]),
            InclusionProof(index: index, size: size, hashes: [other] + hashes),
            InclusionProof(index: -1, size: size, hashes: hashes),
            InclusionProof(index: size, size: size, hashes: hashes),
        ]
        if !hashes.isEmpty {
            wrong.append(InclusionProof(index: index ^ 1, size: size, hashes: hashes))
            wrong.append(InclusionProof(index: index, size: size, hashes: hashes.dropLast()))
            wrong.append(
                InclusionProof(index: index, size: size, hashes: Array(hashes.dropFirst()))
            )
        }
        for place in hashes.indices {
            var changed = hashes
            changed[place] = other
            wrong.append(InclusionProof(index: index, size: size, hashes: changed))
        }
        for proof in wrong {
            #expect(throws: ProofFailure.self) { try proof.verify(leaf: leaf, root: root) }
        }
        #expect(throws: ProofFailure.wrongRoot) { try proof.verify(leaf: other, root: root) }
        #expect(throws: ProofFailure.wrongRoot) { try proof.verify(leaf: leaf, root: other) }
    }

    @Test("every growth up to 70, and some of larger trees, is proven")
    func consistency() async throws {
        let grown = try await Grown(700)
        let large = [255, 256, 257, 511, 512, 513, 600, 700]
        let tree = TileTree(grown.store, size: 700)
        for new in Array(0...70) + large {
            let olds = new <= 70 ? Array(0...new) : [1, 2, 64, 200, 255, new - 1, new]
            for old in olds where old <= new {
                let proof = try await tree.consistencyProof(from: old, to: new)
                try proof.verify(oldRoot: grown.roots[old], newRoot: grown.roots[new])
                expectRefused(proof, old: grown.roots[old], new: grown.roots[new])
            }
        }
    }

    private func expectRefused(_ proof: ConsistencyProof, old: TreeHash, new: TreeHash) {
        let other = TreeHash.leaf(Data("another".utf8))
        let (from, to, hashes) = (proof.oldSize, proof.newSize, proof.hashes)
        var wrong = [
            ConsistencyProof(oldSize: from, newSize: to, hashes: hashes + [other]),
            ConsistencyProof(oldSize: to + 1, newSize: to, hashes: hashes),
            ConsistencyProof(oldSize: -1, newSize: to, hashes: hashes),
        ]
        if !hashes.isEmpty {
            wrong.append(ConsistencyProof(oldSize: from, newSize: to, hashes: []))
            wrong.append(ConsistencyProof(oldSize: from, newSize: to, hashes: hashes.dropLast()))
            wrong.append(ConsistencyProof(oldSize: from, newSize: to, hashes: [other] + hashes))
        }
        for place in hashes.indices {
            var changed = hashes
            changed[place] = other
            wrong.append(ConsistencyProof(oldSize: from, newSize: to, hashes: changed))
        }
        for proof in wrong {
            #expect(throws: ProofFailure.self) { try proof.verify(oldRoot: old, newRoot: new) }
        }
        #expect(throws: ProofFailure.self) { try proof.verify(oldRoot: other, newRoot: new) }
        if from > 0 {
            #expect(throws: ProofFailure.self) { try proof.verify(oldRoot: old, newRoot: other) }
        }
    }

    @Test("a tree of three levels of tiles proves its entries and its growth")
    func largeTree() async throws {
        let count = 66_000
        let grown = try await Grown(count)
        let tree = TileTree(grown.store, size: count)
        for index in [0, 255, 256, 65_535, 65_536, 65_900, count - 1] {
            let proof = try await tree.inclusionProof(of: index)
            try proof.verify(leaf: grown.leaves[index], root: grown.roots[count])
        }
        for old in [1, 256, 65_535, 65_536, 65_537, count - 1] {
            let proof = try await tree.consistencyProof(from: old)
            try proof.verify(oldRoot: grown.roots[old], newRoot: grown.roots[count])
        }
    }
}
