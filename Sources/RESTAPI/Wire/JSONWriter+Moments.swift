import Metadata

extension JSONWriter {
    /// A member with a moment, as the REST API writes it.
    mutating func member(_ key: JSONKey, _ moment: Instant) {
        self.key(key)
        datetime(millisecondsSinceEpoch: moment.milliseconds)
    }
}
