package import Metadata

/// Why a request about records was refused, in the terms its caller will be told.
///
/// - `code` is what clients match on; once released it never changes.
/// - `message` is for people and may improve.
///
/// HTTP is not mentioned here. The gateway alone decides statuses.
package struct RecordError: Error, Hashable, Sendable {
    package let code: Code
    package let message: String
    /// The fields at fault; empty where it is not about fields.
    package let fields: [APIName]
    /// What clients need to know beside, where the code alone does not tell.
    package let detail: Detail?

    package enum Detail: Hashable, Sendable {
        /// With `duplicatesDetected`: which records.
        case duplicates(DuplicateResult)
        /// With `useRestricted`: by which restriction.
        case restriction(UseRestriction)
    }

    package init(
        _ code: Code,
        _ message: String,
        fields: [APIName] = [],
        detail: Detail? = nil
    ) {
        self.code = code
        self.message = message
        self.fields = fields
        self.detail = detail
    }
}

extension RecordError: CustomStringConvertible {
    package var description: String { "\(code.rawValue): \(message)" }
}

extension RecordError {
    /// The platform API's error codes, as its documentation lists them, and a few of our own.
    package enum Code: String, CaseIterable, Sendable {
        case allOrNoneOperationRolledBack = "ALL_OR_NONE_OPERATION_ROLLED_BACK"
        case alreadyInProcess = "ALREADY_IN_PROCESS"
        case apiDisabledForOrg = "API_DISABLED_FOR_ORG"
        case batchProcessingHalted = "BATCH_PROCESSING_HALTED"
        case cannotExecuteFlowTrigger = "CANNOT_EXECUTE_FLOW_TRIGGER"
        case cannotInsertUpdateActivateEntity = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
        case circularDependency = "CIRCULAR_DEPENDENCY"
        case deleteFailed = "DELETE_FAILED"
        case duplicateExternalID = "DUPLICATE_EXTERNAL_ID"
        case duplicatesDetected = "DUPLICATES_DETECTED"
        case duplicateUsername = "DUPLICATE_USERNAME"
        case duplicateValue = "DUPLICATE_VALUE"
        case entityFailedIfLastModifiedOnUpdate = "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE"
        case entityIsDeleted = "ENTITY_IS_DELETED"
        case entityIsLocked = "ENTITY_IS_LOCKED"
        case exceededIDLimit = "EXCEEDED_ID_LIMIT"
        case fieldCustomValidationException = "FIELD_CUSTOM_VALIDATION_EXCEPTION"
        case fieldIntegrityException = "FIELD_INTEGRITY_EXCEPTION"
        case functionalityNotEnabled = "FUNCTIONALITY_NOT_ENABLED"
        case inactiveOwnerOrUser = "INACTIVE_OWNER_OR_USER"
        case illegalQueryParameterValue = "ILLEGAL_QUERY_PARAMETER_VALUE"
        case insufficientAccess = "INSUFFICIENT_ACCESS"
        case insufficientAccessOnCrossReference = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
        case insufficientAccessOrReadonly = "INSUFFICIENT_ACCESS_OR_READONLY"
        case invalidAuthHeader = "INVALID_AUTH_HEADER"
        case invalidBatchSize = "INVALID_BATCH_SIZE"
        case invalidCrossReferenceKey = "INVALID_CROSS_REFERENCE_KEY"
        case invalidEmailAddress = "INVALID_EMAIL_ADDRESS"
        case invalidField = "INVALID_FIELD"
        case invalidFieldForInsertUpdate = "INVALID_FIELD_FOR_INSERT_UPDATE"
        case invalidInput = "INVALID_INPUT"
        case invalidJob = "INVALIDJOB"
        case invalidJobState = "INVALIDJOBSTATE"
        case invalidBatch = "INVALIDBATCH"
        case invalidOperation = "INVALID_OPERATION"
        case invalidOrNullForRestrictedPicklist = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
        case invalidQueryFilterOperator = "INVALID_QUERY_FILTER_OPERATOR"
        case invalidQueryLocator = "INVALID_QUERY_LOCATOR"
        case invalidReplicationDate = "INVALID_REPLICATION_DATE"
        case invalidSessionID = "INVALID_SESSION_ID"
        case invalidType = "INVALID_TYPE"
        case invalidTypeOnField = "INVALID_TYPE_ON_FIELD_IN_RECORD"
        case jsonParserError = "JSON_PARSER_ERROR"
        case limitExceeded = "LIMIT_EXCEEDED"
        case malformedID = "MALFORMED_ID"
        case malformedQuery = "MALFORMED_QUERY"
        case malformedSearch = "MALFORMED_SEARCH"
        case managerNotDefined = "MANAGER_NOT_DEFINED"
        case mergeFailed = "MERGE_FAILED"
        case methodNotAllowed = "METHOD_NOT_ALLOWED"
        case missingArgument = "MISSING_ARGUMENT"
        case noApplicableProcess = "NO_APPLICABLE_PROCESS"
        case notFound = "NOT_FOUND"
        case numberOutsideValidRange = "NUMBER_OUTSIDE_VALID_RANGE"
        case operationTooLarge = "OPERATION_TOO_LARGE"
        case passwordLockout = "PASSWORD_LOCKOUT"
        case processingHalted = "PROCESSING_HALTED"
        case queryTimeout = "QUERY_TIMEOUT"
        case requestLimitExceeded = "REQUEST_LIMIT_EXCEEDED"
        case requiredFieldMissing = "REQUIRED_FIELD_MISSING"
        case serverUnavailable = "SERVER_UNAVAILABLE"
        case storageLimitExceeded = "STORAGE_LIMIT_EXCEEDED"
        case stringTooLong = "STRING_TOO_LONG"
        case tooManyEnumValue = "TOO_MANY_ENUM_VALUE"
        case unableToLockRow = "UNABLE_TO_LOCK_ROW"
        case undeleteFailed = "UNDELETE_FAILED"
        case unknownException = "UNKNOWN_EXCEPTION"
        case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
        case uriTooLong = "URI_TOO_LONG"
        case useRestricted = "USE_RESTRICTED"
    }
}
