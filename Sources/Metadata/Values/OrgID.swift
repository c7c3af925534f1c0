/// Which customer's isolated space: the record id of the org's own `Organization` row.
package struct OrgID: Hashable, Sendable, CustomStringConvertible {
    package let record: RecordID

    package init(_ record: RecordID) {
        self.record = record
    }

    package var description: String { record.description }
}
