import Gateway
import Kernel

/// Every path of the API, one per line: the table of contents.
///
/// A path without a leading slash is below `/services/data/vXX.X/`. `brief` reads a few records by
/// id, `read` works in one snapshot, `save` in one transaction, `special` in neither.
enum Routes {
    static let all =
        versions + queries + records + describing + presentation + limits + search + composite
        + bulk + automation + actions + AccountabilityRoutes.all

    private static let versions: [Route] = [
        open("/services/data", VersionRoutes.versions, "The versions of the API."),
        open("/services/data/openapi.json", OpenAPIDocument.response, "This description."),
        brief("", VersionRoutes.resources, "The resources of a version."),
    ]

    private static let queries: [Route] = [
        Route(
            .get,
            "query",
            .either(writes: QueryRoutes.marksRecent, QueryRoutes.query),
            "Runs a SOQL query, or explains one."
        ),
        read("query/:locator", QueryRoutes.more, "A further page of a query's results."),
        read("queryAll", QueryRoutes.queryAll, "Queries deleted records too."),
        read("queryAll/:locator", QueryRoutes.moreOfAll, "A further page of such results."),
    ]

    private static let records: [Route] = [
        save(.post, "sobjects/:object", RecordRoutes.create, "Creates a record."),
        brief("sobjects/:object/:id", RecordRoutes.read, "One record by id."),
        save(.patch, "sobjects/:object/:id", RecordRoutes.update, "Changes a record."),
        save(.delete, "sobjects/:object/:id", RecordRoutes.delete, "Deletes a record."),
        save(.post, "sobjects/:object/:id", ExternalIDRoutes.create, "Creates a record by `Id`."),
        read(byField, ExternalIDRoutes.read, "By a field's value; or what hangs on an id."),
        save(.patch, byField, ExternalIDRoutes.upsert, "Creates or changes a record."),
        save(.delete, byField, ExternalIDRoutes.delete, "Deletes a record by a field."),
        read("sobjects/:object/updated", ReplicationRoutes.updated, "What changed in a time."),
        read("sobjects/:object/deleted", ReplicationRoutes.deleted, "What was deleted in a time."),
        brief("recent", RecentRoutes.recent, "The caller's recent records."),
        special(.get, password, PasswordRoutes.read, "Whether a password has expired."),
        special(.post, password, PasswordRoutes.set, "Sets a user's password."),
        special(.delete, password, PasswordRoutes.reset, "Gives a user a new password."),
    ]

    private static let describing: [Route] = [
        brief("sobjects", DescribeRoutes.all, "The objects."),
        brief("sobjects/:object", DescribeRoutes.info, "An object in brief, recent records."),
        brief("sobjects/:object/describe", DescribeRoutes.one, "An object with its fields."),
        read("\(describe)/layouts", LayoutRoutes.layouts, "An object's layouts."),
        read("\(describe)/layouts/:recordType", LayoutRoutes.layouts, "A record type's layout."),
        read("\(describe)/compactLayouts", LayoutRoutes.compactLayouts, "Its compact layouts."),
        read("\(describe)/approvalLayouts", LayoutRoutes.approvalLayouts, "None."),
    ]

    private static let presentation: [Route] = [
        read(listViews, ListViewRoutes.list, "An object's list views."),
        read("\(listViews)/:view", ListViewRoutes.one, "One list view."),
        read("\(listViews)/:view/describe", ListViewRoutes.describe, "Its columns and query."),
        read("\(listViews)/:view/results", ListViewRoutes.results, "The records it shows."),
        read("tabs", TabRoutes.tabs, "The tabs of the org's apps."),
        read("theme", TabRoutes.theme, "The objects that have tabs."),
        read("quickActions", TabRoutes.quickActions, "None."),
        read("sobjects/:object/quickActions", TabRoutes.quickActions, "None."),
        read("process", TabRoutes.processes, "The resources below."),
        read("process/rules", TabRoutes.rules, "The workflow rules: none."),
    ]

