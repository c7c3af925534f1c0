import Accountability
import Foundation
import Testing

/// The files that a log is published in: their paths and their contents.
@Suite struct TileTests {
    @Test(
        "paths are written and read as the specification writes them",
        arguments: [
            (Tile(.hashes(level: 0), index: 1_234_067), "tile/0/x001/x234/067"),
            (Tile(.hashes(level: 0), index: 0), "tile/0/000"),
            (Tile(.hashes(level: 1), index: 7, width: 17), "tile/1/007.p/17"),
            (Tile(.hashes(level: 63), index: 999), "tile/63/999"),
            (Tile(.entries, index: 1_000), "tile/entries/x001/000"),
            (Tile(.entries, index: 123_456_078, width: 2), "tile/entries/x123/x456/078.p/2"),
        ]
    )
    func paths(_ tile: Tile, _ path: String) throws {
        #expect(tile.path == path)
        #expect(try Tile(path: path) == tile)
        #expect(try LogPath(path) == .tile(tile))
    }

    @Test(
        "what is not a path of a tile is refused",
        arguments: [
            "", "tile", "tile/", "tile/0", "tile/0/", "tile/0/1", "tile/0/0001", "tile/00/001",
            "tile/-1/001", "tile/64/001", "tile/data/001", "tile/3/123/456/078", "tile/0/x001",
            "tile/0/x000/001", "tile/0/001.p", "tile/0/001.p/", "tile/0/001.p/0",
            "tile/0/001.p/256", "tile/0/001.p/05", "tile/0/001.p/5/6", "tile/0/../../etc",
            "/tile/0/001", "tile/0/001/", "tile//001", "tile/entries/001.q/5", "tile/0/x1/001",
            "tile/0/+01", "tile/0/x001/xx01/001",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999",
        ]
    )
    func badPaths(_ path: String) {
        #expect(throws: LogFormatError.self) { try Tile(path: path) }
    }

    @Test("a tree of 70,000 has the tiles that the specification counts")
    func tilesOfATree() {
        func widths(_ level: Int) -> [Int] {
            var widths: [Int] = []
            while case let width = Tile(.hashes(level: level), index: widths.count)
                .width(in: 70_000), width > 0
            {
                widths.append(width)
            }
            return widths
        }
        #expect(widths(0) == Array(repeating: 256, count: 273) + [112])
        #expect(widths(1) == [256, 17])
        #expect(widths(2) == [1])
        #expect(widths(3) == [])
        #expect(Tile(.hashes(level: 1), index: 0).width(in: 256) == 1)
    }

    @Test("a bundle is its entries, each after its length in two bytes")
    func bundle() throws {
        let entries = [Data("ab".utf8), Data(), Data(repeating: 7, count: 300)]
        let bundle = EntryBundle.encode(entries)
        #expect(bundle.prefix(6) == Data([0, 2, 0x61, 0x62, 0, 0]))
        #expect(bundle.dropFirst(6).prefix(2) == Data([1, 44]))
        #expect(try EntryBundle.decode(bundle) == entries)
        for length in [1, 3, 5, 7, 50, bundle.count - 1] {
            #expect(throws: LogFormatError.self) { try EntryBundle.decode(bundle.prefix(length)) }
        }
    }

    @Test("the longest entry is kept whole, a longer one refused")
    func longEntries() async throws {
        let key = try Fixture.logKey()
        let (store, log) = try await Fixture.log(batches: [1], key: key)
        let longest = Data(repeating: 1, count: EntryBundle.entrySizeMaxBytes)
        _ = try await log.append([longest, Data()])
        #expect(try await log.entry(at: 1).entry == longest)
        #expect(try await log.entry(at: 2).entry == Data())
        await #expect(throws: LogFailure.entryTooLong(sizeBytes: longest.count + 1)) {
            try await log.append([longest + [0]])
        }
        #expect(try await LogVerifier(log: key.verifier).verify(store).checkpoint.size == 3)
    }
}
