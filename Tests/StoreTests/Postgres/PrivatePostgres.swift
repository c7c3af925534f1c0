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
        defer { try? FileManager.default.removeItem(at: postgres.folder) }
        return try postgres.run(script)
    }

    private init() throws {
        // Short: the path of a socket has hardly a hundred characters.
        folder = URL(filePath: "/tmp/steward-pg-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// All that happens: whoever waits for the shell waits for the server's end too.
    private static let life = """
        umask 077
        "$INITDB" -D data -U steward -A trust -E UTF8 --no-locale -N >initdb.txt 2>&1 || exit 1
        "$PG_CTL" -D data -l log.txt -w -o "-k '$PWD' -c listen_addresses='' -c fsync=off \
        -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off" start \
        >start.txt 2>&1 || exit 2
        "$PSQL" -X -q -A -t -F "$FIELD" -R "$RECORD" -P "null=$NOTHING" \
        -h "$PWD" -U steward -d postgres -f script.sql >output.txt 2>complaints.txt
        "$PG_CTL" -D data -m immediate -w stop >stop.txt 2>&1
        """

    private func run(_ script: String) throws -> (output: String, complaints: String) {
        try script.write(to: file("script.sql"), atomically: true, encoding: .utf8)
        try handOver()
        let shell = Process()
        let command = Self.other.map { ["runuser", "-u", $0.name, "--"] } ?? []
        shell.executableURL = URL(filePath: "/usr/bin/env")
        shell.arguments = command + ["sh", "-c", Self.life]
        shell.currentDirectoryURL = folder
        shell.environment = [
            "PATH": "\(Self.places.joined(separator: ":")):/usr/sbin:/sbin", "LC_ALL": "C.UTF-8",
            "INITDB": Self.find("initdb") ?? "", "PG_CTL": Self.find("pg_ctl") ?? "",
            "PSQL": Self.find("psql") ?? "", "FIELD": "\u{1F}", "RECORD": "\u{1E}",
            "NOTHING": "\u{1D}",
        ]
        shell.standardInput = FileHandle.nullDevice
        shell.standardOutput = FileHandle.nullDevice
        try shell.run()
        shell.waitUntilExit()
        guard shell.terminationStatus == 0 else {
            let texts = ["initdb.txt", "start.txt", "log.txt", "stop.txt"].map(text)
            throw Failure(description: texts.joined(separator: "\n"))
        }
        return (text("output.txt"), text("complaints.txt"))
    }

    private func file(_ name: String) -> URL { folder.appending(path: name) }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: file(name), encoding: .utf8)) ?? ""
    }

    // MARK: Whose it is

    private struct Someone {
        let name: String
        let user: uid_t
        let group: gid_t
    }

    /// It refuses to run as root, who has to be somebody else then.
    private static let other: Someone? = {
        guard getuid() == 0 else { return nil }
        for name in ["postgres", "nobody"] {
            guard let user = getpwnam(name)?.pointee else { continue }
            return Someone(name: name, user: user.pw_uid, group: user.pw_gid)
        }
        return nil
    }()

    private func handOver() throws {
        guard let user = Self.other else { return }
        for path in [folder.path, file("script.sql").path] {
            guard chown(path, user.user, user.group) == 0 else {
                throw Failure(description: "\(path) cannot be handed on")
            }
        }
    }
}
