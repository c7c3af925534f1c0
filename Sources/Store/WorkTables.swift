/// The tables of an org's outbox, jobs and timers, and the statements about them.
///
/// They are the same for every org, whatever its schema. All columns are integers and texts:
/// moments are milliseconds since 1970, the states and priorities numbers that the kernel gives them.
package struct WorkTables: Sendable {
    package let dialect: Dialect
    /// The timer's columns.
    package let timerPutting: String

    package init(_ dialect: Dialect) {
        self.dialect = dialect
        timerPutting = Self.timerPutting(dialect)
    }

    /// The tables and their indexes.
    ///
    /// An outbox entry costs one row and no index: it is read in the order of its numbers. A job's
    /// indexes hold only those in the state in which they are looked for.
    package var creation: [String] {
        [outbox] + jobs + timers + (dialect == .postgres ? [outboxNumber] : [])
    }

    private var integer: String { dialect == .sqlite ? "INTEGER" : "BIGINT" }
    private var ending: String { dialect == .sqlite ? ") STRICT" : ")" }

    private var outbox: String {
        """
        CREATE TABLE "_Outbox" (
            "ReplayId" \(integer) PRIMARY KEY, "Kind" TEXT NOT NULL, "Object" TEXT NOT NULL,
            "RecordId" \(integer), "Payload" TEXT NOT NULL, "CommittedAt" \(integer) NOT NULL
        \(ending)
        """
    }

    /// Where PostgreSQL keeps the last replay id: whoever stages holds its row until the commit, so
    /// that numbers are in the order of commits.
    private var outboxNumber: String {
        #"INSERT INTO "_Sequence" ("Name", "Next") VALUES ('outbox', 1)"#
    }

    private var jobs: [String] {
        let id =
            switch dialect {
            case .sqlite: "INTEGER PRIMARY KEY AUTOINCREMENT"
            case .postgres: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
            }
        return [
            """
            CREATE TABLE "_Job" (
                "Id" \(id), "Kind" TEXT NOT NULL, "Payload" TEXT NOT NULL,
                "User" \(integer) NOT NULL, "Priority" \(integer) NOT NULL, "Lane" TEXT,
                "UniqueKey" TEXT, "State" \(integer) NOT NULL, "Attempts" \(integer) NOT NULL,
                "EnqueuedAt" \(integer) NOT NULL, "DueAt" \(integer) NOT NULL,
                "RunAfter" \(integer) NOT NULL, "LeaseUntil" \(integer), "FinishedAt" \(integer),
                "Error" TEXT
            \(ending)
            """,
            """
            CREATE INDEX "_Job.Waiting" ON "_Job" ("Priority", "RunAfter", "Id") WHERE "State" = 0
            """,
            #"CREATE INDEX "_Job.Running" ON "_Job" ("LeaseUntil") WHERE "State" = 1"#,
            """
            CREATE INDEX "_Job.Lane" ON "_Job" ("Lane", "Id") WHERE "Lane" IS NOT NULL \
            AND "State" < 3
            """,
            """
            CREATE INDEX "_Job.Finished" ON "_Job" ("State", "FinishedAt", "Id") WHERE "State" >= 3
            """,
            """
            CREATE UNIQUE INDEX "_Job.UniqueKey" ON "_Job" ("UniqueKey") \
            WHERE "UniqueKey" IS NOT NULL AND ("State" = 0 OR "State" = 2)
            """,
        ]
    }

    private var timers: [String] {
        let key = dialect == .sqlite ? "TEXT" : #"TEXT COLLATE "C""#
        return [
            """
            CREATE TABLE "_Timer" (
                "Key" \(key) PRIMARY KEY, "Due" \(integer) NOT NULL, "Schedule" TEXT,
                "Kind" TEXT NOT NULL, "Payload" TEXT NOT NULL, "User" \(integer) NOT NULL,
                "Priority" \(integer) NOT NULL, "Lane" TEXT, "UniqueKey" TEXT
            \(dialect == .sqlite ? ") STRICT, WITHOUT ROWID" : ")")
            """,
            #"CREATE INDEX "_Timer.Due" ON "_Timer" ("Due", "Key")"#,
        ]
    }

    private func place(_ number: Int) -> String { dialect.parameter(number) }

    private func places(_ numbers: ClosedRange<Int>) -> String {
        numbers.map(place).joined(separator: ", ")
    }
}

// MARK: - The outbox

extension WorkTables {
    package static let outboxColumns = [
        "ReplayId", "Kind", "Object", "RecordId", "Payload", "CommittedAt",
    ]

