/// Writes SOAP envelopes in the one shape that every client can read.
///
/// Some clients match tags by regular expression and some by prefixed name. So the envelope's parts
/// have the prefix `soapenv`, the body has no attributes and one child, `result` and what is in it
/// has neither prefix nor attributes but `xsi:nil="true"`, and `faultcode` and `faultstring` have
/// no prefix.
enum SOAPAnswer {
    /// An envelope around the body's content, which is XML already.
    ///
    /// The namespaces are attributes for the envelope, each after a blank.
    static func envelope(namespaces: String = "", _ body: String) -> [UInt8] {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>\
            <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"\
            \(namespaces) xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\
            <soapenv:Body>\(body)</soapenv:Body></soapenv:Envelope>
            """
        return Array(text.utf8)
    }

    /// An element with text.
    static func element(_ name: String, _ text: String) -> String {
        "<\(name)>\(escaped(text))</\(name)>"
    }

    /// An element with text, or one that says it has none.
    static func element(_ name: String, _ text: String?) -> String {
        guard let text else { return "<\(name) xsi:nil=\"true\"/>" }
        return element(name, text)
    }

    static func element(_ name: String, _ value: Bool) -> String {
        element(name, value ? "true" : "false")
    }

    static func element(_ name: String, _ value: Int) -> String {
        element(name, value.description)
    }

    /// Text for XML; characters that XML cannot have at all become U+FFFD.
    static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            // A reader would turn a bare one into a line feed.
            case "\r": escaped.append(contentsOf: "&#13;".unicodeScalars)
            case "\t", "\n": escaped.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped.append("\u{FFFD}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
