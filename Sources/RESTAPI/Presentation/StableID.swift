package import Metadata

/// Ids for what has a name in the metadata but no record: list views, layouts.
package enum StableID {
    /// The same name always gives the same id.
    ///
    /// - Parameters:
    ///   - prefix: the key prefix that clients expect of such a thing.
    ///   - name: what tells it from its like.
    package static func id(_ prefix: KeyPrefix, _ name: String) -> RecordID {
        // FNV-1a; the sequence is never 0, which is the mark of foreign ids.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let sequence = Int64(hash >> 20 & UInt64(RecordID.sequenceMask >> 1)) + 1
        return RecordID(prefix: prefix, sequence: sequence)
    }

    private static let listViewPrefix = KeyPrefix("00B") ?? KeyPrefix(number: 0)
    private static let layoutPrefix = KeyPrefix("00h") ?? KeyPrefix(number: 0)

    static func id(of view: ListViewDefinition) -> RecordID {
        id(listViewPrefix, "\(view.object.folded).\(view.developerName.folded)")
    }

    static func id(ofLayout name: String, of object: ObjectDefinition) -> RecordID {
        id(layoutPrefix, "\(object.name.folded).\(name.lowercased())")
    }
}
