/// The numbers that bound what one request may ask for, under the names of the platform's own.
package enum Limits {
    /// Characters of a SOQL or SOSL text.
    package static let queryLengthMax = 100_000
    /// Records of one save.
    package static let saveBatchMax = 200
    /// Rows of a page of query results.
    package static let pageSizeMax = 2_000
    package static let pageSizeMin = 200
    /// Groups of an aggregate query, which has one page.
    package static let groupsMax = 2_000
    /// Records that one search gives, over all objects.
    package static let searchResultsMax = 2_000
    /// Saves within saves: automation that saves what sets off automation.
    package static let saveDepthMax = 16
    /// Parents whose summaries one query works out.
    package static let rollUpBatchMax = 500
    /// How often a save of several records is begun anew without those that failed.
    package static let saveAttemptsMax = 3
    /// Records that one delete may take along.
    package static let cascadeMax = 10_000
    /// Levels of child records that one delete may take along.
    package static let cascadeDepthMax = 10
    /// Query locators kept for one org; the oldest gives way.
    package static let locatorsPerOrgMax = 500
    /// Ids kept by all locators of a deployment: 8 bytes each.
    package static let locatorIDsMax = 20_000_000
    /// Records that one merge may take up into the master.
    package static let mergedMax = 2
    /// Records that one merge may move from one record to another.
    package static let mergeMovesMax = 50_000
    /// Totals of uses that are told apart between two writings, over all orgs of the process.
    package static let useKeysMax = 65_536
    /// Days for which an org's day totals are kept.
    package static let useDaysKept: Int32 = 400
    /// How long a merge can be undone.
    package static let unmergeDays: Int64 = 30
    /// How long a query locator can be used.
    package static let locatorLifeSeconds: Int64 = 2 * 24 * 3_600
    /// Recently viewed records kept for a user.
    package static let recentMax = 200
    /// Compiled plans kept for one version of an org.
    package static let plansMax = 2_000
    /// Bytes of one file held in a record.
    package static let fileSizeMaxBytes = 37_500_000
    /// Lost jobs taken back, and timers fired, by one look at an org.
    package static let jobsPerClaimMax = 100
    package static let timersPerClaimMax = 100
    /// Outbox entries that a subscriber is handed in one transaction.
    package static let eventsPerBatchMax = 200
    /// Outbox entries that one read of events looks through.
    package static let eventsScannedMax = 10_000
    /// How long outbox entries are kept.
    package static let eventRetentionSeconds: Int64 = 72 * 3_600
    /// Jobs of one list.
    package static let jobsListedMax = 2_000
    /// Recipients of one mail.
    package static let mailRecipientsMax = 150
}
