import Gateway
import Metadata
import Testing

/// Bodies that travel compressed.
@Suite struct CompressionTests {
    @Test("what is compressed is inflated to the same, whole and in chunks")
    func roundTrip() throws {
        var random = SeededRandom(seed: 21)
        for size in [0, 1, 100, 32_767, 32_768, 32_769, 300_000] {
            for variety: UInt8 in [0, 3, 255] {
                let bytes = (0..<size).map { _ in UInt8.random(in: 0...variety, using: &random) }
                let level = Int.random(in: -1...12, using: &random)
                let compressed = try Compression.gzip(bytes, level: level)

                #expect(compressed.starts(with: [0x1F, 0x8B]))
                #expect(try Compression.inflate(compressed, bytesMax: size) == bytes)
                #expect(try Self.inChunks(compressed, bytesMax: size, using: &random) == bytes)
            }
        }
    }

    @Test("the same bytes always compress to the same")
    func repeatable() throws {
        let bytes = Array("Printer on fire".utf8)
        #expect(try Compression.gzip(bytes) == Compression.gzip(bytes))
    }

    @Test("the zlib format is inflated too, and gzip streams after each other")
    func formats() throws {
        let zlib: [UInt8] = [
            0x78, 0x9C, 0x4B, 0x4C, 0x4A, 0x06, 0x00, 0x02, 0x4D, 0x01, 0x27,
        ]
        let twice = try Compression.gzip(Array("ab".utf8)) + Compression.gzip(Array("c".utf8))

        #expect(try Compression.inflate(zlib, bytesMax: 3) == Array("abc".utf8))
        #expect(try Compression.inflate(twice, bytesMax: 3) == Array("abc".utf8))
    }

    @Test("a body that inflates beyond the limit is refused")
    func bomb() throws {
        let bomb = try Compression.gzip([UInt8](repeating: 0, count: 10_000_000), level: 9)

        #expect(bomb.count < 20_000)
        #expect(throws: CompressionFailure.tooLarge(bytesMax: 1_000_000)) {
            try Compression.inflate(bomb, bytesMax: 1_000_000)
        }
        let two = try Compression.gzip([1, 2, 3]) + Compression.gzip([4])
        #expect(throws: CompressionFailure.tooLarge(bytesMax: 3)) {
            try Compression.inflate(two, bytesMax: 3)
        }
    }

    @Test("a body cut short, damaged or followed by something else is refused")
    func damaged() throws {
        let compressed = try Compression.gzip(Array("Printer on fire".utf8))
        for count in 0..<compressed.count {
            #expect(throws: CompressionFailure.incomplete) {
                try Compression.inflate(Array(compressed.prefix(count)), bytesMax: 1_000)
            }
        }
        var damaged = compressed
        damaged[compressed.count - 6] ^= 1
        for bytes in [
            damaged, compressed + [0x00], compressed + [0x41, 0x42], [0x41, 0x42, 0x43],
        ] {
            #expect(throws: CompressionFailure.self) {
                try Compression.inflate(bytes, bytesMax: 1_000)
            }
        }
    }

    @Test("mutated and random bytes are inflated or refused, alike whole and in chunks")
    func fuzz() throws {
        var random = SeededRandom(seed: 22)
        let original = try Compression.gzip(Array("Printer on fire, printer on fire!".utf8))
        for _ in 0..<5_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
            let whole = try? Compression.inflate(bytes, bytesMax: 10_000)
            let parts = try? Self.inChunks(bytes, bytesMax: 10_000, using: &random)
            #expect(whole == parts)
        }
    }

    @Test(
        "gzip is chosen when the client takes it at least as gladly as a plain body",
        arguments: [
            (nil, .identity), ("", .identity), ("gzip, deflate", .gzip), ("GZIP", .gzip),
            ("deflate, br;q=1.0, gzip;q=0.5", .gzip), ("x-gzip", .gzip), ("*", .gzip),
            ("br, zstd", .identity), ("identity", .identity), ("gzip;q=0", .identity),
            ("gzip; Q=0.000", .identity), ("*;q=0", .identity), ("gzip;q=0, *", .identity),
            ("identity;q=1, gzip;q=0.5", .identity), ("identity;q=0.5,gzip ; q=0.8", .gzip),
            ("gzip;q=2", .identity), ("gzip;q=x", .identity), ("gzip;level=9;q=1.000", .gzip),
            ("gzip;q=", .identity), (",;,=,gzip", .gzip), ("gzip;q=0.0001", .identity),
        ] as [(String?, ContentCoding)]
    )
    func negotiation(_ header: String?, _ expected: ContentCoding) {
        #expect(ContentCoding.negotiated(acceptEncoding: header) == expected)
    }

    private static func inChunks(
        _ bytes: [UInt8],
        bytesMax: Int,
        using random: inout SeededRandom
    ) throws -> [UInt8] {
        var stream = try InflateStream(bytesMax: bytesMax)
        var output: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(Int.random(in: 0...max(7, bytes.count / 8), using: &random))
            rest = rest.dropFirst(chunk.count)
            try stream.inflate(Array(chunk), into: &output)
        }
        try stream.finish()
        return output
    }
}
