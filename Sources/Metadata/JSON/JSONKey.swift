/// The name of a JSON member, escaped once and written many times.
package struct JSONKey: Hashable, Sendable, ExpressibleByStringLiteral {
    /// A comma, the quoted name and a colon: `,"Subject":`.
    package let bytes: [UInt8]

    /// Prepares a name.
    package init(_ name: String) {
        var bytes = [UInt8(ascii: ",")]
        bytes.appendJSONString(name)
        bytes.append(UInt8(ascii: ":"))
        self.bytes = bytes
    }

    package init(stringLiteral name: String) {
        self.init(name)
    }
}