    /// Kind, object, record, payload, moment; gives the replay id.
    package var staging: String {
        switch dialect {
        case .sqlite:
            // The only writer numbers in the order of commits. An undone save leaves no gap.
            """
            INSERT INTO "_Outbox" ("Kind", "Object", "RecordId", "Payload", "CommittedAt") \
            VALUES (\(places(1...5))) RETURNING "ReplayId"
            """
        case .postgres:
            """
            WITH number AS (UPDATE "_Sequence" SET "Next" = "Next" + 1 WHERE "Name" = 'outbox' \
            RETURNING "Next" - 1 AS value) \
            INSERT INTO "_Outbox" ("ReplayId", "Kind", "Object", "RecordId", "Payload", \
            "CommittedAt") SELECT value, \(places(1...5)) FROM number RETURNING "ReplayId"
            """
        }
    }

    /// Replay id, limit.
    package var outboxReading: String {
        """
        SELECT \(Self.quoted(Self.outboxColumns)) FROM "_Outbox" WHERE "ReplayId" > \(place(1)) \
        ORDER BY "ReplayId" LIMIT \(place(2))
        """
    }

    package var outboxRange: String {
        """
        SELECT (SELECT MIN("ReplayId") FROM "_Outbox"), (SELECT MAX("ReplayId") FROM "_Outbox")
        """
    }

    /// Moment, limit.
    ///
    /// The last entry stays, so that its number is not given again.
    package var outboxPurging: String {
        """
        DELETE FROM "_Outbox" WHERE "CommittedAt" < \(place(1)) AND "ReplayId" IN \
        (SELECT "ReplayId" FROM "_Outbox" ORDER BY "ReplayId" LIMIT \(place(2))) \
        AND "ReplayId" < (SELECT MAX("ReplayId") FROM "_Outbox")
        """
    }

    fileprivate static func quoted(_ names: [String]) -> String {
        names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}

// MARK: - Jobs

extension WorkTables {
    /// All columns but the id, in the order in which values are bound and read.
    package static let jobColumns = [
        "Kind", "Payload", "User", "Priority", "Lane", "UniqueKey", "State", "Attempts",
        "EnqueuedAt", "DueAt", "RunAfter", "LeaseUntil", "FinishedAt", "Error",
    ]

    /// The job's columns; gives the id, unless a job of its unique key waits.
    package var jobAdding: String {
        """
        INSERT INTO "_Job" (\(Self.quoted(Self.jobColumns))) \
        VALUES (\(places(1...Self.jobColumns.count))) \
        ON CONFLICT ("UniqueKey") WHERE "UniqueKey" IS NOT NULL AND ("State" = 0 OR "State" = 2) \
        DO NOTHING RETURNING "Id"
        """
    }

    /// The job's columns, its id, the state and the attempt in which it must be; gives the id.
    package var jobReplacing: String {
        let columns = Self.jobColumns.enumerated()
            .map { "\"\($0.element)\" = \(place($0.offset + 1))" }
            .joined(separator: ", ")
        let next = Self.jobColumns.count
        return """
            UPDATE "_Job" SET \(columns) WHERE "Id" = \(place(next + 1)) \
            AND "State" = \(place(next + 2)) AND "Attempts" = \(place(next + 3)) RETURNING "Id"
            """
    }

