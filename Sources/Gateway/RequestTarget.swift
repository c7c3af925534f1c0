/// A request's target, taken apart.
package struct RequestTarget {
    /// As sent, percent-encoded, without the query.
    package let path: String
    /// The path's parts, decoded, without empty ones.
    package let segments: [String]
    /// The query's parameters, decoded, in order.
    package let parameters: [(name: String, value: String)]
    /// The host and port of a target in absolute form.
    let authority: String?

    /// Reads the target of a request line.
    ///
    /// `text`: a path with or without a query, or a whole URL (some clients of SOAP send
    /// one); what follows a `#` is passed over.
    ///
    /// Source: RFC 9112, section 3.2; RFC 3986.
    package init(_ text: String) throws(TransportError) {
        // The line's reader has put this in place of bytes that are not UTF-8.
        guard !text.unicodeScalars.contains("\u{FFFD}") else {
            throw .malformedTarget("it is not UTF-8")
        }
        var bytes = Array(text.utf8)[...]
        if let fragment = bytes.firstIndex(of: UInt8(ascii: "#")) { bytes = bytes[..<fragment] }
        authority = try Self.takeAuthority(from: &bytes)
        let mark = bytes.firstIndex(of: UInt8(ascii: "?"))
        let pathBytes = bytes[..<(mark ?? bytes.endIndex)]
        let queryBytes = mark.map { bytes[bytes.index(after: $0)...] } ?? []
        path = pathBytes.isEmpty ? "/" : String(decoding: pathBytes, as: UTF8.self)
        segments = try Self.segments(of: pathBytes)
        parameters = try FormParameters.read(queryBytes)
    }

    /// Takes `https://host:port` from the front, if the target begins so.
    private static func takeAuthority(
        from bytes: inout ArraySlice<UInt8>
    ) throws(TransportError) -> String? {
        guard bytes.first != UInt8(ascii: "/") else { return nil }
        for scheme in ["https://", "http://"] where startsIgnoringCase(bytes, scheme) {
            let rest = bytes.dropFirst(scheme.utf8.count)
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
            bytes = rest[(end ?? rest.endIndex)...]
            return String(decoding: rest[..<(end ?? rest.endIndex)], as: UTF8.self)
        }
        // `*` is what OPTIONS may ask about the server as a whole.
        guard bytes.isEmpty || bytes.elementsEqual("*".utf8) else {
            throw .malformedTarget("it does not begin with a slash")
        }
        return nil
    }

    private static func startsIgnoringCase(_ bytes: ArraySlice<UInt8>, _ text: String) -> Bool {
        bytes.count >= text.utf8.count
            && zip(bytes, text.utf8).allSatisfy { $0 == $1 || $0 | 0x20 == $1 }
    }

    private static func segments(
        of path: ArraySlice<UInt8>
    ) throws(TransportError) -> [String] {
        var segments: [String] = []
        for part in path.split(separator: UInt8(ascii: "/")) {
            segments.append(try PercentDecoding.decode(part, plusIsBlank: false))
        }
        return segments
    }
}

/// Parameters in the form that queries and HTML forms have them.
package enum FormParameters {
    /// More than any client sends; each costs memory and a look at every lookup.
    private static let countMax = 2_000

    /// Reads `a=1&b=two+words`, with `+` for a blank.
    ///
    /// - Throws: `TransportError.malformedTarget` for wrong percent-encoding or UTF-8.
    package static func read(
        _ bytes: ArraySlice<UInt8>
    ) throws(TransportError) -> [(name: String, value: String)] {
        var parameters: [(name: String, value: String)] = []
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            guard parameters.count < countMax else { throw .malformedTarget("too many parameters") }
            let sign = part.firstIndex(of: UInt8(ascii: "="))
            let name = try PercentDecoding.decode(
                part[..<(sign ?? part.endIndex)],
                plusIsBlank: true
            )
            let value = try sign.map { (index) throws(TransportError) in
                try PercentDecoding.decode(part[part.index(after: index)...], plusIsBlank: true)
            }
            parameters.append((name, value ?? ""))
        }
        return parameters
    }
}

/// Percent-encoded text to plain text.
enum PercentDecoding {
    static func decode(
        _ bytes: ArraySlice<UInt8>,
        plusIsBlank: Bool
    ) throws(TransportError) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit),
                    let low = rest.popFirst().flatMap(digit)
                else { throw .malformedTarget("a % must be followed by two hexadecimal digits") }
                decoded.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsBlank:
                decoded.append(UInt8(ascii: " "))
            default:
                decoded.append(byte)
            }
        }
        // A zero byte ends a text in many places below us, so it must not come in as one.
        guard !decoded.contains(0), let text = String(validating: decoded, as: UTF8.self) else {
            throw .malformedTarget("it is not UTF-8")
        }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
