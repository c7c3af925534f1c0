/// The rules for the names of keys and so of logs and witnesses.
///
/// Source: C2SP signed-note, "Format": not empty, without Unicode spaces and `+`.
enum KeyName {
    static func isValid(_ name: some StringProtocol) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20
            }
    }
}

extension StringProtocol {
    /// Whether a text has the same bytes; `==` also takes other spellings of a letter for the same.
    func hasSameBytes(as other: some StringProtocol) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}
