/// Why a proof does not prove what it is held against.
package enum ProofFailure: Error, Hashable, Sendable {
    /// The index is not one of the tree's, or the sizes are in the wrong order.
    case outOfRange
    /// The proof has more or fewer hashes than a tree of that size needs.
    case wrongLength
    /// The hashes lead to another root.
    case wrongRoot
}

extension ProofFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .outOfRange: "the proof is about no entry or tree of that size"
        case .wrongLength: "the proof is not as long as trees of these sizes need"
        case .wrongRoot: "the proof leads to another root"
        }
    }
}
