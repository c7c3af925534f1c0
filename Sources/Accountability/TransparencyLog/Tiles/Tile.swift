/// One of the files that a log's hashes and entries are published in.
///
/// It holds up to 256 hashes of one level, or the entries that 256 hashes of level 0 stand for; it
/// is partial while it holds fewer.
///
/// Source: C2SP tlog-tiles, "Merkle Tree" and "Log entries".
package struct Tile: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Hashes of perfect subtrees of `256^level` entries.
        case hashes(level: Int)
        case entries
    }

    /// How many hashes or entries a full tile holds.
    package static let fullWidth = 256
    /// The level of the tree that a level of tiles is above the one below it.
    static let height = 8

    package let kind: Kind
    /// Its place among the tiles of its kind.
    package let index: Int
    /// How many hashes or entries it holds, 1 to 256.
    package let width: Int

    package init(_ kind: Kind, index: Int, width: Int = fullWidth) {
        self.kind = kind
        self.index = index
        self.width = width
    }

    package var isFull: Bool { width == Self.fullWidth }

    /// The same tile with all its hashes or entries.
    package var full: Tile { Tile(kind, index: index) }

    /// How many entries one of its hashes or entries stands for, as a power of two.
    private var unitLevel: Int {
        switch kind {
        case .hashes(let level): level * Self.height
        case .entries: 0
        }
    }

    /// How wide the tile is in a tree of a size; 0 when the tree does not reach it.
    package func width(in size: Int) -> Int {
        let (start, isTooFar) = index.multipliedReportingOverflow(by: Self.fullWidth)
        guard !isTooFar else { return 0 }
        return min(max(count(in: size) - start, 0), Self.fullWidth)
    }

    /// How many hashes or entries all tiles of its kind hold in a tree of a size.
    func count(in size: Int) -> Int { size >> unitLevel }

    /// The partial tiles and the right-most full ones, of all kinds, of a tree of a size.
    static func rightEdge(of size: Int) -> [Tile] {
        var tiles: [Tile] = []
        var level = 0
        var count = size
        while count > 0 {
            let index = (count - 1) / fullWidth
            let width = count - index * fullWidth
            tiles.append(Tile(.hashes(level: level), index: index, width: width))
            if level == 0 {
                tiles.append(Tile(.entries, index: index, width: width))
            }
            count /= fullWidth
            level += 1
        }
        return tiles
    }
}

extension Tile: CustomStringConvertible {
    /// Its path below the log's prefix, such as `tile/0/x001/x234/067.p/8`.
    package var path: String {
        let suffix = isFull ? "" : ".p/\(width)"
        return "tile/\(kindElement)/\(Self.elements(of: index))\(suffix)"
    }

    package var description: String { path }

    private var kindElement: String {
        switch kind {
        case .hashes(let level): "\(level)"
        case .entries: "entries"
        }
    }

    /// An index in elements of three digits, `x` before all but the last.
    private static func elements(of index: Int) -> String {
        var path = threeDigits(index % 1_000)
        var rest = index / 1_000
        while rest > 0 {
            path = "x\(threeDigits(rest % 1_000))/\(path)"
            rest /= 1_000
        }
        return path
    }

    private static func threeDigits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }
}

extension Tile {
    /// Reads a path below a log's prefix.
    ///
    /// - Throws: `LogFormatError` unless the path is written exactly as `path` writes it.
    package init(path: String) throws(LogFormatError) {
        var elements = path.split(separator: "/", omittingEmptySubsequences: false)[...]
        guard elements.count >= 3, elements.popFirst() == "tile", let kind = elements.popFirst()
        else { throw LogFormatError("tile path", "path", "`\(path)` does not begin as one does") }
        if kind == "entries" {
            self.kind = .entries
        } else if let level = Decimal.read(kind), level <= 63 {
            self.kind = .hashes(level: level)
        } else {
            throw LogFormatError("tile path", "level", "`\(path)` has none from 0 to 63")
        }
        width = try Self.takeWidth(from: &elements, of: path)
        index = try Self.index(of: elements, in: path)
        guard self.path.utf8.elementsEqual(path.utf8) else {
            throw LogFormatError("tile path", "path", "`\(path)` is not the shortest form")
        }
    }

    private static func takeWidth(
        from elements: inout ArraySlice<Substring>,
        of path: String
    ) throws(LogFormatError) -> Int {
        guard elements.count >= 2, elements[elements.endIndex - 2].hasSuffix(".p") else {
            return fullWidth
        }
        guard let last = elements.popLast(), let width = Decimal.read(last), 1...255 ~= width else {
            throw LogFormatError("tile path", "width", "`\(path)` has none from 1 to 255")
        }
        elements[elements.endIndex - 1].removeLast(2)
        return width
    }

    private static func index(
        of elements: ArraySlice<Substring>,
        in path: String
    ) throws(LogFormatError) -> Int {
        var index = 0
        for (place, element) in zip(elements.indices, elements) {
            let isLast = place == elements.endIndex - 1
            let digits = isLast ? element[...] : element.dropFirst()
            let hasPrefix = isLast || element.first == "x"
            guard hasPrefix, digits.utf8.count == 3, digits.utf8.allSatisfy({ 48...57 ~= $0 }),
                let number = Int(digits), index <= (Int.max >> 10) / 1_000
            else { throw LogFormatError("tile path", "index", "`\(path)` has no index") }
            index = index * 1_000 + number
        }
        return index
    }
}
