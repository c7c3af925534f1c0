/// To which hosts and addresses the platform may connect of its own accord.
///
/// A webhook's address is written by an administrator of one org; the networks behind the server are
/// the operator's. So only addresses of the public internet are open, whatever a name resolves to,
/// and every host inside needs the operator's word.
package struct OutboundPolicy: Sendable {
    /// `hooks.internal` or `hooks.internal:8443`, in lower case: reached wherever they are, and by
    /// plain HTTP too.
    package let allowedHosts: Set<String>

    package init(allowedHosts: Set<String> = []) {
        self.allowedHosts = Set(allowedHosts.map { $0.lowercased() })
    }

    /// Whether the operator has named the host.
    package func isAllowed(_ url: OutboundURL) -> Bool {
        allowedHosts.contains(url.host) || allowedHosts.contains("\(url.host):\(url.port)")
    }

    /// Whether a connection may go to an address: the 4 bytes of IPv4, or the 16 of IPv6.
    ///
    /// Whoever connects asks about the very address it connects to, so that a name which resolves to
    /// another one a moment later changes nothing.
    package func mayConnect(to address: [UInt8], for url: OutboundURL) -> Bool {
        isAllowed(url) || OutboundPolicy.isPublic(address)
    }

    /// Whether an address belongs to the public internet, by the registries of IANA.
    package static func isPublic(_ address: [UInt8]) -> Bool {
        switch address.count {
        case 4: return !special4.contains { $0.contains(address) }
        case 16:
            if let inner = embedded4(address) { return isPublic(inner) }
            return Block([0x20], 3).contains(address)
                && !special6.contains { $0.contains(address) }
        default: return false
        }
    }

    /// The IPv4 address within a mapped or a translated one.
    private static func embedded4(_ address: [UInt8]) -> [UInt8]? {
        let isMapped = Block([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 96).contains(address)
        let isTranslated =
            Block([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], 96).contains(address)
        return isMapped || isTranslated ? Array(address[12...]) : nil
    }

    /// Addresses that begin with the same bits.
    private struct Block {
        let bytes: [UInt8]
        let bits: Int

        init(_ bytes: [UInt8], _ bits: Int) {
            self.bytes = bytes
            self.bits = bits
        }

        func contains(_ address: [UInt8]) -> Bool {
            for bit in 0..<bits {
                let own = bit / 8 < bytes.count ? bytes[bit / 8] : 0
                guard bit / 8 < address.count else { return false }
                let mask: UInt8 = 0x80 >> UInt8(bit % 8)
                if own & mask != address[bit / 8] & mask { return false }
            }
            return true
        }
    }

    private static let special4 = [
        Block([0], 8), Block([10], 8), Block([100, 64], 10), Block([127], 8),
        Block([169, 254], 16), Block([172, 16], 12), Block([192, 0, 0], 24),
        Block([192, 0, 2], 24), Block([192, 88, 99], 24), Block([192, 168], 16),
        Block([198, 18], 15), Block([198, 51, 100], 24), Block([203, 0, 113], 24),
        Block([224], 4), Block([240], 4),
    ]

    private static let special6 = [
        // Protocol assignments, Teredo among them; documentation; 6to4; documentation.
        Block([0x20, 0x01, 0x00], 23), Block([0x20, 0x01, 0x0D, 0xB8], 32),
        Block([0x20, 0x02], 16), Block([0x3F, 0xFF], 20),
    ]
}

/// An absolute `http` or `https` URL, taken apart.
package struct OutboundURL: Sendable, Hashable {
    package let isSecure: Bool
    /// In lower case; an IPv6 address without its brackets.
    package let host: String
    package let port: Int
    /// Path and query, as they go into the request line.
    package let target: String

    /// - Returns: `nil` where it is no such URL, has a user or a fragment, or a character that a
    ///   request line cannot have.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 2_000, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return nil
        }
        let rest: Substring
        if text.lowercased().hasPrefix("https://") {
            isSecure = true
            rest = text.dropFirst(8)
        } else if text.lowercased().hasPrefix("http://") {
            isSecure = false
            rest = text.dropFirst(7)
        } else {
            return nil
        }
        guard !rest.contains("#"), !rest.contains("\\") else { return nil }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@"), let (host, port) = OutboundURL.split(authority) else {
            return nil
        }
        self.host = host.lowercased()
        self.port = port ?? (isSecure ? 443 : 80)
        let tail = String(rest[end...])
        target = tail.hasPrefix("/") ? tail : "/" + tail
    }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        var host = authority
        var port: Substring?
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<close]
            let behind = authority[authority.index(after: close)...]
            guard behind.isEmpty || behind.hasPrefix(":") else { return nil }
            port = behind.isEmpty ? nil : behind.dropFirst()
            guard host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty, host.count <= 253 else { return nil }
        if !authority.hasPrefix("[") {
            guard
                host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
                )
            else { return nil }
        }
        guard let port else { return (String(host), nil) }
        guard let number = Int(port), (1...65_535).contains(number) else { return nil }
        return (String(host), number)
    }

    /// What the `Host` header says.
    package var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }
}
