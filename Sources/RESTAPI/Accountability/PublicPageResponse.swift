import Gateway
import Kernel

extension PublicPage {
    /// The page as it is sent: without scripts, and with nothing from anywhere else.
    var response: APIResponse {
        let nonce = OpaqueToken().text
        let html = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>\(HTML(title).markup)</title>
            <style nonce="\(nonce)">\(PublicPage.style)</style>
            </head>
            <body>\(framed.markup)</body>
            </html>

            """
        let policy = """
            default-src 'none'; style-src 'nonce-\(nonce)'; base-uri 'none'; form-action 'self'; \
            frame-ancestors 'none'
            """
        return APIResponse(
            contentType: "text/html;charset=UTF-8",
            headers: [("content-security-policy", policy), ("cache-control", "no-cache")],
            body: Array(html.utf8)
        )
    }
}
