import Metadata

/// A table of the transparency report.
package struct ReportTable: Hashable, Sendable {
    package enum Cell: Hashable, Sendable {
        case text(String)
        /// A count of things that are public one by one anyway.
        case count(Int)
        /// A count of people or of what concerns them, told in bands.
        case band(Int)
        /// A count of orgs: nothing is told below ten.
        case orgs(Int)
        /// Not told, so that the cells beside it do not give an untold one away.
        case withheld
        case days(Int?)
        /// A share of a whole, in percent.
        case share(Int, of: Int)
    }

    /// A short name for programs: `restrictionsByKind`.
    package let key: String
    package let title: String
    package let columns: [String]
    package private(set) var rows: [[Cell]]
    /// What a reader should know of how it was counted.
    package let note: String?

    init(
        _ key: String,
        _ title: String,
        columns: [String],
        rows: [[Cell]],
        note: String? = nil
    ) {
        self.key = key
        self.title = title
        self.columns = columns
        self.rows = rows
        self.note = note
        suppress()
    }

    /// Withholds a second cell of a column that has only one untold: it could be computed from the
    /// others and a sum that is known from elsewhere.
    private mutating func suppress() {
        for column in columns.indices {
            let counted = rows.indices.compactMap { row -> (row: Int, count: Int)? in
                guard rows[row].indices.contains(column),
                    case .orgs(let count) = rows[row][column]
                else { return nil }
                return (row, count)
            }
            let told = counted.filter { $0.count >= CountBand.least }
            guard counted.count - told.count == 1,
                let smallest = told.min(by: { $0.count < $1.count })
            else { continue }
            rows[smallest.row][column] = .withheld
        }
    }
}

extension ReportTable.Cell {
    /// As people read it.
    package var text: String {
        switch self {
        case .text(let text): return text
        case .count(let count): return String(count)
        case .band(let count): return CountBand.text(count)
        case .orgs(let count):
            return count < CountBand.least ? "fewer than \(CountBand.least)" : CountBand.text(count)
        case .withheld: return "not told"
        case .days(let days): return days.map { $0 == 1 ? "1 day" : "\($0) days" } ?? "–"
        case .share(let part, let whole):
            guard whole > 0 else { return "–" }
            return "\((100 * part + whole / 2) / whole) %"
        }
    }

    var json: JSONValue {
        switch self {
        case .count(let count): .number(JSONNumber(Int64(count)))
        case .days(let days): days.map { .number(JSONNumber(Int64($0))) } ?? .null
        case .share(_, let whole) where whole == 0: .null
        case .text, .band, .orgs, .withheld, .share: .string(text)
        }
    }
}

/// The middle and the slow end of some lengths of time.
struct Spread {
    let count: Int
    let median: Int?
    let ninetieth: Int?

    /// By the nearest rank: a length that somebody really waited.
    init(_ days: [Int]) {
        let sorted = days.sorted()
        count = sorted.count
        func rank(_ percent: Int) -> Int? {
            guard !sorted.isEmpty else { return nil }
            let place = (percent * sorted.count + 99) / 100
            return sorted[min(max(place, 1), sorted.count) - 1]
        }
        median = rank(50)
        ninetieth = rank(90)
    }
}
