import Kernel
import Metadata

/// What one batch of an ingest job has done, as it goes into the result files.
struct BatchOutcome: Sendable {
    /// The batch's first row among the job's, from zero.
    let firstRow: Int
    let rowCount: Int
    let failedCount: Int
    /// The records that were saved.
    let ids: [RecordID]
    let successful: [UInt8]
    let failed: [UInt8]
    /// Whether doing it a second time would do something else.
    let matters: Bool

    init(job: BulkJob, ids: [String], cells: [[String]], _ results: [SaveResult]) {
        var successful = CSVWriter(delimiter: job.delimiter, lineEnding: job.lineEnding)
        var failed = CSVWriter(delimiter: job.delimiter, lineEnding: job.lineEnding)
        var failedCount = 0
        for (index, result) in results.enumerated() where index < cells.count {
            switch result {
            case .success(let id, let isCreated):
                successful.row([id.description, isCreated ? "true" : "false"] + cells[index])
            case .failure(let errors):
                failedCount += 1
                failed.row([ids[index], Self.text(errors)] + cells[index])
            }
        }
        firstRow = job.rowsDone
        rowCount = cells.count
        self.failedCount = failedCount
        self.ids = results.compactMap(\.id)
        self.successful = successful.bytes
        self.failed = failed.bytes
        // An update or upsert finds its records again and leaves them as they are.
        matters =
            switch job.operation {
            case .insert, .delete, .hardDelete: true
            case .update, .upsert, .query, .queryAll: false
            }
    }

    /// `CODE:message:fields --`.
    private static func text(_ errors: [RecordError]) -> String {
        errors.map { error in
            "\(error.code.rawValue):\(error.message):"
                + "\(error.fields.map(\.text).joined(separator: ", ")) --"
        }.joined(separator: ";")
    }
}

// MARK: - Stored

extension BatchOutcome {
    var stored: [UInt8] {
        var writer = JSONWriter(capacity: successful.count + failed.count + 1_024)
        writer.beginObject()
        writer.member("firstRow", firstRow)
        writer.member("rowCount", rowCount)
        writer.member("failedCount", failedCount)
        writer.key("ids")
        writer.strings(ids.map(\.description))
        writer.member("successful", String(decoding: successful, as: UTF8.self))
        writer.member("failed", String(decoding: failed, as: UTF8.self))
        writer.endObject()
        return writer.bytes
    }

    /// Reads what was noted; `nil` where the bytes are not that.
    init?(stored bytes: [UInt8]) {
        guard !bytes.isEmpty, let value = try? JSONParser.parse(bytes),
            let firstRow = value["firstRow"]?.number?.int64,
            let rowCount = value["rowCount"]?.number?.int64,
            let failedCount = value["failedCount"]?.number?.int64,
            let ids = value["ids"]?.array,
            let successful = value["successful"]?.string,
            let failed = value["failed"]?.string
        else { return nil }
        self.firstRow = Int(firstRow)
        self.rowCount = Int(rowCount)
        self.failedCount = Int(failedCount)
        self.ids = ids.compactMap { $0.string.flatMap { try? RecordID($0) } }
        self.successful = Array(successful.utf8)
        self.failed = Array(failed.utf8)
        matters = true
    }
}
