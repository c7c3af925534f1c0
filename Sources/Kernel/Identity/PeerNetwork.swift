import Foundation

/// A range of network addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address.
///
/// Both families are kept as 16 bytes, IPv4 as the mapped addresses of IPv6, so that `::ffff:10.1.2.3`
/// is found in `10.0.0.0/8`.
package struct PeerNetwork: Hashable, Sendable {
    private let bytes: [UInt8]
    private let prefixBits: Int

    /// Reads a range, or is `nil` for what is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let bytes = Self.bytes(of: String(first)) else { return nil }
        let offset = first.contains(":") ? 0 : 96
        if parts.count == 2 {
            guard let bits = Int(parts[1]), (0...(128 - offset)).contains(bits) else { return nil }
            prefixBits = bits + offset
        } else {
            prefixBits = 128
        }
        self.bytes = bytes
    }

    /// Whether an address is in the range; what is not an address is in none.
    package func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(of: String(address.prefix { $0 != "%" })) else { return false }
        let whole = prefixBits / 8
        guard bytes.prefix(whole) == other.prefix(whole) else { return false }
        let rest = prefixBits % 8
        guard rest > 0, whole < bytes.count else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - rest))
        return bytes[whole] & mask == other[whole] & mask
    }

    /// The addresses by which a machine reaches itself.
    package static let loopback: [PeerNetwork] = ["127.0.0.0/8", "::1"].compactMap(PeerNetwork.init)

    private static func bytes(of address: String) -> [UInt8]? {
        var long = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET6, address, &long) == 1 { return long }
        var short = [UInt8](repeating: 0, count: 4)
        guard inet_pton(AF_INET, address, &short) == 1 else { return nil }
        return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] + short
    }
}
