import Kernel
import Language
import Metadata
import RESTAPI
import Synchronization
import TestSupport

/// What the parts of a request cost, each alone.
///
/// `swift run -c release Microbenchmarks [part of a name]`, with `BENCHMARKS` set.
@main
enum Microbenchmarks {
    static let soql = """
        SELECT Id, CaseNumber, Subject, Status, Priority, CreatedDate, Account.Name, Contact.Name, \
        Owner.Name FROM Case WHERE IsClosed = false AND Priority IN ('High', 'Medium') \
        ORDER BY CreatedDate DESC LIMIT 2000
        """

    static func main() async throws {
        let stopwatch = Stopwatch(only: CommandLine.arguments.dropFirst().first)
        StoreKind.walkRecordsMax.withLock { $0 = 5_000 }
        texts(stopwatch)
        let org = try await TestOrg(on: .sqlite)
        try await fill(org)
        let agent = try await org.user(
            "Agent",
            profile: "Support Agent",
            role: "Streets_Agent"
        )
        for caller in [org.administrator, agent] {
            let who = caller.user == agent.user ? "agent" : "administrator"
            try await plans(stopwatch, org, caller, who)
        }
        try await rows(stopwatch, org)
        try await saves(stopwatch, org)
        try await events(stopwatch)
        try await rules(stopwatch)
        try await formulas(stopwatch)
        try await sharing(stopwatch)
        try await uses(stopwatch)
    }

    private static func fill(_ org: TestOrg) async throws {
        for _ in 0..<10 {
            let drafts = (0..<200).map { DraftCase.draft($0) }
            _ = try await org.save(drafts, .create, as: org.administrator)
        }
    }
}

// MARK: - Texts

extension Microbenchmarks {
    private static func texts(_ stopwatch: Stopwatch) {
        let id = RecordID(prefix: KeyPrefix("500") ?? KeyPrefix(number: 0), sequence: 1_234_567)
        let text = id.description
        stopwatch.measure("id to text") { keep(id.description) }
        stopwatch.measure("text to id") { keep(try? RecordID(text)) }
        stopwatch.measure("parse SOQL") { keep(try? SOQLParser.parse(soql)) }

        let json = Array(
            ("[" + (0..<200).map { DraftCase.json($0) }.joined(separator: ",") + "]").utf8
        )
        stopwatch.measure("parse JSON, one of 200 cases", per: 200) {
            keep(try? JSONParser.parse(json))
        }
        let csv = Array(DraftCase.csv(1_000).utf8)
        stopwatch.measure("read CSV, one of 1,000 rows", per: 1_000) {
            keep(try? CSVReader.rows(of: csv))
        }
    }
}

// MARK: - Reads

extension Microbenchmarks {
    private static func plans(
        _ stopwatch: Stopwatch,
        _ org: TestOrg,
        _ caller: Caller,
        _ who: String
    ) async throws {
        try await org.records.read(as: caller) { reader in
            let schema = reader.snapshot.schema
            let statement = try SOQLParser.parse(soql)
            stopwatch.measure("resolve, \(who)") {
                keep(try? Resolver.resolve(statement, in: schema, visible: reader.access))
            }
            var limit = 0
            stopwatch.measure("a new plan, \(who)") {
                limit += 1
                keep(try? reader.plan("SELECT Id, Subject, Account.Name FROM Case LIMIT \(limit)"))
            }
            stopwatch.measure("a known plan, \(who)") { keep(try? reader.plan(soql)) }
            guard let object = schema.object("Case") else { return }
            let describe = DescribeBody(schema: schema, access: reader.access, version: .newest)
            stopwatch.measure("describe a case, \(who)") {
                var writer = JSONWriter()
                describe.write(object, to: &writer)
                keep(writer.bytes)
            }
        }
    }

    private static func rows(_ stopwatch: Stopwatch, _ org: TestOrg) async throws {
        try await org.records.read(as: org.administrator) { reader in
            let plan = try reader.plan(soql)
            let program = JSONRowProgram(
                plan.query,
                schema: reader.snapshot.schema,
                version: .newest
            )
            let cursor = FixedRow(columns: plan.query.columns.count)
            try stopwatch.measure("a row as JSON", per: 2_000) {
                var sink = JSONRowSink(program)
                for _ in 0..<2_000 { try sink.row(node: 0, parent: 0, cursor) }
                var body: [UInt8] = []
                sink.appendRows(to: &body)
                keep(body)
            }
            try stopwatch.measure("a row of a query of 2,000", per: 2_000) {
                keep(try reader.query(soql) { _ in JSONRowSink(program) })
            }
        }
        try await stopwatch.measure("a read of nothing") {
            try await org.records.read(as: org.administrator, isBrief: true) { _ in }
        }
        try await stopwatch.measure("a read of nothing, on a thread apart") {
            try await org.records.read(as: org.administrator) { _ in }
        }
    }
}

// MARK: - Saves

extension Microbenchmarks {
    private static func saves(_ stopwatch: Stopwatch, _ org: TestOrg) async throws {
        let one = [DraftCase.draft(0)]
        try await stopwatch.measure("create a case") {
            keep(try await org.save(one, .create, as: org.administrator))
        }
        let many = (0..<200).map { DraftCase.draft($0) }
        try await stopwatch.measure("create a case, one of 200", per: 200) {
            keep(try await org.save(many, .create, as: org.administrator))
        }
        let id = try await org.create("Case", ["Subject": "To be changed"], as: org.administrator)
        var turn = 0
        try await stopwatch.measure("change a case") {
            turn += 1
            let status: JSONValue = turn.isMultiple(of: 2) ? "Working" : "Escalated"
            try await org.update("Case", id, ["Status": status], as: org.administrator)
        }
    }
}

/// Keeps the compiler from leaving out what nobody looks at.
@inline(never)
@_optimize(none)
func keep<Value>(_ value: Value) {}
