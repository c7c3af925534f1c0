/// The HTTP statuses that answers have, by name: nothing outside the gateway writes their numbers.
package enum HTTPStatus {
    package static let ok = 200
    package static let created = 201
    package static let noContent = 204
    package static let multipleChoices = 300
    package static let found = 302
    package static let seeOther = 303
    package static let notModified = 304
    package static let badRequest = 400
    package static let unauthorized = 401
    package static let forbidden = 403
    package static let notFound = 404
    package static let methodNotAllowed = 405
    package static let conflict = 409
    package static let gone = 410
    package static let preconditionFailed = 412
    package static let contentTooLarge = 413
    package static let uriTooLong = 414
    package static let unsupportedMediaType = 415
    package static let tooManyRequests = 429
    package static let headersTooLarge = 431
    package static let internalError = 500
    package static let unavailable = 503
}
