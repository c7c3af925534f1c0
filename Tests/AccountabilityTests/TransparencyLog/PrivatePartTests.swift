import Accountability
import Foundation
import Testing

/// Parts of entries that stay out of the log, and what is left when they are erased.
@Suite struct PrivatePartTests {
    private let statement = CanonicalJSON.object([
        "name": .string("a person"), "words": .string("what they said"),
    ])

    @Test("an entry is written canonically, with commitments for its private parts")
    func form() throws {
        let salt = Data(repeating: 7, count: 32)
        let part = try PrivatePart(name: "statement", bytes: statement.bytes(), salt: salt)
        let entry = try LogEntry(
            kind: "decision",
            content: ["rule": .string("4.2@3")],
            privateParts: [part]
        )
        let text = String(decoding: try entry.bytes(), as: UTF8.self)
        // Computed with Python's hmac.
        let commitment = "hmac-sha256:bikKNOGbL5LCLVuFU4/wiayJSaY2HuaeH7BEod22eLk="
        #expect(
            text == #"{"content":{"rule":"4.2@3"},"kind":"decision","#
                + #""private":{"statement":"\#(commitment)"},"version":1}"#
        )
        #expect(try LogEntry(entry.bytes()) == entry)
    }

    @Test("a disclosed part is accepted, any other refused")
    func disclosure() throws {
        let part = try PrivatePart("statement", statement)
        let entry = try LogEntry(kind: "decision", content: [:], privateParts: [part])
        #expect(entry.isCommitted(to: part))
        #expect(try part.content() == statement)
        let other = try PrivatePart("statement", statement)
        #expect(other.salt != part.salt)
        #expect(!entry.isCommitted(to: other))
        let renamed = try PrivatePart(name: "reply", bytes: part.bytes, salt: part.salt)
        #expect(!entry.isCommitted(to: renamed))
        #expect(renamed.commitment != part.commitment)
        let changed = try PrivatePart(
            name: part.name,
            bytes: part.bytes + [0x20],
            salt: part.salt
        )
        #expect(!entry.isCommitted(to: changed))
        #expect(throws: LogFormatError.self) {
            try PrivatePart(name: "statement", bytes: part.bytes, salt: Data(count: 31))
        }
        #expect(throws: LogFormatError.self) {
            try PrivatePart(name: "a\nb", bytes: part.bytes, salt: part.salt)
        }
        #expect(throws: LogFormatError.self) {
            try LogEntry(kind: "decision", content: [:], privateParts: [part, other])
        }
    }

    @Test(
        "what is not an entry in its form is refused",
        arguments: [
            "{}", "[]", #"{"content":{},"kind":"a","private":{},"version":2}"#,
            #"{"content":{},"kind":1,"private":{},"version":1}"#,
            #"{"content":[],"kind":"a","private":{},"version":1}"#,
            #"{"content":{},"kind":"a","private":{"b":"c"},"version":1}"#,
            #"{"content":{},"kind":"a","more":1,"private":{},"version":1}"#,
            #"{"kind":"a","content":{},"private":{},"version":1}"#,
        ]
    )
    func badEntries(_ text: String) {
        #expect(throws: LogFormatError.self) { try LogEntry(Data(text.utf8)) }
    }

    @Test("erasing a private part leaves every proof and the whole log valid")
    func erasure() async throws {
        let folder = try TemporaryFolder()
        let parts = DirectoryPrivateParts(folder: folder.path + "/private")
        let key = try Fixture.logKey()
        let tiles = try DirectoryTiles(writing: folder.path + "/log")
        try await TransparencyLog.create(in: tiles, key: key)
        let log = try await TransparencyLog(in: tiles, key: key)
        var kept: [PrivatePart] = []
        for number in 0..<5 {
            let part = try PrivatePart("statement", .string("statement \(number)"))
            try await parts.keep(part)
            let entry = try LogEntry(
                kind: "decision",
                content: ["number": .integer(number)],
                privateParts: [part]
            )
            _ = try await log.append([entry.bytes()])
            kept.append(part)
        }
        let proof = try await log.inclusionProof(of: 2)
        let before = try await LogVerifier(log: key.verifier).verify(tiles)

        try await parts.erase(kept[2].commitment)
        try await parts.erase(kept[2].commitment)

        #expect(try await parts.part(behind: kept[2].commitment) == nil)
        #expect(try await parts.part(behind: kept[3].commitment) == kept[3])
        let (bytes, after) = try await log.entry(at: 2)
        #expect(after == proof)
        try proof.verify(leaf: .leaf(bytes), root: before.checkpoint.root)
        #expect(try LogEntry(bytes).commitments["statement"] == kept[2].commitment)
        #expect(try await LogVerifier(log: key.verifier).verify(tiles) == before)
        let found = FileManager.default.enumerator(atPath: folder.path)?.compactMap { name in
            FileManager.default.contents(atPath: "\(folder.path)/\(name)")
        }
        #expect(found?.contains { $0.range(of: Data("statement 2".utf8)) != nil } == false)
        #expect(found?.contains { $0.range(of: Data("statement 3".utf8)) != nil } == true)
    }

    @Test("a kept part that was changed is not handed out")
    func changedPart() async throws {
        let folder = try TemporaryFolder()
        let parts = DirectoryPrivateParts(folder: folder.path)
        let part = try PrivatePart("statement", statement)
        try await parts.keep(part)
        let name = part.commitment.hex
        let path = "\(folder.path)/\(name.prefix(2))/\(name)"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        await #expect(throws: LogFormatError.self) {
            try await parts.part(behind: part.commitment)
        }
    }
}

/// A folder that is gone when the test is.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/transparency-log-\(UUID())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
