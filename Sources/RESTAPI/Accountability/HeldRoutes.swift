import Gateway
import Kernel
import Metadata

/// What a restriction has kept from going out: nothing of it is lost, and nothing leaves by itself.
enum HeldRoutes {
    /// How the reason of a job begins that was held.
    private static let mark = "held: "
    private static let listedMax = 200

    /// `GET org/held`: what waits for somebody to release it, with the restriction that held it.
    @Sendable static func list(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let held = try await call.parts.records.read(as: caller) { reader in
            try reader.jobs(.dead, limit: .max).filter { $0.error?.hasPrefix(mark) == true }
        }
        return .json { writer in
            writer.beginObject()
            writer.member("size", held.count)
            writer.key("held")
            writer.beginArray()
            for job in held.prefix(listedMax) {
                writer.beginObject()
                writer.member("id", "\(job.id)")
                writer.member("kind", job.kind)
                writer.member("since", (job.finishedAt ?? job.runAfter).text)
                writer.member("reason", String((job.error ?? "").dropFirst(mark.count)))
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
    }

    /// `POST org/held/:id/release`: tries it again; it is held anew while the restriction is in force.
    @Sendable static func release(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let id = try id(call)
        try await call.parts.records.write(as: caller) { writer in
            try requireHeld(id, writer)
            try writer.runAgain(id)
        }
        return .noContent
    }

    /// `DELETE org/held/:id`: it never goes out.
    @Sendable static func discard(_ call: APICall, _ caller: Caller) async throws -> APIResponse {
        let id = try id(call)
        try await call.parts.records.write(as: caller) { writer in
            try requireHeld(id, writer)
            try writer.discard(id)
        }
        return .noContent
    }

    private static func id(_ call: APICall) throws -> Int64 {
        guard let id = Int64(call["id"]) else { throw RecordError.noSuchResource }
        return id
    }

    private static func requireHeld(_ id: Int64, _ reader: RecordReader) throws {
        guard let job = try reader.job(id), job.state == .dead,
            job.error?.hasPrefix(mark) == true
        else { throw RecordError(.notFound, "nothing is held under the id \(id)") }
    }
}
