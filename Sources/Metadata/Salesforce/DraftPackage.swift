/// A metadata package that is being written: its mappings know what they were made from.
struct DraftPackage {
    var files: [(path: String, map: DraftMap)] = []

    /// The files as YAML, and where in them each item stands.
    func written() -> (files: [MetadataPackage.File], places: DraftPlaces) {
        var places = DraftPlaces()
        let written = files.map { path, map in
            var writer = DraftWriter(path: path)
            writer.write(map, indent: 0)
            places.spans += writer.spans
            return MetadataPackage.File(
                path: path,
                text: writer.lines.joined(separator: "\n") + "\n"
            )
        }
        return (written, places)
    }
}

/// A mapping of a draft.
struct DraftMap {
    indirect enum Value {
        /// Text from outside, escaped where YAML would read it otherwise.
        case text(String)
        case boolean(Bool)
        case integer(Int)
        case texts([String])
        case list([DraftMap])
        case map(DraftMap)
    }

    struct Entry {
        let key: String
        let value: Value
        /// The line of the source from which it was taken.
        let line: Int?
        /// What it is, where it can be left out alone: the default of a field.
        var item: ImportItem?
    }

    /// What it is: `field Site__c.Size__c`; nothing for a part of something.
    let item: ImportItem?
    private(set) var entries: [Entry] = []

    init(_ item: ImportItem? = nil) {
        self.item = item
    }

    mutating func put(_ key: String, _ value: Value?, line: Int? = nil) {
        if let value { entries.append(Entry(key: key, value: value, line: line)) }
    }

    mutating func put(_ key: String, text: String?, line: Int? = nil) {
        put(key, text.map { .text($0) }, line: line)
    }

    /// A value that can be left out alone.
    mutating func put(_ key: String, text: String, of item: ImportItem) {
        entries.append(Entry(key: key, value: .text(text), line: item.line, item: item))
    }

    mutating func put(_ key: String, flag: Bool) {
        if flag { put(key, .boolean(true)) }
    }
}

/// Where the items of a written draft stand.
struct DraftPlaces {
    struct Span {
        let path: String
        let first: Int
        var last: Int
        let item: ImportItem
        /// Lines of keys, and the lines of the source from which their values were taken.
        var keys: [(line: Int, source: Int)] = []
    }

    var spans: [Span] = []

    /// The smallest item about which a problem is, and the line of its source.
    func item(of problem: PackageProblem) -> (item: ImportItem, line: Int)? {
        let around = spans.filter {
            $0.path == problem.file
                && (problem.line == 0 || ($0.first...$0.last).contains(problem.line))
        }
        let found =
            problem.line == 0
            ? around.max { $0.last - $0.first < $1.last - $1.first }
            : around.min { $0.last - $0.first < $1.last - $1.first }
        if let found {
            let key = found.keys.last { $0.line <= problem.line }
            let line = key.map { $0.source + max(0, problem.line - $0.line - 1) }
            return (found.item, line ?? found.item.line)
        }
        return spans.first { $0.item.name.lowercased() == problem.file.lowercased() }
            .map { ($0.item, $0.item.line) }
    }
}

/// Writes mappings as YAML.
struct DraftWriter {
    let path: String
    private(set) var lines: [String] = []
    private(set) var spans: [DraftPlaces.Span] = []

    init(path: String) {
        self.path = path
    }

    mutating func write(_ map: DraftMap, indent: Int, dash: Bool = false) {
        let pad = String(repeating: " ", count: indent)
        let first = lines.count + 1
        var keys: [(line: Int, source: Int)] = []
        // Room for the span: those of parts come after it.
        let index = spans.count
        if let item = map.item {
            spans.append(DraftPlaces.Span(path: path, first: first, last: first, item: item))
        }
        for (number, entry) in map.entries.enumerated() {
            let lead =
                dash ? String(repeating: " ", count: max(0, indent - 2)) + "- " : pad
            if let source = entry.line { keys.append((lines.count + 1, source)) }
            let start = lines.count + 1
            write(entry, lead: number == 0 ? lead : pad, indent: indent)
            guard let item = entry.item else { continue }
            let keys = entry.line.map { [(line: start, source: $0)] } ?? []
            spans.append(
                DraftPlaces.Span(
                    path: path,
                    first: start,
                    last: lines.count,
                    item: item,
                    keys: keys
                )
            )
        }
        if map.item != nil {
            spans[index].last = max(first, lines.count)
            spans[index].keys = keys
        }
    }

    private mutating func write(_ entry: DraftMap.Entry, lead: String, indent: Int) {
        let start = "\(lead)\(entry.key):"
        switch entry.value {
        case .boolean(let value):
            lines.append("\(start) \(value)")
        case .integer(let value):
            lines.append("\(start) \(value)")
        case .texts(let values):
            texts(values, start, indent)
        case .map(let map):
            lines.append(start)
            write(map, indent: indent + 2)
        case .list(let maps):
            lines.append(start)
            for map in maps { write(map, indent: indent + 4, dash: true) }
        case .text(let text):
            guard Self.isBlock(text) else {
                lines.append("\(start) \(Self.scalar(text))")
                return
            }
            lines.append("\(start) |-")
            let pad = String(repeating: " ", count: indent + 2)
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                lines.append(line.isEmpty ? "" : pad + line)
            }
        }
    }

    private mutating func texts(_ values: [String], _ start: String, _ indent: Int) {
        let scalars = values.map(Self.scalar)
        let inline = "\(start) [\(scalars.joined(separator: ", "))]"
        if inline.utf8.count <= 100 {
            lines.append(inline)
            return
        }
        lines.append(start)
        let pad = String(repeating: " ", count: indent + 2)
        for scalar in scalars { lines.append("\(pad)- \(scalar)") }
    }

    /// Whether text of several lines can stand as it is, in a block.
    private static func isBlock(_ text: String) -> Bool {
        guard text.contains("\n"), let first = text.unicodeScalars.first,
            let last = text.unicodeScalars.last
        else { return false }
        if " \t\n".unicodeScalars.contains(first) || last == "\n" { return false }
        // A line of spaces alone could be taken for the block's indentation.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.allSatisfy({ $0.isEmpty || !$0.allSatisfy { $0 == " " || $0 == "\t" } })
        else { return false }
        return text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || isPrintable($0) }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
            0x10000...0x10FFFF:
            true
        default:
            false
        }
    }

    private static let words: Set<String> = [
        "true", "false", "yes", "no", "on", "off", "null", "y", "n",
    ]

    /// One scalar on one line: plain where it is a plain word, else in double quotes.
    static func scalar(_ text: String) -> String {
        let isPlain =
            text.utf8.first.map { UInt8(ascii: "A")...UInt8(ascii: "z") ~= $0 && $0 != 0x5B }
            ?? false
        let isWord = text.utf8.allSatisfy {
            ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z"))
                || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
                || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
        if isPlain && isWord && !words.contains(text.lowercased()) { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                if isPrintable(scalar) {
                    quoted.unicodeScalars.append(scalar)
                } else {
                    let hex = String(scalar.value, radix: 16)
                    quoted += "\\U" + String(repeating: "0", count: 8 - hex.count) + hex
                }
            }
        }
        return quoted + "\""
    }
}
