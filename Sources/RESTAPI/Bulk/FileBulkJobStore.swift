private import Foundation
private import Kernel
package import Metadata

/// Keeps jobs in folders: one for each org, in it one for each job.
package struct FileBulkJobStore: BulkJobStore {
    private let root: URL

    /// - Parameter folder: the path of a folder of its own; it is made when it is needed.
    package init(folder: String) {
        root = URL(fileURLWithPath: folder, isDirectory: true)
    }

    private func folder(_ org: OrgID) -> URL {
        root.appendingPathComponent(org.description, isDirectory: true)
    }

    private func folder(_ job: BulkJob) -> URL {
        folder(job.org).appendingPathComponent(job.id.description, isDirectory: true)
    }

    private func place(_ file: BulkFile, of job: BulkJob) -> URL {
        let name =
            switch file {
            case .upload: "upload.csv"
            case .successful: "successful.csv"
            case .failed: "failed.csv"
            case .pending: "pending.json"
            case .header: "header.csv"
            case .part(let number): "part-\(number).csv"
            }
        return folder(job).appendingPathComponent(name)
    }

    package func put(_ job: BulkJob) throws {
        try FileManager.default.createDirectory(at: folder(job), withIntermediateDirectories: true)
        try write(job.stored, as: folder(job).appendingPathComponent("job.json"))
    }

    package func job(_ id: RecordID, of org: OrgID) throws -> BulkJob? {
        let place = folder(org).appendingPathComponent(id.description)
            .appendingPathComponent("job.json")
        guard let data = try? Data(contentsOf: place) else { return nil }
        return BulkJob(stored: Array(data))
    }

    package func jobs(of org: OrgID) throws -> [BulkJob] {
        names(in: folder(org)).compactMap { name in
            (try? RecordID(name)).flatMap { try? job($0, of: org) }
        }.sorted { $0.id < $1.id }
    }

    package func unfinished() throws -> [BulkJob] {
        try all().filter { $0.state == .uploadComplete || $0.state == .inProgress }
    }

    package func expired(before moment: Instant) throws -> [BulkJob] {
        try all().filter { ($0.state.isFinal || $0.state == .open) && $0.createdDate < moment }
    }

    private func all() throws -> [BulkJob] {
        try names(in: root).compactMap { try? RecordID($0) }
            .flatMap { try jobs(of: OrgID($0)) }
            .sorted { $0.id < $1.id }
    }

    private func names(in folder: URL) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    }

    package func remove(_ job: BulkJob) throws {
        try FileManager.default.removeItem(at: folder(job))
    }

    package func write(_ bytes: [UInt8], to file: BulkFile, of job: BulkJob) throws {
        try write(bytes, as: place(file, of: job))
    }

    /// Puts a file in place whole, when all of it is on disk.
    private func write(_ bytes: [UInt8], as place: URL) throws {
        let temporary = place.appendingPathExtension("new")
        try Data(bytes).write(to: temporary)
        let handle = try FileHandle(forWritingTo: temporary)
        defer { try? handle.close() }
        try handle.synchronize()
        guard rename(temporary.path, place.path) == 0 else {
            throw RecordError(.serverUnavailable, "A file of a bulk job could not be put in place")
        }
    }

    package func append(
        _ bytes: [UInt8],
        to file: BulkFile,
        at length: Int,
        of job: BulkJob
    ) throws {
        let place = place(file, of: job)
        if !FileManager.default.fileExists(atPath: place.path) { try Data().write(to: place) }
        let handle = try FileHandle(forWritingTo: place)
        defer { try? handle.close() }
        try handle.truncate(atOffset: UInt64(max(0, length)))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(bytes))
    }

    package func read(
        _ file: BulkFile,
        from offset: Int,
        count: Int,
        of job: BulkJob
    ) throws -> [UInt8] {
        let place = place(file, of: job)
        guard count > 0, let handle = try? FileHandle(forReadingFrom: place) else { return [] }
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(max(0, offset)))
        return try handle.read(upToCount: count).map { Array($0) } ?? []
    }

    package func size(_ file: BulkFile, of job: BulkJob) throws -> Int {
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: place(file, of: job).path
        )
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }
}
