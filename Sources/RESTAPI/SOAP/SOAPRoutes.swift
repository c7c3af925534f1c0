package import Gateway
package import Kernel
import Metadata

/// Login and logout by SOAP: `POST /services/Soap/u/<version>[/<org>]`, or `c` for the enterprise API.
package struct SOAPRoutes: Sendable {
    private let identity: IdentityService
    private let limits: RateLimits

    package init(identity: IdentityService, limits: RateLimits) {
        self.identity = identity
        self.limits = limits
    }

    /// Answers a request; `nil` when the path is not one of ours.
    package func respond(to request: APIRequest) async -> APIResponse? {
        guard let path = SOAPPath(request.segments) else { return nil }
        guard request.method == .post else {
            return ErrorResponses.response(
                RecordError(
                    .methodNotAllowed,
                    "HTTP Method '\(request.method.rawValue)' not allowed"
                )
            )
        }
        guard let version = APIVersion(path.version) else {
            return Self.answer(
                SOAPFault(
                    .unexpectedError,
                    code: "UNSUPPORTED_API_VERSION",
                    message: "Invalid Api version specified on URL"
                )
            )
        }
        do {
            switch try SOAPLoginRequest.read(request.body) {
            case .login(let login): return await self.login(login, path, version, request)
            case .logout(let sessionID): return await logout(sessionID, path.api)
            }
        } catch {
            return Self.answer(Self.fault(for: error))
        }
    }

    private func login(
        _ login: SOAPLogin,
        _ path: SOAPPath,
        _ version: APIVersion,
        _ request: APIRequest
    ) async -> APIResponse {
        do {
            try limits.admitLogin(from: request.peer)
            let begun = try await identity.login(
                LoginAttempt(
                    username: login.username,
                    password: login.password,
                    peer: request.peer,
                    organizationID: login.organizationID
                ),
                kind: .soap,
                client: login.client
            )
            let result = SOAPLoginResult(
                begun,
                request.origin,
                path,
                version,
                secondsValid: Int(identity.settings.sessionIdleSeconds)
            )
            return Self.answer(result.bytes(for: path.api))
        } catch is IdentityError {
            return Self.answer(.invalidLogin)
        } catch let error as TransportError {
            return Self.answer(
                SOAPFault(.login, code: "LOGIN_RATE_EXCEEDED", message: error.description)
            )
        } catch {
            return Self.answer(Self.unexpected(error))
        }
    }

    private func logout(_ sessionID: String?, _ api: SOAPAPI) async -> APIResponse {
        do {
            let token = sessionID ?? ""
            _ = try await identity.verify(token)
            try await identity.logout(token)
            return Self.answer(SOAPLoginResult.logoutBytes(for: api))
        } catch is IdentityError {
            return Self.answer(
                SOAPFault(
                    .unexpectedError,
                    code: "INVALID_SESSION_ID",
                    message: "Invalid Session ID found in SessionHeader: Illegal Session"
                )
            )
        } catch {
            return Self.answer(Self.unexpected(error))
        }
    }

    private static func answer(_ bytes: [UInt8]) -> APIResponse {
        APIResponse(contentType: "text/xml;charset=UTF-8", body: bytes)
    }

    private static func answer(_ fault: SOAPFault) -> APIResponse {
        APIResponse(
            status: HTTPStatus.internalError,
            contentType: "text/xml;charset=UTF-8",
            body: fault.bytes
        )
    }

    private static func fault(for failure: SOAPReadFailure) -> SOAPFault {
        switch failure {
        case .unknownOperation:
            SOAPFault(.unexpectedError, code: "INVALID_OPERATION", message: failure.description)
        case .tooLarge, .encoding, .documentType, .malformed, .notAnEnvelope, .missing, .repeated:
            SOAPFault(.unexpectedError, code: "XML_PARSER_ERROR", message: failure.description)
        }
    }

    private static func unexpected(_ error: any Error) -> SOAPFault {
        SOAPFault(
            .unexpectedError,
            code: "UNKNOWN_EXCEPTION",
            message: ErrorResponses.unexpectedText(error)
        )
    }
}

/// The path of a SOAP endpoint, its fixed words in any letter case.
struct SOAPPath {
    let api: SOAPAPI
    /// `u` or `c`.
    let letter: String
    let version: String

    init?(_ segments: [String]) {
        guard segments.count == 4 || segments.count == 5,
            segments[0].lowercased() == "services", segments[1].lowercased() == "soap"
        else { return nil }
        letter = segments[2].lowercased()
        version = segments[3]
        switch letter {
        case "u": api = .partner
        case "c": api = .enterprise
        default: return nil
        }
    }
}

extension SOAPLoginResult {
    fileprivate init(
        _ begun: BegunSession,
        _ origin: String,
        _ path: SOAPPath,
        _ version: APIVersion,
        secondsValid: Int
    ) {
        let session = begun.session
        let services = "\(origin)/services/Soap"
        let place = "\(version.text)/\(session.org.record.short)"
        self.init(
            metadataServerURL: "\(services)/m/\(place)",
            serverURL: "\(services)/\(path.letter)/\(place)",
            sessionID: begun.token,
            userID: session.user.description,
            userInfo: SOAPUserInfo(begun, secondsValid: secondsValid)
        )
        sandbox = begun.organization.isSandbox
    }
}

extension SOAPUserInfo {
    fileprivate init(_ begun: BegunSession, secondsValid: Int) {
        let profile = begun.profile
        let organization = begun.organization
        self.init(
            organizationID: begun.session.org.description,
            organizationName: organization.name,
            profileID: profile.profileID?.description ?? "",
            sessionSecondsValid: secondsValid,
            userEmail: profile.email,
            userFullName: profile.name,
            userID: begun.session.user.description,
            userName: profile.username
        )
        currencySymbol = organization.currencySymbol
        orgDefaultCurrencyISOCode = organization.currencyCode
        orgDefaultCurrencyLocale = organization.defaultLocale
        roleID = profile.roleID?.description
        userLanguage = profile.language
        userLocale = profile.locale
        userTimeZone = profile.timeZone
        userType = profile.userType
    }
}
