import Accountability
import Kernel
import Metadata

/// Keeps the public record of the deployment's log at hand, and adds what the log has more.
actor PublicRecords {
    private var kept: (key: VerifierKey, reader: PublicRecordReader)?

    /// What the pages and bodies of now are made from.
    ///
    /// - Throws: `RecordError` `NOT_FOUND` where there is no log yet; `LogFault` where it is not
    ///   sound.
    func view(of office: AccountabilityOffice) async throws -> PublicView {
        guard let key = try office.logKey() else {
            throw RecordError(.notFound, "this deployment has no transparency log yet")
        }
        let reading = try await reader(office, key).reading()
        return PublicView(
            record: reading.record,
            now: office.records.clock.now(),
            checkpoint: String(decoding: reading.note.bytes, as: UTF8.self),
            key: "\(key)",
            witnessing: try await office.witnessing(),
            policies: try? office.policies()
        )
    }

    private func reader(_ office: AccountabilityOffice, _ key: VerifierKey) -> PublicRecordReader {
        if let kept, kept.key == key { return kept.reader }
        let reader = PublicRecordReader(DirectoryTiles(reading: office.logFolder), log: key)
        kept = (key, reader)
        return reader
    }
}
