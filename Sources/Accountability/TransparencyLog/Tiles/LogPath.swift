/// The files of a log, by their paths below its prefix.
///
/// Nothing else is a path of a log, so a store that takes only these cannot be led out of its place.
package enum LogPath: Hashable, Sendable {
    case checkpoint
    /// What the log is about to sign; not part of what is served.
    case promise
    case tile(Tile)
}

extension LogPath: CustomStringConvertible {
    package var description: String {
        switch self {
        case .checkpoint: "checkpoint"
        case .promise: "promise"
        case .tile(let tile): tile.path
        }
    }

    /// Reads a path below the prefix.
    ///
    /// - Throws: `LogFormatError` when it is not the path of one of a log's files.
    package init(_ path: String) throws(LogFormatError) {
        switch path {
        case "checkpoint": self = .checkpoint
        case "promise": self = .promise
        default: self = .tile(try Tile(path: path))
        }
    }
}
