import Accountability
import Foundation
import Testing

/// The Merkle tree and its proofs, against published values and against the definition.
@Suite struct TreeTests {
    /// The entries, roots and proofs that implementations of RFC 6962 are tested with.
    ///
    /// Source: transparency-dev/merkle, `proof/verify_test.go`.
    enum Published {
        static let entries = [
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ]
        static let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        static let inclusion: [(index: Int, size: Int, proof: [String])] = [
            (0, 1, []),
            (
                0, 8,
                [
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]
            ),
            (
                5, 8,
                [
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]
            ),
            (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
            (
                1, 5,
                [
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]
            ),
        ]
        static let consistency: [(old: Int, new: Int, proof: [String])] = [
            (1, 1, []),
            (
                1, 8,
                [
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ]
            ),
            (
                6, 8,
                [
                    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]
            ),
            (
                2, 5,
                [
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ]
            ),
            (
                6, 7,
                [
                    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                    "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ]
            ),
        ]
    }

    private let entries = Published.entries.map { Data(hex: $0) }

    @Test("the hashes of nothing, of an entry and of a node are RFC 6962's")
    func hashes() throws {
        // Source: transparency-dev/merkle, `rfc6962/rfc6962_test.go`.
        #expect(
            TreeHash.emptyRoot
                == (try .hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
        )
        #expect(
            TreeHash.leaf(Data("L123456".utf8))
                == (try .hex("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"))
        )
        #expect(try TreeHash.leaf(Data()) == .hex(Published.roots[0]))
    }

    @Test("the roots of the published entries are the published ones")
    func roots() throws {
        var range = CompactRange()
        for (entry, root) in zip(entries, Published.roots) {
            range.append(.leaf(entry))
            #expect(try range.root == .hex(root))
        }
    }

    @Test("the published inclusion proofs are made and accepted")
    func publishedInclusion() async throws {
        let key = try Fixture.logKey()
        let (store, _) = try await Fixture.log(of: entries, batches: [1, 4, 3], key: key)
        for (index, size, hashes) in Published.inclusion {
            let proof = try await TileTree(store, size: 8).inclusionProof(of: index, in: size)
            #expect(try proof.hashes == hashes.map { try .hex($0) })
            try proof.verify(leaf: .leaf(entries[index]), root: .hex(Published.roots[size - 1]))
        }
    }

    @Test("the published consistency proofs are made and accepted")
    func publishedConsistency() async throws {
        let key = try Fixture.logKey()
        let (store, _) = try await Fixture.log(of: entries, batches: [8], key: key)
        for (old, new, hashes) in Published.consistency {
            let proof = try await TileTree(store, size: 8).consistencyProof(from: old, to: new)
            #expect(try proof.hashes == hashes.map { try .hex($0) })
            try proof.verify(
                oldRoot: .hex(Published.roots[old - 1]),
                newRoot: .hex(Published.roots[new - 1])
            )
        }
    }

    @Test("appending leads to the root of the definition at every size")
    func rootsOfEverySize() {
        let leaves = Fixture.entries(0..<600).map { TreeHash.leaf($0) }
        var range = CompactRange()
        #expect(range.root == ReferenceTree.root(of: []))
        for (index, leaf) in leaves.enumerated() {
            range.append(leaf)
            #expect(range.root == ReferenceTree.root(of: leaves[...index]))
        }
    }

    @Test("tiles give the root at every size up to their own")
    func rootsFromTiles() async throws {
        let key = try Fixture.logKey()
        let (store, _) = try await Fixture.log(batches: [600], key: key)
        let leaves = Fixture.entries(0..<600).map { TreeHash.leaf($0) }
        let tree = TileTree(store, size: 600)
        for size in 0...600 {
            let root = try await tree.root(at: size)
            #expect(root == ReferenceTree.root(of: leaves.prefix(size)))
        }
        await #expect(throws: ProofFailure.outOfRange) { try await tree.root(at: 601) }
    }
}
