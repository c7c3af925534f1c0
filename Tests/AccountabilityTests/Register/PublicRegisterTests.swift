import Accountability
import Metadata
import Testing
import UseMeter

/// Nobody learns of fewer than ten orgs, and one record moves little and once.
@Suite struct PublicRegisterTests {
    /// A deployment whose orgs come and go, and grow and shrink around the edges of bands.
    private struct World {
        var random: SeededRandom
        var counts: [String: Int] = [:]
        var snapshots: [String: UseSnapshot] = [:]
        var day: Int32 = 20_000
        private var nextOrg = 0

        init(seed: UInt64, orgs: Int) {
            random = SeededRandom(seed: seed)
            for _ in 0..<orgs { join() }
        }

        mutating func join() {
            let edge = UseBand.start(of: Int.random(in: 1...4, using: &random))
            counts["org\(nextOrg)"] = max(0, edge + Int.random(in: -3...3, using: &random))
            nextOrg += 1
        }

        mutating func leave() {
            guard let org = counts.keys.sorted().randomElement(using: &random) else { return }
            counts[org] = nil
            snapshots[org] = nil
        }

        /// The next day's snapshots.
        mutating func turn() -> [UseSnapshot] {
            day += 1
            for org in counts.keys.sorted() {
                snapshots[org] = RegisterFixture.snapshot(
                    org,
                    day: day,
                    records: counts[org] ?? 0,
                    mails: (counts[org] ?? 0) / 2,
                    after: snapshots[org]
                )
            }
            return snapshots.values.sorted { $0.org < $1.org }
        }
    }

    /// All that is published, as numbers.
    private func numbers(_ register: PublicRegister) -> [Int] {
        register.cells.values + [register.orgs].compactMap { $0 }
    }

