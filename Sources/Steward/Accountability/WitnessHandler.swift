import Accountability
import Foundation
import Gateway

/// A witness that logs ask over HTTP: `POST add-checkpoint`.
///
/// Source: C2SP tlog-witness.
struct WitnessHandler: APIHandler {
    let witness: Witness

    func respond(to request: APIRequest) async -> APIResponse {
        switch (request.method, request.segments) {
        case (.post, ["add-checkpoint"]): await add(request)
        case (.get, []), (.head, []): Self.text(200, "\(witness.verifierKey)\n")
        default: Self.text(404, "a witness answers POST /add-checkpoint\n")
        }
    }

    private func add(_ request: APIRequest) async -> APIResponse {
        let answer: CosignAnswer
        do {
            answer = try await witness.answer(Data(request.body))
        } catch {
            // What is kept cannot be read or written: then nothing is signed.
            Output.note("steward: witness: \(error)")
            return Self.text(500, "the witness cannot keep what it signs\n")
        }
        switch answer {
        case .cosigned: return Self.text(200, answer.body ?? "")
        case .malformed(let error): return Self.text(400, "\(error)\n")
        case .oldSizeTooLarge:
            return Self.text(400, "the old size is larger than the checkpoint's\n")
        case .notSigned: return Self.text(403, "the checkpoint is not signed by a known key\n")
        case .unknownLog: return Self.text(404, "this witness does not follow the log\n")
        case .conflict, .rootsDiffer:
            return Self.text(409, answer.body ?? "", type: "text/x.tlog.size")
        case .notConsistent: return Self.text(422, "the proof does not lead to the checkpoint\n")
        }
    }

    private static func text(
        _ status: Int,
        _ text: String,
        type: String = "text/plain; charset=utf-8"
    ) -> APIResponse {
        APIResponse(status: status, contentType: type, body: Array(text.utf8))
    }
}
