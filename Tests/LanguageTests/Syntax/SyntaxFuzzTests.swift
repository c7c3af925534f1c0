import Language
import Testing

/// No text whatever makes a parser crash, and every refusal can be rendered.
@Suite struct SyntaxFuzzTests {
    @Test("mutated queries are read or refused", arguments: [1, 2, 3, 4] as [UInt64])
    func mutations(_ seed: UInt64) {
        var maker = StatementMaker(chance: SeededGenerator(seed: seed))
        for _ in 0..<400 {
            var bytes = Array(maker.statement(level: 1).description.utf8)
            for _ in 0...maker.chance.below(4) { mutate(&bytes, &maker.chance) }
            feed(bytes)
        }
    }

    @Test("random bytes and random words are refused or read", arguments: [5, 6] as [UInt64])
    func noise(_ seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<1_000 {
            var bytes: [UInt8] = Array(chance.once(in: 2) ? "SELECT ".utf8 : "FIND {".utf8)
            for _ in 0..<chance.below(60) {
                if chance.once(in: 2) {
                    bytes.append(UInt8.random(in: 0...255, using: &chance))
                } else {
                    bytes += Array(chance.pick(Self.snippets).utf8)
                }
            }
            feed(bytes)
        }
    }

    @Test("numbers of any size are read or refused")
    func hugeNumbers() {
        for digits in [1, 9, 10, 11, 19, 20, 40, 5_000] {
            let nines = String(repeating: "9", count: digits)
            for text in [
                "SELECT Id FROM A LIMIT \(nines)", "SELECT Id FROM A OFFSET \(nines)",
                "SELECT Id FROM A WHERE a = -\(nines).\(nines)e-\(nines)",
                "SELECT Id FROM A WHERE a = LAST_N_DAYS:\(nines)",
                "SELECT Id FROM A WHERE a > USD\(nines).\(nines)",
                "SELECT Id FROM A WHERE a > \(nines)-\(nines)-\(nines)T\(nines):\(nines):\(nines)",
                "FIND {ab} LIMIT \(nines)",
            ] {
                feed(Array(text.utf8))
            }
        }
    }

    private static let snippets = [
        " ", "'", "\\", "(", ")", "{", "}", "[", "]", ",", ".", ":", "=", "!=", "<", ">", "%%%",
        "\"",
        "*", "?", "-", "+", "\n", "\r\n", "\0", "ü", "😀", " SELECT ", " FROM ", " WHERE ", " AND ",
        " OR ", " NOT ", " IN ", " LIKE ", " LIMIT ", " TYPEOF ", " WHEN ", " FIELDS(",
        " GROUP BY ",
        " ORDER BY ", " RETURNING ", " WITH ", " DATA CATEGORY ", " :new ", "2026-01-01T00:00:00 ",
        "2026-", "10:", "USD5.", "\\u12", "N_DAYS_AGO:", " a ", " Id ", "99999999999999999999",
    ]

    private func mutate(_ bytes: inout [UInt8], _ chance: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let index = chance.below(bytes.count)
        switch chance.below(6) {
        case 0: bytes.remove(at: index)
        case 1: bytes[index] = UInt8.random(in: 0...255, using: &chance)
        case 2: bytes.insert(contentsOf: chance.pick(Self.snippets).utf8, at: index)
        case 3: bytes.removeSubrange(index...)
        case 4: bytes.insert(contentsOf: bytes[..<index], at: index)
        default: bytes.swapAt(index, chance.below(bytes.count))
        }
    }

    /// Every parser, and the rendering of what it says; what is accepted is printed and read again.
    private func feed(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        do throws(SyntaxError) {
            let statement = try SOQLParser.parse(text)
            let printed = statement.description
            #expect(refusal(of: printed) == nil, "\(printed)")
        } catch {
            check(error, in: text)
        }
        do throws(SyntaxError) {
            _ = try SOSLParser.parse(text)
        } catch {
            check(error, in: text)
        }
        do throws(SyntaxError) {
            _ = try SOSLParser.parseTerm(text)
        } catch {
            check(error, in: text)
        }
    }

    private func check(_ error: SyntaxError, in text: String) {
        #expect(error.message(in: text).hasSuffix(error.detail))
        guard let span = error.span else { return }
        #expect(span.start >= 0 && span.start <= span.end && span.end <= text.utf8.count)
        #expect(span.row >= 1 && span.column >= 1)
    }
}
