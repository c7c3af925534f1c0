import Gateway
import Metadata
import RESTAPI
import Testing

/// Requests made of several.
@Suite struct RESTCompositeTests {
    @Test("parts refer to what earlier ones answered, in any letter case")
    func references() async throws {
        let api = try await RESTFixture()
        let response = await api.send(
            .post,
            "composite",
            body: """
                {"compositeRequest":[
                {"method":"POST","url":"/services/data/v62.0/sobjects/Account",
                 "referenceId":"NewAccount","body":{"Name":"Acme & Co"}},
                {"method":"POST","url":"/services/data/v62.0/sobjects/Contact","referenceId":"c",
                 "body":{"LastName":"Ito","AccountId":"@{newaccount.id}"}},
                {"method":"GET","url":"/services/data/v62.0/query?q=SELECT Id, Account.Name FROM \
                Contact WHERE AccountId = '@{NewAccount.id}'","referenceId":"q"},
                {"method":"GET","url":"/services/data/v62.0/sobjects/Account/Name/\
                @{q.records[0].Account.Name}","referenceId":"again"}
                ]}
                """
        )
        #expect(response.status == 200)
        let parts = try #require(try response.json["compositeResponse"]?.array)
        #expect(parts.map { $0["httpStatusCode"] } == [201, 201, 200, 200], "\(response.text)")
        let location = parts.first?["httpHeaders"]?["Location"]?.string
        #expect(location?.hasPrefix("/services/data/v62.0/sobjects/Account/001") == true)
        #expect(parts.last?["body"]?["Name"] == "Acme & Co")
    }

    @Test("what depends on a failed part is halted, the rest goes on")
    func dependence() async throws {
        let api = try await RESTFixture()
        let response = await api.send(
            .post,
            "composite",
            body: """
                {"allOrNone":false,"compositeRequest":[
                {"method":"POST","url":"/services/data/v62.0/sobjects/Account","referenceId":"a",
                 "body":{}},
                {"method":"POST","url":"/services/data/v62.0/sobjects/Contact","referenceId":"b",
                 "body":{"LastName":"X","AccountId":"@{a.id}"}},
                {"method":"POST","url":"/services/data/v62.0/sobjects/Contact","referenceId":"c",
                 "body":{"LastName":"Y"}}
                ]}
                """
        )
        let parts = try #require(try response.json["compositeResponse"]?.array)
        #expect(parts.map { $0["httpStatusCode"] } == [400, 400, 201])
        #expect(parts[1]["body"]?.array?.first?["errorCode"] == "PROCESSING_HALTED")
        #expect(try await api.query("SELECT LastName FROM Contact").count == 1)
    }

    @Test("with allOrNone one failure leaves nothing")
    func allOrNone() async throws {
        let api = try await RESTFixture()
        let response = await api.send(
            .post,
            "composite",
            body: """
                {"allOrNone":true,"compositeRequest":[
                {"method":"POST","url":"/services/data/v62.0/sobjects/Account","referenceId":"a",
                 "body":{"Name":"A"}},
                {"method":"POST","url":"/services/data/v62.0/sobjects/Account","referenceId":"b",
                 "body":{}},
                {"method":"GET","url":"/services/data/v62.0/limits","referenceId":"c"}
                ]}
                """
        )
        let parts = try #require(try response.json["compositeResponse"]?.array)
        let codes = parts.map { $0["body"]?.array?.first?["errorCode"] }
        #expect(codes == ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"])
        #expect(try await api.query("SELECT Id FROM Account").isEmpty)
    }

    @Test("graphs stand or fall each by itself")
    func graphs() async throws {
        let api = try await RESTFixture()
        let part = { (id: String, body: String) in
            """
            {"method":"POST","url":"/services/data/v62.0/sobjects/Account",\
            "referenceId":"\(id)","body":\(body)}
            """
        }
        let response = await api.send(
            .post,
            "composite/graph",
            body: """
                {"graphs":[
                {"graphId":"1","compositeRequest":[\(part("a", #"{"Name":"A"}"#))]},
                {"graphId":"2","compositeRequest":[\(part("a", #"{"Name":"B"}"#)),\(part("b", "{}"))]}
                ]}
                """
        )
        let graphs = try #require(try response.json["graphs"]?.array)
        #expect(graphs.map { $0["isSuccessful"] } == [true, false])
        #expect(try await api.query("SELECT Name FROM Account").count == 1)
    }

