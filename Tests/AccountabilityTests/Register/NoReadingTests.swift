import Accountability
import Foundation
import Kernel
import Metadata
import TestSupport
import Testing
import UseMeter

/// The register does not read: what records say makes no difference to it, and it has no way to
/// them.
@Suite struct NoReadingTests {
    /// Lives through the same work, with every value made by a seed.
    private func snapshot(valuesOf seed: UInt64) async throws -> Data {
        let org = try await TestOrg(on: .sqlite)
        var random = SeededRandom(seed: seed)
        func word() -> JSONValue {
            let letters = Array("abcdefghijklmnopqrstuvwxyzäöü漢字 '\"\\%_;")
            let length = Int.random(in: 1...30, using: &random)
            return .string(
                "x" + String((0..<length).map { _ in letters.randomElement(using: &random) ?? "x" })
            )
        }
        var accounts: [RecordID] = []
        for _ in 0..<12 {
            let values: JSONObject = [
                "Name": word(), "Phone": word(), "BillingCity": word(),
                "AnnualRevenue": .string("\(Int.random(in: 0...1_000_000, using: &random))"),
            ]
            accounts.append(try await org.create("Account", values, as: org.administrator))
        }
        for number in 0..<11 {
            try await org.create(
                "Contact",
                [
                    "LastName": word(), "Email": .string("m\(random.next() % 1_000)@b.example"),
                    "Birthdate": .string(
                        "19\(60 + random.next() % 40)-0\(1 + random.next() % 9)-11"
                    ),
                    "AccountId": .id(accounts[number]),
                ],
                as: org.administrator
            )
            try await org.create(
                "Case",
                [
                    "Subject": word(), "Description": word(),
                    "Priority": random.next() % 2 == 0 ? "High" : "Low",
                ],
                as: org.administrator
            )
        }
        for id in accounts.prefix(3) {
            try await org.update("Account", id, ["Name": word()], as: org.administrator)
        }
        try await org.delete(accounts[11], as: org.administrator)
        let texts = try await org.query("SELECT Name, Phone FROM Account", as: org.administrator)
        #expect(texts.count == 11)
        _ = await org.records.keepUse()
        let desk = RegisterDesk(org.records)
        return try await desk.keepSnapshot(of: org.id, on: org.clock.now().useDay).bytes()
    }

    @Test("with other values in every record, the snapshot is the same byte for byte")
    func values() async throws {
        let first = try await snapshot(valuesOf: 1)
        for seed: UInt64 in 2...4 {
            #expect(try await snapshot(valuesOf: seed) == first, "seed \(seed)")
        }
        let text = String(decoding: first, as: UTF8.self)
        #expect(text.contains(#""band.service-desk.records":"#))
    }

    @Test("with other numbers of records it is not")
    func counts() async throws {
        let few = RegisterFixture.snapshot("a", day: 1, records: 9, mails: 0, after: nil)
        let many = RegisterFixture.snapshot("a", day: 1, records: 10, mails: 0, after: nil)
        #expect(try few.bytes() != many.bytes())
    }

    /// Code without comments: what it could name.
    private static func code(of file: URL) throws -> String {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { !$0.contains(/^\s*\/\//) }.joined(separator: "\n")
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test("the register imports nothing by which a record could be reached")
    func imports() throws {
        let folder = Self.root.appending(path: "Sources/Accountability/Register")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.count >= 8)
        let allowed: Set<String> = ["Crypto", "Foundation", "Metadata", "UseMeter"]
        let forbidden: Set<Substring> = [
            "FieldValue", "StoredRecord", "RecordReader", "RecordWriter", "RecordStore", "Records",
            "RecordID", "RowSink", "RowCursor", "ReadTransaction", "AuthorizedRead", "FileManager",
            "FileHandle", "contentsOf",
        ]
        for name in files {
            let code = try Self.code(of: folder.appending(path: name))
            for found in code.matches(of: /(?m)^(?:package )?import (\w+)/) {
                #expect(allowed.contains(String(found.output.1)), "\(name): \(found.output.0)")
            }
            let named = forbidden.intersection(code.matches(of: /\w+/).map(\.output))
            #expect(named.isEmpty, "\(name) names \(named)")
        }
    }

    @Test(
        "what gathers for the register asks for totals, counts and definitions alone"
    )
    func gathering() throws {
        let file = Self.root.appending(path: "Sources/Accountability/Office/RegisterDesk.swift")
        let code = try Self.code(of: file)
        let asked = Set(code.matches(of: /\b(?:records|reader)\.(\w+)/).map { String($0.output.1) })
        #expect(
            asked == [
                "read", "use", "recordCounts", "installedPackages", "snapshot", "useSnapshots",
                "keepUseSnapshot",
            ]
        )
    }
}
