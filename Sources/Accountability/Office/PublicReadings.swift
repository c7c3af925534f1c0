import Kernel
import Metadata

/// Keeps the public record of a deployment's log at hand, and adds what the log has more.
package actor PublicReadings {
    private var kept: (key: VerifierKey, reader: PublicRecordReader)?

    /// - Throws: `LogFault` where the log is not sound.
    func reading(of folder: String, by key: VerifierKey) async throws -> PublicRecordReader.Reading
    {
        let reader: PublicRecordReader
        if let kept, kept.key == key {
            reader = kept.reader
        } else {
            reader = PublicRecordReader(DirectoryTiles(reading: folder), log: key)
            kept = (key, reader)
        }
        return try await reader.reading()
    }
}

extension AccountabilityOffice {
    /// What the log tells everybody, as its published checkpoint has it; `nil` where there is no log.
    ///
    /// - Throws: `LogFault` where the log is not sound.
    package func publicReading() async throws -> PublicRecordReader.Reading? {
        guard let key = try logKey() else { return nil }
        return try await readings.reading(of: logFolder, by: key)
    }

    /// - Throws: `RecordError` `NOT_FOUND` where the deployment has no log yet; as above.
    package func requirePublicReading() async throws -> PublicRecordReader.Reading {
        guard let reading = try await publicReading() else {
            throw RecordError(.notFound, "this deployment has no transparency log yet")
        }
        return reading
    }
}
