import Accountability
import ArgumentParser
import Crypto
import Foundation
import Kernel
import Metadata
import StoreSQLite

/// The work of copying a deployment while it is in use.
struct Backup {
    /// What is copied beside the stores; never the keys, which are kept elsewhere.
    private static let items = [
        "accountability", "policies", "tls", "jobs", "mail", "steward.yaml", "demo.json",
    ]
    /// No backup takes longer than this.
    private static let deskSecondsMax = 86_400.0
    static let manifest = "manifest.sealed"

    let composition: Composition
    let target: URL
    let keys: BackupKeys
    /// Where copies lie until they are sealed.
    private let desk: URL
    private var paths: [String] = []

    init(of composition: Composition, to target: URL) {
        self.composition = composition
        self.target = target
        let folder = composition.folder.url
        keys = BackupKeys(folder.appending(path: "keys", directoryHint: .isDirectory))
        desk = folder.appending(path: "backup-\(UUID().uuidString)", directoryHint: .isDirectory)
    }

    /// - Parameter isPlain: leaves everything readable, and puts the keys beside it.
    mutating func run(isPlain: Bool) async throws {
        try DataFolder(url: target).make()
        try clearDesks()
        let place = isPlain ? target : desk
        try DataFolder(url: place).make()
        defer { if !isPlain { try? FileManager.default.removeItem(at: desk) } }
        // The directory first: an org in it without a store is found by the doctor, a store without
        // its org is not.
        try await composition.platform.backUp(to: place.appending(path: "platform.sqlite").path)
        if !isPlain { try seal("platform.sqlite", from: place) }
        for org in try await composition.platform.orgs() {
            Output.note("copying \(org.slug)")
            try await composition.store.backUp(org.id, into: place.path)
            if !isPlain { try seal("orgs/\(org.id)/records.sqlite", from: place) }
        }
        for item in Self.items + (isPlain ? ["keys"] : []) {
            try copy(item, isPlain: isPlain)
        }
        // The log last: whatever a store says that the log has is in it.
        try await copyLog(isPlain: isPlain)
        if !isPlain { try sealManifest() }
    }

    /// What a backup that was stopped has left readable goes; one that runs is younger than a day.
    private func clearDesks() throws {
        let folder = composition.folder.url
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for name in names where name.hasPrefix("backup-") {
            let url = folder.appending(path: name)
            let made = try? FileManager.default.attributesOfItem(atPath: url.path)[
                .modificationDate
            ]
            let age = (made as? Date).map { Date().timeIntervalSince($0) } ?? .infinity
            if age > Self.deskSecondsMax { try FileManager.default.removeItem(at: url) }
        }
    }

    private mutating func seal(_ path: String, from folder: URL) throws {
        let file = folder.appending(path: path)
        try SealedFile(path, key: try keys.key(of: path, isNew: true))
            .seal(file, to: target.appending(path: "\(path).sealed"))
        try FileManager.default.removeItem(at: file)
        paths.append(path)
    }

    private mutating func copy(_ item: String, isPlain: Bool) throws {
        let source = composition.folder.url.appending(path: item)
        guard FileManager.default.fileExists(atPath: source.path) else { return }
        guard !isPlain else {
            return try FileManager.default.copyItem(at: source, to: target.appending(path: item))
        }
        for path in try Self.files(in: source, named: item) {
            let file = composition.folder.url.appending(path: path)
            // What a job has done with in the meantime is no longer there to be copied.
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            try SealedFile(path, key: try keys.key(of: path, isNew: true))
                .seal(file, to: target.appending(path: "\(path).sealed"))
            paths.append(path)
        }
    }

    /// Copies the transparency log while nobody appends to it.
    private mutating func copyLog(isPlain: Bool) async throws {
        let log = DeploymentLog(data: composition.folder)
        guard log.exists else { return }
        let held = try await log.opened()
        try withExtendedLifetime(held) { try copy("log", isPlain: isPlain) }
    }

    private func sealManifest() throws {
        let json: JSONObject = [
            "form": .number(JSONNumber(Int64(1))),
            "made": .string(LogCalendar.text(of: composition.records.clock.now())),
            "files": .array(paths.map { .string($0) }),
        ]
        var writer = JSONWriter()
        writer.value(.object(json))
        try SealedFile(Self.manifest, key: try keys.key(of: Self.manifest, isNew: false))
            .seal(Data(writer.bytes), to: target.appending(path: Self.manifest))
    }

    private static func isFolder(_ url: URL) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: url.path)[.type] as? FileAttributeType)
            == .typeDirectory
    }

    /// The files of a folder, or the one file; without those that only hold locks.
    private static func files(in source: URL, named item: String) throws -> [String] {
        guard isFolder(source) else { return [item] }
        return try FileManager.default.subpathsOfDirectory(atPath: source.path).sorted()
            .filter { !isFolder(source.appending(path: $0)) && !$0.hasSuffix(".lock") }
            .map { "\(item)/\($0)" }
    }
}

/// Opens a sealed backup into a new folder.
struct SealedBackup {
    let folder: URL
    let keys: BackupKeys

    /// Whether a folder holds one.
    static func isThere(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: Backup.manifest).path)
    }

    /// - Throws: `SealedFile.Failure` for the first file that was changed, or is missing.
    func open(into target: URL) throws {
        let manifest = try SealedFile(
            Backup.manifest,
            key: try keys.key(of: Backup.manifest, isNew: false)
        ).open(folder.appending(path: Backup.manifest))
        let files = try JSONParser.parse([UInt8](manifest)).object?["files"]?.array ?? []
        for path in files.compactMap(\.string) {
            // The manifest is ours; a path that leads elsewhere is nevertheless none.
            guard !path.split(separator: "/").contains("..") else { continue }
            let file = folder.appending(path: "\(path).sealed")
            guard FileManager.default.fileExists(atPath: file.path) else {
                throw SealedFile.Failure(description: "the backup lacks \(path)")
            }
            try SealedFile(path, key: try keys.key(of: path, isNew: false))
                .open(file, to: target.appending(path: path))
        }
    }
}
