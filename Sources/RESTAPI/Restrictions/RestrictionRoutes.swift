import Gateway
import Kernel
import Metadata

/// What is withheld from the caller's org, and why.
enum RestrictionRoutes {
    /// `GET steward/restrictions`: every order that the org has been given, those that are over too.
    ///
    /// Nothing can withhold this, and everybody in the org may ask: an order has no part that is not
    /// public.
    @Sendable static func list(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let states = try await call.parts.records.restrictionStates(of: caller.org)
        let now = call.parts.records.clock.now()
        return .json { writer in
            writer.beginArray()
            for state in states {
                var json = state.order.json
                func add(_ name: String, _ value: JSONValue) {
                    json.members.append(JSONObject.Member(name: name, value: value))
                }
                add("state", .string(state.name(at: now).rawValue))
                add("appeal", .string(state.order.restriction.appealPath))
                if let lifted = state.lifted {
                    add("liftedAt", .string(lifted.at.text))
                    add("lift", .object(lifted.lift.json))
                }
                writer.value(.object(json))
            }
            writer.endArray()
        }
    }
}
