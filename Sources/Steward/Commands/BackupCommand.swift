import ArgumentParser
import Foundation
import Kernel
import StoreSQLite

/// `steward backup`: copies a deployment while it is in use.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies a whole deployment into a new folder, sealed, while it may be in use.",
        discussion: """
            Each org is sealed with a key of its own. The keys are not in the backup: keep a copy of \
            the folder `keys` of the deployment in another place, and copy it again when an org was \
            made. Without it nobody can read the backup.
            """
    )

    @Argument(help: "The folder to make.")
    var target: String

    @Flag(name: .long, help: "Seals nothing, and puts the keys beside it: it can then be read.")
    var plain = false

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let composition = try await dataOptions.composition()
        let folder = URL(fileURLWithPath: target, isDirectory: true)
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw ValidationError("\(folder.path) exists already; a backup makes a new folder")
        }
        var backup = Backup(of: composition, to: folder)
        try await backup.run(isPlain: plain)
        let keys = composition.folder.url.appending(path: "keys").path
        await composition.close()
        Output.line(
            plain
                ? "the backup is in \(folder.path); it holds secrets: keep it safe"
                : "the backup is in \(folder.path); it opens with the keys in \(keys), which are "
                    + "not in it: keep a copy of them elsewhere"
        )
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

    @Option(
        name: .long,
        help: "The folder `keys` of the deployment, or a copy, for a sealed backup."
    )
    var keys: String?

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let target = dataOptions.folder(reader)
        let backup = DataFolder(url: URL(fileURLWithPath: source, isDirectory: true))
        let isSealed = SealedBackup.isThere(backup.url)
        guard isSealed || backup.exists else { throw ValidationError("\(source) holds no backup") }
        let present = (try? FileManager.default.contentsOfDirectory(atPath: target.path)) ?? []
        guard present.isEmpty else {
            throw ValidationError(
                "\(target.path) is not empty; restore into a new folder, then serve that"
            )
        }
        if isSealed {
            try openSealed(backup.url, into: target)
        } else {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try? FileManager.default.removeItem(at: target)
            try FileManager.default.copyItem(at: backup.url, to: target)
        }
        let composition = try await Composition(DataFolder(url: target))
        let orgs = try await composition.platform.orgs()
        for org in orgs where !composition.store.hasOrg(org.id) {
            throw ValidationError("the backup lacks the records of the org \(org.slug)")
        }
        await composition.close()
        Output.line("restored \(orgs.count) orgs into \(target.path); `steward doctor` checks them")
    }

    /// Nothing stays of a backup that does not open.
    private func openSealed(_ backup: URL, into target: URL) throws {
        guard let keys else {
            throw ValidationError(
                "the backup is sealed: name the folder `keys` of its deployment with --keys"
            )
        }
        let folder = URL(fileURLWithPath: keys, isDirectory: true)
        do {
            try DataFolder(url: target).make()
            try SealedBackup(folder: backup, keys: BackupKeys(folder)).open(into: target)
            try FileManager.default.copyItem(at: folder, to: target.appending(path: "keys"))
        } catch {
            try? FileManager.default.removeItem(at: target)
            throw error
        }
    }
}
