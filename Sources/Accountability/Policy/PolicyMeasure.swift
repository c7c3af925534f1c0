/// What people can do with the platform, as far as a measure could take it away.
package enum PlatformOperation: String, Hashable, Sendable, CaseIterable {
    case createRecords = "create records"
    case editRecords = "edit records"
    case deleteRecords = "delete records"
    case readRecords = "read records"
    case chooseByFields = "choose by fields"
    case runAutomation = "run automation"
    case predict = "predict"
    case sendMessages = "send messages"
    case callOut = "call out"
    case takePayments = "take payments"
    case publishPages = "publish pages"
    case connectClients = "connect clients"
    case addUsers = "add users"
    case installProducts = "install products"
    case changeMetadata = "change metadata"

    case signInAsAdministrator = "sign in as administrator"
    case exportEverything = "export everything"
    case readOwnRegister = "read the own register, decisions and log of access"
    case readReasons = "read the statement of reasons"
    case replyAndAppeal = "reply, appeal and send evidence"
    case serveDataSubjects = "give access, erase and rectify at the wish of those concerned"
    case withdrawConsent = "withdraw consent"
    case holdForLaw = "keep data under legal hold"
    case updateForSecurity = "get security updates and change credentials"
    case readSafetyRecords = "read safety-of-life records"

    /// What no policy and no decision can take away.
    ///
    /// It is a constant of the program. The process policy repeats it for readers, and the checks
    /// compare the two; the kernel's own constant decides.
    package static let neverWithheld: [PlatformOperation] = [
        .signInAsAdministrator, .exportEverything, .readOwnRegister, .readReasons, .replyAndAppeal,
        .serveDataSubjects, .withdrawConsent, .holdForLaw, .updateForSecurity, .readSafetyRecords,
    ]
}

/// The kinds of measures, from the lightest to the gravest: each is tried or written off before the
/// next.
package enum PolicyMeasure: String, Hashable, Sendable, CaseIterable {
    case noticeOnly = "notice-only"
    case rate
    case automation
    case field
    case feature
    case channel
    case purpose
    case integration
    case object
    case visibility
    case growth
    case readOnly = "read-only"
    case exportOnly = "export-only"
    case end

    /// Whether it falls on everything an org does, and not on the use at issue.
    package var isOfWholeOrg: Bool {
        switch self {
        case .growth, .readOnly, .exportOnly, .end: true
        case .noticeOnly, .rate, .automation, .field, .feature, .channel, .purpose, .integration,
            .object, .visibility:
            false
        }
    }

    /// All that it can take away, whatever it is aimed at; of a feature what the product card says.
    package var operations: Set<PlatformOperation> {
        switch self {
        case .noticeOnly, .feature: []
        case .rate: [.createRecords, .editRecords, .sendMessages, .callOut, .connectClients]
        case .automation: [.runAutomation, .predict]
        case .field: [.chooseByFields, .editRecords, .predict]
        case .channel: [.sendMessages, .callOut, .takePayments, .publishPages]
        case .purpose:
            [
                .createRecords, .editRecords, .deleteRecords, .readRecords, .chooseByFields,
                .runAutomation, .predict, .sendMessages, .callOut, .takePayments, .publishPages,
                .connectClients,
            ]
        case .integration: [.connectClients, .callOut]
        case .object: [.createRecords, .editRecords, .deleteRecords, .readRecords]
        case .visibility: [.publishPages]
        case .growth: [.addUsers, .installProducts]
        case .readOnly:
            [
                .createRecords, .editRecords, .deleteRecords, .runAutomation, .addUsers,
                .installProducts, .changeMetadata, .takePayments,
            ]
        case .exportOnly:
            Set(PlatformOperation.allCases).subtracting(PlatformOperation.neverWithheld)
        // It ends with the erasure of everything, and so follows from the end of a contract alone.
        case .end: Set(PlatformOperation.allCases)
        }
    }
}
