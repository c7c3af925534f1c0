import Accountability
import Foundation
import Gateway
import Kernel
import Metadata

/// Signing open letters, without a login.
enum LetterRoutes {
    static let all: [Route] = [
        Routes.special(
            .post,
            AccountabilityRoutes.v1("office/letters/:letter/entitlements"),
            entitle,
            "Makes codes for everybody who is entitled to sign."
        ),
        Routes.anyone(
            .post,
            AccountabilityRoutes.v1("letters/:letter/tokens"),
            token,
            "Gives a blind token for a code."
        ),
        Routes.anyone(
            .post,
            AccountabilityRoutes.v1("letters/:letter/signatures"),
            sign,
            "Signs a letter."
        ),
        Routes.anyone(
            .post,
            AccountabilityRoutes.v1("letters/:letter/withdrawals"),
            withdraw,
            "Takes a signature back."
        ),
    ]

    /// `POST office/letters/L-0001/entitlements` with `{"count"}`.
    @Sendable private static func entitle(
        _ call: APICall,
        _ caller: Caller
    ) async throws -> APIResponse {
        let office = try call.office()
        guard try await office.org() == caller.org else { throw RecordError.noSuchResource }
        guard let count = try call.jsonObject()["count"]?.number.flatMap({ Int($0.literal) }) else {
            throw RecordError(.missingArgument, "count: a whole number is needed")
        }
        let codes = try await LetterDesk(office).entitle(count, to: call["letter"], as: caller)
        return unstored { writer in
            writer.beginObject()
            writer.key("codes")
            writer.strings(codes)
            writer.endObject()
        }
    }

    /// `POST letters/L-0001/tokens` with `{"code","blinded"}`.
    @Sendable private static func token(_ call: APICall) async throws -> APIResponse {
        let office = try call.office()
        let body = try call.jsonObject()
        let blinded = try bytes("blinded", body)
        guard let code = body["code"]?.string, code.utf8.count <= 100 else {
            throw RecordError(.missingArgument, "code: a text is needed")
        }
        try await call.parts.intake.turn()
        let signature = try await LetterDesk(office).token(
            for: code,
            blinded: blinded,
            of: call["letter"]
        )
        return unstored { writer in
            writer.beginObject()
            writer.member("blindSignature", signature.base64EncodedString())
            writer.endObject()
        }
    }

    /// `POST letters/L-0001/signatures` with `{"mode","message","signature","line"}`, or with
    /// `{"mode":"supporter","nonce"}`.
    @Sendable private static func sign(_ call: APICall) async throws -> APIResponse {
        let desk = LetterDesk(try call.office())
        let body = try call.jsonObject()
        let signature: LetterDesk.Signature
        switch body["mode"]?.string {
        case "named": signature = .named(try token(body), line: body["line"]?.string ?? "")
        case "unnamed": signature = .unnamed(try token(body))
        case "supporter": signature = .supporter(nonce: body["nonce"]?.string ?? "")
        default: throw RecordError(.invalidInput, "mode: it is named, unnamed or supporter")
        }
        try await call.parts.intake.turn()
        try await desk.sign(call["letter"], signature)
        return .noContent
    }

    /// `POST letters/L-0001/withdrawals` with the token that signed: `{"message","signature"}`.
    @Sendable private static func withdraw(_ call: APICall) async throws -> APIResponse {
        let desk = LetterDesk(try call.office())
        let token = try token(try call.jsonObject())
        try await call.parts.intake.turn()
        try await desk.withdraw(token, from: call["letter"])
        return .noContent
    }

    private static func token(_ body: JSONObject) throws -> LetterToken {
        LetterToken(message: try bytes("message", body), signature: try bytes("signature", body))
    }

    private static func bytes(_ name: String, _ body: JSONObject) throws -> Data {
        guard let text = body[name]?.string, text.utf8.count <= 4_000,
            let data = Data(base64Encoded: text), !data.isEmpty
        else { throw RecordError(.invalidInput, "\(name): bytes in base64 are needed") }
        return data
    }

    private static func unstored(_ write: (inout JSONWriter) -> Void) -> APIResponse {
        var response = APIResponse.json(write)
        response.headers.append(("cache-control", "no-store"))
        return response
    }
}
