package import Kernel
import Logging
package import Metadata

/// How refusals look on the wire; the only place that knows which status goes with which error.
///
/// The body is what every client of the platform API reads: an array of
/// `{message, errorCode, fields}`, where `fields` is there only when the error is about fields.
package enum ErrorResponses {
    /// The answer to a request that failed.
    ///
    /// What is not meant for clients becomes `UNKNOWN_EXCEPTION` with an id; the id and the cause are
    /// logged, and the cause is not told.
    package static func response(_ error: any Error) -> APIResponse {
        switch error {
        case let error as RecordError: response([error])
        case let error as TransportError: response(to: error)
        case is CancellationError: response(to: .overloaded)
        default: unexpected(error)
        }
    }

    /// The answer to a request for which several things are wrong with one record.
    ///
    /// `errors`: the first decides the status; none at all is a mistake of ours.
    package static func response(_ errors: [RecordError]) -> APIResponse {
        guard let first = errors.first else {
            return unexpected(RecordError(.unknownException, "a failure without an error"))
        }
        let status = status(of: first.code)
        var response = APIResponse(status: status, body: body(of: errors))
        if status == HTTPStatus.unauthorized {
            response.headers.append(("www-authenticate", "Token"))
        }
        return response
    }

    /// One error as an element of an array: `{"message":…,"errorCode":…}`.
    package static func write(_ error: RecordError, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("message")
        writer.string(error.message)
        writer.key("errorCode")
        writer.string(error.code.rawValue)
        if !error.fields.isEmpty {
            writer.key("fields")
            writer.beginArray()
            for field in error.fields { writer.string(field.description) }
            writer.endArray()
        }
        writeDetail(of: error, to: &writer)
        writer.endObject()
    }

    /// Where records are found by the newest version; an error does not know which one was asked.
    package static let recordPath = "/services/data/v67.0/sobjects"

    /// What clients need to know beside the code, as the next member of an object.
    package static func writeDetail(of error: RecordError, to writer: inout JSONWriter) {
        switch error.detail {
        case .duplicates(let result):
            writer.key("duplicateResult")
            writer.value(result.json(recordPath: recordPath))
        case .restriction(let restriction):
            for (name, value) in [
                ("restriction", restriction.id), ("decision", restriction.decision),
                ("until", restriction.endsAt.text), ("appeal", restriction.appealPath),
            ] {
                writer.key(name)
                writer.string(value)
            }
        case nil: break
        }
    }

    /// Logs an error that nobody foresaw, and says what clients are told instead: an id to ask by.
    package static func unexpectedText(_ error: any Error) -> String {
        let id = errorID()
        logger.error(
            "an unexpected error reached a client",
            metadata: ["error-id": "\(id)", "error": "\(loggable(error))"]
        )
        return
            "An unexpected error occurred. Please include this ErrorId if you contact support: \(id)"
    }

    /// The status that goes with an error code.
    ///
    /// Source: REST API Developer Guide, "Status Codes and Error Responses".
    package static func status(of code: RecordError.Code) -> Int {
        switch code {
        case .allOrNoneOperationRolledBack, .alreadyInProcess, .batchProcessingHalted,
            .cannotExecuteFlowTrigger, .cannotInsertUpdateActivateEntity, .circularDependency,
            .deleteFailed,
            .duplicateExternalID, .duplicateUsername, .duplicateValue, .duplicatesDetected,
            .entityIsLocked, .exceededIDLimit, .managerNotDefined, .noApplicableProcess,
            .fieldCustomValidationException, .fieldIntegrityException,
            .illegalQueryParameterValue, .inactiveOwnerOrUser,
            .insufficientAccessOnCrossReference, .insufficientAccessOrReadonly, .invalidBatch,
            .invalidBatchSize, .invalidCrossReferenceKey, .invalidEmailAddress, .invalidField,
            .invalidFieldForInsertUpdate, .invalidInput, .invalidJob, .invalidJobState,
            .invalidOperation, .invalidOrNullForRestrictedPicklist, .invalidQueryFilterOperator,
            .invalidQueryLocator, .invalidReplicationDate, .invalidType, .invalidTypeOnField,
            .jsonParserError, .limitExceeded, .malformedID, .malformedQuery, .malformedSearch,
            .mergeFailed, .missingArgument, .numberOutsideValidRange, .operationTooLarge,
            .processingHalted,
            .queryTimeout, .requiredFieldMissing, .storageLimitExceeded, .stringTooLong,
            .tooManyEnumValue, .unableToLockRow, .undeleteFailed:
            HTTPStatus.badRequest
        case .invalidAuthHeader, .invalidSessionID:
            HTTPStatus.unauthorized
        case .apiDisabledForOrg, .functionalityNotEnabled, .insufficientAccess, .passwordLockout,
            .requestLimitExceeded, .useRestricted:
            HTTPStatus.forbidden
        case .entityIsDeleted, .notFound:
            HTTPStatus.notFound
        case .methodNotAllowed:
            HTTPStatus.methodNotAllowed
        case .entityFailedIfLastModifiedOnUpdate:
            HTTPStatus.preconditionFailed
        case .uriTooLong:
            HTTPStatus.uriTooLong
        case .unsupportedMediaType:
            HTTPStatus.unsupportedMediaType
        case .unknownException:
            HTTPStatus.internalError
        case .serverUnavailable:
            HTTPStatus.unavailable
        }
    }
}

extension ErrorResponses {
    private static let logger = Logger(label: "steward.gateway")

    private static func body(of errors: [RecordError]) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginArray()
        for error in errors { write(error, to: &writer) }
        writer.endArray()
        return writer.bytes
    }

    private static func response(to error: TransportError) -> APIResponse {
        var writer = JSONWriter(capacity: 256)
        writer.beginArray()
        writer.beginObject()
        writer.key("message")
        writer.string(error.description)
        writer.key("errorCode")
        writer.string(error.code)
        writer.endObject()
        writer.endArray()
        var response = APIResponse(status: error.status, body: writer.bytes)
        if let seconds = error.retryAfterSeconds {
            response.headers.append(("retry-after", String(seconds)))
        }
        return response
    }

    private static func unexpected(_ error: any Error) -> APIResponse {
        let told = RecordError(.unknownException, unexpectedText(error))
        return APIResponse(status: HTTPStatus.internalError, body: body(of: [told]))
    }

    /// What may be logged of an error that nobody foresaw.
    ///
    /// Errors that describe themselves are written with logs in mind. Others are named by their type
    /// alone, since what they carry may be what users typed.
    private static func loggable(_ error: any Error) -> String {
        let type = type(of: error)
        guard type is any CustomStringConvertible.Type else { return String(reflecting: type) }
        return "\(String(reflecting: type)): \(String(describing: error).prefix(1_000))"
    }

    private static func errorID() -> String {
        let number = UInt64.random(in: .min ... .max)
        let digits = String(number, radix: 36)
        return String(repeating: "0", count: max(0, 13 - digits.count)) + digits
    }
}
