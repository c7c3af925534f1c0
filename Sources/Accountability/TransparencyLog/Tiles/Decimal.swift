/// Counts as all of the log's formats write them: decimal, without sign or leading zeroes.
enum Decimal {
    /// The largest tree that is read: proofs about larger ones cannot be counted in 63 bits.
    static let maximum = 1 << 62

    /// The number that a text writes; nil when it writes none, another way or a larger one.
    static func read(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ 48...57 ~= $0 }),
            let number = Int(text), number <= maximum,
            number == 0 ? text.utf8.count == 1 : text.utf8.first != 48
        else { return nil }
        return number
    }
}
