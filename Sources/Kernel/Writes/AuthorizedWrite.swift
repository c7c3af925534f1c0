package import Metadata

/// Changes to records of one object that the save pipeline has checked and allowed.
///
/// Its initializer is internal to the kernel: a store takes no other writes.
package struct AuthorizedWrite: Sendable {
    package enum Change: Sendable {
        /// New records, whole.
        case insert([StoredRecord])
        /// Whole records in place of those stored, with those for what is derived from them; only
        /// the fields whose indexes are given differ.
        case update([Update])
        /// `IsDeleted` set; the records stay, with their new values.
        case delete([Update])
        /// `IsDeleted` cleared.
        case undelete([Update])
        /// Removed for good.
        case purge([StoredRecord])
    }

    package struct Update: Sendable {
        package let before: StoredRecord
        package let after: StoredRecord
        /// Indexes of the fields that differ, ascending.
        package let changed: [Int]

        package init(before: StoredRecord, after: StoredRecord, changed: [Int]) {
            self.before = before
            self.after = after
            self.changed = changed
        }
    }

    package let object: ObjectDefinition
    package let change: Change
}

/// A change of the org's tables, from one schema to another, that a deploy has planned and allowed.
package struct AuthorizedSchemaChange: Sendable {
    /// `nil` for an org that has no tables yet.
    package let from: OrgSchema?
    package let to: OrgSchema
}
