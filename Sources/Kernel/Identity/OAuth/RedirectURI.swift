import Foundation

/// The addresses that a browser is sent back to.
enum RedirectURI {
    /// Whether a client has said that this is its address.
    ///
    /// Compared as text, but for the port of a program on the user's own machine, which gets another
    /// one each time it runs (RFC 8252, section 7.3).
    static func isRegistered(_ uri: String, among registered: [String]) -> Bool {
        guard !uri.contains("#"), uri.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return false
        }
        return registered.contains(uri)
            || registered.contains { isSameLoopback($0, uri) }
    }

    /// The address with parameters added, those without a value left out.
    static func adding(
        _ parameters: [(name: String, value: String?)],
        to uri: String,
        asFragment: Bool = false
    ) -> String {
        let text = parameters.compactMap { parameter in
            parameter.value.map { "\(parameter.name)=\(encoded($0))" }
        }.joined(separator: "&")
        if asFragment { return "\(uri)#\(text)" }
        return uri + (uri.contains("?") ? "&" : "?") + text
    }

    private static func isSameLoopback(_ registered: String, _ uri: String) -> Bool {
        guard var known = URLComponents(string: registered), var asked = URLComponents(string: uri),
            known.scheme == "http", ["localhost", "127.0.0.1", "[::1]"].contains(known.host ?? ""),
            asked.user == nil, asked.password == nil
        else { return false }
        known.port = nil
        asked.port = nil
        return known == asked
    }

    private static func encoded(_ text: String) -> String {
        let plain = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        )
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}
