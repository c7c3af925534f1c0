import Gateway

/// Every path of the API, one per line: the table of contents.
///
/// A path without a leading slash is below `/services/data/vXX.X/`.
enum Routes {
    static let all = versions + queries + records + describing + presentation + limits + search
        + composite + bulk

    private static let versions = [
        Route(.get, "/services/data", .open(VersionRoutes.versions), "The versions of the API."),
        Route(.get, "/services/data/openapi.json", .open(OpenAPIDocument.response), "This description of the API."),
        Route(.get, "", .reads(isBrief: true, VersionRoutes.resources), "The resources of a version."),
    ]

    private static let queries = [
        Route(.get, "query", .reads(QueryRoutes.query), "Runs a SOQL query, or explains one."),
        Route(.get, "query/:locator", .reads(QueryRoutes.more), "A further page of a query's results."),
        Route(.get, "queryAll", .reads(QueryRoutes.queryAll), "Runs a SOQL query over deleted records too."),
        Route(.get, "queryAll/:locator", .reads(QueryRoutes.moreOfAll), "A further page of such results."),
    ]

    private static let records = [
        Route(.post, "sobjects/:object", .writes(RecordRoutes.create), "Creates a record."),
        Route(.get, "sobjects/:object/:id", .reads(isBrief: true, RecordRoutes.read), "One record by id."),
        Route(.patch, "sobjects/:object/:id", .writes(RecordRoutes.update), "Changes a record."),
        Route(.delete, "sobjects/:object/:id", .writes(RecordRoutes.delete), "Deletes a record."),
        Route(.post, "sobjects/:object/:id", .writes(ExternalIDRoutes.create), "Creates a record, as an upsert by `Id` without an id."),
        Route(.get, "sobjects/:object/:field/:value", .reads(ExternalIDRoutes.read), "One record by a field's value; or a record's file, parent or children."),
        Route(.patch, "sobjects/:object/:field/:value", .writes(ExternalIDRoutes.upsert), "Creates or changes the record with a field's value."),
        Route(.delete, "sobjects/:object/:field/:value", .writes(ExternalIDRoutes.delete), "Deletes the record with a field's value."),
        Route(.get, "sobjects/:object/updated", .reads(ReplicationRoutes.updated), "The records changed in a stretch of time."),
        Route(.get, "sobjects/:object/deleted", .reads(ReplicationRoutes.deleted), "The records deleted in a stretch of time."),
        Route(.get, "recent", .reads(isBrief: true, RecentRoutes.recent), "The caller's recent records."),
        Route(.get, "sobjects/User/:id/password", .special(PasswordRoutes.read), "Whether a user's password has expired."),
        Route(.post, "sobjects/User/:id/password", .special(PasswordRoutes.set), "Sets a user's password."),
        Route(.delete, "sobjects/User/:id/password", .special(PasswordRoutes.reset), "Gives a user a new password."),
    ]

    private static let describing = [
        Route(.get, "sobjects", .reads(isBrief: true, DescribeRoutes.all), "The objects."),
        Route(.get, "sobjects/:object", .reads(isBrief: true, DescribeRoutes.info), "An object in brief, and recent records."),
        Route(.get, "sobjects/:object/describe", .reads(isBrief: true, DescribeRoutes.one), "An object with its fields and relationships."),
        Route(.get, "sobjects/:object/describe/layouts", .reads(LayoutRoutes.layouts), "An object's layouts."),
        Route(.get, "sobjects/:object/describe/layouts/:recordType", .reads(LayoutRoutes.layouts), "The layout for a record type."),
        Route(.get, "sobjects/:object/describe/compactLayouts", .reads(LayoutRoutes.compactLayouts), "An object's compact layouts."),
        Route(.get, "sobjects/:object/describe/approvalLayouts", .reads(LayoutRoutes.approvalLayouts), "An object's approval layouts."),
    ]

    private static let presentation = [
        Route(.get, "sobjects/:object/listviews", .reads(ListViewRoutes.list), "An object's list views."),
        Route(.get, "sobjects/:object/listviews/:view", .reads(ListViewRoutes.one), "One list view."),
        Route(.get, "sobjects/:object/listviews/:view/describe", .reads(ListViewRoutes.describe), "A list view's columns and query."),
        Route(.get, "sobjects/:object/listviews/:view/results", .reads(ListViewRoutes.results), "The records that a list view shows."),
        Route(.get, "tabs", .reads(TabRoutes.tabs), "The tabs of the org's apps."),
        Route(.get, "theme", .reads(TabRoutes.theme), "The objects that have tabs."),
        Route(.get, "quickActions", .reads(TabRoutes.quickActions), "The quick actions: none."),
        Route(.get, "sobjects/:object/quickActions", .reads(TabRoutes.quickActions), "An object's quick actions: none."),
        Route(.get, "process", .reads(TabRoutes.processes), "The resources below."),
        Route(.get, "process/rules", .reads(TabRoutes.rules), "The workflow rules: none."),
    ]

