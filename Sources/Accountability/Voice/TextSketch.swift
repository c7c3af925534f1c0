import Crypto
import Foundation

/// Sixty-four numbers by which texts that are nearly the same are recognised, and from which no text
/// can be read.
///
/// MinHash over the sequences of three words, with the org and the product as part of each: the same
/// words about two orgs are two matters. The share of numbers that agree estimates the share of
/// sequences that two texts have in common (Broder 1997).
package struct TextSketch: Sendable, Hashable {
    package static let count = 64
    /// From this share on, of the numbers, two texts count as copies of one.
    package static let copyShareMin = 0.7

    package let numbers: [UInt32]

    /// - Returns: `nil` where there are not as many numbers as a sketch has.
    package init?(_ numbers: [UInt32]) {
        guard numbers.count == Self.count else { return nil }
        self.numbers = numbers
    }

    package init(of text: String, about subject: String) {
        let head = TextSketch.words(subject).joined(separator: " ")
        let words = TextSketch.words(text)
        let sequences =
            words.count < 3
            ? [words.joined(separator: " ")]
            : (2..<words.count).map { words[($0 - 2)...$0].joined(separator: " ") }
        var least = [UInt64](repeating: .max, count: Self.count)
        for sequence in Set(sequences) {
            let base = TextSketch.hash("\(head)\u{0}\(sequence)")
            for place in 0..<Self.count {
                let mixed = TextSketch.mix(base ^ TextSketch.mix(UInt64(place) &+ 1))
                if mixed < least[place] { least[place] = mixed }
            }
        }
        numbers = least.map { UInt32(truncatingIfNeeded: $0 >> 32) }
    }

    /// In lower case, without what only looks different.
    private static func words(_ text: String) -> [String] {
        text.precomposedStringWithCompatibilityMapping.lowercased()
            .split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    private static func hash(_ text: String) -> UInt64 {
        SHA256.hash(data: Data(text.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The finalizer of SplitMix64.
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

/// A sketch as a deployment keeps it: each number under a code that only the deployment can make.
struct KeptSketch: Sendable, Hashable {
    private static let codeLength = 4
    private static let rowsOfBand = 4

    /// Four digits for each number.
    let text: String

    init(_ sketch: TextSketch, by secret: ReceiptSecret) {
        text = sketch.numbers.enumerated().map { secret.code(of: $1, at: $0) }.joined()
    }

    init(text: String) {
        self.text = text
    }

    /// Digests of four numbers each: texts that are nearly the same have one of them in common.
    var bands: [String] {
        let length = Self.codeLength * Self.rowsOfBand
        return stride(from: 0, to: text.utf8.count, by: length).enumerated().map { band, start in
            let part = text.dropFirst(start).prefix(length)
            return String(PolicyDigest.of("\(band) \(part)").prefix(16))
        }
    }

    /// Whether it is of a copy of the same text.
    func isCopy(of other: KeptSketch) -> Bool {
        let (mine, others) = (codes, other.codes)
        guard mine.count == TextSketch.count, others.count == mine.count else { return false }
        let same = zip(mine, others).filter { $0 == $1 }.count
        return Double(same) >= TextSketch.copyShareMin * Double(TextSketch.count)
    }

    private var codes: [Substring] {
        let all = text[...]
        return stride(from: 0, to: text.utf8.count, by: Self.codeLength).map {
            all.dropFirst($0).prefix(Self.codeLength)
        }
    }
}
