import Metadata
import TestSupport
import Testing

/// Record ids, as they are written and read.
@Suite struct RecordIDTests {
    @Test("the published example has its published suffix")
    func publishedExample() throws {
        // Another platform's instance: well formed, and of no record here.
        let id = try RecordID("001D000000IqhSLIAZ")
        #expect(id.isForeign)
        #expect(id.prefix == KeyPrefix("001"))
        #expect(try RecordID("001D000000IqhSL") == id)
        #expect(throws: RecordID.ParseFailure.checksum) { try RecordID("001D000000IqhSLIAY") }
    }

    @Test("an id comes back from both of its written forms", arguments: [1, 7, 2_026])
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            let prefix = KeyPrefix(number: Int32.random(in: 0..<238_328, using: &random))
            let sequence = Int64.random(in: 1...RecordID.sequenceMask, using: &random)
            let id = RecordID(prefix: prefix, sequence: sequence)
            #expect(id.description.count == 18)
            #expect(try RecordID(id.description) == id)
            #expect(try RecordID(id.short) == id)
            #expect(id.prefix == prefix)
            #expect(id.sequence == sequence)
        }
    }

    @Test("an id survives tools that change all letters to one case", arguments: [3, 11])
    func oneCase(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            let id = RecordID(
                prefix: KeyPrefix(number: Int32.random(in: 0..<238_328, using: &random)),
                sequence: Int64.random(in: 1...RecordID.sequenceMask, using: &random)
            )
            #expect(try RecordID(id.description.lowercased()) == id)
            #expect(try RecordID(id.description.uppercased()) == id)
        }
    }

    @Test("order by id is order of creation")
    func order() throws {
        let prefix = try #require(KeyPrefix("500"))
        let first = RecordID(prefix: prefix, sequence: 61)
        let second = RecordID(prefix: prefix, sequence: 62)
        #expect(first < second)
        #expect(first.short < second.short)
        #expect(prefix.range.contains(first.number))
        #expect(prefix.description == "500")
    }

    @Test(
        "what is no id is refused",
        arguments: [
            ("", RecordID.ParseFailure.length), ("500", .length), ("500St000000000", .length),
            ("500St00000000000", .length), ("500St0000000é1", .character),
            ("500St0-00000001", .character), ("500St0000000001!!!", .character),
            ("500St0zzzzzzzzz", .range),
        ]
    )
    func refused(text: String, failure: RecordID.ParseFailure) {
        #expect(throws: failure) { try RecordID(text) }
    }

    @Test("no bytes at all make the reader trap", arguments: [5, 6])
    func fuzz(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var read = 0
        for _ in 0..<20_000 {
            let count = [0, 1, 14, 15, 16, 18, 19, 40].randomElement(using: &random) ?? 18
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let letters = bytes.map { $0 % 75 + 48 }
            for candidate in [bytes, letters] {
                let id = candidate.withUnsafeBytes { try? RecordID(bytes: $0) }
                if let id, !id.isForeign { read += (try? RecordID(id.description)) == id ? 1 : 0 }
            }
        }
        #expect(read >= 0)
    }
}
