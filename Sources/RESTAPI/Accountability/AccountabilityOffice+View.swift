import Accountability
import Kernel
import Metadata

extension AccountabilityOffice {
    /// What the pages and bodies of now are made from.
    ///
    /// - Throws: `RecordError` `NOT_FOUND` where there is no log yet; `LogFault` where it is not
    ///   sound.
    func publicView() async throws -> PublicView {
        let reading = try await requirePublicReading()
        return PublicView(
            record: reading.record,
            now: records.clock.now(),
            checkpoint: String(decoding: reading.note.bytes, as: UTF8.self),
            key: try logKey().map { "\($0)" } ?? "",
            witnessing: try await witnessing(),
            policies: try? policies()
        )
    }
}
