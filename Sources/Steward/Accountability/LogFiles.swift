import Accountability
import Foundation
import Gateway
import Kernel

/// The transparency log as static files, for everybody: `/accountability/log/checkpoint`,
/// `/accountability/log/tile/…`, and the key at `/accountability/log.vkey`.
struct LogFiles: Sendable {
    let log: DeploymentLog

    /// Answers a request for a file of the log; `nil` for every other path.
    func respond(to request: APIRequest) async -> APIResponse? {
        guard request.segments.first == "accountability", request.segments.count > 1 else {
            return nil
        }
        guard request.method == .get || request.method == .head else { return nil }
        if request.segments == ["accountability", "log.vkey"] {
            guard let key = try? log.verifierKey() else { return nil }
            return file(Array("\(key)\n".utf8), "text/plain; charset=utf-8", isFixed: false)
        }
        let path = request.segments.dropFirst(2).joined(separator: "/")
        guard request.segments[1] == "log", let path = try? LogPath(path), path != .promise,
            let bytes = try? await DirectoryTiles(reading: log.folder.path).read(path)
        else { return nil }
        switch path {
        case .checkpoint, .promise:
            return file([UInt8](bytes), "text/plain; charset=utf-8", isFixed: false)
        case .tile: return file([UInt8](bytes), "application/octet-stream", isFixed: true)
        }
    }

    /// - Parameter isFixed: whether what is there will never be anything else.
    private func file(_ bytes: [UInt8], _ type: String, isFixed: Bool) -> APIResponse {
        let keeping = isFixed ? "public, max-age=31536000, immutable" : "no-cache"
        return APIResponse(
            contentType: type,
            headers: [("cache-control", keeping), ("access-control-allow-origin", "*")],
            body: bytes
        )
    }
}
