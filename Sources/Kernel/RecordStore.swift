package import Metadata

/// Where an org's records are kept.
///
/// It runs what the kernel has authorized, and decides nothing.
package protocol RecordStore: Sendable {
    /// Makes an empty store for an org.
    ///
    /// - Parameter idBase: the number after which its record ids begin, in every object.
    func createOrg(_ org: OrgID, idBase: Int64) async throws

    /// What a change of schema does to the tables, as sentences for a person.
    func steps(from: OrgSchema?, to: OrgSchema) -> [SchemaStep]

    /// Runs reads on one snapshot of the org's records.
    ///
    /// - Parameter isBrief: few rows by id; such a read may run on the calling thread.
    func read<Result: Sendable>(
        _ org: OrgID,
        isBrief: Bool,
        _ body: @escaping @Sendable (any ReadTransaction) throws -> Result
    ) async throws -> Result

    /// Runs a save; answered only when it is on disk. What `body` throws undoes all it wrote.
    func write<Result: Sendable>(
        _ org: OrgID,
        _ body: @escaping @Sendable (any WriteTransaction) throws -> Result
    ) async throws -> Result

    /// The same, with no other save in its transaction: what changes the tables comes between saves,
    /// so that none of them writes what it prepared for the tables as they were.
    func writeAlone<Result: Sendable>(
        _ org: OrgID,
        _ body: @escaping @Sendable (any WriteTransaction) throws -> Result
    ) async throws -> Result
}

/// One thing that a change of schema does to an org's tables.
package struct SchemaStep: Sendable, Hashable {
    /// `add the column Case.Resolution__c`.
    package let sentence: String
    /// Values that are stored now would be gone.
    package let losesData: Bool

    package init(sentence: String, losesData: Bool) {
        self.sentence = sentence
        self.losesData = losesData
    }
}

/// Which rows of a read are wanted.
package enum PageRequest: Sendable, Hashable {
    /// The first so many; where there are more, the ids of all of them are reported.
    case first(Int)
    /// These records, in this order; those that are gone or no longer visible are left out.
    case ids([RecordID])
}

/// What a read found beside the rows it handed over.
package struct ReadOutcome: Sendable, Hashable {
    /// All rows found, after LIMIT and OFFSET; the number itself for `COUNT()`.
    package var total: Int
    /// The ids of all of them, in order, where there are more than the page held.
    package var ids: [RecordID]?

    package init(total: Int, ids: [RecordID]? = nil) {
        self.total = total
        self.ids = ids
    }
}

/// Looks at one row, without taking it away; valid until the sink returns.
///
/// Ids are their numbers, booleans 0 and 1, decimals their digits at the column's scale, dates days
/// since 1970-01-01, date-times milliseconds since then in UTC, times milliseconds since midnight.
package protocol RowCursor {
    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) -> Int64
    func real(_ column: Int) -> Double
    /// The text's UTF-8 bytes; valid until the sink returns.
    func text(_ column: Int) -> UnsafeBufferPointer<UInt8>
}

/// Takes the rows of a read as they come out of the store.
///
/// The rows of the query itself come first; then, child query by child query in the order of
/// `ResolvedQuery.children`, depth first, the children of all of them, grouped by parent.
package protocol RowSink {
    /// - Parameters:
    ///   - node: which query of the plan: 0 for the query itself, then its child queries numbered
    ///     depth first.
    ///   - parent: the parent's id number; 0 for the query itself.
    mutating func row(node: Int, parent: Int64, _ cursor: some RowCursor) throws
}

/// One snapshot of an org's records.
package protocol ReadTransaction: AnyObject, OutboxReading, JobReading {
    /// Runs an authorized query and hands its rows to a sink.
    func read<Sink: RowSink>(
        _ read: AuthorizedRead,
        _ page: PageRequest,
        into sink: inout Sink
    ) throws -> ReadOutcome

    /// Runs an authorized full-text search; ids by rank, best first.
    func search(_ search: AuthorizedSearch) throws -> [RecordID]

    /// Every stored field of records by id, deleted ones too; those that are not there are left out.
    func load(_ object: ObjectDefinition, _ ids: [RecordID]) throws -> [StoredRecord]

    /// Which of these records exist, are not deleted, and are among the rows that the predicate
    /// allows.
    func visible(
        _ ids: [RecordID],
        of object: ObjectDefinition,
        under predicate: RowPredicate
    ) throws -> Set<RecordID>

    /// The records, not deleted, whose field has one of these values, with that value.
    func find(
        _ object: ObjectDefinition,
        by field: FieldDefinition,
        _ values: [FieldValue]
    ) throws -> [(value: FieldValue, id: RecordID)]

    /// The records, not deleted, whose lookup points to one of these.
    func children(
        _ object: ObjectDefinition,
        by field: FieldDefinition,
        of parents: [RecordID],
        limit: Int
    ) throws -> [(id: RecordID, parent: RecordID)]

    /// The records, deleted ones too, that are kept under these keys: of each key the latest, so
    /// many at most.
    func matches(_ keys: [Int64], limit: Int) throws -> [(key: Int64, id: RecordID)]

    /// A file's bytes.
    func blob(
        _ object: ObjectDefinition,
        _ field: FieldDefinition,
        _ id: RecordID
    ) throws -> [UInt8]?

    /// The ids of records changed (`isDeleted` false) or deleted (true) in a stretch of time, with
    /// the moment.
    func changed(
        _ object: ObjectDefinition,
        from start: Instant,
        to end: Instant,
        isDeleted: Bool
    ) throws -> [(id: RecordID, at: Instant)]

    /// A small document of the org's own (metadata, settings), by kind and key.
    func document(kind: String, key: String) throws -> String?
    func documents(kind: String) throws -> [(key: String, text: String)]
}

/// One save: a snapshot that can be changed.
///
/// Nothing of it stays if its body throws.
package protocol WriteTransaction: ReadTransaction, OutboxWriting, JobWriting {
    /// Ids never issued before, in ascending order.
    func newIDs(_ object: ObjectDefinition, count: Int) throws -> [RecordID]

    /// The next numbers of an auto-number field, without gaps among kept records.
    func nextAutoNumber(
        _ object: ObjectDefinition,
        _ field: FieldDefinition,
        count: Int
    ) throws -> ClosedRange<Int64>

    /// Inserts, changes, deletes, brings back or purges records, as authorized.
    func write(_ write: AuthorizedWrite) throws

    /// What fails inside is undone; the rest of the save stays.
    func savepoint<Result>(_ body: () throws -> Result) throws -> Result

    /// Runs after the save is on disk, before it is answered.
    func afterCommit(_ body: @escaping @Sendable () -> Void)

    func putDocument(kind: String, key: String, text: String?) throws

    /// Keeps a record under these keys, and under no others.
    func putMatchKeys(_ keys: [Int64], of id: RecordID) throws

    /// Keeps no record of an object under any key.
    func removeMatchKeys(of object: ObjectDefinition) throws

    /// Changes the tables to hold another schema's records.
    func apply(_ changes: AuthorizedSchemaChange) throws
}

/// One record as it is stored: a value for each field of the object, by the field's index.
package struct StoredRecord: Sendable, Hashable {
    package let id: RecordID
    package var values: [FieldValue]

    package init(id: RecordID, values: [FieldValue]) {
        self.id = id
        self.values = values
    }

    package subscript(field: FieldDefinition) -> FieldValue {
        get { values.indices.contains(field.index) ? values[field.index] : .null }
        set { if values.indices.contains(field.index) { values[field.index] = newValue } }
    }
}
