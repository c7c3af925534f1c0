import Crypto

/// How many of which witnesses must have cosigned a checkpoint for it to count.
package struct WitnessPolicy: Hashable, Sendable {
    package let witnesses: [VerifierKey]
    /// How many of them must have cosigned.
    package let quorum: Int

    /// A policy without witnesses, which every checkpoint meets.
    package static let none = WitnessPolicy(unchecked: [], quorum: 0)

    /// - Throws: `LogFormatError` when a key is not a witness's, two have the same public key (they
    ///   would count twice for one witness), or the quorum cannot be reached.
    package init(witnesses: [VerifierKey], quorum: Int) throws(LogFormatError) {
        for witness in witnesses where witness.kind != .cosignature {
            throw LogFormatError(
                "witness policy",
                "witness `\(witness.name)`",
                "its key is not one for cosignatures"
            )
        }
        let keys = Set(witnesses.map(\.key.rawRepresentation))
        guard keys.count == witnesses.count else {
            throw LogFormatError("witness policy", "witnesses", "two have the same key")
        }
        guard quorum >= 0, quorum <= witnesses.count else {
            throw LogFormatError(
                "witness policy",
                "quorum",
                "\(quorum) of \(witnesses.count) witnesses is not possible"
            )
        }
        self.init(unchecked: witnesses, quorum: quorum)
    }

    private init(unchecked witnesses: [VerifierKey], quorum: Int) {
        self.witnesses = witnesses
        self.quorum = quorum
    }

    /// The witnesses that have cosigned a note, with the times at which they did.
    ///
    /// - Throws: `LogFault` when a cosignature by one of them is not of this text, or there are too
    ///   few of them.
    package func verify(_ note: SignedNote) throws(LogFault) -> [WitnessedAt] {
        for witness in witnesses {
            _ = try note.verifiedSignatures(by: witness)
        }
        let found = witnesses(of: note)
        guard found.count >= quorum else {
            throw LogFault("checkpoint", .tooFewWitnesses(found: found.count, needed: quorum))
        }
        return found
    }

    /// The witnesses that have cosigned a note, be they enough or not.
    package func witnesses(of note: SignedNote) -> [WitnessedAt] {
        witnesses.compactMap { witness in
            note.signatures.filter { witness.isAuthor(of: $0, of: note.text) }
                .compactMap(\.cosignedAt).max()
                .map { WitnessedAt(witness: witness, time: $0) }
        }
    }
}

/// That a witness has cosigned, and when.
package struct WitnessedAt: Hashable, Sendable {
    package let witness: VerifierKey
    package let time: CosignatureTime
}
