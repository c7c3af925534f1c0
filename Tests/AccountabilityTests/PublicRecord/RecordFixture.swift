import Accountability
import Foundation
import Metadata

/// Entries as the office and orgs publish them.
enum RecordFixture {
    static let org = "00D000000000001AAA"
    static let otherOrg = "00D000000000002AAA"

    static func moment(_ text: String) -> Instant {
        LogCalendar.moment(text) ?? Instant(milliseconds: 0)
    }

    static func entry(
        _ kind: String,
        _ id: String,
        at: String = "2026-03-01T10:00:00.000Z",
        org: String? = RecordFixture.org,
        _ fields: [String: String] = [:],
        flags: [String: Bool] = [:]
    ) -> LogEntry {
        let texts = fields.mapValues { CanonicalJSON.string($0) }
        let all = texts.merging(flags.mapValues { .boolean($0) }) { one, _ in one }
        var content: [String: CanonicalJSON] = [
            "id": .string(id), "at": .string(at), "entry": .string("e-\(kind)-\(id)-\(at)"),
            "fields": .object(all),
        ]
        content["org"] = org.map { .string($0) }
        return LogEntry(kind: kind, content: content, commitments: [:])
    }

    static func plain(_ kind: String, _ content: [String: CanonicalJSON]) -> LogEntry {
        LogEntry(kind: kind, content: content, commitments: [:])
    }

    static func order(
        _ id: String,
        decision: String = "D-2026-0001",
        org: String = RecordFixture.org,
        rule: String = "AUP-07@3",
        kind: String = "channel",
        target: [String: CanonicalJSON] = ["channel": .string("mail")],
        urgency: String = "ordinary",
        noticed: String = "2026-02-01T09:00:00.000Z",
        starts: String = "2026-04-01T09:00:00.000Z",
        ends: String = "2026-07-01T09:00:00.000Z",
        signers: [String] = ["Ada", "Bea"]
    ) -> LogEntry {
        let restriction: [String: CanonicalJSON] = [
            "id": .string(id), "decision": .string(decision), "rule": .string(rule),
            "kind": .string(kind), "target": .object(target), "startsAt": .string(starts),
            "endsAt": .string(ends),
        ]
        let order: [String: CanonicalJSON] = [
            "org": .string(org), "restriction": .object(restriction),
            "urgency": .string(urgency), "noticedAt": .string(noticed),
            "requestedBy": .string("Dov"),
            "reasons": .object([
                "facts": .string("Letters went to people who had asked for none."),
                "lesserSteps": .array([.string("A talk: declined.")]),
            ]),
            "signatures": .array(
                signers.map { .object(["signer": .string($0), "signature": .string("AA==")]) }
            ),
        ]
        return plain("restriction-applied", ["order": .object(order)])
    }

    static func emergency(
        _ id: String,
        starts: String,
        ends: String,
        decision: String = "D-2026-0001"
    ) -> LogEntry {
        order(
            id,
            decision: decision,
            urgency: "emergency",
            noticed: starts,
            starts: starts,
            ends: ends
        )
    }

    static func decision(
        _ id: String,
        at: String = "2026-02-01T09:00:00.000Z",
        outcome: String = "Restriction",
        rule: String = "AUP-07@3",
        _ more: [String: String] = [:]
    ) -> LogEntry {
        let fields = [
            "Outcome": outcome, "Rule": rule, "RestrictionKind": "channel", "Product": "service",
            "Facts": "Letters went to people who had asked for none.",
            "Ground": "Mass outreach is no part of the declared use.", "GroundKind": "Policy",
            "SourceKind": "Concern", "OrgHeardOn": "2026-01-10",
        ]
        return entry("decision", id, at: at, fields.merging(more) { _, new in new })
    }

    static func lift(_ id: String, at: String) -> LogEntry {
        plain(
            "restriction-lifted",
            [
                "at": .string(at),
                "lift": .object([
                    "org": .string(org), "restriction": .string(id),
                    "decision": .string("D-2026-0009"), "reasons": .string("It was done."),
                    "requestedBy": .string("Dov"),
                ]),
            ]
        )
    }

    static func concern(_ stage: String, _ id: String, _ day: String) -> LogEntry {
        plain(
            "concern-\(stage)",
            [
                "id": .string(id), "day": .string(day), "stage": .string(stage),
                "fields": .object(["Channel": .string("Web"), "Product": .string("service")]),
            ]
        )
    }

    static func record(_ entries: [LogEntry]) -> PublicRecord {
        var record = PublicRecord()
        for entry in entries { record.append(entry) }
        return record
    }

