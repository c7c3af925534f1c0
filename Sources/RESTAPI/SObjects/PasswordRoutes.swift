import Gateway
import Kernel
import Metadata

/// A user's password: `sobjects/User/<id>/password`.
enum PasswordRoutes {
    /// `GET`: whether it has expired.
    @Sendable static func read(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let (desk, user) = try desk(call)
        let isExpired = try await desk.isPasswordExpired(of: user, as: caller)
        return .json { writer in
            writer.beginObject()
            writer.member("isExpired", isExpired)
            writer.endObject()
        }
    }

    /// `POST {"NewPassword":"…"}`: sets it.
    @Sendable static func set(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let (desk, user) = try desk(call)
        guard let password = try call.jsonObject()[ignoringCase: "NewPassword"]?.string else {
            throw RecordError(.missingArgument, "The body must have the text NewPassword")
        }
        try await desk.setPassword(password, of: user, as: caller)
        return .noContent
    }

    /// `DELETE`: makes up a new one.
    @Sendable static func reset(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let (desk, user) = try desk(call)
        let password = try await desk.resetPassword(of: user, as: caller)
        return .json { writer in
            writer.beginObject()
            writer.member("NewPassword", password)
            writer.endObject()
        }
    }

    private static func desk(_ call: APICall) throws -> (any PasswordDesk, RecordID) {
        guard let desk = call.parts.passwords else { throw RecordError.noSuchResource }
        guard let user = try? RecordID(call["id"]) else {
            throw RecordError(.malformedID, "malformed id \(call["id"])")
        }
        return (desk, user)
    }
}
