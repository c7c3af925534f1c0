import Metadata
import Testing

/// Dates, datetimes and times: the calendar, and how they are written.
@Suite struct CivilDateTests {
    @Test("every day of the years 1 to 9999 has its number, one after the other")
    func everyDay() throws {
        var number = CivilDate.days.lowerBound
        for year in CivilDate.years {
            for month in 1...12 {
                for day in 1...CivilDate.daysInMonth(month, of: year) {
                    let date = CivilDate(year: year, month: month, day: day)
                    if date?.daysSinceEpoch != number
                        || CivilDate(daysSinceEpoch: number) != date
                    {
                        Issue.record("\(year)-\(month)-\(day) is not day \(number)")
                    }
                    number += 1
                }
            }
        }
        #expect(number == CivilDate.days.upperBound + 1)
        #expect(CivilDate(year: 1970, month: 1, day: 1)?.daysSinceEpoch == 0)
    }

    @Test(
        "days that the calendar does not have are refused",
        arguments: [
            (2026, 2, 29), (1900, 2, 29), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0),
            (2026, 4, 31), (0, 1, 1), (10_000, 1, 1), (.max, .max, .max), (.min, .min, .min),
        ]
    )
    func impossible(_ year: Int, _ month: Int, _ day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test("days outside the years 1 to 9999 are refused")
    func outside() {
        #expect(CivilDate(daysSinceEpoch: CivilDate.days.lowerBound - 1) == nil)
        #expect(CivilDate(daysSinceEpoch: CivilDate.days.upperBound + 1) == nil)
        #expect(CivilDate(daysSinceEpoch: .min) == nil)
    }

    @Test(
        "every written form of a datetime is read",
        arguments: [
            "2026-01-01T10:30:00.000+0000", "2026-01-01T10:30:00.000Z", "2026-01-01T10:30:00Z",
            "2026-01-01T10:30:00+00:00", "2026-01-01T10:30:00+0000", "2026-01-01T10:30:00 00:00",
            "2026-01-01T10:30:00.0 0000", "2026-01-01T12:30:00+02:00", "2026-01-01T05:00:00-0530",
            "2026-01-01T10:30:00.000999999Z", "2025-12-31T23:30:00.00-11:00",
            "2026-01-01t10:30:00z",
        ]
    )
    func datetimes(_ text: String) {
        #expect(CivilText.millisecondsSinceEpoch(text) == 1_767_263_400_000)
    }

    @Test("a fraction is cut to milliseconds, and a date alone is its midnight")
    func precision() {
        #expect(CivilText.millisecondsSinceEpoch("1970-01-01T00:00:00.1Z") == 100)
        #expect(CivilText.millisecondsSinceEpoch("1970-01-01T00:00:00.0129Z") == 12)
        #expect(CivilText.millisecondsSinceEpoch("1969-12-31T23:59:59.999Z") == -1)
        #expect(CivilText.millisecondsSinceEpoch("1970-01-02") == 86_400_000)
    }

    @Test(
        "what is not a datetime is refused",
        arguments: [
            "", "2026", "2026-1-1", "2026-02-30", "2026-01-01T", "2026-01-01T10:30:00",
            "2026-01-01T10:30Z", "2026-01-01T24:00:00Z", "2026-01-01T10:60:00Z",
            "2026-01-01T10:30:60Z", "2026-01-01T10:30:00.Z", "2026-01-01T10:30:00.1234567890Z",
            "2026-01-01T10:30:00+19:00", "2026-01-01T10:30:00+1", "2026-01-01T10:30:00+0060",
            "2026-01-01T10:30:00ZZ", "2026-01-01 10:30:00Z", "x2026-01-01", "2026-01-01 ",
            "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "２０２６-01-01",
        ]
    )
    func notDatetimes(_ text: String) {
        #expect(CivilText.millisecondsSinceEpoch(text) == nil)
    }

    @Test("times are read with and without fraction and zone")
    func times() {
        #expect(CivilText.millisecondsOfDay("10:30:00.000Z") == 37_800_000)
        #expect(CivilText.millisecondsOfDay("10:30:00.000000Z") == 37_800_000)
        #expect(CivilText.millisecondsOfDay("10:30:00") == 37_800_000)
        #expect(CivilText.millisecondsOfDay("23:59:59.999999Z") == 86_399_999)
        for text in ["", "10:30", "24:00:00", "10:30:00+00:00", "10:30:00Z ", "1:30:00"] {
            #expect(CivilText.millisecondsOfDay(text) == nil)
        }
    }

    @Test("dates are read whole")
    func dates() {
        #expect(CivilText.daysSinceEpoch("2024-02-29") == 19_782)
        for text in ["", "2023-02-29", "2024-02-29T00:00:00Z", "2024/02/29", "24-02-29"] {
            #expect(CivilText.daysSinceEpoch(text) == nil)
        }
    }

    @Test("what is written is read back the same")
    func roundTrip() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<5_000 {
            let moment = Int64.random(in: CivilDate.milliseconds, using: &random)
            for zone in [[UInt8].ZoneForm.offset, .zulu] {
                let text = written {
                    $0.appendDatetime(millisecondsSinceEpoch: moment, zone: zone)
                }
                #expect(CivilText.millisecondsSinceEpoch(text) == moment)
            }
            let day = Int.random(in: CivilDate.days, using: &random)
            #expect(CivilText.daysSinceEpoch(written { $0.appendDate(daysSinceEpoch: day) }) == day)
            let time = Int.random(in: 0..<86_400_000, using: &random)
            #expect(
                CivilText.millisecondsOfDay(written { $0.appendTime(millisecondsOfDay: time) })
                    == time
            )
        }
    }

    private func written(_ write: (inout [UInt8]) -> Bool) -> String {
        var bytes: [UInt8] = []
        return write(&bytes) ? String(decoding: bytes, as: UTF8.self) : ""
    }

    @Test("random text is read or refused")
    func random() {
        var random = SeededRandom(seed: 6)
        let alphabet = Array("0123456789-:T.Z+ ".utf8)
        for _ in 0..<20_000 {
            var bytes = Array("2026-01-01T10:30:00.000+0000".utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: bytes.indices, using: &random)
                bytes[place] = alphabet[Int.random(in: alphabet.indices, using: &random)]
                if Bool.random(using: &random) { bytes.remove(at: place) }
            }
            bytes.withUnsafeBytes { text in
                if let moment = CivilText.millisecondsSinceEpoch(text) {
                    #expect(CivilDate.milliseconds.contains(moment))
                }
                _ = CivilText.daysSinceEpoch(text)
                _ = CivilText.millisecondsOfDay(text)
            }
        }
    }
}
