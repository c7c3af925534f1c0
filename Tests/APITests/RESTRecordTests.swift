import Gateway
import Kernel
import Metadata
import RESTAPI
import TestSupport
import Testing

/// Records over REST, from making to removing.
@Suite struct RESTRecordTests {
    @Test("a record is created, read, changed and deleted")
    func life() async throws {
        let api = try await RESTFixture()
        let made = await api.send(.post, "sobjects/account/", body: #"{"name":"Acme"}"#)
        #expect(made.status == 201)
        let id = try #require(try made.json["id"]?.string)
        #expect(made.header("Location") == "/services/data/v62.0/sobjects/Account/\(id)")

        let read = await api.send(.get, "sobjects/Account/\(id)?fields=Name,Owner.Name")
        #expect(
            read.text == """
                {"attributes":{"type":"Account","url":"/services/data/v62.0/sobjects/Account/\(id)"},\
                "Name":"Acme","Owner":{"attributes":{"type":"User",\
                "url":"/services/data/v62.0/sobjects/User/\(api.administrator.user)"},\
                "Name":"Ada Lovelace"}}
                """
        )

        let changed = await api.send(
            .patch,
            "sobjects/Account/\(id)",
            body: #"{"Phone":"123"}"#
        )
        #expect(changed.status == 204)
        #expect(changed.body.isEmpty)
        #expect(try await api.send(.get, "sobjects/Account/\(id)").json["Phone"] == "123")

        #expect(await api.send(.delete, "sobjects/Account/\(id)").status == 204)
        let gone = await api.send(.get, "sobjects/Account/\(id)")
        #expect(gone.status == 404)
        let again = await api.send(.delete, "sobjects/Account/\(id)")
        #expect(again.status == 404)
        #expect(again.errorCode == "ENTITY_IS_DELETED")
    }

