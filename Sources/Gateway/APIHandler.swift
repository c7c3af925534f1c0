/// What answers requests, once they are freed from how they came.
package protocol APIHandler: Sendable {
    /// Answers, whatever happens: a failure is an answer too.
    func respond(to request: APIRequest) async -> APIResponse
}