    /// One of everything.
    static var life: [LogEntry] {
        [
            plain(
                "policy-published",
                [
                    "document": .string("acceptable-use"), "version": .string("3"),
                    "title": .string("Acceptable use"),
                    "digest": .string(String(repeating: "ab", count: 32)),
                    "rules": .array([.string("AUP-07@3")]),
                    "publishedAt": .string("2025-10-01T00:00:00.000Z"),
                    "effectiveFrom": .string("2025-12-01T00:00:00.000Z"),
                    "approvals": .array([.string("Ada"), .string("Bea")]),
                ]
            ),
            entry(
                "policy-accepted",
                "PA-1",
                at: "2025-12-02T10:00:00.000Z",
                ["Document": "acceptable-use", "Version": "3", "AcceptedBy": "Administrator"]
            ),
            entry(
                "use-declared",
                "UD-0001",
                at: "2026-01-01T10:00:00.000Z",
                [
                    "Version": "1", "Product": "service", "Category": "Answering questions",
                    "Statement": "Citizens ask, clerks answer.", "Publicity": "Public",
                    "ReattestDue": "2026-12-31",
                ],
                flags: ["PublicBody": true, "Children": false]
            ),
            concern("opened", "C-00001", "2026-01-05"),
            concern("acknowledged", "C-00001", "2026-01-08"),
            concern("triaged", "C-00001", "2026-01-10"),
            entry(
                "review-opened",
                "RV-0001",
                at: "2026-01-10T12:00:00.000Z",
                ["Question": "Who gets the letters?", "Product": "service", "Severity": "7"]
            ),
            entry(
                "letter-frozen",
                "L-0001",
                at: "2026-01-11T12:00:00.000Z",
                [
                    "Title": "To the chief executive", "Body": "Please stop.", "Asks": "A meeting",
                    "AnswerThreshold": "25", "RevealThreshold": "10",
                ]
            ),
            plain(
                "letter-key",
                [
                    "letter": .string("L-0001"), "key": .string("AAAA"),
                    "at": .string("2026-01-11T13:00:00.000Z"),
                ]
            ),
            batch(1, verified: 18, named: ["Ines, nurse", "Omar, clerk"], at: "2026-01-13"),
            batch(2, verified: 20, named: [], at: "2026-01-15"),
            entry(
                "meeting-held",
                "M-0001",
                at: "2026-01-22T12:00:00.000Z",
                ["HeldOn": "2026-01-20", "Terms": "On record", "MinutesDigest": "00"]
            ),
            entry(
                "commitment-made",
                "CM-0001",
                at: "2026-01-22T13:00:00.000Z",
                ["Statement": "A list of recipients", "Owner": "Operator", "DueOn": "2026-02-15"]
            ),
            decision("D-2026-0001", ["ReviewName": "RV-0001"]),
            entry(
                "notice",
                "N-0001",
                at: "2026-02-01T09:00:00.000Z",
                ["DecisionName": "D-2026-0001", "NoticedOn": "2026-02-01"]
            ),
            order("R-2026-0001"),
            entry("review-closed", "RV-0001", at: "2026-02-02T09:00:00.000Z"),
            concern("closed", "C-00001", "2026-02-03"),
            entry(
                "letter-answered",
                "L-0001",
                at: "2026-02-10T09:00:00.000Z",
                ["Answer": "Here is the list."]
            ),
            entry(
                "appeal-filed",
                "A-0001",
                at: "2026-02-05T09:00:00.000Z",
                ["Decision": "D-2026-0001", "Grounds": "It is too long.", "FiledOn": "2026-02-05"]
            ),
            entry(
                "appeal-decided",
                "A-0001",
                at: "2026-02-25T09:00:00.000Z",
                ["Outcome": "Changed", "Reasons": "Shorter."]
            ),
            entry(
                "commitment-moved",
                "CM-0001",
                at: "2026-02-14T09:00:00.000Z",
                ["DueOn": "2026-03-15"]
            ),
            entry(
                "commitment-done",
                "CM-0001",
                at: "2026-03-10T09:00:00.000Z",
                ["DoneOn": "2026-03-10", "Evidence": "The list"]
            ),
            plain(
                "break-glass-opened",
                [
                    "id": .string("BG-0001"), "reason": .string("SECURITY_INCIDENT"),
                    "scope": .string("Case"), "at": .string("2026-03-01T10:00:00.000Z"),
                    "until": .string("2026-03-01T14:00:00.000Z"), "org": .string(org),
                ]
            ),
            plain(
                "break-glass-closed",
                [
                    "id": .string("BG-0001"), "at": .string("2026-03-09T10:00:00.000Z"),
                    "queries": .string("1–9"), "org": .string(org),
                ]
            ),
            entry(
                "demand-band",
                "GD-0001",
                ["Jurisdiction": "DE", "DemandKind": "Order", "CountBand": "1–9"],
                flags: ["Contested": true]
            ),
            entry("misuse-finding", "MF-0001", ["CountBand": "10–19", "Outcome": "Warning"]),
            plain("snapshot-root", ["day": .string("2026-03-01"), "root": .string("00")]),
            lift("R-2026-0001", at: "2026-05-01T09:00:00.000Z"),
            plain(
                "redaction",
                [
                    "of": .integer(13), "part": .string("Facts"),
                    "reason": .string("It names a person."),
                    "at": .string("2026-05-02T09:00:00.000Z"),
                ]
            ),
            plain(
                "report",
                [
                    "from": .string("2025-07-01T00:00:00.000Z"),
                    "to": .string("2026-01-01T00:00:00.000Z"), "digest": .string("00"),
                    "at": .string("2026-03-20T00:00:00.000Z"),
                ]
            ),
        ]
    }

    static func batch(
        _ number: Int,
        verified: Int,
        named: [String],
        at day: String,
        nullifiers: [String] = []
    ) -> LogEntry {
        plain(
            "letter-batch",
            [
                "letter": .string("L-0001"), "batch": .integer(number),
                "verified": .integer(verified), "named": .array(named.map { .string($0) }),
                "supporters": .string("100–199"), "root": .string("00"),
                "at": .string("\(day)T10:00:00.000Z"),
                "nullifiers": .array(nullifiers.map { .string($0) }),
            ]
        )
    }
}

/// Chance that a number decides.
struct RecordChance: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
