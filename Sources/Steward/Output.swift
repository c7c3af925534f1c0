import Foundation

/// What the program tells the person who runs it.
enum Output {
    /// A line on standard output: results.
    static func line(_ text: String = "") {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// Bytes on standard output, as they are.
    static func bytes(_ bytes: [UInt8]) {
        FileHandle.standardOutput.write(Data(bytes))
    }

    /// A line on standard error: progress, warnings.
    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// A progress bar that redraws itself; on a file or pipe, nothing.
    static func progress(_ what: String, _ done: Int, of total: Int) {
        guard isatty(STDERR_FILENO) == 1, total > 0 else { return }
        let width = 30
        let filled = min(width, width * done / total)
        let bar =
            String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
        let end = done >= total ? "\n" : ""
        FileHandle.standardError.write(Data("\r\(what) \(bar) \(done)/\(total)\(end)".utf8))
    }
}
