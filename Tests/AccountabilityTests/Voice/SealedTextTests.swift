import Accountability
import Crypto
import Foundation
import Kernel
import Testing

/// Texts that whoever keeps them cannot read.
@Suite struct SealedTextTests {
    private let officer = Curve25519.KeyAgreement.PrivateKey()
    private let reporter = Curve25519.KeyAgreement.PrivateKey()

    private func sealed(_ text: String) throws -> SealedText {
        try SealedText(
            Data(text.utf8),
            as: .concern,
            to: [officer.publicKey, reporter.publicKey]
        )
    }

    @Test("each reader opens it after it was kept, and nobody else does")
    func opening() throws {
        let kept = try SealedText(text: try sealed("They watch the children.").text)
        for key in [officer, reporter] {
            let bytes = try kept.open(as: .concern, with: key)
            #expect(String(decoding: bytes, as: UTF8.self) == "They watch the children.")
        }
        #expect(throws: RecordError.self) {
            try kept.open(as: .concern, with: Curve25519.KeyAgreement.PrivateKey())
        }
        #expect(throws: RecordError.self) { try kept.open(as: .identity, with: officer) }
        #expect(!kept.text.contains("watch"))
        #expect(try sealed("x").text != sealed("x").text)
    }

    @Test("no changed byte opens, and none traps")
    func tampering() throws {
        let text = Array(try sealed("They watch.").text.utf8)
        for place in text.indices {
            var changed = text
            changed[place] = changed[place] == 65 ? 66 : 65
            let opened = try? SealedText(text: String(decoding: changed, as: UTF8.self))
                .open(as: .concern, with: officer)
            if let opened { #expect(opened == Data("They watch.".utf8)) }
        }
        for wrong in ["", "{}", "[]", "{\"sealed\":1}", "{\"sealed\":1,\"keys\":[],\"box\":\"\"}"] {
            #expect(throws: RecordError.self) { try SealedText(text: wrong) }
        }
        #expect(throws: RecordError.self) { try SealedText(Data(), as: .file, to: []) }
    }
}

/// Receipts, and what they open.
@Suite struct ReceiptTests {
    @Test("digits are read as people type them, and nothing else is")
    func typing() throws {
        let receipt = Receipt()
        #expect(receipt.digits.utf8.count == 16)
        #expect(Receipt(typed: receipt.text) == receipt)
        #expect(Receipt(typed: " \(receipt.text.replacing(" ", with: "-")) ") == receipt)
        for wrong in ["", "123", "1234 5678 9012 345x", "1234567890123456 7", "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦"] {
            #expect(Receipt(typed: wrong) == nil)
        }
    }

    @Test("a receipt opens one mailbox, in one deployment")
    func mailboxes() async throws {
        let secret = try ReceiptSecret(Data(repeating: 7, count: 32))
        let other = try ReceiptSecret(Data(repeating: 8, count: 32))
        let receipt = Receipt()
        let mailbox = try await secret.mailbox(of: receipt)
        let again = try await secret.mailbox(of: receipt)
        #expect(mailbox.digest == again.digest)
        #expect(mailbox.key.rawRepresentation == again.key.rawRepresentation)
        #expect(try await other.mailbox(of: receipt).digest != mailbox.digest)
        #expect(try await secret.mailbox(of: Receipt()).digest != mailbox.digest)
        #expect(!mailbox.digest.contains(receipt.digits))
        #expect(throws: RecordError.self) { try ReceiptSecret(Data()) }
    }
}

/// Sketches by which copies are known.
@Suite struct TextSketchTests {
    private static let letter = """
        The agency uses your service to keep lists of families at the crossing, and children are
        taken from their parents by what the lists say. We who live here have seen it twice since
        spring. We ask that you look into what your product is used for, that you meet those whom it
        concerns, and that you tell everybody what you found, what you decided and for how long.
        """

    private func share(_ one: TextSketch, _ other: TextSketch) -> Double {
        let same = zip(one.numbers, other.numbers).filter { $0 == $1 }.count
        return Double(same) / Double(TextSketch.count)
    }