    private static let limits: [Route] = [
        read("limits", LimitRoutes.limits, "What the org may use and has left."),
        read("limits/recordCount", LimitRoutes.recordCount, "How many records objects have."),
    ]

    private static let search: [Route] = [
        read("search", SearchRoutes.search, "Runs a SOSL search."),
        read("parameterizedSearch", SearchRoutes.parameters, "Searches by parameters."),
        read(.post, "parameterizedSearch", SearchRoutes.body, "Searches by a body."),
        read("search/suggestions", SearchRoutes.suggestions, "Records whose names begin so."),
        read("search/scopeOrder", SearchRoutes.scopeOrder, "The objects that are searched."),
        read("search/layout", SearchRoutes.layout, "The columns of search results."),
    ]

    private static let composite: [Route] = [
        brief("composite", CompositeRoutes.resources, "The resources below."),
        either(
            "composite",
            CompositeRoutes.compositeWrites,
            CompositeRoutes.composite,
            "Requests that refer to one another."
        ),
        either(
            "composite/batch",
            BatchRoutes.batchWrites,
            BatchRoutes.batch,
            "Independent requests."
        ),
        either(
            "composite/graph",
            CompositeRoutes.graphsWrite,
            CompositeRoutes.graphs,
            "Composites side by side."
        ),
        save(.post, "composite/tree/:object", TreeRoutes.create, "Records with children."),
        save(.post, "composite/sobjects", CollectionRoutes.create, "Creates up to 200."),
        save(.patch, "composite/sobjects", CollectionRoutes.update, "Changes up to 200."),
        save(.delete, "composite/sobjects", CollectionRoutes.delete, "Deletes up to 200."),
        save(.patch, "\(collection)/:field", CollectionRoutes.upsert, "Upserts up to 200."),
        read(collection, CollectionRoutes.retrieve, "Records by id."),
        read(.post, collection, CollectionRoutes.retrieveByBody, "Up to 2,000 by id."),
    ]

    private static let bulk: [Route] = [
        special(.post, "jobs/ingest", IngestJobRoutes.create, "A new ingest job."),
        special(.get, "jobs/ingest", IngestJobRoutes.list, "The ingest jobs."),
        special(.get, ingest, IngestJobRoutes.read, "An ingest job."),
        special(.patch, ingest, IngestJobRoutes.change, "Closes or aborts a job."),
        special(.delete, ingest, IngestJobRoutes.delete, "Removes a job."),
        special(.put, "\(ingest)/batches", IngestJobRoutes.upload, "Takes the rows, as CSV."),
        special(.get, "\(ingest)/successfulResults", IngestJobRoutes.successful, "Saved rows."),
        special(.get, "\(ingest)/failedResults", IngestJobRoutes.failed, "Refused rows."),
        special(.get, "\(ingest)/unprocessedRecords", IngestJobRoutes.unprocessed, "Other rows."),
        special(.post, "jobs/query", QueryJobRoutes.create, "A new query job."),
        special(.get, "jobs/query", QueryJobRoutes.list, "The query jobs."),
        special(.get, "jobs/query/:job", QueryJobRoutes.read, "A query job."),
        special(.patch, "jobs/query/:job", QueryJobRoutes.change, "Aborts a query job."),
        special(.delete, "jobs/query/:job", QueryJobRoutes.delete, "Removes a query job."),
        special(.get, "jobs/query/:job/results", QueryJobRoutes.results, "Its rows, as CSV."),
    ]

