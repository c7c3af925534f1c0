import Kernel
import Metadata
import Store
import TestSupport
import Testing

@testable import StoreSQLite

/// Who may see a record is looked up in indexes, whatever grants it.
@Suite struct SharingPlanTests {
    /// The steps by which SQLite answers a query of a caller.
    private func steps(_ soql: String, _ org: TestOrg, _ caller: Caller) async throws -> [String] {
        let statement = try await org.records.read(as: caller) { reader in
            SQLCompiler(.sqlite).compile(try reader.plan(soql))
        }
        return try await steps(statement, org)
    }

    private func steps(_ statement: SQLStatement, _ org: TestOrg) async throws -> [String] {
        let connection = try SQLiteConnection(path: try #require(org.file), access: .readOnly)
        defer { connection.close() }
        let values = [SQLValue](repeating: .null, count: statement.parameters.count)
        return try connection.all("EXPLAIN QUERY PLAN " + statement.text, values) { $0.string(3) }
    }

    @Test(
        "neither shares, roles, queues nor parents are searched from end to end",
        arguments: [
            "SELECT Id, Subject FROM Case WHERE IsClosed = false ORDER BY CreatedDate DESC LIMIT 50",
            "SELECT Id FROM Case WHERE AccountId = '001000000000000AAA'",
            "SELECT Id, CommentBody FROM CaseComment WHERE ParentId = '500000000000000AAA'",
            "SELECT Id, Name FROM Account ORDER BY Name LIMIT 50", "SELECT Id FROM CaseTeamMember",
            "SELECT Id, Name FROM Contact WHERE AccountId = '001000000000000AAA'",
            "SELECT Id, Body FROM FeedItem WHERE ParentId = '500000000000000AAA'",
            "SELECT Id, Subject FROM Task WHERE WhatId = '500000000000000AAA'",
        ]
    )
    func indexes(_ soql: String) async throws {
        let org = try await TestOrg(on: .sqlite)
        let agent = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        let above = try await org.user(
            "Mia",
            profile: "Support Agent",
            role: "Streets_Supervisor"
        )
        for caller in [agent, above] {
            let steps = try await steps(soql, org, caller)
            let scans = steps.filter { step in
                step.hasPrefix("SCAN") && !step.contains("INDEX") && !step.contains("CONSTANT ROW")
            }

            #expect(scans.isEmpty, "\(steps)")
            #expect(!steps.isEmpty)
        }
    }

    @Test(
        "a page in the order of an index is walked for, and nothing is sorted",
        arguments: [
            ("SELECT Id, Subject FROM Case ORDER BY CreatedDate DESC LIMIT 50", "Case.CreatedDate"),
            (
                "SELECT Id FROM Case WHERE Status = 'New' ORDER BY CreatedDate LIMIT 50",
                "CreatedDate"
            ),
            ("SELECT Id FROM Case ORDER BY Id DESC LIMIT 200", "PRIMARY KEY"),
        ]
    )
    func walks(_ soql: String, _ index: String) async throws {
        let org = try await TestOrg(on: .sqlite)

        let steps = try await steps(try #require(try await walk(soql, org)), org)

        #expect(steps.first?.hasPrefix("SEARCH t0 USING") == true, "\(steps)")
        #expect(steps.first?.contains(index) == true, "\(steps)")
        #expect(!steps.contains { $0.contains("ORDER BY") }, "\(steps)")
    }

    @Test(
        "what an index leads to by itself, or is not in an index's order, is not walked for",
        arguments: [
            "SELECT Id FROM Case ORDER BY Subject LIMIT 50", "SELECT Id FROM Case LIMIT 2000",
            "SELECT Id FROM Case ORDER BY CreatedDate DESC LIMIT 50 OFFSET 50",
            "SELECT Id FROM Case ORDER BY CreatedDate DESC",
            "SELECT Id FROM Case WHERE AccountId = '001000000000000AAA' ORDER BY Id LIMIT 50",
            "SELECT Id FROM Case USING SCOPE mine ORDER BY CreatedDate DESC LIMIT 50",
        ]
    )
    func gathers(_ soql: String) async throws {
        #expect(try await walk(soql, try await TestOrg(on: .sqlite)) == nil)
    }

    @Test("a walk finds the page within its bound, and never looks beyond it")
    func bound() async throws {
        let clock = TestClock()
        let org = try await TestOrg(on: .sqlite, clock: clock)
        let agent = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        for number in 0..<30 {
            clock.advance(seconds: number < 15 ? 1 : 0)
            let owner = number.isMultiple(of: 2) ? agent.user : org.administrator.user
            _ = try await org.create(
                "Case",
                ["Subject": .string("Case \(number)"), "OwnerId": .id(owner)],
                as: org.administrator
            )
        }
        func walked(_ order: String) async throws -> [RecordID] {
            let list = "SELECT Id FROM Case ORDER BY \(order) LIMIT 4"
            let plan = try await org.records.read(as: agent) { try $0.plan(list) }
            let walk = try #require(SQLCompiler(.sqlite, walkRecordsMax: 12).walk(plan))
            let inputs = StatementInputs(rowsMax: 4, now: clock.now())
            let connection = try SQLiteConnection(path: try #require(org.file), access: .readOnly)
            defer { connection.close() }
            return try connection.all(walk.text, walk.values(inputs, plan.context)) {
                RecordID(number: $0.int64(0))
            }
        }
        for order in ["Id", "Id DESC", "CreatedDate"] {
            let all = try await org.query("SELECT Id FROM Case ORDER BY \(order)", as: agent)
            #expect(try await walked(order) == all.prefix(4).compactMap { $0["Id"].id })
        }
        // Sixteen records have the latest date: more than a walk may look at.
        #expect(try await walked("CreatedDate DESC").isEmpty)
    }

    /// What an agent's list is walked for with; `nil` where it is not.
    private func walk(_ soql: String, _ org: TestOrg) async throws -> SQLStatement? {
        let agent = try await org.user("Ana", profile: "Support Agent", role: "Streets_Agent")
        return try await org.records.read(as: agent) { reader in
            SQLCompiler(.sqlite).walk(try reader.plan(soql))
        }
    }
}