    @Test("a copy with another name and other blanks is known; other words are not")
    func copies() {
        let first = TextSketch(of: Self.letter, about: "Border agency Service")
        let copy = TextSketch(
            of: Self.letter.uppercased().replacing("\n", with: "  ") + " Yours, A. Reader",
            about: "border AGENCY, service"
        )
        let other = TextSketch(
            of: "A school sells the addresses of pupils to a bank that sends them letters.",
            about: "Border agency Service"
        )
        #expect(share(first, copy) >= TextSketch.copyShareMin)
        #expect(share(first, other) < 0.2)
    }

    @Test("the same words about another org are another matter")
    func subjects() {
        let one = TextSketch(of: Self.letter, about: "Border agency")
        #expect(share(one, TextSketch(of: Self.letter, about: "Harbour office")) < 0.2)
    }

    @Test("texts of no words and of any script have a sketch")
    func strange() {
        for text in ["", " ", "?", "a", "見る", "ab cd", "\u{0}\u{ffff}"] {
            #expect(TextSketch(of: text, about: "").numbers.count == TextSketch.count)
        }
        #expect(TextSketch([1, 2, 3]) == nil)
    }
}

/// Files without what tells of their maker.
@Suite struct CleanedFileTests {
    private func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
        let length = body.count + 2
        return [0xff, marker, UInt8(length >> 8), UInt8(length & 255)] + body
    }

    private func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        [0, 0, 0, UInt8(body.count)] + Array(name.utf8) + body + [1, 2, 3, 4]
    }

    @Test("a picture loses place, device and comments, and keeps what is seen")
    func pictures() throws {
        let scan: [UInt8] = [0x11, 0xff, 0x00, 0x22, 0xff, 0xd0, 0x33]
        let jpeg: [UInt8] =
            [0xff, 0xd8] + segment(0xe0, Array("JFIF\u{0}..".utf8))
            + segment(0xe1, Array("Exif\u{0}\u{0}GPS 52.5".utf8))
            + segment(0xfe, Array("by Ada".utf8)) + segment(0xdb, [1, 2, 3])
            + segment(0xda, [1, 2]) + scan + [0xff, 0xd9] + Array("trailing secret".utf8)
        let clean = try CleanedFile(Data(jpeg))
        #expect(clean.kind == .jpeg)
        let expected: [UInt8] =
            [0xff, 0xd8] + segment(0xe0, Array("JFIF\u{0}..".utf8)) + segment(0xdb, [1, 2, 3])
            + segment(0xda, [1, 2]) + scan + [0xff, 0xd9]
        #expect([UInt8](clean.bytes) == expected)

        let head: [UInt8] = [137, 80, 78, 71, 13, 10, 26, 10]
        let png =
            head + chunk("IHDR", [1]) + chunk("tEXt", Array("Author Ada".utf8))
            + chunk("eXIf", [9]) + chunk("tIME", [9]) + chunk("IDAT", [7]) + chunk("IEND", [])
            + Array("tail".utf8)
        let cleaned = try CleanedFile(Data(png))
        #expect(cleaned.kind == .png)
        #expect(
            [UInt8](cleaned.bytes)
                == head + chunk("IHDR", [1]) + chunk("IDAT", [7]) + chunk("IEND", [])
        )
    }

    @Test("files of other kinds, cut ones and long ones are refused; no prefix traps")
    func refused() throws {
        let jpeg: [UInt8] =
            [0xff, 0xd8] + segment(0xdb, [1, 2, 3]) + segment(0xda, [1, 2]) + [0x11, 0xff, 0xd9]
        for length in 3..<jpeg.count {
            #expect(throws: RecordError.self) { try CleanedFile(Data(jpeg.prefix(length))) }
        }
        _ = try CleanedFile(Data(jpeg))
        #expect(throws: RecordError.self) { try CleanedFile(Data("%PDF-1.7\u{0}".utf8)) }
        #expect(throws: RecordError.self) {
            try CleanedFile(Data(repeating: 65, count: CleanedFile.sizeMaxBytes + 1))
        }
        #expect(try CleanedFile(Data("Notes".utf8)).kind == .text)
    }
}
