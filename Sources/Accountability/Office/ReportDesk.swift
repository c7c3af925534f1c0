import Kernel
package import Metadata

/// Makes the transparency report of a time, and tells the log that it was made.
package struct ReportDesk: Sendable {
    private let office: AccountabilityOffice

    package init(_ office: AccountabilityOffice) {
        self.office = office
    }

    /// The report of a time, from the log alone.
    ///
    /// - Parameters:
    ///   - from: the last whole half-year's beginning where it is left out, as `to` is its end.
    ///   - isPublished: tells the log of it, with the digest of its text; once for each time.
    /// - Throws: `RecordError` where there is no log, the time is not over or its report is in the log.
    package func report(
        from: Instant?,
        to: Instant?,
        isPublished: Bool
    ) async throws -> TransparencyReport {
        let now = office.records.clock.now()
        let half = TransparencyReport.lastHalfYear(before: now)
        guard let from = from ?? half?.from, let to = to ?? half?.to, from < to else {
            throw RecordError(.invalidInput, "from: the time begins before it ends")
        }
        let record = try await office.requirePublicReading().record
        let report = TransparencyReport(on: record, from: from, to: to)
        guard isPublished else { return report }
        guard to <= now else {
            throw RecordError(.invalidOperation, "to: what is not over is not reported on")
        }
        let days = (LogCalendar.dayText(of: from), LogCalendar.dayText(of: to))
        let isThere = record.notables("report").contains {
            $0.values["from"] == days.0 && $0.values["to"] == days.1
        }
        guard !isThere else {
            throw RecordError(
                .invalidOperation,
                "the report from \(days.0) to \(days.1) is in the log"
            )
        }
        let entry = try LogEntry(
            kind: "report",
            content: [
                "from": .string(days.0), "to": .string(days.1),
                "digest": .string(PolicyDigest.of(report.markdown)),
                "at": .string(LogCalendar.text(of: now)),
            ]
        )
        _ = try await office.log.append(entry, mayBeThere: false)
        return report
    }
}
