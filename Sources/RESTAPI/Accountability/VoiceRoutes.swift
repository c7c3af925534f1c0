import Accountability
import Crypto
import Foundation
import Gateway
import Kernel
import Metadata

/// What people say without a login: concerns, and the mailboxes that their receipts open.
///
/// None of it asks who they are. Requests are paced together, and nothing of them is kept but what
/// they say, sealed, and the day.
enum VoiceRoutes {
    static let all: [Route] = [
        Routes.anyone(
            .get,
            AccountabilityRoutes.v1("concerns/keys"),
            keys,
            "To whom concerns are sealed, for clients that seal by themselves."
        ),
        Routes.anyone(.post, AccountabilityRoutes.v1("concerns"), raise, "Raises a concern."),
        Routes.anyone(
            .post,
            AccountabilityRoutes.v1("mailbox"),
            mailbox,
            "What a receipt opens."
        ),
        Routes.anyone(
            .post,
            AccountabilityRoutes.v1("mailbox/messages"),
            write,
            "Writes to those who read concerns."
        ),
        Routes.anyone(
            .post,
            AccountabilityRoutes.v1("mailbox/again"),
            askAgain,
            "Asks that a closed concern is looked at again, once."
        ),
        Routes.special(
            .post,
            AccountabilityRoutes.v1("office/messages"),
            answer,
            "Answers a reporter."
        ),
        Routes.anyone(
            .get,
            PublicPage.path("concerns/new"),
            { _ in ConcernPages.form().unstored },
            "A form to raise a concern."
        ),
        Routes.anyone(
            .post,
            PublicPage.path("concerns/new"),
            raiseByPage,
            "Raises a concern by the form."
        ),
        Routes.anyone(
            .get,
            PublicPage.path("mailbox"),
            { _ in ConcernPages.receiptForm().unstored },
            "A form to open a mailbox."
        ),
        Routes.anyone(
            .post,
            PublicPage.path("mailbox"),
            mailboxByPage,
            "Opens a mailbox, and writes to it."
        ),
    ]

    @Sendable private static func keys(_ call: APICall) async throws -> APIResponse {
        let readers = try ConcernDesk(try call.office()).publicKeys
        return unstored { writer in
            writer.beginObject()
            writer.key("readers")
            writer.beginArray()
            for reader in readers.readers {
                writer.beginObject()
                writer.member("role", reader.role.rawValue)
                writer.member("id", SealedText.id(of: reader.key))
                writer.member("publicKey", reader.key.rawRepresentation.base64EncodedString())
                writer.endObject()
            }
            writer.endArray()
            writer.member("receiptSalt", readers.secret.salt.base64EncodedString())
            writer.endObject()
        }
    }

    /// `POST concerns`: `{"receipt":…}`, or `{"joined":…}` where many have said the same.
    @Sendable private static func raise(_ call: APICall) async throws -> APIResponse {
        let raised = try await raised(call)
        return unstored { writer in
            writer.beginObject()
            switch raised {
            case .kept(let receipt?): writer.member("receipt", receipt.text)
            case .kept(nil): writer.member("kept", true)
            case .counted(let first): writer.member("joined", first)
            }
            writer.endObject()
        }
    }

    private static func raised(_ call: APICall) async throws -> RaisedConcern {
        let desk = try ConcernDesk(try call.office())
        let concern = try ConcernForm(call).concern()
        try await call.parts.intake.turn()
        return try await desk.raise(concern)
    }

    /// `POST mailbox` with `{"receipt"}`, or with `{"derived"}` by a client that opens by itself.
    @Sendable private static func mailbox(_ call: APICall) async throws -> APIResponse {
        let desk = try ConcernDesk(try call.office())
        let body = try call.jsonObject()
        try await call.parts.intake.turn()
        let content: MailboxContent
        if let text = body["derived"]?.string {
            guard let derived = Data(base64Encoded: text), derived.count == 32 else {
                throw RecordError(.invalidInput, "derived: 32 bytes in base64 are needed")
            }
            content = try await desk.mailbox(ofDerived: derived)
        } else {
            content = try await desk.mailbox(of: receipt(body["receipt"]?.string))
        }
        return unstored { write(content, &$0) }
    }

