import ArgumentParser
import Crypto
import Foundation
import Kernel
import Metadata
import RESTAPI
import UseMeter

/// `steward export`: writes all of an org's records and metadata into open formats.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes an org's records as CSV, its files and its metadata into a new folder.",
        discussion: "`manifest.json` lists every file with its number of rows and its SHA-256."
    )

    @Argument(help: "The folder to make.")
    var target: String

    @Flag(name: .long, help: "Deleted records too.")
    var all = false

    @OptionGroup var signInOptions: SignInOptions
    @OptionGroup var orgOptions: OrgOptions
    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let composition = try await Composition(DataFolder(url: dataOptions.folder(reader)))
        let (org, caller) = try await signInOptions.signIn(
            composition,
            orgOptions,
            surface: .export
        )
        let folder = URL(fileURLWithPath: target, isDirectory: true)
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw ValidationError("\(folder.path) exists already; an export makes a new folder")
        }
        let isWhole = try await composition.records.read(as: caller, isBrief: true) {
            $0.access.has(.viewAllData)
        }
        guard isWhole else {
            throw ValidationError(
                "an export is of the whole org, and `\(signInOptions.asUser ?? "")` has not the "
                    + "permission View All Data"
            )
        }
        var export = OrgExport(
            records: composition.records,
            caller: caller,
            folder: folder,
            includesDeleted: all
        )
        try await export.run()
        await composition.close()
        Output.line("\(export.rowCount) records of \(org.slug) are in \(folder.path)")
    }
}

/// The work of exporting one org.
struct OrgExport {
    let records: Records
    let caller: Caller
    let folder: URL
    let includesDeleted: Bool
    private(set) var rowCount = 0
    private var entries: [(path: String, rows: Int, digest: String)] = []

    init(records: Records, caller: Caller, folder: URL, includesDeleted: Bool) {
        self.records = records
        self.caller = caller
        self.folder = folder
        self.includesDeleted = includesDeleted
    }

    mutating func run() async throws {
        for name in ["records", "metadata", "files"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name),
                withIntermediateDirectories: true
            )
        }
        let schema = try await records.read(as: caller) { $0.snapshot.schema }
        let objects = schema.objects.filter { !$0.isEvent && !$0.traits.isComputed }
        for (index, object) in objects.enumerated() {
            try await export(object)
            Output.progress("exporting", index + 1, of: objects.count)
        }
        try await exportMetadata()
        try writeManifest()
    }

    private mutating func export(_ object: ObjectDefinition) async throws {
        let fields = object.fields.filter { !$0.isCompound && !$0.isHidden }.map(\.name.text)
        let soql = "SELECT \(fields.joined(separator: ",")) FROM \(object.name)"
        let url = folder.appending(path: "records/\(object.name).csv")
        guard FileManager.default.createFile(atPath: url.path, contents: nil),
            let handle = try? FileHandle(forWritingTo: url)
        else { throw ValidationError("\(url.path) cannot be written") }
        var hash = SHA256()
        var count = 0
        var isFirst = true
        let pages = QueryPages(
            records: records,
            caller: caller,
            options: QueryOptions(includesDeleted: includesDeleted)
        )
        try await pages.forEach(
            soql,
            { plan, _ in CSVRowSink(plan.query, hasHeader: false) }
        ) { page in
            var header = CSVWriter(quoting: .all)
            if isFirst { header.row(FlatColumn.all(of: page.plan.query).map(\.path)) }
            isFirst = false
            var sink = page.sink
            let bytes = header.takeBytes() + sink.takeBytes()
            hash.update(data: bytes)
            try handle.write(contentsOf: Data(bytes))
            count = page.total
        }
        try handle.close()
        rowCount += count
        entries.append(("records/\(object.name).csv", count, Self.text(hash.finalize())))
        for field in object.fields {
            if case .file = field.type { try await exportFiles(object, field) }
        }
    }

    private mutating func exportFiles(
        _ object: ObjectDefinition,
        _ field: FieldDefinition
    ) async throws {
        let ids = try await records.read(as: caller) { reader in
            try reader.rows("SELECT Id FROM \(object.name)").compactMap { $0[0].id }
        }
        for id in ids {
            let bytes = try await records.read(as: caller) { reader in
                try reader.fileBytes(object, field.name.text, id)
            }
            guard let bytes else { continue }
            let path = "files/\(id)-\(field.name)"
            try Data(bytes).write(to: folder.appending(path: path))
            entries.append((path, 1, Self.text(SHA256.hash(data: bytes))))
        }
    }

    private mutating func exportMetadata() async throws {
        let packages = try await records.read(as: caller) { try $0.installedPackages() }
        for package in packages {
            for file in package.files {
                let path = "metadata/\(package.name)/\(file.path)"
                let url = folder.appending(path: path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(file.text.utf8).write(to: url)
                entries.append((path, 1, Self.text(SHA256.hash(data: Array(file.text.utf8)))))
            }
        }
    }

    private func writeManifest() throws {
        var writer = JSONWriter(isPretty: true)
        writer.beginObject()
        writer.key("org")
        writer.string(caller.org.description)
        writer.key("files")
        writer.beginArray()
        for entry in entries {
            writer.beginObject()
            writer.key("path")
            writer.string(entry.path)
            writer.key("rows")
            writer.int(entry.rows)
            writer.key("sha256")
            writer.string(entry.digest)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        try Data(writer.bytes).write(to: folder.appending(path: "manifest.json"))
    }

    private static func text(_ digest: some Digest) -> String {
        digest.map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0\(text)" : text
        }
        .joined()
    }
}
