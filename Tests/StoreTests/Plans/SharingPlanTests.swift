import Kernel
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
}
