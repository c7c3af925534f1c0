import Foundation
import Glibc

/// A PostgreSQL of a test's own: no port, a folder that goes away, nothing kept safe.
struct PrivatePostgres {
    private static let places =
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        // Debian's, one for each release.
        + (15...20).reversed().map { "/usr/lib/postgresql/\($0)/bin" }

    /// Whether all that it takes is on this machine.
    static let isPresent = ["initdb", "pg_ctl", "postgres", "psql"].allSatisfy { find($0) != nil }

    private let folder: URL

    private static func find(_ name: String) -> String? {
        places.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts one, runs a script of `psql` and stops it.
    ///
    /// - Returns: what the script printed, and its complaints.
    static func run(_ script: String) throws -> (output: String, complaints: String) {
        let postgres = try PrivatePostgres()
        defer { postgres.remove() }
        try postgres.start()
        return try postgres.psql(script)
    }

    private init() throws {
        // Short: the path of a socket has hardly a hundred characters.
        folder = URL(filePath: "/tmp/steward-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    private var data: String { folder.appending(path: "data").path }

    /// It refuses to run as root, who has to be somebody else then.
    private static let other: passwd? = {
        guard getuid() == 0 else { return nil }
        for name in ["postgres", "nobody"] {
            if let user = getpwnam(name) { return user.pointee }
        }
        return nil
    }()

    private func start() throws {
        if let user = Self.other {
            guard chown(folder.path, user.pw_uid, user.pw_gid) == 0 else {
                throw Failure(description: "\(folder.path) cannot be handed on")
            }
        }
        try server("initdb", ["-D", data, "-U", "steward", "-A", "trust", "-E", "UTF8", "-N"])
        let settings =
            "-k \(folder.path) -c listen_addresses='' -c fsync=off -c synchronous_commit=off "
            + "-c full_page_writes=off -c autovacuum=off"
        try server(
            "pg_ctl",
            ["-D", data, "-l", "\(folder.path)/log", "-o", settings, "-w", "start"]
        )
    }

    private func remove() {
        try? server("pg_ctl", ["-D", data, "-m", "immediate", "-w", "stop"])
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs a program of the server's as whoever may.
    private func server(_ name: String, _ arguments: [String]) throws {
        guard let path = Self.find(name) else { throw Failure(description: "no \(name)") }
        let log = folder.appending(path: "\(name).txt")
        let command =
            Self.other == nil
            ? [path] : ["/usr/bin/env", "runuser", "-u", Self.name(Self.other), "--", path]
        let status = try execute(command + ["--no-locale"].filter { _ in name == "initdb" }
            + arguments, log, log)
        guard status == 0 else {
            let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            throw Failure(description: "\(name) ended with \(status): \(text)")
        }
    }

    private static func name(_ user: passwd?) -> String {
        user.map { String(cString: $0.pw_name) } ?? "postgres"
    }

    private func psql(_ script: String) throws -> (output: String, complaints: String) {
        guard let path = Self.find("psql") else { throw Failure(description: "no psql") }
        let file = folder.appending(path: "script.sql")
        let (output, complaints) = (
            folder.appending(path: "output"), folder.appending(path: "complaints")
        )
        try script.write(to: file, atomically: true, encoding: .utf8)
        let arguments = [
            "-X", "-q", "-A", "-t", "-F", "\u{1F}", "-R", "\u{1E}", "-P", "null=\u{1D}",
            "-h", folder.path, "-U", "steward", "-d", "postgres", "-f", file.path,
        ]
        _ = try execute([path] + arguments, output, complaints)
        return (
            try String(contentsOf: output, encoding: .utf8),
            try String(contentsOf: complaints, encoding: .utf8)
        )
    }

    private func execute(_ command: [String], _ output: URL, _ complaints: URL) throws -> Int32 {
        for file in [output, complaints] {
            FileManager.default.createFile(atPath: file.path, contents: nil)
        }
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = URL(filePath: "/")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: complaints)
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
