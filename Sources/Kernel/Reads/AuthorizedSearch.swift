package import Language
package import Metadata

/// A full-text search in one object, narrowed to what one caller may see.
package struct AuthorizedSearch: Sendable {
    package let object: ObjectDefinition
    package let term: SOSLStatement.Term
    /// The fields to look into: searchable ones that the caller may read.
    package let fields: [FieldDefinition]
    package let visible: RowPredicate
    package let limit: Int
}
