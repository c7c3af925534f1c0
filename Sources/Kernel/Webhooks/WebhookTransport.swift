/// Who carries a webhook's request to the other system.
package protocol WebhookTransport: Sendable {
    /// Sends a request once.
    ///
    /// It connects only to addresses for which `policy` says so, follows no redirect, and gives up
    /// after the time-out.
    ///
    /// - Throws: where there was no answer; the error's description is shown to administrators.
    func send(
        _ request: WebhookRequest,
        under policy: OutboundPolicy
    ) async throws
        -> WebhookResponse
}

/// One delivery of one event, ready to be sent as a POST.
package struct WebhookRequest: Sendable {
    package let url: OutboundURL
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    package let timeoutSeconds: Int
}

/// What the other system said.
package struct WebhookResponse: Sendable {
    package let status: Int
    /// The beginning of what it sent, for the person who looks for the fault.
    package let excerpt: String

    package init(status: Int, excerpt: String = "") {
        self.status = status
        self.excerpt = excerpt
    }
}
