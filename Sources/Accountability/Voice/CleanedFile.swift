package import Foundation
import Kernel

/// A file without what its maker's machine wrote into it: place, time, device, author.
///
/// Only kinds of files are taken of which all of that can be left out with certainty. What a picture
/// shows can still tell who took it; nobody can take that away but whoever sends it.
package struct CleanedFile: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case jpeg = "image/jpeg"
        case png = "image/png"
        case text = "text/plain"
    }

    package static let sizeMaxBytes = 4 << 20

    package let kind: Kind
    package let bytes: Data

    /// - Throws: `RecordError` `INVALID_INPUT` for a file of another kind, or one that is too long.
    package init(_ bytes: Data) throws {
        guard bytes.count <= Self.sizeMaxBytes else {
            throw RecordError(.invalidInput, "a file has \(Self.sizeMaxBytes >> 20) MiB at most")
        }
        let original = [UInt8](bytes)
        if original.starts(with: [0xff, 0xd8, 0xff]) {
            kind = .jpeg
            self.bytes = Data(try Self.jpeg(original))
        } else if original.starts(with: Self.pngSignature) {
            kind = .png
            self.bytes = Data(try Self.png(original))
        } else if !original.contains(0), String(bytes: bytes, encoding: .utf8) != nil {
            kind = .text
            self.bytes = bytes
        } else {
            throw RecordError(
                .invalidInput,
                "a file must be a JPEG or PNG picture or a plain text: of others it cannot be said "
                    + "that nothing in them tells who sent them; a picture of the screen is one way"
            )
        }
    }

    private static func broken(_ kind: Kind) -> RecordError {
        RecordError(.invalidInput, "the file is no whole \(kind.rawValue)")
    }

    /// Keeps the segments that the picture needs (ISO/IEC 10918-1, B.1.1.4).
    ///
    /// No comments, and of the applications' segments JFIF's and Adobe's colour transform only. Ends
    /// with the picture: what follows it, such as another picture, is left out.
    private static func jpeg(_ bytes: [UInt8]) throws -> [UInt8] {
        var kept: [UInt8] = [0xff, 0xd8]
        var position = 2
        while position + 3 < bytes.count {
            guard bytes[position] == 0xff else { throw broken(.jpeg) }
            let marker = bytes[position + 1]
            if marker == 0xff {
                position += 1
                continue
            }
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            let end = position + 2 + length
            guard length >= 2, end <= bytes.count else { throw broken(.jpeg) }
            let segment = bytes[position..<end]
            let isOwn =
                marker == 0xe0 && segment.dropFirst(4).starts(with: Array("JFIF\u{0}".utf8))
                || marker == 0xee && segment.dropFirst(4).starts(with: Array("Adobe".utf8))
            let isMetadata = 0xe0...0xef ~= marker || marker == 0xfe
            if !isMetadata || isOwn { kept += segment }
            position = end
            if marker == 0xda {
                position = scan(bytes, from: position, into: &kept)
                if position + 1 < bytes.count, bytes[position + 1] == 0xd9 {
                    return kept + [0xff, 0xd9]
                }
            }
        }
        throw broken(.jpeg)
    }

    /// Copies coded picture data up to the next marker that is none of a restart.
    private static func scan(_ bytes: [UInt8], from start: Int, into kept: inout [UInt8]) -> Int {
        var position = start
        while position + 1 < bytes.count {
            let next = bytes[position + 1]
            if bytes[position] == 0xff, next != 0, !(0xd0...0xd7 ~= next), next != 0xff { break }
            kept.append(bytes[position])
            position += 1
        }
        return position
    }

    private static let pngSignature: [UInt8] = [137, 80, 78, 71, 13, 10, 26, 10]
    /// What the picture's look depends on (PNG, third edition, 5.6 and 11).
    private static let pngChunks: Set<String> = [
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "pHYs", "acTL",
        "fcTL", "fdAT",
    ]

    private static func png(_ bytes: [UInt8]) throws -> [UInt8] {
        var kept = pngSignature
        var position = 8
        while position + 12 <= bytes.count {
            let length = bytes[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
            let name = String(decoding: bytes[(position + 4)..<(position + 8)], as: UTF8.self)
            let end = position + 12 + length
            guard end <= bytes.count else { throw broken(.png) }
            if pngChunks.contains(name) { kept += bytes[position..<end] }
            if name == "IEND" { return kept }
            position = end
        }
        throw broken(.png)
    }
}
