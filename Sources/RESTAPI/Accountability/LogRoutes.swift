import Accountability
import Gateway
import Kernel
import Metadata

/// Where programs find the transparency log.
enum LogRoutes {
    /// `GET log`: the paths of its files, and the checkpoint that is published now.
    @Sendable static func head(_ call: APICall) async throws -> APIResponse {
        let files = DirectoryTiles(reading: try call.office().logFolder)
        guard let note = try await files.read(.checkpoint) else { throw RecordError.noSuchResource }
        return .json { writer in
            writer.beginObject()
            writer.member("checkpoint", String(decoding: note, as: UTF8.self))
            writer.member("path", "/accountability/log/")
            writer.member("key", "/accountability/log.vkey")
            writer.endObject()
        }
    }
}
