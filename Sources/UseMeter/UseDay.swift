/// What one org did on one day: totals by product, object, operation, surface and client.
package struct UseDay: Sendable, Hashable {
    /// What a total is of.
    package struct Cell: Sendable, Hashable {
        package let product: String
        /// The object, flow or webhook.
        package let name: String
        package let operation: UseOperation
        package let surface: UseSurface
        package let client: String?

        package init(
            product: String,
            name: String,
            operation: UseOperation,
            surface: UseSurface,
            client: String? = nil
        ) {
            self.product = product
            self.name = name
            self.operation = operation
            self.surface = surface
            self.client = client
        }

        fileprivate var amongOthers: Cell {
            Cell(
                product: UseSubject.other.product,
                name: UseSubject.other.name,
                operation: operation,
                surface: surface
            )
        }
    }

    /// Totals of one day that are told apart; what comes after them counts among the others.
    package static let cellsMax = 4_096
    /// Bytes of a name; what is longer is cut.
    static let nameMax = 200

    /// Days since 1970-01-01, in UTC.
    package let day: Int32
    package private(set) var totals: [Cell: UseCount] = [:]
    /// Uses of all orgs of the deployment that had no room: at most so many are missing here.
    package private(set) var unattributed = 0
    /// Seconds of which nothing may be known, since the program ended before it had kept its
    /// counts.
    package private(set) var lostSeconds = 0

    package init(day: Int32) {
        self.day = day
    }

    package var isEmpty: Bool { totals.isEmpty && unattributed == 0 && lostSeconds == 0 }

    package mutating func add(_ cell: Cell, _ count: UseCount) {
        let isKnown = totals[cell] != nil
        let place = isKnown || totals.count < UseDay.cellsMax ? cell : cell.amongOthers
        totals[place, default: UseCount()].add(count)
    }

    package mutating func add(_ key: UseKey, _ count: UseCount) {
        add(
            Cell(
                product: UseDay.name(key.subject.product),
                name: UseDay.name(key.subject.name),
                operation: key.operation,
                surface: key.surface,
                client: key.client.map(UseDay.name)
            ),
            count
        )
    }

    package mutating func add(_ other: UseDay) {
        for (cell, count) in other.totals { add(cell, count) }
        addUnattributed(other.unattributed)
        addLost(seconds: other.lostSeconds)
    }

    package mutating func addUnattributed(_ uses: Int) {
        unattributed = UseCount.sum(unattributed, max(0, uses))
    }

    package mutating func addLost(seconds: Int) {
        lostSeconds = min(UseDay.secondsPerDay, UseCount.sum(lostSeconds, max(0, seconds)))
    }

    package static let secondsPerDay = 86_400

    /// The totals in one order, whatever the order in which they came to be.
    package var sorted: [(cell: Cell, count: UseCount)] {
        totals.sorted { $0.key < $1.key }.map { (cell: $0.key, count: $0.value) }
    }

    /// A name without what would end a field or a line.
    private static func name(_ text: String) -> String {
        let isSound = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
        if isSound && text.utf8.count <= nameMax && !text.isEmpty { return text }
        var name = ""
        for scalar in text.unicodeScalars {
            let next = scalar.value < 0x20 || scalar.value == 0x7f ? "?" : scalar
            guard name.utf8.count + UTF8.width(next) <= nameMax else { break }
            name.unicodeScalars.append(next)
        }
        return name.isEmpty ? "?" : name
    }
}

extension UseDay.Cell: Comparable {
    package static func < (one: Self, other: Self) -> Bool {
        (one.product, one.name, one.operation.rawValue, one.surface.rawValue, one.client ?? "")
            < (
                other.product, other.name, other.operation.rawValue, other.surface.rawValue,
                other.client ?? ""
            )
    }
}

// MARK: - As a text

extension UseDay {
    private static let form = "use-count 1"

    /// The totals as they are kept: a line that names the form, one with what is not known, then
    /// one for each total, its fields between tabs.
    package var text: String {
        var lines = [UseDay.form, "\(day)\t\(unattributed)\t\(lostSeconds)"]
        lines += sorted.map { cell, count in
            [
                cell.product, cell.name, cell.operation.rawValue, cell.surface.rawValue,
                cell.client ?? "", "\(count.uses)", "\(count.records)",
            ].joined(separator: "\t")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads what `text` wrote; `nil` for anything else.
    package init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        guard lines.count >= 2, lines[0] == UseDay.form else { return nil }
        let head = UseDay.fields(lines[1])
        guard head.count == 3, let day = Int32(head[0]), let unattributed = Int(head[1]),
            let lost = Int(head[2]), unattributed >= 0, lost >= 0
        else { return nil }
        self.init(day: day)
        addUnattributed(unattributed)
        addLost(seconds: lost)
        for line in lines.dropFirst(2) {
            guard let (cell, count) = UseDay.total(line), totals[cell] == nil else { return nil }
            totals[cell] = count
        }
    }

    private static func fields(_ line: Substring) -> [Substring] {
        line.split(separator: "\t", omittingEmptySubsequences: false)
    }

    private static func total(_ line: Substring) -> (Cell, UseCount)? {
        let fields = fields(line)
        guard fields.count == 7, let operation = UseOperation(rawValue: String(fields[2])),
            let surface = UseSurface(rawValue: String(fields[3])),
            let uses = Int(fields[5]), let records = Int(fields[6]), uses >= 0, records >= 0
        else { return nil }
        let cell = Cell(
            product: String(fields[0]),
            name: String(fields[1]),
            operation: operation,
            surface: surface,
            client: fields[4].isEmpty ? nil : String(fields[4])
        )
        return (cell, UseCount(uses: uses, records: records))
    }
}
