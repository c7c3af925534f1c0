import Metadata
import UseMeter

/// The register of all orgs, as everyone may read it: how many orgs, in one fixed grid of cells.
///
/// The grid is the same in each report. There is no other way to ask, so that nobody can cut the
/// orgs in two ways and compare.
package struct PublicRegister: Sendable, Hashable {
    /// With fewer orgs than this, nothing but how many there are is published.
    package static let orgsOfGridMin = 30

    /// One cell: which table, and which line of it.
    package struct Cell: Sendable, Hashable {
        package let table: String
        package let line: String

        package init(table: String, line: String) {
            self.table = table
            self.line = line
        }
    }

    /// Days since 1970-01-01, in UTC.
    package let day: Int32
    package let orgs: Int?
    /// The published cells; those that are held back are missing.
    package let cells: [Cell: Int]

    /// - Parameters:
    ///   - snapshots: one for each org, those of the operator's own too.
    ///   - previous: the report before; `nil` only for the first.
    package init(day: Int32, of snapshots: [UseSnapshot], after previous: PublicRegister?) {
        self.day = day
        let isFirst = previous == nil
        orgs = PublicCount.published(snapshots.count, after: previous?.orgs, isFirst: isFirst)
        guard orgs != nil, snapshots.count >= PublicRegister.orgsOfGridMin else {
            cells = [:]
            return
        }
        var cells: [Cell: Int] = [:]
        for table in RegisterGrid.tables {
            let counts = table.counts(snapshots)
            var shown: [String: Int] = [:]
            for (line, count) in counts {
                shown[line] = PublicCount.published(
                    count,
                    after: previous?.cells[Cell(table: table.name, line: line)],
                    isFirst: isFirst
                )
            }
            if table.isPartition { PublicRegister.holdBack(&shown, counts) }
            for (line, count) in shown { cells[Cell(table: table.name, line: line)] = count }
        }
        self.cells = cells
    }

    /// Where the lines of a table add up to a number that is known, what one hidden line holds
    /// could be worked out: the smallest shown ones are hidden with it, until there are two and
    /// enough orgs.
    private static func holdBack(_ shown: inout [String: Int], _ counts: [String: Int]) {
        func hidden() -> [Int] {
            counts.filter { shown[$0.key] == nil && $0.value > 0 }.map(\.value)
        }
        while true {
            let lines = hidden()
            let isSafe =
                lines.isEmpty
                || lines.count >= 2 && lines.reduce(0, +) >= PublicCount.orgsMin
            guard !isSafe else { return }
            let smallest = shown.min { one, other in
                let (a, b) = (counts[one.key] ?? 0, counts[other.key] ?? 0)
                return (a, one.key) < (b, other.key)
            }
            guard let smallest else { return }
            shown[smallest.key] = nil
        }
    }

    /// Reads what `json` wrote; lines that the grid does not have are left out.
    init?(_ json: CanonicalJSON?) {
        guard case .object(let members)? = json, case .string(let date)? = members["day"],
            let day = CivilText.daysSinceEpoch(date).flatMap({ Int32(exactly: $0) }),
            case .object(let tables)? = members["tables"]
        else { return nil }
        var cells: [Cell: Int] = [:]
        for table in RegisterGrid.tables {
            guard case .object(let lines)? = tables[table.name] else { continue }
            for line in table.lines {
                guard case .integer(let count)? = lines[line] else { continue }
                cells[Cell(table: table.name, line: line)] = count
            }
        }
        self.day = day
        self.cells = cells
        if case .integer(let count)? = members["orgs"] { orgs = count } else { orgs = nil }
    }

    /// As it is published: `null` for a cell that is held back.
    package var json: CanonicalJSON {
        var tables: [String: CanonicalJSON] = [:]
        for table in RegisterGrid.tables {
            var lines: [String: CanonicalJSON] = [:]
            for line in table.lines {
                let cell = cells[Cell(table: table.name, line: line)]
                lines[line] = cell.map { .integer($0) } ?? .null
            }
            tables[table.name] = .object(lines)
        }
        return .object([
            "day": .string(UseSnapshot.date(day)), "orgs": orgs.map { .integer($0) } ?? .null,
            "roundedTo": .integer(PublicCount.orgsMin), "tables": .object(tables),
        ])
    }
}

/// The tables of the public register; a constant of the program.
package enum RegisterGrid {
    /// A table: its lines, and to which of them an org belongs.
    package struct Table: Sendable {
        package let name: String
        package let lines: [String]
        /// Whether each org is in one line at most, so that lines add up.
        package let isPartition: Bool
        let feature: String

        func counts(_ snapshots: [UseSnapshot]) -> [String: Int] {
            var counts = Dictionary(lines.map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
            for snapshot in snapshots {
                switch snapshot.features[feature] {
                case .codes(let codes)?:
                    for code in codes where counts[code] != nil { counts[code, default: 0] += 1 }
                case .number(let number)?:
                    let line = "\(number)"
                    if counts[line] != nil { counts[line, default: 0] += 1 }
                case .truth(let value)?:
                    let line = value ? "yes" : "no"
                    if counts[line] != nil { counts[line, default: 0] += 1 }
                case nil: break
                }
            }
            return counts
        }
    }

    package static let tables: [Table] =
        [
            codes("products", RegisterVocabulary.products.union([RegisterVocabulary.other])),
            codes("data.special", RegisterVocabulary.specialCategories),
            Table(
                name: "data.children",
                lines: ["no", "yes"],
                isPartition: true,
                feature: "data.children"
            ),
            codes("exposure", exposures),
            codes("integrations", Set(HostClass.allCases.map(\.rawValue))),
            codes("automation", automations),
        ] + ["users", "mails", "exports", "siteUses", "flowRuns", "apiCalls"].map(bands)
        + RegisterVocabulary.products.sorted().map { bands("\($0).records") }

    private static let exposures: Set<String> = [
        "guest-reads", "guest-creates", "guest-edits", "guest-deletes", "guest-reads-personal",
        "guest-reads-confidential",
    ]

    private static let automations: Set<String> = [
        "record-triggered", "scheduled", "event-triggered", "with-every-right", "deletes",
        "sends-mail", "sends-webhooks", "approvals",
    ]

    private static func codes(_ feature: String, _ lines: Set<String>) -> Table {
        Table(name: feature, lines: lines.sorted(), isPartition: false, feature: feature)
    }

    private static func bands(_ name: String) -> Table {
        Table(
            name: name,
            lines: (0...UseBand.last).map { "\($0)" },
            isPartition: true,
            feature: "band.\(name)"
        )
    }
}
