import Gateway
import Kernel

/// A small page of ours that stands alone, without scripts and without files.
enum HTMLPage {
    /// A page.
    ///
    /// - Parameters:
    /// - body: HTML already.
    /// - formTargets: where its form may lead, redirects included, besides this host.
    static func response(
        status: Int = HTTPStatus.ok,
        title: String,
        body: String,
        formTargets: [String] = []
    ) -> APIResponse {
        let nonce = OpaqueToken().text
        let html = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(escaped(title))</title>
            <style nonce="\(nonce)">\(style)</style>
            </head>
            <body><main>\(body)</main></body>
            </html>

            """
        let policy = """
            default-src 'none'; style-src 'nonce-\(nonce)'; base-uri 'none'; \
            form-action \((["'self'"] + formTargets).joined(separator: " ")); \
            frame-ancestors 'none'
            """
        return APIResponse(
            status: status,
            contentType: "text/html;charset=UTF-8",
            headers: [("content-security-policy", policy)],
            body: Array(html.utf8)
        )
    }

    /// Text for HTML, within elements and quoted attributes.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    private static let style = """
        body{font:1rem/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#1f2937}
        main{max-width:24rem;margin:10vh auto;padding:2rem;background:#fff;border-radius:.5rem;\
        border:1px solid #d1d5db}
        h1{font-size:1.25rem;margin:0 0 1rem}
        label{display:block;margin:1rem 0 .25rem;font-weight:600}
        input{box-sizing:border-box;width:100%;font:inherit;padding:.5rem;\
        border:1px solid #6b7280;border-radius:.25rem}
        button{font:inherit;margin:1.5rem .5rem 0 0;padding:.5rem 1rem;border-radius:.25rem;\
        border:1px solid #1d4ed8;background:#1d4ed8;color:#fff}
        button.quiet{background:#fff;color:#1d4ed8}
        .mistake{padding:.5rem .75rem;border-left:.25rem solid #b91c1c;background:#fef2f2}
        """
}

/// The page at `/`, for people who look what is here and programs that look whether it is.
enum LandingPage {
    static var response: APIResponse {
        HTMLPage.response(
            title: "Steward",
            body: """
                <h1>Steward</h1>
                <p>A CRM platform. Programs find its API under <code>/services/data</code>.</p>
                """
        )
    }
}
