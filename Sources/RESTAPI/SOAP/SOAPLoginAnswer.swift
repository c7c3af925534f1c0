/// What a client learns when its SOAP login succeeds.
package struct SOAPLoginResult: Hashable, Sendable {
    /// `https://host:port/services/Soap/m/59.0/<15-character org id>`.
    package var metadataServerURL: String
    package var passwordExpired = false
    package var sandbox = false
    /// `https://host:port/services/Soap/u/59.0/<15-character org id>`; the host and port that the
    /// client uses from then on.
    package var serverURL: String
    package var sessionID: String
    package var userID: String
    package var userInfo: SOAPUserInfo

    /// A login that has nothing wrong with it.
    package init(
        metadataServerURL: String,
        serverURL: String,
        sessionID: String,
        userID: String,
        userInfo: SOAPUserInfo
    ) {
        self.metadataServerURL = metadataServerURL
        self.serverURL = serverURL
        self.sessionID = sessionID
        self.userID = userID
        self.userInfo = userInfo
    }
}

/// What SOAP tells a client about the user it works for, and the user's org.
package struct SOAPUserInfo: Hashable, Sendable {
    package var accessibilityMode = false
    package var chatterExternal = false
    package var currencySymbol: String? = "$"
    package var orgAttachmentFileSizeLimit = 5_242_880
    package var orgDefaultCurrencyISOCode: String? = "USD"
    package var orgDefaultCurrencyLocale: String? = "en_US"
    package var orgDisallowHTMLAttachments = false
    package var orgHasPersonAccounts = false
    package var organizationID: String
    package var organizationMultiCurrency = false
    package var organizationName: String
    package var profileID: String
    package var roleID: String?
    package var sessionSecondsValid: Int
    package var userDefaultCurrencyISOCode: String?
    package var userEmail: String
    package var userFullName: String
    package var userID: String
    package var userLanguage = "en_US"
    package var userLocale = "en_US"
    package var userName: String
    package var userTimeZone = "GMT"
    package var userType = "Standard"
    package var userUISkin = "Theme3"

    /// A user with the defaults of an English-speaking org.
    package init(
        organizationID: String,
        organizationName: String,
        profileID: String,
        sessionSecondsValid: Int,
        userEmail: String,
        userFullName: String,
        userID: String,
        userName: String
    ) {
        self.organizationID = organizationID
        self.organizationName = organizationName
        self.profileID = profileID
        self.sessionSecondsValid = sessionSecondsValid
        self.userEmail = userEmail
        self.userFullName = userFullName
        self.userID = userID
        self.userName = userName
    }
}

/// Which of the two SOAP APIs an answer speaks; they differ in their namespace.
package enum SOAPAPI: String, Hashable, Sendable {
    case partner = "urn:partner.soap.sforce.com"
    case enterprise = "urn:enterprise.soap.sforce.com"
}

extension SOAPLoginResult {
    /// The whole envelope of a login's answer.
    package func bytes(for api: SOAPAPI = .partner) -> [UInt8] {
        let result =
            SOAPAnswer.element("metadataServerUrl", metadataServerURL)
            + SOAPAnswer.element("passwordExpired", passwordExpired)
            + SOAPAnswer.element("sandbox", sandbox)
            + SOAPAnswer.element("serverUrl", serverURL)
            + SOAPAnswer.element("sessionId", sessionID)
            + SOAPAnswer.element("userId", userID)
            + "<userInfo>\(userInfo.xml)</userInfo>"
        return SOAPAnswer.envelope(
            "<loginResponse xmlns=\"\(api.rawValue)\"><result>\(result)</result></loginResponse>"
        )
    }

    /// The whole envelope of a logout's answer.
    package static func logoutBytes(for api: SOAPAPI = .partner) -> [UInt8] {
        SOAPAnswer.envelope("<logoutResponse xmlns=\"\(api.rawValue)\"/>")
    }
}

extension SOAPUserInfo {
    /// The elements in the order that SOAP's schema gives them.
    fileprivate var xml: String {
        let elements = [
            SOAPAnswer.element("accessibilityMode", accessibilityMode),
            SOAPAnswer.element("chatterExternal", chatterExternal),
            SOAPAnswer.element("currencySymbol", currencySymbol),
            SOAPAnswer.element("orgAttachmentFileSizeLimit", orgAttachmentFileSizeLimit),
            SOAPAnswer.element("orgDefaultCurrencyIsoCode", orgDefaultCurrencyISOCode),
            SOAPAnswer.element("orgDefaultCurrencyLocale", orgDefaultCurrencyLocale),
            SOAPAnswer.element("orgDisallowHtmlAttachments", orgDisallowHTMLAttachments),
            SOAPAnswer.element("orgHasPersonAccounts", orgHasPersonAccounts),
            SOAPAnswer.element("organizationId", organizationID),
            SOAPAnswer.element("organizationMultiCurrency", organizationMultiCurrency),
            SOAPAnswer.element("organizationName", organizationName),
            SOAPAnswer.element("profileId", profileID),
            SOAPAnswer.element("roleId", roleID),
            SOAPAnswer.element("sessionSecondsValid", sessionSecondsValid),
            SOAPAnswer.element("userDefaultCurrencyIsoCode", userDefaultCurrencyISOCode),
            SOAPAnswer.element("userEmail", userEmail),
            SOAPAnswer.element("userFullName", userFullName),
            SOAPAnswer.element("userId", userID),
            SOAPAnswer.element("userLanguage", userLanguage),
            SOAPAnswer.element("userLocale", userLocale),
            SOAPAnswer.element("userName", userName),
            SOAPAnswer.element("userTimeZone", userTimeZone),
            SOAPAnswer.element("userType", userType),
            SOAPAnswer.element("userUiSkin", userUISkin),
        ]
        return elements.joined()
    }
}
