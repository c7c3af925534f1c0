import Accountability
import ArgumentParser
import Foundation
import Metadata

/// `steward accountability report`.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Prints the transparency report of a time, and publishes that it was made.",
        discussion: """
            It is computed from the log alone, the same for everybody. With --publish the log gets its \
            digest, and the next one is owed half a year later.
            """
    )

    @Option(name: .long, help: "The first day; of the last whole half-year if left out.")
    var from: String?

    @Option(name: .long, help: "The day after the last.")
    var to: String?

    @Flag(name: .long, help: "Tells the log of it.")
    var publish = false

    @OptionGroup var dataOptions: DataOptions

    func run() async throws {
        let (first, end) = (try day(from, "--from"), try day(to, "--to"))
        let composition = try await dataOptions.composition()
        let report = try await ReportDesk(composition.office).report(
            from: first,
            to: end,
            isPublished: publish
        )
        await composition.close()
        Output.line(report.markdown)
    }

    private func day(_ text: String?, _ name: String) throws -> Instant? {
        guard let text else { return nil }
        guard let day = CivilText.daysSinceEpoch(text) else {
            throw ValidationError("\(name) must be a day: 2026-01-01")
        }
        return LogCalendar.start(of: day)
    }
}