    private static let search = [
        Route(.get, "search", .reads(SearchRoutes.search), "Runs a SOSL search."),
        Route(.get, "parameterizedSearch", .reads(SearchRoutes.parameters), "Searches by parameters."),
        Route(.post, "parameterizedSearch", .reads(SearchRoutes.body), "Searches by parameters in a body."),
        Route(.get, "search/suggestions", .reads(SearchRoutes.suggestions), "Records whose names begin so."),
        Route(.get, "search/scopeOrder", .reads(SearchRoutes.scopeOrder), "The objects that a search looks into."),
        Route(.get, "search/layout", .reads(SearchRoutes.layout), "The columns of search results."),
    ]

    private static let composite = [
        Route(.get, "composite", .reads(isBrief: true, CompositeRoutes.resources), "The resources below."),
        Route(.post, "composite", .either(writes: CompositeRoutes.compositeWrites, CompositeRoutes.composite), "Several requests in one, with references."),
        Route(.post, "composite/batch", .either(writes: BatchRoutes.batchWrites, BatchRoutes.batch), "Several independent requests in one."),
        Route(.post, "composite/graph", .either(writes: CompositeRoutes.graphsWrite, CompositeRoutes.graphs), "Composites side by side, each whole or not at all."),
        Route(.post, "composite/tree/:object", .writes(TreeRoutes.create), "Creates records with their children."),
        Route(.post, "composite/sobjects", .writes(CollectionRoutes.create), "Creates up to 200 records."),
        Route(.patch, "composite/sobjects", .writes(CollectionRoutes.update), "Changes up to 200 records."),
        Route(.delete, "composite/sobjects", .writes(CollectionRoutes.delete), "Deletes up to 200 records."),
        Route(.patch, "composite/sobjects/:object/:field", .writes(CollectionRoutes.upsert), "Creates or changes up to 200 records by a field's value."),
        Route(.get, "composite/sobjects/:object", .reads(CollectionRoutes.retrieve), "Records by id."),
        Route(.post, "composite/sobjects/:object", .reads(CollectionRoutes.retrieveByBody), "Up to 2,000 records by id."),
    ]

    private static let bulk = [
        Route(.post, "jobs/ingest", .special(IngestJobRoutes.create), "A new ingest job."),
        Route(.get, "jobs/ingest", .special(IngestJobRoutes.list), "The ingest jobs."),
        Route(.get, "jobs/ingest/:job", .special(IngestJobRoutes.read), "An ingest job."),
        Route(.patch, "jobs/ingest/:job", .special(IngestJobRoutes.change), "Closes or aborts an ingest job."),
        Route(.delete, "jobs/ingest/:job", .special(IngestJobRoutes.delete), "Removes an ingest job."),
        Route(.put, "jobs/ingest/:job/batches", .special(IngestJobRoutes.upload), "Takes the rows of an ingest job, as CSV."),
        Route(.get, "jobs/ingest/:job/successfulResults", .special(IngestJobRoutes.successful), "The rows that were saved, as CSV."),
        Route(.get, "jobs/ingest/:job/failedResults", .special(IngestJobRoutes.failed), "The rows that were refused, as CSV."),
        Route(.get, "jobs/ingest/:job/unprocessedRecords", .special(IngestJobRoutes.unprocessed), "The rows that were not reached, as CSV."),
        Route(.post, "jobs/query", .special(QueryJobRoutes.create), "A new query job."),
        Route(.get, "jobs/query", .special(QueryJobRoutes.list), "The query jobs."),
        Route(.get, "jobs/query/:job", .special(QueryJobRoutes.read), "A query job."),
        Route(.patch, "jobs/query/:job", .special(QueryJobRoutes.change), "Aborts a query job."),
        Route(.delete, "jobs/query/:job", .special(QueryJobRoutes.delete), "Removes a query job."),
        Route(.get, "jobs/query/:job/results", .special(QueryJobRoutes.results), "The rows of a query job, as CSV."),
    ]

    private static let limits = [
        Route(.get, "limits", .reads(LimitRoutes.limits), "What the org may use and has left."),
        Route(.get, "limits/recordCount", .reads(LimitRoutes.recordCount), "How many records objects have."),
    ]
}

extension RouteTable {
    /// The API.
    package static let standard = RouteTable(Routes.all)
}
