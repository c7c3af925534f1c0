import Accountability
import Gateway
import Kernel
import Metadata

/// What is done in the operator's own org and reaches others: orders and lifts, each signed by two.
enum OfficeRoutes {
    /// `POST office/orders`: an order goes into the log, then in force; `?check=true` only looks.
    @Sendable static func impose(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let office = try await enforcing(call, caller)
        let order = try RestrictionOrder(call.jsonObject())
        let desk = try RestrictionDesk(office)
        if APICall.isTrue(call.request.parameter("check")) {
            try await desk.check(order)
            return .noContent
        }
        try await desk.impose(order)
        return .json { $0.value(.object(order.json)) }
    }

    /// `POST office/lifts`: a restriction ends before its time.
    @Sendable static func lift(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let office = try await enforcing(call, caller)
        let lift = try RestrictionLift(call.jsonObject())
        try await RestrictionDesk(office).lift(lift)
        return .json { $0.value(.object(lift.json)) }
    }

    /// The office, for those who carry decisions out: they have the permission set `Enforcer` there.
    ///
    /// - Throws: `RecordError` `INSUFFICIENT_ACCESS_OR_READONLY` for everybody else.
    private static func enforcing(
        _ call: APICall,
        _ caller: Caller
    ) async throws -> AccountabilityOffice {
        let office = try call.office()
        guard try await office.has("Enforcer", caller) else {
            throw RecordError(
                .insufficientAccess,
                "carrying decisions out needs the permission set Enforcer in the operator's own org"
            )
        }
        return office
    }
}
