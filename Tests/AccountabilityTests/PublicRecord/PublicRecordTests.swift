import Accountability
import Foundation
import Metadata
import Testing

/// What the log's entries come to.
@Suite struct PublicRecordTests {
    @Test("each thing is told of from its beginning to its end")
    func life() throws {
        let record = RecordFixture.record(RecordFixture.life)
        #expect(record.unread.isEmpty, "\(record.unread)")
        #expect(record.contradictions.isEmpty, "\(record.contradictions)")
        #expect(record.size == RecordFixture.life.count)
        let key = PublicRecord.Key(org: RecordFixture.org, id: "UD-0001")
        #expect(record.declarations[key]?.category == "Answering questions")
        #expect(record.isPublicBody(RecordFixture.org))
        #expect(record.policies["acceptable-use"]?.map(\.version) == ["3"])
        #expect(record.acceptances.count == 1)
        let letter = try #require(record.letters["L-0001"])
        #expect(letter.named == ["Ines, nurse", "Omar, clerk"])
        #expect(letter.verified == 38)
        #expect(letter.entitled == 40)
        #expect(letter.supporterBands == ["100–199", "100–199"])
        #expect(letter.thresholdReachedAt == RecordFixture.moment("2026-01-15T10:00:00.000Z"))
        #expect(letter.answered?.text("Answer") == "Here is the list.")
        #expect(record.reviews["RV-0001"]?.closed != nil)
        #expect(record.appeals["A-0001"]?.isChanged == true)
        #expect(record.commitments["CM-0001"]?.slips == 1)
        #expect(record.breakGlass.values.first?.queries == "1–9")
        #expect(record.concerns["C-00001"]?.channel == "Web")
        #expect(record.notables("demand-band").first?.values["Jurisdiction"] == "DE")
    }

    @Test("a restriction is what the order and the clock make of it")
    func restrictionStates() throws {
        let record = RecordFixture.record(RecordFixture.life)
        let restriction = try #require(record.restrictions.values.first)
        #expect(restriction.target == "channel mail")
        #expect(restriction.signers == ["Ada", "Bea"])
        #expect(restriction.reasons.lesserSteps == ["A talk: declined."])
        func state(_ day: String) -> PublicRestriction.State {
            restriction.state(at: RecordFixture.moment(day))
        }
        #expect(state("2026-03-31") == .upcoming)
        #expect(state("2026-04-02") == .inForce)
        #expect(state("2026-05-01T09:00:00.000Z") == .lifted)
        #expect(state("2027-01-01") == .lifted)
        let alone = RecordFixture.record([RecordFixture.order("R-2")])
        let end = try #require(alone.restrictions.values.first).endsAt
        let last = Instant(milliseconds: end.milliseconds - 1)
        #expect(alone.restrictions.values.first?.state(at: last) == .inForce)
        #expect(alone.restrictions.values.first?.state(at: end) == .expired)
    }

    @Test("a part that was redacted is shown no more, and the reason is")
    func redaction() throws {
        let record = RecordFixture.record(RecordFixture.life)
        let decision = try #require(record.decisions["D-2026-0001"])
        #expect(decision.current.index == 13)
        #expect(decision.current.text("Facts") != nil)
        #expect(record.shown(decision.current)["Facts"] == nil)
        #expect(record.shown(decision.current)["Ground"] != nil)
        #expect(record.redactions(of: decision.current).map(\.reason) == ["It names a person."])
    }

    @Test("what cannot be read is listed, and the rest is read all the same")
    func unread() {
        var record = PublicRecord()
        record.append(Data("no entry".utf8))
        record.append(RecordFixture.plain("future-kind", ["at": .string("2026-01-01")]))
        record.append(RecordFixture.plain("decision", [:]))
        record.append(RecordFixture.plain("restriction-applied", ["order": .string("x")]))
        record.append(RecordFixture.entry("review-closed", "RV-9"))
        record.append(RecordFixture.lift("R-9", at: "2026-01-01T00:00:00.000Z"))
        record.append(RecordFixture.decision("D-1"))
        #expect(record.size == 7)
        #expect(record.unread.map(\.index) == [0, 1, 2, 3, 4])
        #expect(record.contradictions.map(\.kind) == [.liftOfNothing])
        #expect(record.decisions.keys.sorted() == ["D-1"])
    }

