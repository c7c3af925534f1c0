import Kernel
import Metadata
import Store

/// Where numbers of record ids and of auto-number fields come from.
///
/// Record ids are set aside in blocks, so that most saves need not touch the sequence. Only what a
/// committed transaction has set aside is issued without asking the file again; so no number is
/// ever issued twice, whatever is undone, and whenever the process ends.
enum IDSequence {
    private static let blockSize: Int64 = 1_000
    private static let base = "base"

    /// Keeps the number after which an org's record ids begin.
    static func setBase(_ last: Int64, _ connection: SQLiteConnection) throws {
        try connection.execute(
            "INSERT INTO \"_Sequence\" (\"Name\", \"Next\") VALUES (?1, ?2)",
            [.text(base), .integer(min(max(0, last), RecordID.sequenceMask) + 1)]
        )
    }

    /// The first of `count` new numbers.
    static func take(
        _ count: Int64,
        _ prefix: KeyPrefix,
        _ database: OrgDatabase,
        _ connection: SQLiteConnection
    ) throws -> Int64 {
        let known = database.issuing.withLock { blocks -> Int64? in
            guard let block = blocks[prefix], block.end - block.next >= count else { return nil }
            blocks[prefix]?.next += count
            return block.next
        }
        if let known { return known }
        let stored = try next(prefix, connection)
        let issued = database.issuing.withLock { $0[prefix] }
        // What another process has set aside is behind `stored`; what this one has issued, and
        // then perhaps undone, is before `next`.
        let first = max(stored, issued?.next ?? 0)
        let (end, overflow) = first.addingReportingOverflow(max(count, blockSize))
        guard !overflow, end <= RecordID.sequenceMask else {
            throw RecordError(.limitExceeded, "there are no more record ids for this object")
        }
        try setNext(name(prefix), end, connection)
        database.issuing.withLock { $0[prefix] = IDBlock(next: first + count, end: first + count) }
        connection.afterCommit {
            database.issuing.withLock { blocks in
                // Numbers beyond the first `count` are free once the file says so.
                if let block = blocks[prefix], block.next <= end, block.next >= first {
                    blocks[prefix] = IDBlock(next: block.next, end: max(end, block.end))
                }
            }
        }
        return first
    }

    /// The first of `count` numbers of an auto-number field; an undone save gives them back.
    static func takeAutoNumbers(
        _ count: Int64,
        _ object: APIName,
        _ field: APIName,
        _ connection: SQLiteConnection
    ) throws -> Int64 {
        let name = "number:\(object).\(field)"
        let first = try stored(name, connection) ?? 1
        let (next, overflow) = first.addingReportingOverflow(count)
        guard !overflow else {
            throw RecordError(.limitExceeded, "there are no more numbers for this field")
        }
        try setNext(name, next, connection)
        return first
    }

    /// The number that the file would issue next.
    static func next(_ prefix: KeyPrefix, _ connection: SQLiteConnection) throws -> Int64 {
        try stored(name(prefix), connection) ?? stored(base, connection) ?? 1
    }

    private static func name(_ prefix: KeyPrefix) -> String { "id:\(prefix)" }

    private static func stored(_ name: String, _ connection: SQLiteConnection) throws -> Int64? {
        try connection.one(
            "SELECT \"Next\" FROM \"_Sequence\" WHERE \"Name\" = ?1",
            [.text(name)]
        ) { $0.int64(0) }
    }

    private static func setNext(
        _ name: String,
        _ next: Int64,
        _ connection: SQLiteConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO "_Sequence" ("Name", "Next") VALUES (?1, ?2)
            ON CONFLICT ("Name") DO UPDATE SET "Next" = excluded."Next"
            """,
            [.text(name), .integer(next)]
        )
    }
}
