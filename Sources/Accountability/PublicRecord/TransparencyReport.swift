package import Metadata

/// What happened in a time, counted the same way for everybody, from the log alone.
package struct TransparencyReport: Hashable, Sendable {
    package let from: Instant
    /// The first moment after the time reported on.
    package let to: Instant
    /// How much of the log it was made from.
    package let logSize: Int
    package let tables: [ReportTable]

    /// The report on a time.
    ///
    /// What is asked about is how things stood in its last moment; what happened later is no part
    /// of it, and what was told of it later is.
    package init(on record: PublicRecord, from: Instant, to: Instant) {
        self.from = from
        self.to = to
        logSize = record.size
        let count = ReportCount(record: record, from: from, to: to)
        tables =
            [count.concerns, count.timings, count.outcomes, count.restrictions, count.appeals]
            + [count.coverage, count.letters, count.meetings, count.commitments, count.breakGlass]
            + [count.demands, count.misuse, count.missed, count.mirror, count.discrepancies]
    }

    /// The last whole half-year before a moment.
    package static func lastHalfYear(before now: Instant) -> (from: Instant, to: Instant)? {
        guard let today = CivilDate(daysSinceEpoch: LogCalendar.day(of: now)),
            let end = CivilDate(year: today.year, month: today.month <= 6 ? 1 : 7, day: 1),
            let start = today.month <= 6
                ? CivilDate(year: today.year - 1, month: 7, day: 1)
                : CivilDate(year: today.year, month: 1, day: 1)
        else { return nil }
        return (
            LogCalendar.start(of: start.daysSinceEpoch), LogCalendar.start(of: end.daysSinceEpoch)
        )
    }
}

extension TransparencyReport {
    package var json: JSONObject {
        [
            "from": .string(LogCalendar.text(of: from)), "to": .string(LogCalendar.text(of: to)),
            "logSize": .number(JSONNumber(Int64(logSize))),
            "tables": .array(tables.map { .object($0.json) }),
        ]
    }

    /// The report as text with tables in Markdown, which is plain text too.
    package var markdown: String {
        var lines = [
            "# Transparency report",
            "",
            "From \(LogCalendar.dayText(of: from)) until before \(LogCalendar.dayText(of: to)), "
                + "computed from the \(logSize) entries of the transparency log.",
        ]
        for table in tables {
            lines += ["", "## \(table.title)", ""]
            lines.append(Self.line(table.columns))
            lines.append(Self.line(table.columns.map { _ in "---" }))
            for row in table.rows { lines.append(Self.line(row.map(\.text))) }
            if table.rows.isEmpty { lines.append(Self.line(["none"])) }
            if let note = table.note { lines += ["", note] }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ cells: [String]) -> String {
        "| " + cells.map { escaped($0) }.joined(separator: " | ") + " |"
    }

    /// A cell whose text can be nothing else in Markdown, and is one line.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\", "|", "<", ">", "[", "]", "`", "*", "_", "&":
                escaped += "\\"
                escaped.unicodeScalars.append(character)
            case _ where character.properties.generalCategory == .control: escaped += " "
            case "\u{2028}", "\u{2029}": escaped += " "
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}

extension ReportTable {
    var json: JSONObject {
        [
            "key": .string(key), "title": .string(title),
            "columns": .array(columns.map { .string($0) }),
            "rows": .array(rows.map { .array($0.map(\.json)) }),
            "note": note.map { .string($0) } ?? .null,
        ]
    }
}