    @Test(
        "what is told twice does not change what was told first",
        arguments: [
            "restriction-applied", "review-opened", "letter-frozen", "appeal-filed",
            "commitment-made",
            "concern-opened", "break-glass-opened", "letter-batch",
        ]
    )
    func twice(kind: String) throws {
        let again = try #require(RecordFixture.life.first { $0.kind == kind })
        var record = RecordFixture.record(RecordFixture.life)
        let before = record
        record.append(again)
        #expect(record.contradictions.map(\.kind) == [.toldTwice])
        #expect(record.restrictions == before.restrictions)
        #expect(record.reviews == before.reviews)
        #expect(record.letters == before.letters)
        #expect(record.commitments == before.commitments)
        #expect(record.concerns == before.concerns)
    }

    @Test("numbers of signatures that no number can hold are no trap")
    func hugeBatches() throws {
        let frozen = try #require(RecordFixture.life.first { $0.kind == "letter-frozen" })
        var record = RecordFixture.record([frozen])
        for number in 1...1_100 {
            record.append(
                RecordFixture.batch(
                    number,
                    verified: CanonicalJSON.integerMax,
                    named: ["Ada"],
                    at: "2026-02-01"
                )
            )
        }
        let letter = try #require(record.letters["L-0001"])
        #expect(letter.batches.count == 1_100)
        #expect(letter.entitled == CanonicalJSON.integerMax)
        #expect(letter.verified == CanonicalJSON.integerMax)
        record.append(
            LogEntry(
                kind: "letter-batch",
                content: [
                    "letter": .string("L-0001"), "batch": .integer(2_000),
                    "verified": .string("9223372036854775807"), "named": .array([.string("B")]),
                    "at": .string("2026-02-02T10:00:00.000Z"),
                ],
                commitments: [:]
            )
        )
        #expect(record.unread.map(\.index) == [1_101])
    }

    @Test("the steps of a concern that are told in one night may come in any order")
    func concernSteps() {
        let steps = [
            RecordFixture.concern("opened", "C-1", "2026-01-05"),
            RecordFixture.concern("acknowledged", "C-1", "2026-01-06"),
            RecordFixture.concern("triaged", "C-1", "2026-01-07"),
        ]
        let inOrder = RecordFixture.record(steps).concerns
        #expect(RecordFixture.record(steps.reversed()).concerns == inOrder)
        #expect(RecordFixture.record([steps[1], steps[0], steps[2]]).concerns == inOrder)
    }

    @Test("a token that is counted twice is told")
    func tokensOnce() {
        let letter = RecordFixture.life.filter { $0.kind == "letter-frozen" }
        let record = RecordFixture.record(
            letter + [
                RecordFixture.batch(
                    1,
                    verified: 2,
                    named: [],
                    at: "2026-01-13",
                    nullifiers: ["a", "b"]
                ),
                RecordFixture.batch(
                    2,
                    verified: 2,
                    named: [],
                    at: "2026-01-14",
                    nullifiers: ["c", "b"]
                ),
            ]
        )
        #expect(record.contradictions.map(\.kind) == [.signedTwice])
    }

