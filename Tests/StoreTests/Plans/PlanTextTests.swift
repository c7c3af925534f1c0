import Language
import Metadata
import Store
import StoreSQLite
import Testing

@testable import Kernel

/// The text of statements, and how SQLite goes about them.
@Suite struct PlanTextTests {
    private func listView() throws -> Plan {
        var plan = try Plan("Case", ["Subject"])
        let account = try plan.join("AccountId", to: "Account")
        plan.query.columns.append(try plan.column("Name", of: account))
        plan.query.filter = .and([
            .compare(try plan.column("IsClosed"), .equal, .boolean(false)),
            .compare(try plan.column("Subject"), .notEqual, .text("x")),
        ])
        let owner = RowPredicate.FieldKey(try plan.reference("OwnerId").field)
        plan.visible[0] = .fieldIn(
            owner,
            (1...3).map { RecordID(prefix: ServiceDesk.prefix("005"), sequence: $0) }
        )
        try plan.order(by: "Subject", isDescending: true)
        return plan
    }

    @Test("one plan, two dialects")
    func dialects() throws {
        let plan = try listView()

        #expect(
            plan.sql(.sqlite) == """
                SELECT t0."Id", t0."Subject", t1."Name"
                FROM "Case" t0
                LEFT JOIN "Account" t1 ON t1."Id" = t0."AccountId" AND t1."IsDeleted" = 0
                WHERE t0."IsDeleted" = 0 AND t0."OwnerId" IN (?1, ?2, ?3, ?4) \
                AND t0."IsClosed" = 0 AND t0."Subject" IS NOT ?5
                ORDER BY t0."Subject" DESC NULLS FIRST, t0."Id" DESC
                LIMIT ?6
                """
        )
        #expect(
            plan.sql(.postgres) == """
                SELECT t0."Id", t0."Subject", t1."Name"
                FROM "Case" t0
                LEFT JOIN "Account" t1 ON t1."Id" = t0."AccountId" AND t1."IsDeleted" = FALSE
                WHERE t0."IsDeleted" = FALSE AND t0."OwnerId" = ANY($1::bigint[]) \
                AND t0."IsClosed" = FALSE AND upper(t0."Subject") IS DISTINCT FROM upper($2)
                ORDER BY upper(t0."Subject") COLLATE "C" DESC, t0."Id" DESC
                LIMIT $3
                """
        )
    }

    @Test("tables, indexes and search of one object")
    func tables() throws {
        let contact = try ServiceDesk.object("Contact")

        #expect(
            Tables(contact, .sqlite).creation == [
                """
                CREATE TABLE "Contact" (
                    "Id" INTEGER PRIMARY KEY,
                    "IsDeleted" INTEGER NOT NULL DEFAULT 0,
                    "OwnerId" INTEGER,
                    "LastName" TEXT COLLATE STEWARD,
                    "AccountId" INTEGER,
                    "Badge__c" TEXT COLLATE STEWARD,
                    "CreatedDate" INTEGER,
                    "SystemModstamp" INTEGER
                ) STRICT
                """,
                """
                CREATE INDEX "Contact.OwnerId" ON "Contact" ("OwnerId", "CreatedDate") \
                WHERE "OwnerId" IS NOT NULL
                """,
                #"CREATE INDEX "Contact.LastName" ON "Contact" ("LastName")"#,
                """
                CREATE INDEX "Contact.AccountId" ON "Contact" ("AccountId") \
                WHERE "AccountId" IS NOT NULL
                """,
                """
                CREATE UNIQUE INDEX "Contact.Badge__c" ON "Contact" ("Badge__c") \
                WHERE "IsDeleted" = 0 AND "Badge__c" IS NOT NULL
                """,
                #"CREATE INDEX "Contact.CreatedDate" ON "Contact" ("CreatedDate")"#,
                #"CREATE INDEX "Contact.SystemModstamp" ON "Contact" ("SystemModstamp")"#,
            ]
        )
        #expect(
            Tables(try ServiceDesk.object("CaseComment"), .postgres).creation.last == """
                CREATE INDEX "CaseComment_Search" ON "CaseComment"
                    USING GIN (to_tsvector('simple', coalesce("CommentBody", ''))) \
                WHERE "IsDeleted" = FALSE
                """
        )
    }

    @Test("an index answers what an index can answer")
    func indexes() async throws {
        let fixture = try await StoreFixture()
        let connection = try SQLiteConnection(
            path: "\(fixture.folder)/orgs/\(fixture.org)/records.sqlite",
            access: .readOnly
        )
        func steps(_ statement: SQLStatement) throws -> String {
            let values = [SQLValue](repeating: .null, count: statement.parameters.count)
            return try connection.all("EXPLAIN QUERY PLAN " + statement.text, values) {
                $0.string(3)
            }.joined(separator: "; ")
        }
        let compiler = SQLCompiler(.sqlite)
        #expect(
            try steps(compiler.compile(try listView().read)).hasPrefix(
                "SEARCH t0 USING INDEX Case.OwnerId"
            )
        )
        func owned(_ isOpen: Bool) throws -> Plan {
            var plan = try Plan("Case")
            let user = RecordID(prefix: ServiceDesk.prefix("005"), sequence: 1)
            let mine = ResolvedCondition.compare(try plan.column("OwnerId"), .equal, .id(user))
            let open = ResolvedCondition.compare(
                try plan.column("IsClosed"),
                .equal,
                .boolean(false)
            )
            plan.query.filter = isOpen ? .and([mine, open]) : mine
            try plan.order(by: "CreatedDate", isDescending: !isOpen)
            return plan
        }
        #expect(
            try steps(compiler.compile(try owned(true).read))
                == "SEARCH t0 USING INDEX Case.OwnerId.IsClosed (OwnerId=? AND IsClosed=?)"
        )
        #expect(
            try steps(compiler.compile(try owned(false).read))
                == "SEARCH t0 USING INDEX Case.OwnerId (OwnerId=?)"
        )
        var newest = try Plan("Case")
        try newest.order(by: "CreatedDate", isDescending: true)
        #expect(try steps(compiler.compile(newest.read)) == "SCAN t0 USING INDEX Case.CreatedDate")
        var named = try Plan("Account")
        named.query.filter = .like(try named.column("Name"), pattern: "Ac%")
        #expect(try steps(compiler.compile(named.read)).contains("USING INDEX Account.Name"))
        let children = compiler.compile(
            try Plan("Case").read,
            .children(of: try Plan("Case").reference("AccountId").field)
        )
        #expect(try steps(children).contains("SEARCH t0 USING INDEX Case.AccountId"))
        let one = compiler.compile(newest.read, .one)
        #expect(try steps(one) == "SEARCH t0 USING INTEGER PRIMARY KEY (rowid=?)")
        connection.close()
        try await fixture.remove()
    }
}
