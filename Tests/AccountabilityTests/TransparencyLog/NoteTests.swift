import Accountability
import Foundation
import Testing

/// Signed notes and keys, against the values that Go's implementation is tested with.
///
/// Source: golang.org/x/mod, `sumdb/note/note_test.go`.
@Suite struct NoteTests {
    private let signingText =
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    private let peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    private let enoch = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
    private let text = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        """
    private let peterLine = """
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpR\
        Zb6KE6RyyBwJnAM=

        """
    private let enochLine = """
        — EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox3\
        3WWd1RvMc+QQ=

        """

    @Test("a verifier key is read and written; every mangled one is refused")
    func verifierKeys() throws {
        let key = try VerifierKey(peter)
        #expect(key.name == "PeterNeumann")
        #expect(key.id == 0xc74f_20a3)
        #expect("\(key)" == peter)
        let bytes = Array(peter.utf8)
        for start in 0...bytes.count {
            for end in start...bytes.count where start != 0 || end != bytes.count {
                let part = String(decoding: bytes[start..<end], as: UTF8.self)
                #expect(throws: LogFormatError.self) { try VerifierKey(part) }
            }
        }
        for place in bytes.indices {
            var mangled = bytes
            mangled[place] += 1
            let text = String(decoding: mangled, as: UTF8.self)
            #expect(throws: LogFormatError.self) { try VerifierKey(text) }
        }
    }

    @Test(
        "keys of a wrong length or an unknown type are refused, even with the right ID",
        arguments: [
            "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
            "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        ]
    )
    func wrongKeys(_ text: String) {
        #expect(throws: LogFormatError.self) { try VerifierKey(text) }
    }

    @Test("a signing key is read and written, and belongs to its verifier key")
    func signingKeys() throws {
        let key = try SigningKey(signingText)
        #expect("\(key.verifier)" == peter)
        #expect(key.secretText == signingText)
        #expect(throws: LogFormatError.self) { try SigningKey(String(signingText.dropLast())) }
        #expect(throws: LogFormatError.self) { try SigningKey(peter) }
        let own = try Fixture.witnessKey()
        #expect(try SigningKey(own.secretText).verifier == own.verifier)
        #expect(try VerifierKey("\(own.verifier)") == own.verifier)
    }

    @Test("a note with two signatures is read, and written as it was")
    func notes() throws {
        let bytes = Data((text + "\n" + peterLine + enochLine).utf8)
        let note = try SignedNote(bytes)
        #expect(note.text == text)
        #expect(note.signatures.map(\.name) == ["PeterNeumann", "EnochRoot"])
        #expect(note.bytes == bytes)
        #expect(try isSigned(bytes, by: peter))
        #expect(try isSigned(bytes, by: enoch))
        #expect(try !isSigned(Data((text + "\n" + peterLine).utf8), by: enoch))
    }

    /// Whether a note that is no checkpoint is signed by a key, told by how it is refused as one.
    private func isSigned(_ bytes: Data, by key: String) throws -> Bool {
        let key = try VerifierKey(key)
        let note = try SignedNote(bytes)
        return note.signatures.contains { $0.isBy(key) && key.hasSigned(note.text, as: $0) }
    }

    @Test("a signature of another text is not taken")
    func otherText() throws {
        let note = Data((text.replacing("your", with: "our") + "\n" + peterLine).utf8)
        #expect(try !isSigned(note, by: peter))
    }

    @Test("the example in the specification is read")
    func example() throws {
        // Source: C2SP signed-note.
        let example = """
            Ognuno sta solo sul cuor della terra
            trafitto da un raggio di sole:

            ed è subito sera.

            — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrM\
            ouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=

            """
        let note = try SignedNote(Data(example.utf8))
        #expect(note.text.hasSuffix("sole:\n\ned è subito sera.\n"))
        #expect(note.signatures.map(\.keyID) == [0x367b_a04b])
    }

    @Test("what is no note is refused")
    func badNotes() {
        let bad = [
            text, text + "\n", text + "\n" + peterLine.dropLast(),
            "\u{1}" + text + "\n" + peterLine,
            text + "\r\n" + peterLine,
            text + "\n" + peterLine.replacing("PeterNeumann", with: "Bad Name"),
            text + "\n" + peterLine.replacing("PeterNeumann", with: "Bad+Name"),
            text + "\n" + peterLine.replacing("PeterNeumann", with: "Bad\u{a0}Name"),
            text + "\n" + peterLine.replacing("JnAM=", with: "JnAN="),
            text + "\n" + peterLine.replacing("—", with: "-"), text + "\n— a AAAAAA==\n",
            text + "\n" + peterLine + "Unexpected line.\n", text + "\n" + peterLine + "\n",
            text + "\n" + String(repeating: peterLine, count: 101),
        ]
        for note in bad {
            #expect(throws: LogFormatError.self, "\(note)") { try SignedNote(Data(note.utf8)) }
        }
        #expect(throws: LogFormatError.self) {
            try SignedNote(Data([0xff]) + Data((text + "\n" + peterLine).utf8))
        }
    }
}
