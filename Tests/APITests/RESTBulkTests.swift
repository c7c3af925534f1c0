import Gateway
import Kernel
import Metadata
import RESTAPI
import TestSupport
import Testing

/// Bulk API 2.0: rows in, rows out.
@Suite struct RESTBulkTests {
    private func ingest(
        _ api: RESTFixture,
        _ operation: String,
        _ rows: String,
        object: String = "Account",
        more: String = ""
    ) async throws -> String {
        let made = await api.send(
            .post,
            "jobs/ingest",
            body: """
                {"object":"\(object)","operation":"\(operation)","contentType":"CSV",\
                "lineEnding":"LF"\(more)}
                """
        )
        #expect(made.status == 200, "\(made.text)")
        let job = try #require(try made.json["id"]?.string)
        #expect(job.hasPrefix("750"))
        #expect(
            try made.json["contentUrl"]
                == .string(
                    "services/data/v62.0/jobs/ingest/\(job)/batches"
                )
        )
        let sent = await api.send(
            .put,
            "jobs/ingest/\(job)/batches",
            body: rows,
            headers: [("content-type", "text/csv; charset=UTF-8")]
        )
        #expect(sent.status == 201)
        let closed = await api.send(
            .patch,
            "jobs/ingest/\(job)",
            body: #"{"state":"UploadComplete"}"#
        )
        #expect(try closed.json["state"] == "UploadComplete")
        await api.bulk.runUntilIdle()
        return job
    }

    @Test("a job goes no further than the client that began it may")
    func withheldClient() async throws {
        let api = try await RESTFixture(isSandbox: true)
        let client = Caller(org: api.org.id, user: api.administrator.user, client: "importer")
        func begun(_ body: String, _ kind: String) async throws -> String {
            let made = await api.send(.post, "jobs/\(kind)", body: body, as: client)
            #expect(made.status == 200, "\(made.text)")
            return try #require(try made.json["id"]?.string)
        }
        let ingest = try await begun(
            #"{"object":"Account","operation":"insert","contentType":"CSV","lineEnding":"LF"}"#,
            "ingest"
        )
        let sent = await api.send(
            .put,
            "jobs/ingest/\(ingest)/batches",
            body: "Name\nFirst\n",
            headers: [("content-type", "text/csv")],
            as: client
        )
        #expect(sent.status == 201)
        let closed = await api.send(
            .patch,
            "jobs/ingest/\(ingest)",
            body: #"{"state":"UploadComplete"}"#,
            as: client
        )
        #expect(closed.status == 200)
        let query = try await begun(
            #"{"operation":"query","query":"SELECT Id FROM User"}"#,
            "query"
        )
        _ = try await api.org.records.tryOut(
            [
                "id": "T-1", "kind": "integration", "hours": .number(JSONNumber(Int64(1))),
                "target": .object(["client": "importer"]),
            ],
            as: api.administrator
        )
        await api.bulk.runUntilIdle()
        for job in ["ingest/\(ingest)", "query/\(query)"] {
            let state = try await api.send(.get, "jobs/\(job)").json
            #expect(state["state"] == "Failed", "\(job): \(state)")
            #expect(state["errorMessage"]?.string?.contains("T-1") == true, "\(job): \(state)")
        }
        #expect(try await api.query("SELECT Id FROM Account").isEmpty)
    }

    @Test("good rows are saved, bad ones are told, and every row is counted")
    func ingesting() async throws {
        let api = try await RESTFixture()
        let rows = (1...450).map { $0 % 100 == 0 ? "," : "Name \($0),\($0)" }
        let job = try await ingest(
            api,
            "insert",
            "Name,Phone\n" + rows.joined(separator: "\n") + "\n"
        )
        let state = try await api.send(.get, "jobs/ingest/\(job)").json
        #expect(state["state"] == "JobComplete", "\(state)")
        #expect(state["numberRecordsProcessed"] == 450)
        #expect(state["numberRecordsFailed"] == 4)
        #expect(try await api.query("SELECT Id FROM Account").count == 446)
        let good = await api.send(.get, "jobs/ingest/\(job)/successfulResults/").text
        #expect(good.hasPrefix("\"sf__Id\",\"sf__Created\",\"Name\",\"Phone\"\n\"001"))
        #expect(good.split(separator: "\n").count == 447)
        let bad = await api.send(.get, "jobs/ingest/\(job)/failedResults").text
        #expect(bad.contains("REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --"))
        let rest = await api.send(.get, "jobs/ingest/\(job)/unprocessedrecords").text
        #expect(rest == "\"Name\",\"Phone\"\n")
        #expect(await api.send(.delete, "jobs/ingest/\(job)").status == 204)
        #expect(await api.send(.get, "jobs/ingest/\(job)").status == 404)
    }

    @Test("rows change, upsert and delete records, and name parents by external ids")
    func operations() async throws {
        let api = try await RESTFixture()
        let id = try await api.create("Account", #"{"Name":"A","Phone":"1"}"#)
        _ = try await ingest(api, "update", "Id,Name,Phone\n\(id),B,#N/A\n")
        let changed = try await api.query("SELECT Name, Phone FROM Account")
        #expect(changed.first?["Name"] == "B")
        #expect(changed.first?["Phone"] == .null)
        let upsert = try await ingest(
            api,
            "upsert",
            "Email,LastName,Account.Name\na@b.example,X,B\n",
            object: "Contact",
            more: #","externalIdFieldName":"Email""#
        )
        let failed = await api.send(.get, "jobs/ingest/\(upsert)/failedResults").text
        let contacts = try await api.query("SELECT Account.Name FROM Contact")
        #expect(contacts.first?["Account"]?["Name"] == "B", "\(failed)")
        _ = try await ingest(api, "delete", "Id\n\(id)\n")
        #expect(try await api.query("SELECT Id FROM Account").isEmpty)
    }

    @Test("a header with an unknown field fails the job before any row")
    func unknownField() async throws {
        let api = try await RESTFixture()
        let job = try await ingest(api, "insert", "Name,Nope\nA,B\n")
        let state = try await api.send(.get, "jobs/ingest/\(job)").json
        #expect(state["state"] == "Failed")
        #expect(state["errorMessage"] == "InvalidBatch : Field name not found : Nope")
        let rest = await api.send(.get, "jobs/ingest/\(job)/unprocessedRecords").text
        #expect(rest == "\"Name\",\"Nope\"\n\"A\",\"B\"\n")
    }

    @Test("a job takes one upload, and none after it was closed or called off")
    func states() async throws {
        let api = try await RESTFixture()
        let made = await api.send(
            .post,
            "jobs/ingest",
            body: #"{"object":"Account","operation":"insert"}"#
        )
        let job = try #require(try made.json["id"]?.string)
        let path = "jobs/ingest/\(job)"
        #expect(await api.send(.put, "\(path)/batches", body: "Name\nA\n").status == 201)
        let twice = await api.send(.put, "\(path)/batches", body: "Name\nA\n")
        #expect(twice.errorCode == "INVALIDBATCH")
        let aborted = await api.send(.patch, path, body: #"{"state":"Aborted"}"#)
        #expect(try aborted.json["state"] == "Aborted")
        let closed = await api.send(.patch, path, body: #"{"state":"UploadComplete"}"#)
        #expect(closed.errorCode == "INVALIDJOBSTATE")
        let unknown = await api.send(
            .post,
            "jobs/ingest",
            body: #"{"object":"Nope","operation":"insert"}"#
        )
        #expect(unknown.errorCode == "INVALIDJOB")
        let list = try await api.send(.get, "jobs/ingest?isPkChunkingEnabled=false").json
        #expect(list["done"] == true)
        #expect(list["records"]?.array?.count == 1)
    }

    @Test("a query's rows come as CSV, in stretches as long as the client wants")
    func querying() async throws {
        let api = try await RESTFixture()
        let rows = (1...5).map { "\"Name \"\"\($0)\"\"\nline\"" }
        _ = try await ingest(api, "insert", "Name\n" + rows.joined(separator: "\n") + "\n")
        let made = await api.send(
            .post,
            "jobs/query",
            body:
                #"{"operation":"query","query":"SELECT Name, Owner.Name FROM Account ORDER BY Name"}"#
        )
        #expect(made.status == 200)
        #expect(try made.json["state"] == "UploadComplete")
        #expect(try made.json["jobType"] == "V2Query")
        let job = try #require(try made.json["id"]?.string)
        await api.bulk.runUntilIdle()
        let all = await api.send(.get, "jobs/query/\(job)/results")
        #expect(all.header("Sforce-Locator") == "null")
        #expect(all.header("Sforce-NumberOfRecords") == "5")
        #expect(all.contentType == "text/csv;charset=UTF-8")
        let lines = "\"Name \"\"1\"\"\nline\",\"Ada Lovelace\"\n"
        #expect(all.text.hasPrefix("\"Name\",\"Owner.Name\"\n" + lines))
        var locator = ""
        var rest = ""
        repeat {
            let page = await api.send(
                .get,
                "jobs/query/\(job)/results?maxRecords=2&locator=\(locator)"
            )
            locator = page.header("Sforce-Locator") ?? "null"
            rest += page.text.replacing("\"Name\",\"Owner.Name\"\n", with: "")
        } while locator != "null"
        #expect("\"Name\",\"Owner.Name\"\n" + rest == all.text)
    }

    @Test(
        "queries whose rows are not flat are refused",
        arguments: [
            "SELECT COUNT(Id) FROM Account", "SELECT Industry FROM Account GROUP BY Industry",
            "SELECT Id, (SELECT Id FROM Contacts) FROM Account",
            "SELECT BillingAddress FROM Account", "SELECT Id FROM Account LIMIT 1 OFFSET 1",
            "SELECT Body FROM Attachment",
        ]
    )
    func refusals(_ soql: String) async throws {
        let api = try await RESTFixture()
        let refused = await api.send(
            .post,
            "jobs/query",
            body: #"{"operation":"query","query":"\#(soql)"}"#
        )
        #expect(refused.status == 400)
        #expect(["API_ERROR", "INVALIDENTITY"].contains(refused.errorCode ?? ""))
    }
}

/// A store whose process dies: from one moment on nothing is kept any more.
private final class DyingStore: BulkJobStore {
    struct Dead: Error {}

    private let inner: FileBulkJobStore
    private let appendsLeft: Locked<Int>

    init(_ inner: FileBulkJobStore, appendsLeft: Int) {
        self.inner = inner
        self.appendsLeft = Locked(appendsLeft)
    }

    private func live() throws {
        guard appendsLeft.withLock({ $0 > 0 }) else { throw Dead() }
    }

    func put(_ job: BulkJob) throws {
        try live()
        try inner.put(job)
    }

    func append(_ bytes: [UInt8], to file: BulkFile, at length: Int, of job: BulkJob) throws {
        appendsLeft.withLock { $0 -= 1 }
        try live()
        try inner.append(bytes, to: file, at: length, of: job)
    }

    func write(_ bytes: [UInt8], to file: BulkFile, of job: BulkJob) throws {
        try live()
        try inner.write(bytes, to: file, of: job)
    }

    func job(_ id: RecordID, of org: OrgID) throws -> BulkJob? { try inner.job(id, of: org) }
    func jobs(of org: OrgID) throws -> [BulkJob] { try inner.jobs(of: org) }
    func unfinished() throws -> [BulkJob] { try inner.unfinished() }
    func expired(before moment: Instant) throws -> [BulkJob] { [] }
    func remove(_ job: BulkJob) throws { try inner.remove(job) }
    func read(_ file: BulkFile, from offset: Int, count: Int, of job: BulkJob) throws -> [UInt8] {
        try inner.read(file, from: offset, count: count, of: job)
    }
    func size(_ file: BulkFile, of job: BulkJob) throws -> Int { try inner.size(file, of: job) }
}

extension RESTBulkTests {
    @Test("a job goes on after a crash and does nothing twice", arguments: 3...7)
    func crash(_ appends: Int) async throws {
        let api = try await RESTFixture()
        let store = FileBulkJobStore(folder: api.folder)
        var job = BulkJob(
            id: RecordID(prefix: KeyPrefix("750") ?? KeyPrefix(number: 0), sequence: 5),
            org: api.org.id,
            operation: .insert,
            object: "Account",
            version: APIVersion.newest,
            createdBy: api.administrator.user,
            createdDate: api.clock.now()
        )
        job.state = .uploadComplete
        try store.put(job)
        let rows = "Name\n" + (1...450).map { "Name \($0)\n" }.joined()
        try store.write(Array(rows.utf8), to: .upload, of: job)

        await BulkJobs(
            records: api.org.records,
            store: DyingStore(store, appendsLeft: appends)
        ).runUntilIdle()
        #expect(try store.job(job.id, of: job.org)?.state == .inProgress)
        await BulkJobs(records: api.org.records, store: store).runUntilIdle()

        let done = try #require(try store.job(job.id, of: job.org))
        #expect(done.state == .jobComplete)
        #expect(done.rowsDone == 450)
        let good = try store.read(.successful, from: 0, count: done.successfulBytes, of: done)
        #expect(good.count { $0 == UInt8(ascii: "\n") } == 451)
        #expect(try await api.query("SELECT Id FROM Account").count == 450)
    }
}
