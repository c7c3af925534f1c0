import Gateway
import Kernel
import Metadata

/// Restrictions tried out where nothing real is at stake.
enum TrialRoutes {
    /// `POST org/trials` with `{"id","kind","target","hours"}`: withholds a use from a sandbox.
    @Sendable static func begin(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let trial = try await call.parts.records.tryOut(call.jsonObject(), as: caller)
        return .json { $0.value(.object(trial.json)) }
    }

    /// `DELETE org/trials/:id`.
    @Sendable static func end(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        try await call.parts.records.endTrial(call["id"], as: caller)
        return .noContent
    }
}
