/// The headers that tell browsers what not to do with an answer.
package enum SecurityHeaders {
    /// Adds what the answer does not say itself.
    ///
    /// `isTLS`: whether the request came over TLS: only then may a browser be told to use
    /// nothing else.
    static func add(to response: inout APIResponse, isTLS: Bool) {
        set("x-content-type-options", "nosniff", in: &response)
        set("content-security-policy", "default-src 'none'; frame-ancestors 'none'", in: &response)
        set("referrer-policy", "no-referrer", in: &response)
        // Answers are for one user at one moment, unless the handler knows better.
        set("cache-control", "no-store", in: &response)
        if isTLS { set("strict-transport-security", "max-age=31536000", in: &response) }
    }

    private static func set(_ name: String, _ value: String, in response: inout APIResponse) {
        guard !response.headers.contains(where: { $0.name.lowercased() == name }) else { return }
        response.headers.append((name, value))
    }
}
