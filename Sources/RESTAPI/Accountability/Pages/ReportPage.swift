import Accountability
import Metadata

/// The report on a half-year, and the log from which it and everything else is computed.
enum ReportPage {
    static func page(_ view: PublicView, _ report: TransparencyReport) -> PublicPage {
        let path = "/services/accountability/v1/report"
        let query =
            "?from=\(LogCalendar.dayText(of: report.from))&to=\(LogCalendar.dayText(of: report.to))"
        return PublicPage(
            title: "Transparency report",
            section: "report",
            body: .paragraph(
                "From \(LogCalendar.dayText(of: report.from)) until before "
                    + "\(LogCalendar.dayText(of: report.to)), counted from the log."
            )
                + .all(report.tables.map { table($0) })
                + .list([
                    .link(path + query, "As JSON"),
                    .link(path + query + "&format=markdown", "As text"),
                    .link(
                        path + query + "&format=dsa",
                        "Statements of reasons for the DSA database"
                    ),
                ])
        )
    }

    static func table(_ table: ReportTable) -> HTML {
        HTML.table(table.title, table.columns, table.rows.map { $0.map { HTML($0.text) } })
            + (table.note.map { .paragraph($0) } ?? .empty)
    }

    static func log(_ view: PublicView) -> PublicPage {
        PublicPage(
            title: "Transparency log",
            section: "log",
            body: .paragraph(
                "\(view.record.size) entries, which anybody can fetch, check and keep. Nobody can "
                    + "change one, or show another log to somebody else, without being found out by "
                    + "whoever kept a checkpoint."
            )
                + .facts([
                    (
                        "Checkpoint",
                        .link("/accountability/log/checkpoint", "/accountability/log/checkpoint")
                    ),
                    ("Key", HTML("code", [], HTML(view.key))),
                ])
                + HTML("pre", [], HTML(view.checkpoint)) + .heading(2, "How to check it")
                + .paragraph(
                    "Take the key from somewhere else than here: from the contract, a newspaper, a "
                        + "friend. Keep each checkpoint for the next time."
                )
                + HTML(
                    "pre",
                    [],
                    HTML("steward log verify https://HOST/accountability/log --key KEY --seen KEPT")
                )
                + .paragraph(
                    "The formats are those of C2SP (tlog-tiles, signed notes): programs of others "
                        + "read it too."
                ) + witnesses(view) + unread(view)
        )
    }

    private static func witnesses(_ view: PublicView) -> HTML {
        guard let witnessing = view.witnessing else {
            return .heading(2, "Witnesses")
                + .paragraph(
                    "None are asked. Nothing but kept checkpoints keeps this log from being shown "
                        + "differently to different people.",
                    class: "late"
                )
        }
        return .heading(2, "Witnesses")
            + .facts([
                ("Asked", HTML(witnessing.names.joined(separator: ", "))),
                ("So many must vouch", HTML(String(witnessing.quorum))),
                ("They have vouched for", HTML("\(witnessing.finalSize) entries")),
                ("At", witnessing.finalAt.map { HTML(LogCalendar.text(of: $0)) }),
                (
                    "Entries wait for them since",
                    witnessing.waitingSince.map { HTML(LogCalendar.text(of: $0)) }
                ),
            ])
    }

    private static func unread(_ view: PublicView) -> HTML {
        let unread = view.record.unread
        guard !unread.isEmpty else { return .empty }
        return .table(
            "Entries that could not be read",
            ["Entry", "Kind", "Why"],
            unread.prefix(200).map {
                [HTML(String($0.index)), HTML($0.kind ?? "–"), HTML($0.problem)]
            }
        )
    }
}
