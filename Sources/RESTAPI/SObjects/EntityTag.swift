import Kernel
import Metadata

/// A record's state as HTTP's entity tags write it: `"500….-1700000000000"`.
///
/// Source: RFC 9110, section 8.8.3.
enum EntityTag {
    static func text(_ state: RecordState) -> String {
        "\"\(state.id)-\(state.stamp.milliseconds)\""
    }

    /// The states that `If-Match` or `If-None-Match` lists; `nil` for `*`, which is any of them.
    ///
    /// A tag that is none of ours, or a weak one, is of no state.
    static func states(_ header: String) -> [RecordState]? {
        let tags = header.split(separator: ",").map { String($0).trimmed }
        if tags == ["*"] { return nil }
        return tags.compactMap(state)
    }

    private static func state(_ tag: String) -> RecordState? {
        guard tag.count > 2, tag.first == "\"", tag.last == "\"" else { return nil }
        let parts = tag.dropFirst().dropLast().split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let id = try? RecordID(String(parts[0])),
            let milliseconds = Int64(parts[1])
        else { return nil }
        return RecordState(id: id, stamp: Instant(milliseconds: milliseconds))
    }
}