    @Test("an unknown id in a path is not found, a malformed one is malformed")
    func wrongIDs() async throws {
        let api = try await RESTFixture()
        let id = try await api.create("Account", #"{"Name":"A"}"#)
        let other = try RecordID(id)
        let unknown = RecordID(prefix: other.prefix, sequence: other.sequence + 999)
        for method in [APIRequest.Method.get, .patch, .delete] {
            let response = await api.send(method, "sobjects/Account/\(unknown)", body: "{}")
            #expect(response.status == 404, "\(method)")
            #expect(response.errorCode == "NOT_FOUND", "\(method)")
        }
        #expect(await api.send(.get, "sobjects/Account/xyz").errorCode == "MALFORMED_ID")
    }

    @Test("refusals say the field and the code")
    func refusals() async throws {
        let api = try await RESTFixture()
        let missing = await api.send(.post, "sobjects/Contact", body: "{}")
        #expect(missing.status == 400)
        #expect(missing.errorCode == "REQUIRED_FIELD_MISSING")
        #expect(try missing.json.array?.first?["fields"] == ["LastName"])
        let broken = await api.send(.post, "sobjects/Contact", body: "{")
        #expect(broken.errorCode == "JSON_PARSER_ERROR")
        let list = await api.send(.post, "sobjects/Contact", body: "[]")
        #expect(list.errorCode == "JSON_PARSER_ERROR")
        let deep = String(repeating: "[", count: 5_000)
        #expect(
            await api.send(.post, "sobjects/Contact", body: deep).errorCode == "JSON_PARSER_ERROR"
        )
        let form = await api.send(
            .post,
            "sobjects/Contact",
            body: "a=b",
            headers: [("content-type", "application/x-www-form-urlencoded")]
        )
        #expect(form.status == 415)
        let id = try await api.create("Account", #"{"Name":"A"}"#)
        let withID = await api.send(
            .patch,
            "sobjects/Account/\(id)",
            body: #"{"Id":"\#(id)","Name":"B"}"#
        )
        #expect(withID.errorCode == "INVALID_FIELD")
    }

    @Test("wrong methods, versions and paths are told apart")
    func wrongPaths() async throws {
        let api = try await RESTFixture()
        let method = await api.send(.put, "query")
        #expect(method.status == 405)
        #expect(method.text.contains("HTTP Method 'PUT' not allowed. Allowed are GET,HEAD"))
        #expect(await api.send(.get, "/services/data/v19.0/limits").status == 404)
        #expect(await api.send(.get, "/services/data/v68.0/limits").status == 404)
        #expect(await api.send(.get, "/services/data/V20.0/LIMITS/").status == 200)
        #expect(await api.send(.get, "nothing").errorCode == "NOT_FOUND")
        let unknown = await api.send(.get, "sobjects/Nope/describe")
        #expect(unknown.status == 404)
    }

    @Test("records are found by a field's value, and upserted by it")
    func externalIDs() async throws {
        let api = try await RESTFixture()
        let made = await api.send(
            .patch,
            "sobjects/Contact/Email/a%40b.example",
            body: #"{"LastName":"One"}"#
        )
        #expect(made.status == 201)
        #expect(try made.json["created"] == true)
        let again = await api.send(
            .patch,
            "sobjects/Contact/Email/a%40b.example",
            body: #"{"LastName":"Two"}"#
        )
        #expect(again.status == 200)
        #expect(try again.json["created"] == false)
        let old = await api.send(
            .patch,
            "/services/data/v45.0/sobjects/Contact/Email/a%40b.example",
            body: #"{"LastName":"Three"}"#
        )
        #expect(old.status == 204)
        let found = await api.send(.get, "sobjects/Contact/Email/a%40b.example?fields=LastName")
        #expect(try found.json["LastName"] == "Three")
        _ = try await api.create("Contact", #"{"LastName":"Four","Email":"a@b.example"}"#)
        let several = await api.send(.get, "sobjects/Contact/Email/a%40b.example")
        #expect(several.status == 300)
        #expect(try several.json.array?.count == 2)
        let body = await api.send(
            .patch,
            "sobjects/Contact/Email/z%40b.example",
            body: #"{"LastName":"X","Email":"z@b.example"}"#
        )
        #expect(body.errorCode == "INVALID_FIELD")
        let wrong = await api.send(.get, "sobjects/Contact/Phone/1")
        #expect(wrong.status == 404)
        #expect(wrong.text.contains("Provided external ID field does not exist"))
    }

    @Test("a record's parent, children and file hang on its path")
    func related() async throws {
        let api = try await RESTFixture()
        let account = try await api.create("Account", #"{"Name":"Acme"}"#)
        let contact = try await api.create(
            "Contact",
            #"{"LastName":"Ito","AccountId":"\#(account)"}"#
        )
        let parent = await api.send(.get, "sobjects/Contact/\(contact)/Account?fields=Name")
        #expect(try parent.json["Name"] == "Acme")
        let children = await api.send(.get, "sobjects/Account/\(account)/Contacts?fields=LastName")
        #expect(try children.json["totalSize"] == 1)
        let boundary = "--b\r\n"
        let form =
            boundary + "Content-Disposition: form-data; name=\"entity\"\r\n"
            + "Content-Type: application/json\r\n\r\n"
            + "{\"ParentId\":\"\(account)\",\"Name\":\"a.txt\",\"ContentType\":\"text/plain\"}\r\n"
            + boundary
            + "Content-Disposition: form-data; name=\"Body\"; filename=\"a.txt\"\r\n"
            + "Content-Type: text/plain\r\n\r\nhello\r\n--b--\r\n"
        let made = await api.send(
            .post,
            "sobjects/Attachment",
            body: form,
            headers: [("content-type", "multipart/form-data; boundary=\"b\"")]
        )
        let id = try #require(try made.json["id"]?.string, "\(made.text)")
        let file = await api.send(.get, "sobjects/Attachment/\(id)/Body")
        #expect(file.text == "hello")
        #expect(file.contentType == "text/plain")
        let record = await api.send(.get, "sobjects/Attachment/\(id)?fields=Body")
        #expect(
            try record.json["Body"]
                == .string(
                    "/services/data/v62.0/sobjects/Attachment/\(id)/Body"
                )
        )
    }

    @Test("conditions on dates are kept")
    func conditions() async throws {
        let api = try await RESTFixture()
        let id = try await api.create("Account", #"{"Name":"A"}"#)
        let before = "Thu, 01 Jan 2026 00:00:00 GMT"
        let after = "Sat, 03 Jan 2026 00:00:00 GMT"
        let path = "sobjects/Account/\(id)"
        let same = await api.send(.get, path, headers: [("if-modified-since", after)])
        #expect(same.status == 304)
        #expect(same.body.isEmpty)
        let refused = await api.send(
            .patch,
            path,
            body: #"{"Name":"B"}"#,
            headers: [("if-unmodified-since", before)]
        )
        #expect(refused.status == 412)
        let described = await api.send(.get, "sobjects/Account/describe")
        let modified = try #require(described.header("Last-Modified"))
        let known = await api.send(
            .get,
            "sobjects/Account/describe",
            headers: [("if-modified-since", modified)]
        )
        #expect(known.status == 304)
    }

    @Test("changed and deleted records of a stretch of time are listed")
    func replication() async throws {
        let api = try await RESTFixture()
        let kept = try await api.create("Account", #"{"Name":"A"}"#)
        let gone = try await api.create("Account", #"{"Name":"B"}"#)
        _ = await api.send(.delete, "sobjects/Account/\(gone)")
        api.clock.advance(seconds: 120)
        let period = "start=2026-01-01T00:00:00%2B00:00&end=2026-01-02T00:01:00Z"
        let updated = await api.send(.get, "sobjects/Account/updated/?\(period)")
        #expect(try updated.json["ids"] == [.string(kept)], "\(updated.text)")
        let deleted = await api.send(.get, "sobjects/Account/deleted/?\(period)")
        #expect(try deleted.json["deletedRecords"]?.array?.first?["id"] == .string(gone))
        let wrong = await api.send(
            .get,
            "sobjects/Account/updated?start=2026-01-01T00:00:00Z&end=2026-01-01T00:00:30Z"
        )
        #expect(wrong.errorCode == "INVALID_REPLICATION_DATE")
    }
}