    /// Id.
    package var jobRemoving: String { #"DELETE FROM "_Job" WHERE "Id" = \#(place(1))"# }

    private var jobReading: String {
        #"SELECT "Id", \#(Self.quoted(Self.jobColumns)) FROM "_Job""#
    }

    /// Id.
    package var jobByID: String { #"\#(jobReading) WHERE "Id" = \#(place(1))"# }

    /// Priority, moment, limit.
    package var jobsDue: String {
        """
        \(jobReading) WHERE "State" = 0 AND "Priority" = \(place(1)) AND "RunAfter" <= \(place(2)) \
        ORDER BY "RunAfter", "Id" LIMIT \(place(3))
        """
    }

    /// Moment, limit.
    package var jobsExpired: String {
        """
        \(jobReading) WHERE "State" = 1 AND "LeaseUntil" <= \(place(1)) ORDER BY "LeaseUntil" \
        LIMIT \(place(2))
        """
    }

    /// Lane.
    package var jobFirstInLane: String {
        """
        \(jobReading) WHERE "Lane" = \(place(1)) AND "Lane" IS NOT NULL AND "State" < 3 \
        ORDER BY "Id" LIMIT 1
        """
    }

    /// Limit, or kind and limit.
    ///
    /// `state` is one of the kernel's numbers.
    package func jobsListing(state: Int64, byKind: Bool) -> String {
        let kind = byKind ? #" AND "Kind" = \#(place(1))"# : ""
        let isFinished = state >= 3
        // Said again in numbers, so that the index of these states serves.
        let states = isFinished ? #""State" = \#(state) AND "State" >= 3"# : #""State" = \#(state)"#
        let order = isFinished ? #""FinishedAt" DESC, "Id" DESC"# : #""RunAfter", "Id""#
        return """
            \(jobReading) WHERE \(states)\(kind) ORDER BY \(order) LIMIT \(place(byKind ? 2 : 1))
            """
    }

    /// `state` is one of the kernel's numbers.
    package func jobCounting(state: Int64) -> String {
        let again = state >= 3 ? #" AND "State" >= 3"# : ""
        return #"SELECT COUNT(*) FROM "_Job" WHERE "State" = \#(state)\#(again)"#
    }

    /// Moment, limit.
    ///
    /// `state` is that of finished jobs.
    package func jobsPurging(state: Int64) -> String {
        """
        DELETE FROM "_Job" WHERE "Id" IN (SELECT "Id" FROM "_Job" WHERE "State" = \(state) \
        AND "State" >= 3 AND "FinishedAt" < \(place(1)) ORDER BY "FinishedAt" LIMIT \(place(2)))
        """
    }

    /// The moments of the first waiting job of each priority, of the first lease to end, and of the
    /// first timer.
    package func nextWork(priorities: [Int64]) -> String {
        let waiting = priorities.map {
            #"(SELECT MIN("RunAfter") FROM "_Job" WHERE "State" = 0 AND "Priority" = \#($0))"#
        }
        let others = [
            #"(SELECT MIN("LeaseUntil") FROM "_Job" WHERE "State" = 1)"#,
            #"(SELECT MIN("Due") FROM "_Timer")"#,
        ]
        return "SELECT \((waiting + others).joined(separator: ", "))"
    }
}

// MARK: - Timers

extension WorkTables {
    package static let timerColumns = [
        "Key", "Due", "Schedule", "Kind", "Payload", "User", "Priority", "Lane", "UniqueKey",
    ]

    private var timerReading: String {
        #"SELECT \#(Self.quoted(Self.timerColumns)) FROM "_Timer""#
    }

    private static func timerPutting(_ dialect: Dialect) -> String {
        let changes = timerColumns.dropFirst()
            .map { "\"\($0)\" = excluded.\"\($0)\"" }
            .joined(separator: ", ")
        let places = (1...timerColumns.count).map { dialect.parameter($0) }
        return """
            INSERT INTO "_Timer" (\(quoted(timerColumns))) \
            VALUES (\(places.joined(separator: ", "))) \
            ON CONFLICT ("Key") DO UPDATE SET \(changes)
            """
    }

    /// Key.
    package var timerByKey: String { #"\#(timerReading) WHERE "Key" = \#(place(1))"# }

    /// Moment, limit.
    package var timersDue: String {
        """
        \(timerReading) WHERE "Due" <= \(place(1)) ORDER BY "Due", "Key" LIMIT \(place(2))
        """
    }

    /// Key; gives the key.
    package var timerRemoving: String {
        #"DELETE FROM "_Timer" WHERE "Key" = \#(place(1)) RETURNING "Key""#
    }

    /// The first key and the one behind the last; gives the keys.
    package var timersRemoving: String {
        """
        DELETE FROM "_Timer" WHERE "Key" >= \(place(1)) AND "Key" < \(place(2)) RETURNING "Key"
        """
    }
}

// MARK: - For the doctor

extension WorkTables {
    /// Counts of what must not be, with what they are of.
    package var checks: [(sql: String, sentence: String)] {
        [
            (
                #"SELECT COUNT(*) FROM "_Job" WHERE "State" = 1 AND "LeaseUntil" IS NULL"#,
                "jobs are running without a lease: nobody will take them again"
            ),
            (
                """
                SELECT COUNT(*) FROM "_Job" p WHERE p."State" = 2 AND NOT EXISTS (SELECT 1 \
                FROM "_Job" f WHERE f."Lane" = p."Lane" AND f."State" < 2)
                """,
                "jobs are parked behind nothing: nobody will let them go on"
            ),
            (
                """
                SELECT COUNT(*) FROM "_Job" WHERE "State" >= 3 AND "FinishedAt" IS NULL
                """,
                "jobs are finished and do not say when"
            ),
        ]
    }
}
