import Foundation
import Gateway
import Kernel
import Metadata
import RESTAPI
import TestSupport
import Testing

/// That no route of the API is a way around a restriction: every one is in here, with a request that
/// works, or with the reason why it shows and changes no record.
@Suite struct RestrictedRoutesTests {
    /// A request; `{case}` stands for a record made for it alone.
    private struct Example {
        let target: String
        var body = ""
        /// The answer says nothing of the restriction, and has to say nothing of any record either.
        var isSilent = false
    }

    private static let recordRoutes: [String: Example] = [
        "GET query": .init(target: "query?q=SELECT%20Subject%20FROM%20Case"),
        "GET queryAll": .init(target: "queryAll?q=SELECT%20Subject%20FROM%20Case"),
        "POST sobjects/:object": .init(target: "sobjects/Case", body: #"{"Subject":"New"}"#),
        "GET sobjects/:object/:id": .init(target: "sobjects/Case/{case}"),
        "PATCH sobjects/:object/:id": .init(
            target: "sobjects/Case/{case}",
            body: #"{"Subject":"X"}"#
        ),
        "DELETE sobjects/:object/:id": .init(target: "sobjects/Case/{case}"),
        "POST sobjects/:object/:id": .init(
            target: "sobjects/Case/Id",
            body: #"{"Subject":"By id"}"#
        ),
        "GET sobjects/:object/:field/:value": .init(
            target: "sobjects/Case/External_Reference__c/{case}"
        ),
        "PATCH sobjects/:object/:field/:value": .init(
            target: "sobjects/Case/External_Reference__c/{case}",
            body: #"{"Subject":"Upserted"}"#
        ),
        "DELETE sobjects/:object/:field/:value": .init(
            target: "sobjects/Case/External_Reference__c/{case}"
        ),
        "GET sobjects/:object/updated": .init(
            target: "sobjects/Case/updated?start=2026-01-01T00:00:00Z&end=2026-01-03T00:00:00Z"
        ),
        "GET sobjects/:object/deleted": .init(
            target: "sobjects/Case/deleted?start=2026-01-01T00:00:00Z&end=2026-01-03T00:00:00Z"
        ),
        "GET sobjects/:object": .init(target: "sobjects/Case", isSilent: true),
        "GET recent": .init(target: "recent", isSilent: true),
        "GET sobjects/:object/listviews/:view/results": .init(
            target: "sobjects/Case/listviews/{view}/results"
        ),
        "GET limits/recordCount": .init(target: "limits/recordCount?sObjects=Case", isSilent: true),
        "GET search": .init(target: "search?q=FIND%20%7Blantern%7D%20RETURNING%20Case(Subject)"),
        "GET parameterizedSearch": .init(
            target: "parameterizedSearch?q=lantern&sobject=Case&Case.fields=Subject"
        ),
        "POST parameterizedSearch": .init(
            target: "parameterizedSearch",
            body: #"{"q":"lantern","sobjects":[{"name":"Case","fields":["Subject"]}]}"#
        ),
        "GET search/suggestions": .init(
            target: "search/suggestions?q=lantern&sobject=Case",
            isSilent: true
        ),
        "POST composite": .init(
            target: "composite",
            body: #"""
                {"compositeRequest":[{"method":"GET","referenceId":"a",
                "url":"/services/data/v62.0/sobjects/Case/{case}"}]}
                """#
        ),
        "POST composite/batch": .init(
            target: "composite/batch",
            body: #"{"batchRequests":[{"method":"GET","url":"v62.0/sobjects/Case/{case}"}]}"#
        ),
        "POST composite/graph": .init(
            target: "composite/graph",
            body: #"""
                {"graphs":[{"graphId":"1","compositeRequest":[{"method":"GET","referenceId":"a",
                "url":"/services/data/v62.0/sobjects/Case/{case}"}]}]}
                """#
        ),
        "POST composite/tree/:object": .init(
            target: "composite/tree/Case",
            body: #"""
                {"records":[{"attributes":{"type":"Case","referenceId":"a"},"Subject":"Tree"}]}
                """#
        ),
        "POST composite/sobjects": .init(
            target: "composite/sobjects",
            body: #"{"records":[{"attributes":{"type":"Case"},"Subject":"One of many"}]}"#
        ),
        "PATCH composite/sobjects": .init(
            target: "composite/sobjects",
            body: #"{"records":[{"attributes":{"type":"Case"},"id":"{case}","Subject":"Y"}]}"#
        ),
        "DELETE composite/sobjects": .init(target: "composite/sobjects?ids={case}"),
        "PATCH composite/sobjects/:object/:field": .init(
            target: "composite/sobjects/Case/External_Reference__c",
            body: #"""
                {"records":[{"attributes":{"type":"Case"},"External_Reference__c":"{case}",
                "Subject":"Z"}]}
                """#
        ),
        "GET composite/sobjects/:object": .init(
            target: "composite/sobjects/Case?ids={case}&fields=Subject"
        ),
        "POST composite/sobjects/:object": .init(
            target: "composite/sobjects/Case",
            body: #"{"ids":["{case}"],"fields":["Subject"]}"#
        ),
        "POST actions/standard/:action": .init(
            target: "actions/standard/chatterPost",
            body: #"{"inputs":[{"text":"Hello","subjectNameOrId":"{case}"}]}"#
        ),
        "GET steward/explain/access": .init(
            target: "steward/explain/access?user={user}&record={case}",
            isSilent: true
        ),
        "GET org/declarations": .init(target: "/services/accountability/v1/org/declarations"),
    ]

    /// Routes that show and change no records, or whose work meets the restriction later.
    private static let exempt: [String: [String]] = [
        "they show definitions and numbers, never a record": [
            "GET /services/data", "GET /services/data/openapi.json", "GET", "GET sobjects",
            "GET sobjects/:object/describe", "GET sobjects/:object/describe/layouts",
            "GET sobjects/:object/describe/layouts/:recordType",
            "GET sobjects/:object/describe/compactLayouts",
            "GET sobjects/:object/describe/approvalLayouts", "GET sobjects/:object/listviews",
            "GET sobjects/:object/listviews/:view", "GET sobjects/:object/listviews/:view/describe",
            "GET tabs", "GET theme", "GET quickActions", "GET sobjects/:object/quickActions",
            "GET process", "GET process/rules", "GET process/approvals", "GET limits",
            "GET search/scopeOrder", "GET search/layout", "GET composite", "GET actions",
            "GET actions/standard", "GET actions/standard/:action", "GET actions/custom",
            "GET actions/custom/flow", "GET actions/custom/flow/:action",
        ],
        "a locator belongs to a query that was let through, and is asked again with each page": [
            "GET query/:locator", "GET queryAll/:locator",
        ],
        "jobs read and write through the same kernel, as tests of their own show": [
            "POST jobs/ingest", "GET jobs/ingest", "GET jobs/ingest/:job",
            "PATCH jobs/ingest/:job", "DELETE jobs/ingest/:job", "PUT jobs/ingest/:job/batches",
            "GET jobs/ingest/:job/successfulResults", "GET jobs/ingest/:job/failedResults",
            "GET jobs/ingest/:job/unprocessedRecords", "POST jobs/query", "GET jobs/query",
            "GET jobs/query/:job", "PATCH jobs/query/:job", "DELETE jobs/query/:job",
            "GET jobs/query/:job/results",
        ],
        "flows, approvals and merges have tests of their own": [
            "POST actions/custom/flow/:action", "POST process/approvals", "GET steward/merges",
            "POST steward/merges", "DELETE steward/merges/:journal", "GET steward/explain/flow",
            "GET steward/explain/assignment",
        ],
        "security: a password is changed whatever is withheld": [
            "GET sobjects/User/:id/password", "POST sobjects/User/:id/password",
            "DELETE sobjects/User/:id/password",
        ],
        "what is withheld, why, and what to do about it can never be withheld": [
            "GET steward/restrictions", "GET org/restrictions", "GET org/matters",
            "GET org/register", "POST org/preview", "POST org/statement",
            "POST org/appeals", "POST org/responses", "POST org/replies", "GET org/held",
            "POST org/held/:id/release", "DELETE org/held/:id", "POST org/trials",
            "DELETE org/trials/:id", "GET log",
        ],
        "what is public is computed from the transparency log, and reads no record": [
            "GET /accountability", "GET /accountability/declarations",
            "GET /accountability/register", "GET /accountability/policy",
            "GET /accountability/policy/:document/:edition", "GET /accountability/decisions",
            "GET /accountability/decisions/:id", "GET /accountability/appeals/new",
            "GET /accountability/restrictions",
            "GET /accountability/letters", "GET /accountability/letters/:id",
            "GET /accountability/meetings", "GET /accountability/commitments",
            "GET /accountability/report", "GET /accountability/log", "GET declarations",
            "GET register", "GET policy", "GET policy/:document/:edition", "GET restrictions",
            "GET decisions",
            "GET decisions/:id", "GET letters", "GET letters/:id", "GET meetings",
            "GET commitments", "GET clocks", "GET report",
        ],
        "concerns are raised without a login, in the operator's own org": [
            "GET concerns/keys", "POST concerns", "POST mailbox", "POST mailbox/messages",
            "POST mailbox/again", "POST office/messages", "GET /accountability/concerns/new",
            "POST /accountability/concerns/new", "GET /accountability/mailbox",
            "POST /accountability/mailbox",
        ],
        "letters are signed without a login, in the operator's own org": [
            "POST office/letters/:letter/entitlements", "POST letters/:letter/tokens",
            "POST letters/:letter/signatures", "POST letters/:letter/withdrawals",
        ],
        "access of the operator's people is the org's to approve and to watch, whatever is withheld":
            [
                "GET org/break-glass", "POST org/break-glass/:grant/steps",
            ],
        "what a grant opens is decided by the grant, as tests of their own show": [
            "POST office/break-glass", "GET office/break-glass/:org/:grant",
            "POST office/break-glass/:org/:grant/steps",
            "POST office/break-glass/:org/:grant/queries",
        ],
        "orders and lifts are let through by their signatures": [
            "POST office/orders", "POST office/lifts",
        ],
        "statements are made of the log and of snapshots, and read no record": [
            "POST office/statements"
        ],
    ]

    private static func name(_ route: Route) -> String {
        var words = route.pattern
        for base in [["services", "data", ":version"], ["services", "accountability", "v1"]]
        where words.starts(with: base) {
            words.removeFirst(base.count)
            let rest = words.joined(separator: "/")
            return "\(route.method.rawValue)\(rest.isEmpty ? "" : " ")\(rest)"
        }
        return "\(route.method.rawValue) /\(words.joined(separator: "/"))"
    }

    @Test("every route is here, and none that is not there")
    func isComplete() {
        let known = Set(Self.recordRoutes.keys).union(Self.exempt.values.joined())
        let routes = Set(RouteTable.standard.routes.map(Self.name))
        #expect(routes.subtracting(known).sorted() == [])
        #expect(known.subtracting(routes).sorted() == [])
    }

    /// Every example with records of its own, which the administrator makes.
    private func requests(
        _ api: RESTFixture,
        for caller: Caller
    ) async throws -> [String: (method: APIRequest.Method, target: String, body: String)] {
        let view = try #require(
            try await api.send(.get, "sobjects/Case/listviews", as: caller)
                .json["listviews"]?.array?.first?["id"]?.string
        )
        var requests: [String: (method: APIRequest.Method, target: String, body: String)] = [:]
        for (name, example) in Self.recordRoutes {
            let record = try await api.create("Case", #"{"Subject":"A lantern is out"}"#)
            _ = await api.send(
                .patch,
                "sobjects/Case/\(record)",
                body: #"{"External_Reference__c":"\#(record)"}"#
            )
            func filled(_ text: String) -> String {
                text.replacingOccurrences(of: "{case}", with: record)
                    .replacingOccurrences(of: "{view}", with: view)
                    .replacingOccurrences(of: "{user}", with: caller.user.description)
            }
            let method = APIRequest.Method(rawValue: String(name.prefix(while: { $0 != " " })))
            requests[name] = (
                try #require(method), filled(example.target), filled(example.body)
            )
        }
        return requests
    }

    @Test("what works on a route is refused there under a restriction, with its name")
    func everyRoute() async throws {
        let api = try await RESTFixture(isSandbox: true)
        let manager = try await api.org.user(
            "Ana",
            profile: "Support Manager",
            role: "Service_Director"
        )
        let before = try await requests(api, for: manager)
        let during = try await requests(api, for: manager)
        for (name, one) in before {
            let answer = await api.send(one.method, one.target, body: one.body, as: manager)
            #expect(answer.status < 300, "\(name) does not work: \(answer.text.prefix(300))")
        }
        _ = try await api.org.records.tryOut(
            [
                "id": "T-1", "kind": "export-only", "hours": .number(JSONNumber(Int64(1))),
                "target": .object([:]),
            ],
            as: api.administrator
        )
        for (name, one) in during {
            let answer = await api.send(one.method, one.target, body: one.body, as: manager)
            let text = answer.text
            if Self.recordRoutes[name]?.isSilent == true {
                #expect(!text.lowercased().contains("lantern"), "\(name): \(text.prefix(300))")
            } else {
                #expect(text.contains("USE_RESTRICTED"), "\(name): \(text.prefix(300))")
            }
        }
    }
}