    private static func write(_ content: MailboxContent, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("concern", content.number)
        writer.member("stage", content.stage)
        writer.member("received", content.received)
        writer.member("outcome", content.outcome)
        writer.member("reasons", content.reasons)
        writer.member("referredTo", content.referredTo)
        writer.member("canAskAgain", content.canAskAgain)
        writer.key("due")
        writer.beginObject()
        for due in content.due {
            writer.key(due.step)
            writer.string(due.day)
        }
        writer.endObject()
        writer.key("messages")
        writer.beginArray()
        for message in content.messages {
            writer.beginObject()
            writer.member("direction", message.direction)
            writer.member("day", message.day)
            if let text = message.text {
                writer.member("text", text)
            } else {
                writer.member("sealed", message.sealed ?? "")
            }
            writer.endObject()
        }
        writer.endArray()
        writer.key("identityOpenings")
        writer.beginArray()
        for opening in content.openings {
            writer.beginObject()
            writer.member("day", opening.day)
            writer.member("reason", opening.reason)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    /// `POST mailbox/messages` with `{"receipt","text"}`.
    @Sendable private static func write(_ call: APICall) async throws -> APIResponse {
        let desk = try ConcernDesk(try call.office())
        let body = try call.jsonObject()
        let receipt = try receipt(body["receipt"]?.string)
        try await call.parts.intake.turn()
        try await desk.write(body["text"]?.string ?? "", by: receipt)
        return .noContent
    }

    /// `POST mailbox/again` with `{"receipt"}`.
    @Sendable private static func askAgain(_ call: APICall) async throws -> APIResponse {
        let desk = try ConcernDesk(try call.office())
        let receipt = try receipt(try call.jsonObject()["receipt"]?.string)
        try await call.parts.intake.turn()
        try await desk.askAgain(by: receipt)
        return .noContent
    }

    /// `POST office/messages` with `{"concern","text"}`, with the caller's own rights in the office.
    @Sendable private static func answer(
        _ call: APICall,
        _ caller: Caller
    ) async throws -> APIResponse {
        let office = try call.office()
        guard try await office.org() == caller.org else { throw RecordError.noSuchResource }
        let body = try call.jsonObject()
        guard let text = body["text"]?.string, text.contains(where: { !$0.isWhitespace }),
            text.utf8.count <= NewConcern.textMaxBytes
        else {
            throw RecordError(
                .missingArgument,
                "text: a text of at most \(NewConcern.textMaxBytes) bytes is needed"
            )
        }
        try await ConcernDesk(office).answer(body["concern"]?.string ?? "", text, as: caller)
        return .noContent
    }

    private static func receipt(_ text: String?) throws -> Receipt {
        guard let receipt = text.flatMap({ Receipt(typed: $0) }) else {
            throw RecordError(.invalidInput, "receipt: sixteen digits are needed")
        }
        return receipt
    }

    /// No cache keeps what is said here.
    private static func unstored(_ write: (inout JSONWriter) -> Void) -> APIResponse {
        var response = APIResponse.json(write)
        response.headers.append(("cache-control", "no-store"))
        return response
    }
}

// MARK: - By pages

extension VoiceRoutes {
    @Sendable private static func raiseByPage(_ call: APICall) async throws -> APIResponse {
        do {
            return ConcernPages.raised(try await raised(call)).unstored
        } catch let error as RecordError {
            let typed = try? ConcernForm(call)
            return ConcernPages.form(typed, mistake: error.message).unstored(error)
        }
    }

    @Sendable private static func mailboxByPage(_ call: APICall) async throws -> APIResponse {
        do {
            let desk = try ConcernDesk(try call.office())
            let form = try ConcernForm.form(call)
            let receipt = try receipt(form["receipt"])
            try await call.parts.intake.turn()
            if form["step"] == "write" { try await desk.write(form["text"] ?? "", by: receipt) }
            if form["step"] == "again" { try await desk.askAgain(by: receipt) }
            return ConcernPages.mailbox(try await desk.mailbox(of: receipt), receipt).unstored
        } catch let error as RecordError {
            return ConcernPages.receiptForm(mistake: error.message).unstored(error)
        }
    }
}

extension PublicPage {
    /// The page as it is sent, for no cache to keep.
    fileprivate var unstored: APIResponse {
        var response = response
        response.headers = response.headers.map { header in
            header.0 == "cache-control" ? ("cache-control", "no-store") : header
        }
        response.headers.append(("referrer-policy", "no-referrer"))
        return response
    }

    fileprivate func unstored(_ error: RecordError) -> APIResponse {
        var response = unstored
        response.status = ErrorResponses.response(error).status
        return response
    }
}
