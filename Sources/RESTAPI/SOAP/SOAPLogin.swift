/// What a client asks of the SOAP endpoint to begin or end a session.
package enum SOAPLoginRequest: Hashable, Sendable {
    case login(SOAPLogin)
    /// Ends the session that the header names.
    case logout(sessionID: String?)
}

/// Who wants to log in, by SOAP.
package struct SOAPLogin: Hashable, Sendable {
    /// As the client wrote it.
    package let username: String
    /// The password, followed without a gap by the security token if the client has one.
    package let password: String
    /// From `LoginScopeHeader`: the org, for clients that log in without a security token.
    package let organizationID: String?
    /// From `CallOptions`: the client's name for itself.
    package let client: String?
    /// From `SessionHeader`; a login has no use for it, but some clients send one.
    package let sessionID: String?
}

/// Why a SOAP request was not understood.
package enum SOAPReadFailure: Error, Hashable, Sendable {
    /// More bytes than an envelope of this kind may have.
    case tooLarge(bytesMax: Int)
    /// Not UTF-8.
    case encoding
    /// A document type declaration, which SOAP forbids and which could make entities explode.
    case documentType
    /// Not well-formed XML.
    case malformed(line: Int, column: Int)
    /// Well-formed, but no SOAP envelope with one operation in its body.
    case notAnEnvelope
    /// The body asks for something else.
    case unknownOperation(String)
    /// An element that the operation needs is not there.
    case missing(String)
    /// An element that may occur once occurs again.
    case repeated(String)
}

extension SOAPReadFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let bytesMax): "the request has more than \(bytesMax) bytes"
        case .encoding: "the request is not UTF-8"
        case .documentType: "a document type declaration is not allowed in SOAP"
        case .malformed(let line, let column):
            "the request is not well-formed XML at [line:\(line), column:\(column)]"
        case .notAnEnvelope: "the request is not a SOAP envelope with one operation in its body"
        case .unknownOperation(let name): "no such operation `\(name)`"
        case .missing(let name): "the element `\(name)` is missing"
        case .repeated(let name): "the element `\(name)` occurs more than once"
        }
    }
}

extension SOAPLoginRequest {
    /// How large an envelope may be unless the caller says otherwise.
    package static let bytesMaxDefault = 65_536

    /// Reads a `login` or `logout` envelope of at most `bytesMax` bytes.
    ///
    /// Elements are matched by their local names, whatever their prefixes, since clients mix them.
    /// Blank lines before the XML declaration are passed over.
    package static func read(
        _ bytes: [UInt8],
        bytesMax: Int = bytesMaxDefault
    ) throws(SOAPReadFailure) -> SOAPLoginRequest {
        guard bytes.count <= bytesMax else { throw .tooLarge(bytesMax: bytesMax) }
        let envelope = try SOAPEnvelope(bytes)
        let sessionID = try envelope.header("SessionHeader", "sessionId")
        switch envelope.operation {
        case "login":
            guard let username = try envelope.argument("username") else {
                throw .missing("username")
            }
            guard let password = try envelope.argument("password") else {
                throw .missing("password")
            }
            return .login(
                SOAPLogin(
                    username: username,
                    password: password,
                    organizationID: try envelope.header("LoginScopeHeader", "organizationId"),
                    client: try envelope.header("CallOptions", "client"),
                    sessionID: sessionID
                )
            )
        case "logout": return .logout(sessionID: sessionID)
        case let name: throw .unknownOperation(name)
        }
    }
}
