/// What a connection may do with its file.
package enum SQLiteAccess: Hashable, Sendable {
    /// Read and write; the file is created if there is none.
    case create
    /// Read and write a file that must exist.
    case readWrite
    /// Read a file that must exist.
    case readOnly
}

/// How much a connection may use, and how long it may wait.
package struct SQLiteOptions: Hashable, Sendable {
    /// How long a statement waits for another connection's lock before it fails as busy.
    package var busyTimeout: Duration
    /// The largest page cache of one connection, in KiB.
    package var cacheKibibytes: Int
    /// How much of the file a reader maps into memory, in bytes.
    ///
    /// All readers share such pages with the operating system, so many orgs cost little. Writers
    /// map nothing: they would gain nothing, and a failing disk would end the process by a signal
    /// in the midst of a write instead of failing the write.
    package var memoryMapBytes: Int
    /// How many prepared statements a connection keeps.
    package var statementCacheCapacity: Int
    /// How many records a walk in a list's order looks at, before what the caller sees is gathered.
    package var walkRecordsMax: Int

    /// What suits an org's database, unless said otherwise.
    package init(
        busyTimeout: Duration = .seconds(5),
        cacheKibibytes: Int = 4_096,
        memoryMapBytes: Int = 256 << 20,
        statementCacheCapacity: Int = 256,
        walkRecordsMax: Int = 5_000
    ) {
        self.busyTimeout = busyTimeout
        self.cacheKibibytes = cacheKibibytes
        self.memoryMapBytes = memoryMapBytes
        self.statementCacheCapacity = statementCacheCapacity
        self.walkRecordsMax = walkRecordsMax
    }
}
