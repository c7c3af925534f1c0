import Gateway
import Metadata
import RESTAPI
import Testing

/// Queries, searches and descriptions over REST.
@Suite struct RESTQueryTests {
    @Test("a query FOR VIEW puts its records in front of the recently viewed ones")
    func forView() async throws {
        let fixture = try await RESTFixture()
        let first = try await fixture.create("Account", #"{"Name": "Looked at"}"#)
        _ = try await fixture.create("Account", #"{"Name": "Not looked at"}"#)

        let rows = try await fixture.query(
            "SELECT Name FROM Account WHERE Name = 'Looked at' LIMIT 1 FOR VIEW"
        )
        let recent = try await fixture.send(.get, "recent").json.array ?? []

        #expect(rows.count == 1)
        #expect(recent.compactMap { $0["Id"]?.string } == [first])
    }

    @Test("children stand in their parents, and null where there are none")
    func children() async throws {
        let api = try await RESTFixture()
        let full = try await api.create("Account", #"{"Name":"A"}"#)
        _ = try await api.create("Account", #"{"Name":"B"}"#)
        for name in ["X", "Y"] {
            _ = try await api.create(
                "Contact",
                #"{"LastName":"\#(name)","AccountId":"\#(full)"}"#
            )
        }
        let rows = try await api.query(
            "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName), Phone FROM Account "
                + "ORDER BY Name"
        )
        #expect(rows.count == 2)
        #expect(rows.first?["Contacts"]?["totalSize"] == 2)
        #expect(rows.first?["Contacts"]?["done"] == true)
        #expect(rows.first?["Contacts"]?["records"]?.array?.last?["LastName"] == "Y")
        #expect(rows.last?["Contacts"] == .null)
        #expect(
            rows.last?.object?.members.map(\.name) == ["attributes", "Name", "Contacts", "Phone"]
        )
    }

    @Test("a long result comes in pages, and any page can be asked for")
    func pages() async throws {
        let api = try await RESTFixture()
        for start in [0, 200] {
            let records = (start..<start + 200).map {
                #"{"attributes":{"type":"Account"},"Name":"A\#($0)"}"#
            }
            let made = await api.send(
                .post,
                "composite/sobjects",
                body: #"{"allOrNone":null,"records":[\#(records.joined(separator: ","))]}"#
            )
            #expect(try made.json.array?.count == 200)
        }
        let options = [(name: "sforce-query-options", value: "client=x, batchSize = 200")]
        let first = await api.send(
            .get,
            "/services/data/v30.0/query?q=SELECT+Name+FROM+Account".replacing("+", with: "%20"),
            headers: options
        )
        #expect(try first.json["totalSize"] == 400)
        #expect(try first.json["done"] == false)
        let next = try #require(try first.json["nextRecordsUrl"]?.string)
        #expect(next.hasPrefix("/services/data/v30.0/query/"))
        #expect(next.hasSuffix("-200"))
        let second = await api.send(.get, next, headers: options)
        #expect(try second.json["done"] == true)
        #expect(try second.json["nextRecordsUrl"] == nil)
        #expect(try second.json["records"]?.array?.count == 200)
        let back = await api.send(.get, next.replacing("-200", with: "-0"), headers: options)
        #expect(try back.json["records"] == first.json["records"])
        #expect(await api.send(.get, "query/nonsense-1").errorCode == "INVALID_QUERY_LOCATOR")
    }

    @Test("counts, groups and mistakes have their own shapes")
    func shapes() async throws {
        let api = try await RESTFixture()
        _ = try await api.create("Account", #"{"Name":"A","Industry":"Energy"}"#)
        let count = await api.send(.get, "query?q=SELECT%20COUNT()%20FROM%20Account")
        #expect(count.text == #"{"totalSize":1,"done":true,"records":[]}"#)
        let groups = try await api.query(
            "SELECT Industry, COUNT(Id) FROM Account GROUP BY Industry"
        )
        #expect(
            groups.first == [
                "attributes": ["type": "AggregateResult"], "Industry": "Energy", "expr0": 1,
            ]
        )
        let wrong = await api.send(.get, "query?q=SELECT%20Nope%20FROM%20Account")
        #expect(wrong.status == 400)
        #expect(wrong.errorCode == "INVALID_FIELD")
        #expect(await api.send(.get, "query").errorCode == "MALFORMED_QUERY")
        let explained = await api.send(.get, "query/?explain=SELECT%20Id%20FROM%20Account")
        #expect(try explained.json.object?.members.map(\.name) == ["plans", "sourceQuery"])
    }

    @Test("every object of the list describes itself and answers a query of its plain fields")
    func describing() async throws {
        let api = try await RESTFixture()
        let list = try await api.send(.get, "sobjects").json
        let objects = try #require(list["sobjects"]?.array)
        #expect(objects.count > 20)
        for object in objects {
            let name = try #require(object["name"]?.string)
            let described = try await api.send(.get, "sobjects/\(name)/describe").json
            let fields = try #require(described["fields"]?.array)
            for field in fields {
                #expect(field["compoundFieldName"] != nil)
                #expect(Self.types.contains(field["type"]?.string ?? ""), "\(field)")
            }
            let plain = fields.filter {
                !["address", "location", "base64"].contains($0["type"]?.string)
            }
            let names = plain.compactMap { $0["name"]?.string }.joined(separator: ",")
            // This one is asked about a user and records only.
            let status = name == "UserRecordAccess" ? 400 : 200
            let response = await api.send(.get, "query?q=SELECT%20\(names)%20FROM%20\(name)")
            #expect(response.status == status, "\(name): \(response.text)")
        }
    }

    private static let types: Set<String> = [
        "id", "string", "boolean", "int", "double", "currency", "percent", "date", "datetime",
        "time", "textarea", "phone", "email", "url", "picklist", "multipicklist", "combobox",
        "reference", "base64", "encryptedstring", "address", "location", "anyType",
    ]

    @Test("searches answer by version, and parameters say the same as SOSL")
    func searching() async throws {
        let api = try await RESTFixture()
        let id = try await api.create("Account", #"{"Name":"Blue Heron"}"#)
        let sosl = "search?q=FIND%20%7Bheron%7D%20RETURNING%20Account(Id,%20Name)"
        let new = try await api.send(.get, sosl).json
        #expect(new["searchRecords"]?.array?.first?["Id"] == .string(id))
        #expect(new["searchRecords"]?.array?.first?["Name"] == "Blue Heron")
        let old = try await api.send(.get, "/services/data/v26.0/\(sosl)").json
        #expect(old.array?.count == 1)
        let parameters = try await api.send(
            .get,
            "parameterizedSearch?q=heron&sobject=Account&Account.fields=Name"
        ).json
        #expect(parameters["searchRecords"]?.array?.first?["Name"] == "Blue Heron")
        let body = try await api.send(
            .post,
            "parameterizedSearch",
            body: #"{"q":"heron","sobjects":[{"name":"Account","fields":["Id"],"limit":5}]}"#
        ).json
        #expect(body["searchRecords"]?.array?.count == 1)
        let suggested = try await api.send(
            .get,
            "search/suggestions?q=her&sobject=Account"
        ).json
        #expect(suggested["autoSuggestResults"]?.array?.first?["Name"] == "Blue Heron")
        #expect(await api.send(.get, "search?q=FIND").errorCode == "MALFORMED_SEARCH")
    }

    @Test("the small resources answer")
    func small() async throws {
        let api = try await RESTFixture()
        let versions = await api.send(.get, "/services/data/")
        #expect(try versions.json.array?.last?["version"] == "67.0")
        for path in [
            "", "limits", "recent", "tabs", "theme", "quickActions", "process/rules",
            "limits/recordCount?sObjects=Account,Contact", "sobjects/Account",
            "sobjects/Case/describe/layouts", "sobjects/Case/describe/layouts/012000000000000AAA",
            "sobjects/Case/describe/compactLayouts", "sobjects/Case/listviews", "composite",
            "search/scopeOrder", "search/layout?q=Account,Case",
            "/services/data/openapi.json",
        ] {
            let response = await api.send(.get, path)
            #expect(response.status == 200, "\(path): \(response.text)")
            #expect(throws: Never.self) { try response.json }
            #expect(response.header("Sforce-Limit-Info")?.hasPrefix("api-usage=") == true)
        }
        let views = try await api.send(.get, "sobjects/Account/listviews").json
        for view in views["listviews"]?.array ?? [] {
            let url = try #require(view["resultsUrl"]?.string)
            #expect(await api.send(.get, url).status == 200)
        }
    }

    @Test("without a session only what is public answers")
    func noSession() async throws {
        let api = try await RESTFixture()
        let request = APIRequest(
            method: .get,
            path: "/services/data/v62.0/limits",
            segments: ["services", "data", "v62.0", "limits"]
        )
        let refused = await api.router.respond(to: request, as: nil)
        #expect(refused.status == 401)
        #expect(refused.errorCode == "INVALID_SESSION_ID")
        let open = APIRequest(
            method: .get,
            path: "/services/data",
            segments: ["services", "data"]
        )
        #expect(await api.router.respond(to: open, as: nil).status == 200)
    }
}
