package import Crypto
import Kernel

/// To whom what people send in is sealed: the public halves of keys whose private halves are with
/// people, and not on this machine.
package struct VoiceReaders: Sendable {
    package enum Role: String, Sendable, CaseIterable {
        /// Reads what concerns say.
        case concerns
        /// Reads who raised them.
        case identities
    }

    package struct Reader: Sendable {
        package let name: String
        package let role: Role
        package let key: Curve25519.KeyAgreement.PublicKey

        package init(name: String, role: Role, key: Curve25519.KeyAgreement.PublicKey) {
            self.name = name
            self.role = role
            self.key = key
        }
    }

    package let readers: [Reader]
    /// What mailboxes are made with.
    package let secret: ReceiptSecret

    package init(_ readers: [Reader], secret: ReceiptSecret) {
        self.readers = readers
        self.secret = secret
    }

    /// - Throws: `RecordError` `FUNCTIONALITY_NOT_ENABLED` where there is nobody.
    package func keys(_ role: Role) throws -> [Curve25519.KeyAgreement.PublicKey] {
        let keys = readers.filter { $0.role == role }.map(\.key)
        guard !keys.isEmpty else {
            throw RecordError(
                .functionalityNotEnabled,
                "this deployment names nobody yet who reads \(role.rawValue)"
            )
        }
        return keys
    }
}
