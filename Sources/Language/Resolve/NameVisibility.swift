package import Metadata

/// Which objects and fields exist for whoever asks.
///
/// What is invisible is, for a query, not there: it fails as a name that nobody declared.
package protocol NameVisibility: Sendable {
    /// Whether records of the object may be queried.
    func isVisible(_ object: ObjectDefinition) -> Bool
    /// Whether the field may be read.
    func isVisible(_ field: FieldDefinition, of object: ObjectDefinition) -> Bool
}

/// Everything is visible: for the platform itself, and for tests.
package struct FullVisibility: NameVisibility {
    package init() {}
    package func isVisible(_ object: ObjectDefinition) -> Bool { true }
    package func isVisible(_ field: FieldDefinition, of object: ObjectDefinition) -> Bool { true }
}
