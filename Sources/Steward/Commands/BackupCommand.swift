import ArgumentParser
import Foundation
import Kernel
import StoreSQLite

/// `steward backup`: copies a deployment while it is in use.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies a whole deployment into a new folder, while it may be in use."
    )

    @Argument(help: "The folder to make.")
    var target: String

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let source = DataFolder(url: dataOptions.folder(reader))
        let composition = try await Composition(source)
        let folder = URL(fileURLWithPath: target, isDirectory: true)
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw ValidationError("\(folder.path) exists already; a backup makes a new folder")
        }
        try DataFolder(url: folder).make()
        // The directory first: an org in it without a store is found by the doctor, a store without
        // its org is not.
        try await composition.platform.backUp(to: folder.appending(path: "platform.sqlite").path)
        for org in try await composition.platform.orgs() {
            Output.note("copying \(org.slug)")
            try await composition.store.backUp(org.id, into: folder.path)
        }
        for name in ["keys", "tls", "jobs", "steward.yaml", "demo.json"] {
            let item = source.url.appending(path: name)
            guard FileManager.default.fileExists(atPath: item.path) else { continue }
            try FileManager.default.copyItem(at: item, to: folder.appending(path: name))
        }
        await composition.close()
        Output.line("the backup is in \(folder.path); it holds secrets: keep it safe")
    }
}

/// `steward restore`: puts a backup in place.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Checks a backup and puts it in place as a deployment's folder."
    )

    @Argument(help: "The backup's folder.")
    var source: String

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let target = dataOptions.folder(reader)
        let backup = DataFolder(url: URL(fileURLWithPath: source, isDirectory: true))
        guard backup.exists else { throw ValidationError("\(source) holds no backup") }
        let present = (try? FileManager.default.contentsOfDirectory(atPath: target.path)) ?? []
        guard present.isEmpty else {
            throw ValidationError(
                "\(target.path) is not empty; restore into a new folder, then serve that"
            )
        }
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try? FileManager.default.removeItem(at: target)
        try FileManager.default.copyItem(at: backup.url, to: target)
        let composition = try await Composition(DataFolder(url: target))
        let orgs = try await composition.platform.orgs()
        for org in orgs where !composition.store.hasOrg(org.id) {
            throw ValidationError("the backup lacks the records of the org \(org.slug)")
        }
        await composition.close()
        Output.line("restored \(orgs.count) orgs into \(target.path); `steward doctor` checks them")
    }
}
