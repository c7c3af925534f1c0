import Foundation
import Testing
import UseMeter

/// The table in which uses are counted, the totals of a day, and the bands.
@Suite struct UseTableTests {
    private func key(_ name: String, org: Int64 = 1, client: String? = nil) -> UseKey {
        UseKey(
            org: org,
            day: 20_000,
            subject: UseSubject(product: "platform", name: name),
            operation: .read,
            surface: .rest,
            client: client
        )
    }

    @Test("names that are spelt alike are one key, whoever made them")
    func equality() {
        var table = UseTable(keysMax: 8)
        table.count(key("Case", client: "a"), uses: 1, records: 2)
        table.count(key("Case", client: "a"), uses: 1, records: 3)
        table.count(key("Case"), uses: 1, records: 1)
        let counts = table.take().counts
        #expect(counts[key("Case", client: "a")] == UseCount(uses: 2, records: 5))
        #expect(counts[key("Case")] == UseCount(uses: 1, records: 1))
        #expect(table.isEmpty)
    }

    @Test("a full table counts on: among the others of the org, and at last of no org")
    func cap() {
        var table = UseTable(keysMax: 4)
        for number in 0..<4 { table.count(key("Object\(number)"), uses: 1, records: 1) }
        #expect(table.isCrowded)
        table.count(key("Object0"), uses: 1, records: 1)
        for number in 4..<10 { table.count(key("Object\(number)"), uses: 1, records: 7) }
        for org in 2..<20 { table.count(key("Object", org: Int64(org)), uses: 1, records: 1) }
        let contents = table.take()
        #expect(contents.counts.count == 6)
        #expect(contents.counts[key("Object0")] == UseCount(uses: 2, records: 2))
        let others = contents.counts.filter { $0.key.subject == .other }
        #expect(others.first { $0.key.org == 1 }?.value == UseCount(uses: 6, records: 42))
        let all = contents.counts.values.reduce(0) { $0 + $1.uses } + contents.unattributed
        #expect(all == 4 + 1 + 6 + 18)
    }

    @Test("a day reads back what it wrote, and nothing else")
    func text() throws {
        var day = UseDay(day: 20_000)
        day.add(key("Case", client: "3MVG9\tx\n\u{1}é"), UseCount(uses: 2, records: 5))
        day.add(key("Case"), UseCount(uses: 1, records: 0))
        day.addUnattributed(3)
        day.addLost(seconds: 75)
        #expect(UseDay(day.text) == day)
        #expect(day.totals.keys.contains { $0.client == "3MVG9?x??é" })
        for wrong in [
            "", "use-count 2\n20000\t0\t0\n", "use-count 1\n", "use-count 1\n20000\t0\n",
            "use-count 1\n20000\t0\t0\nplatform\tCase\tread\trest\t\t-1\t0\n",
            "use-count 1\n20000\t0\t0\nplatform\tCase\tspy\trest\t\t1\t0\n",
            day.text + day.text.split(separator: "\n")[2] + "\n",
        ] {
            #expect(UseDay(wrong) == nil, "\(wrong)")
        }
    }

    @Test("a day has room for so many totals; what comes after counts among the others")
    func dayCap() {
        var day = UseDay(day: 1)
        for number in 0..<(UseDay.cellsMax + 50) {
            day.add(key("Object\(number)"), UseCount(uses: 1, records: 2))
        }
        #expect(day.totals.count == UseDay.cellsMax + 1)
        #expect(day.totals.values.reduce(0) { $0 + $1.uses } == UseDay.cellsMax + 50)
    }

    @Test("numbers that are full stay full")
    func saturation() {
        var count = UseCount(uses: Int.max - 1, records: Int.max)
        count.add(uses: 5, records: 5)
        #expect(count == UseCount(uses: Int.max, records: Int.max))
    }

    @Test("bands are powers of ten, and the lowest does not tell one from none")
    func bands() {
        let expected = [
            (0, 0), (1, 0), (9, 0), (10, 1), (99, 1), (100, 2), (999_999_999, 8),
            (1_000_000_000, 9), (Int.max, 9),
        ]
        for (count, band) in expected { #expect(UseBand(of: count).number == band, "\(count)") }
        #expect(UseBand(of: 0).text == "fewer than 10")
        #expect(UseBand(of: 1_234).text == "1 000 to 9 999")
        #expect(UseBand(of: Int.max).text == "1 000 000 000 or more")
    }

    @Test("a record that comes and goes moves a band once at most", arguments: 0..<9)
    func hysteresis(_ number: Int) {
        let edge = UseBand.start(of: number + 1)
        for count in Set([edge - 3, edge - 2, edge - 1, edge, edge - edge / 5, edge - edge / 5 - 1])
        where count > 0 {
            for start in [
                UseBand(of: count), UseBand(of: count, after: UseBand(number: number + 1)),
            ] {
                var band = start
                var moves = 0
                for turn in 0..<20 {
                    let next = UseBand(of: count + turn % 2, after: band)
                    if next != band { moves += 1 }
                    band = next
                }
                #expect(moves <= 1, "at \(count)")
            }
        }
    }

    @Test("a count that has clearly left a band leaves it, also over several")
    func leaving() {
        #expect(UseBand(of: 8, after: UseBand(number: 1)).number == 1)
        #expect(UseBand(of: 7, after: UseBand(number: 1)).number == 0)
        #expect(UseBand(of: 800, after: UseBand(number: 3)).number == 3)
        #expect(UseBand(of: 799, after: UseBand(number: 3)).number == 2)
        #expect(UseBand(of: 85, after: UseBand(number: 5)).number == 2)
        #expect(UseBand(of: 100_000, after: UseBand(number: 1)).number == 5)
    }

    @Test("the meter imports nothing, so that no value of a record can reach it")
    func noImports() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.appending(path: "Sources/UseMeter")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count >= 5)
        for name in names {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            let imports = text.split(separator: "\n").filter {
                $0.contains(/^\s*(@\w+\s+)*(package |private |internal |public )?import\s/)
            }
            #expect(imports.isEmpty, "\(name): \(imports)")
        }
        let manifest = try String(
            contentsOf: root.appending(path: "Package.swift"),
            encoding: .utf8
        )
        #expect(manifest.contains(#"part("UseMeter", on: [])"#))
    }
}