    /// What rules and flows decide, and why; `steward/…` are resources of our own.
    private static let automation: [Route] = [
        read("process/approvals", ApprovalRoutes.list, "The approval processes."),
        save(.post, "process/approvals", ApprovalRoutes.act, "Submits, approves, rejects."),
        save(.get, "steward/merges", MergeRoutes.list, "Merges that can be undone."),
        save(.post, "steward/merges", MergeRoutes.merge, "Makes up to three records one."),
        save(.delete, "steward/merges/:journal", MergeRoutes.undo, "Undoes a merge."),
        special(.get, "steward/restrictions", RestrictionRoutes.list, "What is withheld, and why."),
        read("steward/explain/access", ExplainRoutes.access, "Why a user sees a record."),
        special(.get, "steward/explain/flow", ExplainRoutes.flow, "What a flow would do."),
        read("steward/explain/assignment", ExplainRoutes.assignment, "What assignment rules say."),
    ]

    private static let actions: [Route] = [
        read("actions", ActionRoutes.kinds, "What can be called by name."),
        read("actions/standard", ActionRoutes.standard, "The actions of the platform."),
        read("actions/standard/:action", ActionRoutes.describe, "An action's inputs and outputs."),
        save(.post, "actions/standard/:action", ActionRoutes.run, "Calls an action."),
        read("actions/custom", ActionRoutes.custom, "The kinds of an org's own actions."),
        read("actions/custom/flow", ActionRoutes.flows, "The flows that can be called."),
        read(flow, ActionRoutes.describeFlow, "A flow's inputs and outputs."),
        save(.post, flow, ActionRoutes.runFlow, "Calls a flow."),
    ]

    private static let flow = "actions/custom/flow/:action"
    private static let byField = "sobjects/:object/:field/:value"
    private static let password = "sobjects/User/:id/password"
    private static let describe = "sobjects/:object/describe"
    private static let listViews = "sobjects/:object/listviews"
    private static let collection = "composite/sobjects/:object"
    private static let ingest = "jobs/ingest/:job"
}

extension RouteTable {
    /// The API.
    package static let standard = RouteTable(Routes.all)
}

// MARK: - Lines

extension Routes {
    private static func open(
        _ pattern: String,
        _ body: @escaping @Sendable (APICall) throws -> APIResponse,
        _ summary: String
    ) -> Route {
        Route(.get, pattern, .open(body), summary)
    }

    static func anyone(
        _ method: APIRequest.Method,
        _ pattern: String,
        _ body: @escaping @Sendable (APICall) async throws -> APIResponse,
        _ summary: String
    ) -> Route {
        Route(method, pattern, .anyone(body), summary)
    }

    private static func brief(
        _ pattern: String,
        _ body: @escaping @Sendable (APICall, RecordReader) throws -> APIResponse,
        _ summary: String
    ) -> Route {
        Route(.get, pattern, .reads(isBrief: true, body), summary)
    }

    private static func read(
        _ pattern: String,
        _ body: @escaping @Sendable (APICall, RecordReader) throws -> APIResponse,
        _ summary: String
    ) -> Route {
        read(.get, pattern, body, summary)
    }

    private static func read(
        _ method: APIRequest.Method,
        _ pattern: String,
        _ body: @escaping @Sendable (APICall, RecordReader) throws -> APIResponse,
        _ summary: String
    ) -> Route {
        Route(method, pattern, .reads(isBrief: false, body), summary)
    }

    private static func save(
        _ method: APIRequest.Method,
        _ pattern: String,
        _ body: @escaping @Sendable (APICall, RecordWriter) throws -> APIResponse,
        _ summary: String
    ) -> Route {
        Route(method, pattern, .writes(body), summary)
    }

    private static func either(
        _ pattern: String,
        _ writes: @escaping @Sendable (APICall) throws -> Bool,
        _ body: @escaping @Sendable (APICall, RecordReader) throws -> APIResponse,
        _ summary: String
    ) -> Route {
        Route(.post, pattern, .either(writes: writes, body), summary)
    }

    static func special(
        _ method: APIRequest.Method,
        _ pattern: String,
        _ body: @escaping @Sendable (APICall, Caller) async throws -> APIResponse,
        _ summary: String
    ) -> Route {
        Route(method, pattern, .special(body), summary)
    }
}
