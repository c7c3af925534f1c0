/// A refusal, as SOAP tells it; it goes out with status 500.
package struct SOAPFault: Hashable, Sendable {
    /// What the fault is about, which names the element of its details.
    package enum Kind: String, Hashable, Sendable {
        case login = "LoginFault"
        case unexpectedError = "UnexpectedErrorFault"
    }

    /// What it is about.
    package let kind: Kind
    /// Such as `INVALID_LOGIN`.
    package let code: String
    /// What a person reads.
    package let message: String

    /// A refusal of that kind.
    package init(_ kind: Kind, code: String, message: String) {
        self.kind = kind
        self.code = code
        self.message = message
    }

    /// The whole envelope.
    package var bytes: [UInt8] {
        let detail =
            SOAPAnswer.element("sf:exceptionCode", code)
            + SOAPAnswer.element("sf:exceptionMessage", message)
        let element = "sf:\(kind.rawValue)"
        return SOAPAnswer.envelope(
            namespaces: " xmlns:sf=\"urn:fault.partner.soap.sforce.com\"",
            "<soapenv:Fault>"
                + SOAPAnswer.element("faultcode", "sf:\(code)")
                + SOAPAnswer.element("faultstring", "\(code): \(message)")
                + "<detail><\(element) xsi:type=\"\(element)\">\(detail)</\(element)></detail>"
                + "</soapenv:Fault>"
        )
    }

    /// The refusal of a wrong name or password; it does not say which was wrong.
    package static let invalidLogin = SOAPFault(
        .login,
        code: "INVALID_LOGIN",
        message: "Invalid username, password, security token; or user locked out."
    )
}
