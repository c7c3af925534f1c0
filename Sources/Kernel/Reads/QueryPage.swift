package import Language
package import Metadata

/// What a caller wants of a query beside its text.
package struct QueryOptions: Sendable, Hashable {
    /// Rows of a page, 200 to 2,000.
    package var pageSize: Int
    /// Deleted records too.
    package var includesDeleted: Bool

    package init(pageSize: Int = Limits.pageSizeMax, includesDeleted: Bool = false) {
        self.pageSize = min(max(pageSize, Limits.pageSizeMin), Limits.pageSizeMax)
        self.includesDeleted = includesDeleted
    }
}

/// One page of a query's rows, in the sink that took them.
package struct QueryPage<Sink> {
    package var sink: Sink
    package let plan: AuthorizedRead
    /// All rows found, on whatever page.
    package let total: Int
    /// Where the next page is; `nil` on the last.
    package let nextLocator: String?
}

extension QueryPage: Sendable where Sink: Sendable {}

/// How a query would be answered.
package struct QueryExplanation: Sendable {
    package struct Plan: Sendable {
        package let object: ObjectDefinition
        /// `Index`, `TableScan`, `Sharing`, `Other`.
        package let operation: String
        package let fields: [String]
        package let cardinality: Int
        package let objectCardinality: Int
        package let relativeCost: Double
        package let notes: [String]
    }

    /// The query as it was understood.
    package let source: String
    package let read: AuthorizedRead
    package let plans: [Plan]
}

/// What one object contributes to a search.
package struct SearchHits: Sendable {
    package let returning: SOSLStatement.Returning
    package let object: ObjectDefinition
    /// Best first, or as the RETURNING clause orders them.
    package let ids: [RecordID]
}
