/// Why a request was refused before anyone looked at what it asks.
package enum TransportError: Error, Hashable, Sendable {
    /// A target that is not a path, or whose percent-encoding or UTF-8 is wrong.
    case malformedTarget(String)
    /// A target longer than the limit.
    case targetTooLong(bytesMax: Int)
    /// A target and headers that are together longer than the limit.
    case headersTooLarge(bytesMax: Int)
    /// A method that no resource has.
    case unknownMethod(String)
    case bodyTooLarge(bytesMax: Int)
    /// A compressed body that does not inflate.
    case malformedBody
    /// A `Content-Encoding` other than gzip, deflate and identity.
    case unknownContentCoding(String)
    /// More requests are being answered than may be at one time.
    case overloaded
    /// More tries to log in from one address than are taken.
    case tooManyLogins(retryAfterSeconds: Int)
}

extension TransportError {
    /// What clients match on.
    var code: String {
        switch self {
        case .malformedTarget: "INVALID_URI"
        case .targetTooLong: "URI_TOO_LONG"
        case .headersTooLarge: "REQUEST_HEADER_FIELDS_TOO_LARGE"
        case .unknownMethod: "METHOD_NOT_ALLOWED"
        case .bodyTooLarge: "REQUEST_ENTITY_TOO_LARGE"
        case .malformedBody: "INVALID_CONTENT_ENCODING"
        case .unknownContentCoding: "UNSUPPORTED_MEDIA_TYPE"
        case .overloaded: "SERVER_UNAVAILABLE"
        case .tooManyLogins: "LOGIN_RATE_EXCEEDED"
        }
    }

    var status: Int {
        switch self {
        case .malformedTarget, .malformedBody: HTTPStatus.badRequest
        case .targetTooLong: HTTPStatus.uriTooLong
        case .headersTooLarge: HTTPStatus.headersTooLarge
        case .unknownMethod: HTTPStatus.methodNotAllowed
        case .bodyTooLarge: HTTPStatus.contentTooLarge
        case .unknownContentCoding: HTTPStatus.unsupportedMediaType
        case .overloaded: HTTPStatus.unavailable
        case .tooManyLogins: HTTPStatus.tooManyRequests
        }
    }

    /// For `Retry-After`; `nil` when trying again would not help.
    var retryAfterSeconds: Int? {
        switch self {
        case .overloaded: 1
        case .tooManyLogins(let seconds): seconds
        case .malformedTarget, .targetTooLong, .headersTooLarge, .unknownMethod, .bodyTooLarge,
            .malformedBody, .unknownContentCoding:
            nil
        }
    }
}

extension TransportError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformedTarget(let reason): "The request's URI cannot be read: \(reason)"
        case .targetTooLong(let bytesMax): "The request's URI has more than \(bytesMax) bytes"
        case .headersTooLarge(let bytesMax):
            "The request's URI and headers have together more than \(bytesMax) bytes"
        case .unknownMethod(let method): "HTTP Method '\(method)' not allowed"
        case .bodyTooLarge(let bytesMax): "The request's body has more than \(bytesMax) bytes"
        case .malformedBody: "The request's body is not in the format its Content-Encoding names"
        case .unknownContentCoding(let name):
            "The Content-Encoding '\(name)' is not supported: use gzip, deflate or none"
        case .overloaded: "The server is busy: try again in a moment"
        case .tooManyLogins: "Too many login attempts from this address: try again later"
        }
    }
}