    @Test("entries with any member missing or of another sort never stop the reading")
    func mutilated() {
        var chance = RecordChance(4)
        let strange: [CanonicalJSON] = [
            .null, .boolean(true), .integer(-9_007_199_254_740_991), .string(""), .string("\u{0}"),
            .string("9999-12-31"), .string("0001-01-01"), .array([]), .object([:]),
            .string(String(repeating: "9", count: 40)), .array([.object(["signer": .null])]),
        ]
        for _ in 0..<150 {
            var record = PublicRecord()
            for entry in RecordFixture.life {
                var content = entry.content
                let names = content.keys.sorted()
                if let name = names.randomElement(using: &chance), Bool.random(using: &chance) {
                    content[name] = strange.randomElement(using: &chance)
                }
                if case .object(var fields) = content["fields"],
                    let name = fields.keys.sorted().randomElement(using: &chance)
                {
                    fields[name] = strange.randomElement(using: &chance)
                    content["fields"] = .object(fields)
                }
                record.append(LogEntry(kind: entry.kind, content: content, commitments: [:]))
            }
            #expect(record.size == RecordFixture.life.count)
            for day in ["0001-01-01", "2026-06-01", "9999-12-31"] {
                let now = RecordFixture.moment(day)
                _ = Clocks(record, at: now).late
                _ = record.discrepancies(at: now)
                let report = TransparencyReport(
                    on: record,
                    from: RecordFixture.moment("2026-01-01"),
                    to: now
                )
                _ = report.markdown
            }
            _ = record.dsaStatements()
        }
    }
}

/// Reading the record from a log's files, again and again as it grows.
@Suite struct PublicRecordReaderTests {
    /// As many entries as fill more than one bundle, of all kinds and a few of none.
    private func entries(_ count: Int) throws -> [Data] {
        let life = try RecordFixture.life.map { try $0.bytes() }
        return (0..<count).map { $0 % 41 == 40 ? Data("entry \($0)".utf8) : life[$0 % life.count] }
    }

    @Test(
        "reading what is there and then the rest is reading all of it",
        arguments: [1, 2, 3, 4, 5]
    )
    func prefixThenRest(seed: UInt64) async throws {
        var chance = RecordChance(seed)
        let key = try Fixture.logKey()
        let all = try entries(700)
        let store = MemoryTiles()
        try await TransparencyLog.create(in: store, key: key)
        let log = try await TransparencyLog(in: store, key: key)
        let reader = PublicRecordReader(store, log: key.verifier)
        var expected = PublicRecord()
        var next = 0
        while next < all.count {
            let count = min(Int.random(in: 1...300, using: &chance), all.count - next)
            _ = try await log.append(Array(all[next..<next + count]))
            for entry in all[next..<next + count] { expected.append(entry) }
            next += count
            #expect(try await reader.reading().record == expected)
            #expect(try await reader.reading().record == expected)
        }
        #expect(try await PublicRecordReader(store, log: key.verifier).reading().record == expected)
    }

    @Test("an entry that was changed, dropped, moved or made another is a fault, not a record")
    func tampering() async throws {
        let key = try Fixture.logKey()
        let all = try entries(300)
        let (sound, _) = try await Fixture.log(of: all, batches: [300], key: key)
        var swapped = all
        swapped.swapAt(3, 4)
        var edited = all
        edited[100] = try RecordFixture.decision("D-2").bytes()
        for forged in [swapped, edited, Array(all.dropFirst()) + [all[0]]] {
            let tiles = MemoryTiles(await sound.files)
            let (other, _) = try await Fixture.log(of: forged, batches: [300], key: key)
            // All of the other's files but the checkpoint: only the root tells.
            for (path, bytes) in await other.files where path != .checkpoint && path != .promise {
                await tiles.tamper(path, bytes)
            }
            let reader = PublicRecordReader(tiles, log: key.verifier)
            await #expect(throws: LogFault.self) { try await reader.reading() }
        }
    }

    @Test("a log that another was put in the place of is refused, also when it is signed")
    func fork() async throws {
        let key = try Fixture.logKey()
        let all = try entries(300)
        let (store, _) = try await Fixture.log(of: all, batches: [300], key: key)
        let reader = PublicRecordReader(store, log: key.verifier)
        _ = try await reader.reading()
        var other = all
        other[7] = try RecordFixture.decision("D-2").bytes()
        for (forged, count) in [(other + all, 600), (Array(all.prefix(200)), 200)] {
            let (fork, _) = try await Fixture.log(of: forged, batches: [count], key: key)
            for (path, bytes) in await fork.files { await store.tamper(path, bytes) }
            await #expect(throws: LogFault.self) { try await reader.reading() }
        }
    }
}
