import Foundation
import Gateway
import Kernel

/// The page on which a user logs in and lets a client act for them.
enum AuthorizePage {
    /// The form.
    ///
    /// `mistake`: why it is shown again.
    static func form(
        _ asked: AuthorizationRequest,
        _ request: APIRequest,
        username: String,
        mistake: String?
    ) -> APIResponse {
        let cookie = LoginCookie.value(for: request)
        let client = HTMLPage.escaped(asked.client.name)
        let warning = mistake.map {
            "<p class=\"mistake\" role=\"alert\">\(HTMLPage.escaped($0))</p>"
        }
        let body = """
            <h1>Log in to allow access</h1>
            <p><strong>\(client)</strong> asks to act in your name: \
            \(HTMLPage.escaped(words(for: asked.scope))).</p>
            \(warning ?? "")
            <form method="post" action="\(HTMLPage.escaped(action(request)))">
            <input type="hidden" name="csrf" value="\(cookie)">
            <label for="username">Username</label>
            <input id="username" name="username" autocomplete="username" required \
            autocapitalize="none" spellcheck="false" value="\(HTMLPage.escaped(username))">
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" \
            required>
            <button name="decision" value="allow">Log in and allow</button>
            <button class="quiet" name="decision" value="deny" formnovalidate>Do not allow</button>
            </form>
            """
        var response = HTMLPage.response(
            title: "Log in",
            body: body,
            formTargets: formTargets(asked.redirectURI)
        )
        response.headers.append(("set-cookie", LoginCookie.header(cookie, for: request)))
        return response
    }

    /// What the user sees when a request cannot be told to any client.
    static func refusal(_ error: OAuthError) -> APIResponse {
        HTMLPage.response(
            status: HTTPStatus.badRequest,
            title: "Access cannot be granted",
            body: """
                <h1>Access cannot be granted</h1>
                <p>The program that sent you here made a request that we cannot trust. You need \
                not do anything; its makers may want to know this:</p>
                <p><code>error=\(error.code.rawValue)&amp;error_description=\
                \(HTMLPage.escaped(error.description))</code></p>
                """
        )
    }

    /// Where clients go that have no page of their own, and read the address instead.
    static var success: APIResponse {
        HTMLPage.response(
            title: "Access granted",
            body: "<h1>Access granted</h1><p>You can close this window.</p>"
        )
    }

    /// The same address again, since it says what the client asks.
    private static func action(_ request: APIRequest) -> String {
        let plain = CharacterSet.alphanumerics.intersection(
            CharacterSet(charactersIn: "\0"..."\u{7F}")
        )
        let query = request.parameters.map { parameter in
            [parameter.name, parameter.value]
                .map { $0.addingPercentEncoding(withAllowedCharacters: plain) ?? "" }
                .joined(separator: "=")
        }
        return "/services/oauth2/authorize?" + query.joined(separator: "&")
    }

    /// The client's host, or the scheme of a program: some browsers hold a form to where it leads
    /// in the end.
    private static func formTargets(_ redirectURI: String) -> [String] {
        guard let parts = URLComponents(string: redirectURI), let scheme = parts.scheme else {
            return []
        }
        guard scheme == "https" || scheme == "http", let host = parts.host else {
            return ["\(scheme):"]
        }
        let isPlain = host.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: ";") && byte != UInt8(ascii: ",")
        }
        guard isPlain else { return [] }
        return ["\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")]
    }

    private static func words(for scope: String) -> String {
        let scopes = Set(scope.split(separator: " "))
        var words: [String] = []
        if !scopes.isDisjoint(with: ["api", "full", "web"]) {
            words.append("read and change what you can")
        }
        if !scopes.isDisjoint(with: ["id", "profile", "email", "openid", "address", "phone"]) {
            words.append("see who you are")
        }
        if !scopes.isDisjoint(with: ["refresh_token", "offline_access"]) {
            words.append("do so at any time, until you end it")
        }
        return words.isEmpty ? scope : words.joined(separator: "; ")
    }
}
