import Crypto
import Foundation
package import Kernel
import Metadata

/// Publishes signatures in batches that tell nothing of who came first.
package struct LetterBatches: Sendable {
    /// So many signatures of the entitled, and so long after the batch before, make a batch; whichever is later.
    package static let signaturesMin = 20
    package static let hoursMin = 24

    private let office: AccountabilityOffice

    package init(_ office: AccountabilityOffice) {
        self.office = office
    }

    package static let jobKind = "letters.batch"

    /// Has batches published in the office, every hour.
    package static func join(_ handlers: inout JobHandlers, office: AccountabilityOffice) {
        handlers.add(jobKind) { context in
            guard try await office.org() == context.org else { return nil }
            _ = try await LetterBatches(office).publish()
            return nil
        }
        guard let hourly = Schedule.every(minutes: 60) else { return }
        handlers.schedule(
            jobKind,
            hourly,
            NewJob(kind: jobKind, priority: .low, lane: jobKind, uniqueKey: jobKind)
        ) { try await office.hasCasework($0) }
    }

    /// Publishes what is due of every letter.
    ///
    /// - Returns: how many signatures became public.
    package func publish() async throws -> Int {
        try await office.writing(because: "signatures become public together") { writer in
            let letters = try writer.rows(
                "SELECT Id, Name, OpensOn, ClosesOn, RevealThreshold, State FROM OpenLetter "
                    + "WHERE State IN ('Collecting', 'Published', 'Answered', 'Disputed') "
                    + "LIMIT 2000"
            )
            return try letters.reduce(0) { count, row in
                guard let letter = Letter(row) else { return count }
                return try count + letter.publish(by: writer)
            }
        }
    }
}

/// A letter whose signatures may be due.
private struct Letter {
    let id: RecordID
    let name: String
    let opensOn: Int
    let closesOn: Int
    let revealThreshold: Int
    let isCollecting: Bool

    private struct Signature {
        let id: RecordID
        let mode: String
        let nullifier: String
        let line: String?
    }

    init?(_ row: [FieldValue]) {
        guard row.count == 6, let id = row[0].id, let name = row[1].text,
            case .date(let opens) = row[2], case .date(let closes) = row[3]
        else { return nil }
        self.id = id
        self.name = name
        opensOn = opens
        closesOn = closes
        revealThreshold = row[4].whole ?? 20
        isCollecting = row[5].text == "Collecting"
    }

    func publish(by writer: RecordWriter) throws -> Int {
        let pending = try writer.rows(
            "SELECT Id, Mode, Nullifier, DisplayLine FROM LetterSignature "
                + "WHERE OpenLetterId = '\(id)' AND LetterBatchId = null LIMIT 10000"
        ).compactMap { row -> Signature? in
            guard row.count == 4, let id = row[0].id, let mode = row[1].text else { return nil }
            return Signature(id: id, mode: mode, nullifier: row[2].text ?? "", line: row[3].text)
        }
        let before = try writer.rows(
            "SELECT BatchNumber, CreatedDate, Verified FROM LetterBatch "
                + "WHERE OpenLetterId = '\(id)' ORDER BY BatchNumber DESC LIMIT 2000"
        )
        // Supporters come by the dozen from anywhere: they do not bring out a few of the entitled.
        let verified = pending.filter { $0.mode != "Supporter" }.count
        guard isDue(verified, after: before, at: writer.now), !pending.isEmpty else { return 0 }
        let known = before.reduce(0) { $0 + ($1.last?.whole ?? 0) }
        // Fewer than this are shown to nobody, not even when the letter has closed.
        guard known + verified >= revealThreshold else { return 0 }
        if isCollecting {
            try writer.change("OpenLetter", id, ["State": .string("Published")])
        }
        var number = before.first?.first?.whole ?? 0
        for part in parts(of: pending.shuffled()) {
            number += 1
            try publish(part, number: number, by: writer)
        }
        return pending.count
    }

    private func isDue(_ count: Int, after before: [[FieldValue]], at now: Instant) -> Bool {
        if LogCalendar.day(of: now) > closesOn { return true }
        var last = LogCalendar.start(of: opensOn)
        if case .dateTime(let moment)? = before.first?.dropFirst().first { last = moment }
        return count >= LetterBatches.signaturesMin
            && now >= LogCalendar.adding(hours: LetterBatches.hoursMin, to: last)
    }

    /// As many to an entry as it has room for; no part is so small that it tells something.
    private func parts(of all: [Signature]) -> [[Signature]] {
        let most = 250
        let count = max(1, (all.count + most - 1) / most)
        let size = (all.count + count - 1) / count
        return stride(from: 0, to: all.count, by: size).map {
            Array(all.dropFirst($0).prefix(size))
        }
    }

    private func publish(
        _ part: [Signature],
        number: Int,
        by writer: RecordWriter
    ) throws {
        let named = part.filter { $0.mode == "Named" }
        let unnamed = part.filter { $0.mode == "Verified unnamed" }
        let supporters = part.count - named.count - unnamed.count
        let nullifiers = (named + unnamed).map(\.nullifier).sorted()
        let batch = try writer.add(
            "LetterBatch",
            [
                "OpenLetterId": .string(id.description),
                "BatchNumber": .number(JSONNumber(Int64(number))),
                "Named": .number(JSONNumber(Int64(named.count))),
                "Verified": .number(JSONNumber(Int64(named.count + unnamed.count))),
                "Supporters": .string(CountBand.text(supporters)),
                "Root": .string(PolicyDigest.of(nullifiers.joined(separator: "\n"))),
            ]
        )
        for signature in part {
            try writer.change(
                "LetterSignature",
                signature.id,
                ["LetterBatchId": .string(batch.description)]
            )
        }
        let content: JSONObject = [
            "letter": .string(name), "batch": .string(String(number)),
            "at": .string(LogCalendar.text(of: writer.now)),
            "named": .array(named.compactMap(\.line).sorted().map { .string($0) }),
            "verified": .number(JSONNumber(Int64(unnamed.count))),
            "supporters": .string(CountBand.text(supporters)),
            "nullifiers": .array(nullifiers.map { .string($0) }),
            "entry": .string(UUID().uuidString.lowercased()),
        ]
        let entry: JSONObject = [
            "kind": .string("letter-batch"), "content": .object(content),
            "private": .object(JSONObject()),
        ]
        _ = try LogEntry(staged: entry).bytes()
        try writer.stageLogEntry(entry, parts: [:])
    }
}

extension FieldValue {
    fileprivate var whole: Int? {
        if case .number(let number) = self { Int(number.description) } else { nil }
    }
}
