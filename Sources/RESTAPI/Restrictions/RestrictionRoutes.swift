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
        let orders = try await call.parts.records.restrictionOrders(of: caller.org)
        let now = call.parts.records.clock.now()
        return .json { writer in
            writer.beginArray()
            for order in orders {
                var json = order.json
                json.members.append(
                    JSONObject.Member(name: "state", value: .string(order.state(at: now).rawValue))
                )
                json.members.append(
                    JSONObject.Member(
                        name: "appeal",
                        value: .string(order.restriction.appealPath)
                    )
                )
                writer.value(.object(json))
            }
            writer.endArray()
        }
    }
}
