package import Crypto
package import Foundation

/// What deciders put their signatures under: an order, or a lift.
package protocol DecidersPaper {
    /// What is signed: all of it but the signatures, after a line that says what it is.
    var signedBytes: Data { get }
    var signatures: [RestrictionOrder.Signature] { get set }
}

extension DecidersPaper {
    /// The same with one more signature.
    package func signed(by signer: String, with key: Curve25519.Signing.PrivateKey) throws -> Self {
        var paper = self
        let bytes = try key.signature(for: signedBytes)
        paper.signatures.append(RestrictionOrder.Signature(signer: signer, bytes: bytes))
        return paper
    }
}
