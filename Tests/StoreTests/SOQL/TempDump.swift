import Foundation
import Language
import Metadata
import Store
import TestSupport
import Testing
@testable import Kernel
@Suite struct TempDump {
    @Test func dump() async throws {
        let world = try await RandomWorld(seed: 3)
        var out: [String] = []
        let ddl = try await world.reference.read(as: world.callers[0]) { r in
            Tables.ownTables(.postgres) + r.schema.objects.flatMap { Tables($0, .postgres).creation }
        }
        out += ddl.map { $0 + ";" }
        out.append("CREATE FUNCTION steward_format(text, anyelement, int, text, text) RETURNS text LANGUAGE sql AS $$ SELECT $2::text $$;")
        var seen: Set<String> = []
        for caller in world.callers {
            let queries = try await world.queries(700, as: caller, seed: 99)
            let texts = try await world.reference.read(as: caller) { r in
                queries.map { q -> [String] in
                    guard let plan = try? r.plan(q) else { return [] }
                    func all(_ c: CompiledRead) -> [String] { [c.rows.text] + c.children.flatMap(all) }
                    let c = CompiledRead(plan, SQLCompiler(.postgres))
                    return all(c) + (plan.query.kind == .records ? [c.allIDs(of: plan).text, c.given(of: plan, isOne: false).text, c.given(of: plan, isOne: true).text] : [])
                }
            }
            for (q, list) in zip(queries, texts) { for t in list where seen.insert(t).inserted {
                out.append("-- \(q.replacing("\n", with: " "))\nPREPARE q AS \(t);\nDEALLOCATE q;")
            } }
        }
        try out.joined(separator: "\n").write(toFile: "/tmp/h-ref/pg.sql", atomically: true, encoding: .utf8)
    }
}
