import Gateway
import Kernel
import Metadata

extension OAuthRoutes {
    /// `GET /id/<org>/<user>`: who the token's user is.
    func identityURL(_ request: APIRequest) async -> APIResponse {
        await telling(request) { session in
            let caller = session.caller
            guard let org = try? RecordID(request.segments[1]), org == caller.org.record,
                let user = try? RecordID(request.segments[2]), user == caller.user
            else { return .plainRefusal(HTTPStatus.notFound, "Bad_Id") }
            return .json { $0.identity(session, origin: request.origin) }
        }
    }

    /// `/services/oauth2/userinfo`: the same as claims of OpenID.
    func userInfo(_ request: APIRequest) async -> APIResponse {
        await telling(request) { session in
            .json { $0.claims(session, origin: request.origin) }
        }
    }

    private func telling(
        _ request: APIRequest,
        _ body: (VerifiedSession) -> APIResponse
    ) async -> APIResponse {
        do {
            guard let token = try token(of: request) else {
                return .plainRefusal(HTTPStatus.forbidden, "Missing_OAuth_Token")
            }
            return body(try await identity.verify(token))
        } catch is IdentityError {
            return .plainRefusal(HTTPStatus.forbidden, "Bad_OAuth_Token")
        } catch {
            return ErrorResponses.response(error)
        }
    }

    private func token(of request: APIRequest) throws -> String? {
        if let token = try Authentication.token(of: request) { return token }
        if let token = request.parameter("oauth_token") { return token }
        let form = try? FormParameters.read(request.body[...])
        return form?.first { ["access_token", "oauth_token"].contains($0.name) }?.value
    }
}

extension APIResponse {
    fileprivate static func plainRefusal(_ status: Int, _ text: String) -> APIResponse {
        APIResponse(
            status: status,
            contentType: "text/html;charset=UTF-8",
            body: Array(text.utf8)
        )
    }
}
