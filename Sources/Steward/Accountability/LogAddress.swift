import Accountability
import Foundation

/// A log on a server, whose files are fetched one by one.
struct LogAddress {
    private static let checkpointMaxBytes = SignedNote.sizeMaxBytes

    let fetch: HTTPFetch

    /// Whether a text is meant as the address of a log and not as a folder.
    static func isMeant(_ text: String) -> Bool {
        text.hasPrefix("http://") || text.hasPrefix("https://")
    }

    var reader: FetchedLog {
        FetchedLog { path in
            let isEntries = path.hasPrefix("tile/entries/")
            let sizeMax = isEntries ? EntryBundle.sizeMaxBytes : Self.checkpointMaxBytes
            let (status, body) = try await fetch.get(path, sizeMaxBytes: sizeMax)
            switch status {
            case 200: return body
            case 404, 410: return nil
            default: throw HTTPFetch.Failure(description: "status \(status) for \(path)")
            }
        }
    }
}