    @Test(
        "differences of any two published numbers, over all reports, are none or ten at least",
        arguments: 1...12 as ClosedRange<UInt64>
    )
    func differencing(_ seed: UInt64) {
        var world = World(seed: seed, orgs: 25 + Int(seed) * 7)
        var reports: [PublicRegister] = []
        for _ in 0..<12 {
            for _ in 0..<Int.random(in: 0...6, using: &world.random) {
                if Bool.random(using: &world.random) { world.join() } else { world.leave() }
            }
            let snapshots = world.turn()
            reports.append(PublicRegister(day: world.day, of: snapshots, after: reports.last))
            if snapshots.count < PublicRegister.orgsOfGridMin {
                #expect(reports.last?.cells.isEmpty == true)
            }
        }
        let all = Set(reports.flatMap(numbers))
        for one in all {
            for other in all { #expect(one == other || abs(one - other) >= 10) }
        }
        #expect(all.allSatisfy { $0 >= 10 })
        #expect(reports.contains { !$0.cells.isEmpty })
    }

    @Test(
        "a published number is of ten orgs at least, a hidden group of two lines and ten orgs",
        arguments: 1...20 as ClosedRange<UInt64>
    )
    func hidden(_ seed: UInt64) {
        var world = World(seed: seed, orgs: 30 + Int(seed) * 3)
        var last: PublicRegister?
        for _ in 0..<6 {
            for org in world.counts.keys.sorted() {
                let step = Int.random(in: -4...4, using: &world.random)
                world.counts[org] = max(0, (world.counts[org] ?? 0) + step)
            }
            let snapshots = world.turn()
            let register = PublicRegister(day: world.day, of: snapshots, after: last)
            last = register
            for name in ["service-desk.records", "users", "mails"] {
                var hiddenOrgs = 0
                var hiddenLines = 0
                for band in 0...UseBand.last {
                    let orgs = snapshots.filter {
                        $0.features["band.\(name)"] == .number(band)
                    }.count
                    let cell = PublicRegister.Cell(table: name, line: "\(band)")
                    if register.cells[cell] == nil {
                        hiddenOrgs += orgs
                        hiddenLines += orgs > 0 ? 1 : 0
                    } else {
                        #expect(orgs >= 10)
                    }
                }
                let isWhole = hiddenOrgs == snapshots.count
                #expect(hiddenOrgs == 0 || isWhole || hiddenOrgs >= 10 && hiddenLines >= 2)
            }
        }
    }

    @Test(
        "one record more moves one org by a band at most, and a published number by ten",
        arguments: 1...20 as ClosedRange<UInt64>
    )
    func oneRecord(_ seed: UInt64) throws {
        var world = World(seed: seed, orgs: 60)
        let before = PublicRegister(day: world.day, of: world.turn(), after: nil)
        let same = PublicRegister(day: world.day + 1, of: world.turn(), after: before)
        #expect(same.cells == before.cells)
        let org = "org\(seed)"
        world.counts[org, default: 0] += 1
        let earlier = try #require(world.snapshots[org])
        let after = PublicRegister(day: world.day + 1, of: world.turn(), after: same)
        for change in world.snapshots[org]?.changes(since: earlier) ?? [] {
            let rise = (change.to?.number ?? 0) - (change.from?.number ?? 0)
            #expect(rise == 1, "\(change.text)")
        }
        for cell in Set(before.cells.keys).union(after.cells.keys) {
            guard let old = before.cells[cell], let new = after.cells[cell] else { continue }
            #expect(abs(new - old) <= 10)
        }
        #expect(before.orgs == after.orgs)
    }

    @Test(
        "a record, or an org, that comes and goes moves a published number once and not to and fro"
    )
    func toAndFro() {
        for start in 8...32 {
            var published = PublicCount.published(start, after: nil, isFirst: true)
            var moves = 0
            for turn in 0..<20 {
                let next = PublicCount.published(start + turn % 2, after: published, isFirst: false)
                if next != published { moves += 1 }
                published = next
            }
            #expect(moves <= 1, "from \(start)")
        }
    }

    @Test("what falls under ten is gone at once, and back only when it is clearly more")
    func underTen() {
        #expect(PublicCount.published(9, after: 10, isFirst: false) == nil)
        #expect(PublicCount.published(10, after: nil, isFirst: false) == nil)
        #expect(PublicCount.published(14, after: nil, isFirst: false) == nil)
        #expect(PublicCount.published(15, after: nil, isFirst: false) == 10)
        #expect(PublicCount.published(10, after: nil, isFirst: true) == 10)
        #expect(PublicCount.published(15, after: 20, isFirst: false) == 20)
        #expect(PublicCount.published(14, after: 20, isFirst: false) == 10)
    }

    @Test("the grid is the same in each report, held back or not")
    func grid() throws {
        var world = World(seed: 3, orgs: 40)
        let full = PublicRegister(day: 1, of: world.turn(), after: nil)
        let empty = PublicRegister(day: 1, of: [], after: nil)
        func names(_ register: PublicRegister) -> [String: Set<String>] {
            guard case .object(let members) = register.json,
                case .object(let tables)? = members["tables"]
            else { return [:] }
            return tables.mapValues { table in
                if case .object(let lines) = table { Set(lines.keys) } else { [] }
            }
        }
        #expect(names(full) == names(empty))
        #expect(names(full).count >= 12)
        #expect(empty.orgs == nil)
    }

    @Test("how far the register reaches is told in the same tens")
    func coverage() {
        func coverage(_ declared: Int, _ reviewed: Int, of all: Int) -> RegisterCoverage {
            let orgs = (0..<all).map { number in
                RegisterCoverage.Org(
                    isDeclared: number < declared,
                    lastReviewed: number < reviewed ? 20_000 : 19_000
                )
            }
            return RegisterCoverage(of: orgs, on: 20_100, after: nil)
        }
        let good = coverage(34, 21, of: 47)
        #expect([good.orgs, good.declared, good.reviewed] == [40, 30, 20])
        #expect(RegisterCoverage.percent(good.declared, of: good.orgs) == 75)
        #expect(coverage(34, 3, of: 47).reviewed == nil)
        let small = coverage(20, 20, of: 29)
        #expect([small.orgs, small.declared, small.reviewed] == [20, nil, nil])
    }
}
