import Foundation

/// When a witness cosigned, in seconds since 1970.
package typealias CosignatureTime = UInt64

/// A witness's signature of a checkpoint and the time: "as of then, this is the largest tree I saw".
///
/// Source: C2SP tlog-cosignature, "Format" and "Ed25519 signed message" (`cosignature/v1`).
enum Cosignature {
    /// What the witness signs.
    static func message(_ text: String, at time: CosignatureTime) -> Data {
        Data("cosignature/v1\ntime \(time)\n\(text)".utf8)
    }

    /// The form in which the signature stands in a note: the time in eight bytes, then it.
    static func encode(_ signature: some DataProtocol, at time: CosignatureTime) -> Data {
        Data((0..<8).map { UInt8(truncatingIfNeeded: time >> (56 - 8 * UInt64($0))) })
            + Data(signature)
    }

    /// The time and the signature; nil unless both have their lengths and the time is in range.
    static func decode(_ bytes: Data) -> (time: CosignatureTime, signature: Data)? {
        guard bytes.count == 8 + 64 else { return nil }
        let time = bytes.prefix(8).reduce(CosignatureTime(0)) { $0 << 8 | CosignatureTime($1) }
        guard time <= CosignatureTime(Int64.max) else { return nil }
        return (time, Data(bytes.dropFirst(8)))
    }
}

extension NoteSignature {
    /// When a witness made it; nil when it has not the form of a cosignature.
    package var cosignedAt: CosignatureTime? {
        Cosignature.decode(bytes)?.time
    }
}
