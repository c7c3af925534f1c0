import Accountability
import Gateway
import Kernel
import Metadata
import RESTAPI
import TestSupport
import Testing
import UseMeter

/// Requests of clients, as they stand in the totals of a day.
@Suite struct UseByAPITests {
    /// Records by `Account create bulk`.
    private func totals(_ api: RESTFixture) async throws -> [String: Int] {
        #expect(await api.org.records.keepUse().isEmpty)
        let day = api.clock.now().useDay
        var totals: [String: Int] = [:]
        for kept in try await api.org.records.use(of: api.org.id, on: day...day) {
            for (cell, count) in kept.totals where cell.name == "Account" {
                let name = "\(cell.operation.rawValue) \(cell.surface.rawValue)"
                totals[name, default: 0] += count.records
            }
        }
        return totals
    }

    private func job(_ api: RESTFixture, _ path: String, _ body: String, rows: String?) async throws
    {
        let made = await api.send(.post, "jobs/\(path)", body: body)
        let id = try #require(try made.json["id"]?.string, "\(made.text)")
        if let rows {
            let type = [(name: "content-type", value: "text/csv; charset=UTF-8")]
            _ = await api.send(.put, "jobs/\(path)/\(id)/batches", body: rows, headers: type)
            _ = await api.send(.patch, "jobs/\(path)/\(id)", body: #"{"state":"UploadComplete"}"#)
        }
        await api.bulk.runUntilIdle()
    }

    @Test("rows of an ingest job and of a query job count as bulk, those of a query as its own")
    func bulk() async throws {
        let api = try await RESTFixture()
        let rows = (1...250).map { $0 % 100 == 0 ? "," : "Name \($0),\($0)" }
        try await job(
            api,
            "ingest",
            #"{"object":"Account","operation":"insert","contentType":"CSV","lineEnding":"LF"}"#,
            rows: "Name,Phone\n" + rows.joined(separator: "\n") + "\n"
        )
        #expect(try await totals(api) == ["create bulk": 248])
        try await job(
            api,
            "query",
            #"{"operation":"query","query":"SELECT Id FROM Account"}"#,
            rows: nil
        )
        _ = try await api.query("SELECT Id FROM Account LIMIT 7")
        #expect(
            try await totals(api) == ["create bulk": 248, "export bulk": 248, "read rest": 7]
        )
    }

    @Test("an org sees its own snapshots, byte for byte, and what a measure would have refused")
    func register() async throws {
        let api = try await RESTFixture()
        for number in 1...3 { _ = try await api.create("Account", #"{"Name":"\#(number)"}"#) }
        #expect(await api.org.records.keepUse().isEmpty)
        let day = api.clock.now().useDay
        let made = try await RegisterDesk(api.org.records).keepSnapshot(of: api.org.id, on: day)
        let base = "/services/accountability/v1/org"
        let shown = try await api.send(.get, "\(base)/register").json
        let text = String(decoding: try made.bytes(), as: UTF8.self)
        #expect(shown["texts"]?.array == [.string(text)])
        #expect(try shown["snapshots"]?.array?.first == JSONParser.parse(text))
        let measure = #"{"kind":"object","target":{"object":"Account","operations":["create"]}}"#
        let preview = try await api.send(.post, "\(base)/preview", body: measure).json
        let refused = try #require(preview["refused"]?.array)
        #expect(refused.map { $0["surface"]?.string } == ["rest"])
        #expect(refused.first?["records"]?.number?.int64 == 3)
        for wrong in [
            "{}", #"{"kind":"all"}"#, #"{"kind":"purpose","target":{"declaration":"U"}}"#,
        ] {
            let answer = await api.send(.post, "\(base)/preview", body: wrong)
            #expect(answer.status == 400, "\(wrong): \(answer.text)")
        }
    }

    @Test("each record that a route shows, makes, changes or deletes counts once")
    func routes() async throws {
        let api = try await RESTFixture()
        let id = try await api.create("Account", #"{"Name":"Acme"}"#)
        _ = await api.send(.patch, "sobjects/Account/\(id)", body: #"{"Phone":"1"}"#)
        _ = await api.send(.get, "sobjects/Account/\(id)")
        _ = await api.send(.get, "search?q=FIND%20%7BAcme%7D%20RETURNING%20Account(Id)")
        _ = await api.send(.delete, "sobjects/Account/\(id)")
        let totals = try await totals(api)
        #expect(totals["create rest"] == 1)
        #expect(totals["edit rest"] == 1)
        #expect(totals["search rest"] == 1)
        #expect(totals["delete rest"] == 1)
        #expect((1...2).contains(totals["read rest"] ?? 0))
    }
}