    @Test("a batch answers each part, and can stop at the first failure")
    func batch() async throws {
        let api = try await RESTFixture()
        let body = { (halts: Bool) in
            """
            {"haltOnError":\(halts),"batchRequests":[
            {"method":"GET","url":"v59.0/sobjects/Nope/describe"},
            {"method":"POST","url":"/services/data/v59.0/sobjects/Account",
             "richInput":{"Name":"A"}}]}
            """
        }
        let going = try await api.send(.post, "composite/batch", body: body(false)).json
        #expect(going["hasErrors"] == true)
        #expect(going["results"]?.array?.map { $0["statusCode"] } == [404, 201])
        let halting = try await api.send(.post, "composite/batch", body: body(true)).json
        #expect(halting["results"]?.array?.map { $0["statusCode"] } == [404, 412])
    }

    @Test("a tree is created whole, or not at all")
    func tree() async throws {
        let api = try await RESTFixture()
        let body = { (name: String) in
            """
            {"records":[{"attributes":{"type":"Account","referenceId":"r1"},"Name":"A",
            "Contacts":{"records":[
            {"attributes":{"type":"Contact","referenceId":"r2"},"LastName":"X"},
            {"attributes":{"type":"Contact","referenceId":"r3"}\(name)}]}}]}
            """
        }
        let refused = await api.send(.post, "composite/tree/Account", body: body(""))
        #expect(refused.status == 400)
        #expect(try refused.json["hasErrors"] == true)
        #expect(try refused.json["results"]?.array?.first?["referenceId"] == "r3")
        #expect(try await api.query("SELECT Id FROM Account").isEmpty)
        let made = await api.send(
            .post,
            "composite/tree/Account",
            body: body(#","LastName":"Y""#)
        )
        #expect(made.status == 201)
        #expect(try made.json["results"]?.array?.count == 3)
        #expect(try await api.query("SELECT Id FROM Contact WHERE Account.Name = 'A'").count == 2)
    }

    @Test("collections create, change, upsert, fetch and delete")
    func collections() async throws {
        let api = try await RESTFixture()
        let made = await api.send(
            .post,
            "composite/sobjects",
            body: """
                {"allOrNone":false,"records":[
                {"attributes":{"type":"Account"},"Name":"A"},
                {"attributes":{"type":"Contact"}},
                {"attributes":{"type":"Contact"},"LastName":"B"}]}
                """
        )
        let results = try #require(try made.json.array)
        #expect(results.map { $0["success"] } == [true, false, true])
        #expect(results[1]["id"] == nil)
        #expect(
            results[1]["errors"]?.array?.first?["statusCode"] == "REQUIRED_FIELD_MISSING"
        )
        let account = try #require(results[0]["id"]?.string)
        let contact = try #require(results[2]["id"]?.string)
        let changed = await api.send(
            .patch,
            "composite/sobjects",
            body: """
                {"records":[{"attributes":{"type":"Account"},"id":"\(account)","Name":"AA"}]}
                """
        )
        #expect(try changed.json.array?.first?["success"] == true)
        let upserted = await api.send(
            .patch,
            "composite/sobjects/Contact/Email",
            body: """
                {"records":[{"attributes":{"type":"Contact"},"Email":"a@b.example","LastName":"C"}]}
                """
        )
        #expect(try upserted.json.array?.first?["created"] == true)
        let unknown = try RecordID(account)
        let missing = RecordID(prefix: unknown.prefix, sequence: unknown.sequence + 999)
        let fetched = await api.send(
            .get,
            "composite/sobjects/Account?ids=\(missing),\(account)&fields=Name"
        )
        #expect(try fetched.json.array?.first == .null)
        #expect(try fetched.json.array?.last?["Name"] == "AA")
        let deleted = await api.send(
            .delete,
            "composite/sobjects?ids=\(account),\(contact)&allOrNone=true"
        )
        #expect(try deleted.json.array?.map { $0["success"] } == [true, true])
        let many = (0...200).map { _ in #"{"attributes":{"type":"Account"},"Name":"A"}"# }
        let refused = await api.send(
            .post,
            "composite/sobjects",
            body: #"{"records":[\#(many.joined(separator: ","))]}"#
        )
        #expect(refused.status == 400)
        #expect(refused.errorCode == "EXCEEDED_ID_LIMIT")
    }
}
