import Accountability
import Foundation
import FoundationXML
import Gateway
import Kernel
import Metadata
import TestSupport
import Testing

@testable import RESTAPI

/// The pages that everybody can read, made from a log whose writers wish them no good.
@Suite struct PublicPagesTests {
    private static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x",
        "]]></style><h1>", "&lt;b&gt; &amp; &#60;", "javascript:alert(1)", "{{x}} ${x}",
        "\u{202e}desrever", "a\u{0}b\u{7}c\u{ffff}d", "//evil.example/x", "%2e%2e/%3c", "\u{1f469}",
    ].joined(separator: " | ")

    private static let org = "00D000000000001AAA"
    private static let now = Instant(milliseconds: 1_790_000_000_000)

    private static func entry(_ kind: String, _ id: String, _ names: [String]) -> LogEntry {
        var fields = Dictionary(
            uniqueKeysWithValues: names.map { ($0, CanonicalJSON.string(hostile)) }
        )
        if kind == "use-declared" { fields["Publicity"] = .string("Public") }
        if kind == "decision" { fields["Outcome"] = .string("Restriction") }
        return LogEntry(
            kind: kind,
            content: [
                "id": .string(id), "org": .string(org), "at": .string("2026-03-01T10:00:00.000Z"),
                "entry": .string(kind), "fields": .object(fields),
            ],
            commitments: [:]
        )
    }

    private static func plain(_ kind: String, _ content: [String: CanonicalJSON]) -> LogEntry {
        LogEntry(kind: kind, content: content, commitments: [:])
    }

    /// Everything that pages show, filled with what should do harm.
    static var entries: [LogEntry] {
        let word = CanonicalJSON.string(hostile)
        let at = CanonicalJSON.string("2026-03-01T10:00:00.000Z")
        let decisionFields = StatementParts.all.flatMap { $0.fields.map(\.name) }
            .filter { !["StartsAt", "EndsAt", "OrgHeardOn", "ReviewOn"].contains($0) }
        return [
            plain(
                "policy-published",
                [
                    "document": word, "version": word, "title": word, "digest": word,
                    "rules": .array([word]), "publishedAt": at, "effectiveFrom": at,
                    "approvals": .array([word]), "reason": word,
                ]
            ),
            entry("use-declared", "UD-1", ["Product", "Category", "Statement", "Version"]),
            entry("use-declared", hostile, ["Product", "Category", "Statement"]),
            entry("decision", "D-1", decisionFields),
            entry("decision", hostile, decisionFields),
            plain(
                "restriction-applied",
                [
                    "order": .object([
                        "org": word, "urgency": word, "noticedAt": at, "requestedBy": word,
                        "restriction": .object([
                            "id": word, "decision": .string("D-1"), "rule": word, "kind": word,
                            "target": .object([hostile: word]), "startsAt": at,
                            "endsAt": .string("2026-12-01T10:00:00.000Z"),
                        ]),
                        "signatures": .array([.object(["signer": word])]),
                    ])
                ]
            ),
            entry("review-opened", "RV-1", ["Question", "Product"]),
            entry("review-delayed", "RV-1", ["DelayReason"]),
            entry("review-closed", "RV-1", ["Outcome"]),
            entry("appeal-filed", "A-1", ["Appellant", "Grounds"]),
            entry("letter-frozen", "L-1", ["Title", "Body", "Asks", "Addressee", "TextDigest"]),
            plain(
                "letter-batch",
                [
                    "letter": .string("L-1"), "batch": word, "at": at, "verified": .integer(30),
                    "named": .array([word, word]), "supporters": word,
                ]
            ),
            entry("letter-answered", "L-1", ["Answer"]),
            entry("meeting-held", "M-1", ["Terms", "Invited", "Attended", "Declined", "Minutes"]),
            entry("commitment-made", "CM-1", ["Statement", "Owner", "DueOn"]),
            entry("commitment-done", "CM-1", ["Evidence"]),
            entry("demand-band", "GD-1", ["Jurisdiction", "DemandKind", "CountBand", "Outcome"]),
            entry("misuse-finding", hostile, ["CountBand", "Outcome"]),
            plain("snapshot-root", ["day": at, "at": at, "root": word, "orgs": word]),
            plain(
                "break-glass-opened",
                ["id": word, "reason": word, "scope": word, "at": at, "until": at]
            ),
            plain(
                "redaction",
                ["of": .integer(3), "part": .string("Aim"), "reason": word, "at": at]
            ),
            plain("of-no-kind", [:]),
        ]
    }

    private static var view: PublicView {
        var record = PublicRecord()
        for entry in entries { record.append(entry) }
        return PublicView(
            record: record,
            now: now,
            checkpoint: hostile,
            key: hostile,
            witnessing: Witnessing(
                names: [hostile],
                quorum: 1,
                finalSize: 0,
                finalAt: nil,
                waitingSince: Instant(milliseconds: 1_780_000_000_000)
            ),
            policies: policies
        )
    }

    /// A policy that says nothing good, open for comments.
    private static var policies: PolicyLibrary? {
        let quoted = hostile.filter { $0 != "\u{0}" && $0 != "\u{7}" && $0 != "\u{ffff}" }
            .replacingOccurrences(of: "'", with: "''")
        let document = """
            policy: conduct
            title: '\(quoted)'
            kind: process
            owner: '\(quoted)'
            versions:
              - version: 2026-12
                text: 2026-12.md
                rules: [TST-01@1]
                reason: '\(quoted)'
                proposedBy: '\(quoted)'
                commentFrom: 2026-09-01
                commentUntil: 2026-10-01
                approvals: []
            """
        return try? PolicyLibrary.read([
            MetadataPackage.File(path: "conduct/policy.yaml", text: document),
            MetadataPackage.File(path: "conduct/2026-12.md", text: hostile),
        ])
    }

    private static func pages(_ view: PublicView) throws -> [PublicPage] {
        let decision = try #require(view.record.decisions["D-1"])
        let letter = try #require(view.record.letters["L-1"])
        let version = try #require(view.record.policies.values.first?.first)
        let proposal = try #require(PolicyProposal.open(view).first)
        let report = TransparencyReport(
            on: view.record,
            from: Instant(milliseconds: 1_767_225_600_000),
            to: now
        )
        return [
            OverviewPage.page(view), DirectoryPages.declarations(view),
            DirectoryPages.declarations(view, DirectoryFilter(org: hostile, product: hostile)),
            DirectoryPages.register(view), DirectoryPages.policy(view),
            DirectoryPages.policy(version, view), DirectoryPages.policy(proposal),
            CaseworkPages.decisions(view),
            CaseworkPages.decision(decision, view), CaseworkPages.restrictions(view),
            AppealPage.page(decision.id, view), AppealPage.page("none <b>", view),
            AppealPage.page(nil, view),
            VoicePages.letters(view), VoicePages.letter(letter, view), VoicePages.meetings(view),
            VoicePages.commitments(view), ReportPage.page(view, report), ReportPage.log(view),
            ConcernPages.form(mistake: hostile), ConcernPages.receiptForm(mistake: hostile),
            ConcernPages.raised(.counted(with: hostile)), ConcernPages.raised(.kept(Receipt())),
        ]
    }

    @Test("every page is well-formed, and hostile words are words in it")
    func wellFormed() throws {
        #expect(Self.view.record.unread.map(\.kind) == ["of-no-kind"])
        for page in try Self.pages(Self.view) {
            let html = String(decoding: page.response.body, as: UTF8.self)
            let outline = try Outline(html, isForm: !page.isFromLog)
            #expect(outline.problems.isEmpty, "\(page.title): \(outline.problems)")
            #expect(!html.contains("<script") && !html.contains("<img"))
        }
    }

    @Test("hostile words stand in the pages letter by letter, but for what no page can have")
    func wordsAreKept() throws {
        let page = CaseworkPages.decision(
            try #require(Self.view.record.decisions["D-1"]),
            Self.view
        )
        let outline = try Outline(String(decoding: page.response.body, as: UTF8.self))
        let shown = Self.hostile.replacingOccurrences(of: "\u{0}", with: "\u{fffd}")
            .replacingOccurrences(of: "\u{7}", with: "\u{fffd}")
            .replacingOccurrences(of: "\u{ffff}", with: "\u{fffd}")
        #expect(outline.text.contains(shown))
    }

    @Test("a page has a title, one main heading, a language, a way past the navigation")
    func accessible() throws {
        for page in try Self.pages(Self.view) {
            let outline = try Outline(String(decoding: page.response.body, as: UTF8.self))
            #expect(outline.count(of: "h1") == 1)
            #expect(outline.count(of: "main") == 1)
            #expect(outline.count(of: "caption") == outline.count(of: "table"))
            #expect(outline.headerCellsWithoutScope == 0)
            #expect(outline.links.first == "#content")
            #expect(outline.language == "en")
        }
    }

    @Test("nothing is late, or what is late comes before anything else")
    func latenessFirst() throws {
        let calm = PublicView(record: PublicRecord(), now: Self.now, checkpoint: "", key: "")
        #expect(OverviewPage.page(calm).body.markup.contains("Nothing that is owed is late."))
        let markup = OverviewPage.page(Self.view).body.markup
        let alarm = try #require(markup.range(of: "Nobody vouches for the latest entries"))
        let late = try #require(markup.range(of: "Late now"))
        let rest = try #require(markup.range(of: "What there is"))
        #expect(alarm.lowerBound < late.lowerBound && late.lowerBound < rest.lowerBound)
        #expect(markup.contains("Open letter answered") || markup.contains("Minutes of a meeting"))
    }

    @Test("what an org keeps to itself is in no page and no body, a public body's category is")
    func sealedDeclarations() throws {
        func declared(
            _ id: String,
            _ publicity: String,
            _ org: String,
            isBody: Bool = false
        ) -> LogEntry {
            Self.plain(
                "use-declared",
                [
                    "id": .string(id), "org": .string(org),
                    "at": .string("2026-03-01T10:00:00.000Z"),
                    "fields": .object([
                        "Product": .string("service"), "Publicity": .string(publicity),
                        "Category": .string("Casework"), "PublicBody": .boolean(isBody),
                    ]),
                ]
            )
        }
        var record = PublicRecord()
        for entry in [
            declared("UD-1", "Public", "00D000000000001AAA"),
            declared("UD-2", "Category only", "00D000000000002AAA"),
            declared("UD-3", "Sealed", "00D000000000003AAA", isBody: true),
        ] { record.append(entry) }
        let view = PublicView(record: record, now: Self.now, checkpoint: "", key: "")
        let page = DirectoryPages.declarations(view).body.markup
        #expect(page.contains("00D000000000001AAA") && page.contains("00D000000000003AAA"))
        #expect(!page.contains("00D000000000002AAA"))
        let body = PublicBodies.declarations(view, DirectoryFilter(), page: 1)
        #expect(
            body["declarations"]?.array?.map { $0["org"]?.string } == [
                "00D000000000001AAA", nil, "00D000000000003AAA",
            ]
        )
        let filter = DirectoryFilter(org: "00D000000000002AAA")
        #expect(PublicBodies.declarations(view, filter, page: 1)["declarations"]?.array == [])
    }

    @Test("long lists have pages, and the filter goes along with them")
    func paging() throws {
        var record = PublicRecord()
        for number in 0..<120 {
            record.append(
                Self.plain(
                    "use-declared",
                    [
                        "id": .string("UD-\(1_000 + number)"), "org": .string("00D\(number)"),
                        "at": .string("2026-03-01T10:00:00.000Z"),
                        "fields": .object([
                            "Product": .string("a&b"), "Publicity": .string("Public"),
                        ]),
                    ]
                )
            )
        }
        let view = PublicView(record: record, now: Self.now, checkpoint: "", key: "")
        let filter = DirectoryFilter(product: "A&B")
        let second = DirectoryPages.declarations(view, filter, page: 2).body.markup
        #expect(second.contains("Page 2 of 3"))
        #expect(second.contains("?product=A%26B&amp;page=3"))
        #expect(second.components(separatedBy: "UD-1").count == 51)
        let last = DirectoryPages.declarations(view, filter, page: 99).body.markup
        #expect(last.contains("Page 3 of 3"))
    }

    @Test("the routes answer everybody from the log, and what is not there is not found")
    func routes() async throws {
        let org = try await TestOrg(
            on: .sqlite,
            apps: ["service-desk"],
            clock: TestClock("2026-09-01T00:00:00Z")
        )
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "steward-log-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let key = try SigningKey(name: "log.example/l", kind: .note)
        try await TransparencyLog.create(in: try DirectoryTiles(writing: folder), key: key)
        let log = try await TransparencyLog(in: try DirectoryTiles(writing: folder), key: key)
        _ = try await log.append(try Self.entries.map { try $0.bytes() })
        let office = AccountabilityOffice(
            records: org.records,
            log: NoLog(),
            logFolder: folder,
            logKey: { key.verifier },
            authority: { RestrictionAuthority([]) },
            org: { nil }
        )
        let router = APIRouter(
            APIParts(
                records: org.records,
                usage: DailyUsage(),
                passwords: nil,
                bulk: BulkJobs(records: org.records, store: FileBulkJobStore(folder: folder)),
                office: office
            )
        )
        func get(_ target: String) async -> APIResponse {
            let sides = target.split(separator: "?", maxSplits: 1).map(String.init)
            let parameters = (sides.count == 2 ? sides[1] : "").split(separator: "&").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
                return (name: parts[0], value: parts.count == 2 ? parts[1] : "")
            }
            let request = APIRequest(
                method: .get,
                path: sides[0],
                segments: sides[0].split(separator: "/").map {
                    $0.removingPercentEncoding ?? String($0)
                },
                parameters: parameters
            )
            return await router.respond(to: request, as: nil)
        }
        for section in PublicPage.sections {
            let page = await get(PublicPage.path(section.path))
            #expect(page.status == 200 && page.contentType == "text/html;charset=UTF-8")
        }
        for path in [
            "declarations", "policy", "restrictions", "decisions", "decisions/D-1", "letters",
            "letters/L-1", "meetings", "commitments", "report", "clocks", "report?format=dsa",
            "declarations?product=x&page=7",
        ] {
            let body = await get("/services/accountability/v1/\(path)")
            #expect(body.status == 200, "\(path): \(body.text)")
            #expect(try body.json.object != nil)
        }
        #expect(await get(PublicPage.path("decisions", Self.hostile)).status == 200)
        #expect(await get(PublicPage.path("policy", Self.hostile)).status == 404)
        #expect(await get("/accountability/decisions/D-9").status == 404)
        // Where a refusal sends whoever meets it.
        let restriction = UseRestriction(
            id: "R-1",
            decision: "D-1",
            rule: "AUP-07@1",
            measure: .readOnly,
            startsAt: Instant(milliseconds: 0),
            endsAt: Instant(milliseconds: 1)
        )
        let appeal = await get(restriction.appealPath)
        #expect(appeal.status == 200 && appeal.text.contains("/accountability/decisions/D-1"))
        #expect(await get("/services/accountability/v1/letters/L-9").status == 404)
        let markdown = await get("/services/accountability/v1/report?format=markdown")
        #expect(markdown.text.hasPrefix("# Transparency report"))
        for wrong in ["from=2026-13-01", "from=2026-02-01&to=2026-01-01", "format=exe"] {
            #expect(await get("/services/accountability/v1/report?\(wrong)").status == 400)
        }
    }
}

/// Nothing is appended in these tests.
private struct NoLog: LogWriting {
    func append(_ entry: LogEntry, mayBeThere: Bool) async throws -> Int { 0 }
}

/// What an XML parser finds in a page; a page that is not well-formed has none.
private final class Outline: NSObject, XMLParserDelegate {
    private static let elements: Set<String> = [
        "html", "head", "meta", "title", "style", "body", "a", "nav", "ul", "li", "main", "h1",
        "h2", "h3", "p", "footer", "section", "div", "table", "caption", "thead", "tbody", "tr",
        "th", "td", "dl", "dt", "dd", "code", "pre", "bdi", "blockquote", "form", "label", "input",
        "button",
    ]
    private static let attributes: Set<String> = [
        "lang", "charset", "name", "content", "nonce", "class", "href", "aria-label", "id",
        "aria-current", "role", "tabindex", "scope", "dir", "action", "method", "value", "type",
    ]

    /// What the pages have beside these on which people write something.
    private static let formElements: Set<String> = ["br", "textarea", "select", "option", "strong"]
    private static let formAttributes: Set<String> = [
        "enctype", "autocomplete", "maxlength", "rows", "required", "inputmode", "multiple",
        "accept", "selected",
    ]

    private let elements: Set<String>
    private let attributes: Set<String>
    private(set) var problems: [String] = []
    private(set) var text = ""
    private(set) var links: [String] = []
    private(set) var language: String?
    private(set) var headerCellsWithoutScope = 0
    private var counts: [String: Int] = [:]

    func count(of element: String) -> Int { counts[element] ?? 0 }

    init(_ html: String, isForm: Bool = false) throws {
        elements = isForm ? Self.elements.union(Self.formElements) : Self.elements
        attributes = isForm ? Self.attributes.union(Self.formAttributes) : Self.attributes
        super.init()
        // The parser knows XML, whose doctype would have to name a file.
        let xml = html.replacingOccurrences(of: "<!DOCTYPE html>", with: "")
        let parser = XMLParser(data: Data(xml.utf8))
        parser.delegate = self
        if !parser.parse() {
            problems.append("line \(parser.lineNumber): \(String(describing: parser.parserError))")
        }
    }

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String]
    ) {
        counts[name, default: 0] += 1
        if !elements.contains(name) { problems.append("element \(name)") }
        for attribute in attributes.keys where !self.attributes.contains(attribute) {
            problems.append("attribute \(attribute) of \(name)")
        }
        if name == "html" { language = attributes["lang"] }
        if name == "th", attributes["scope"] == nil { headerCellsWithoutScope += 1 }
        guard let link = attributes["href"] else { return }
        links.append(link)
        let isPlain = link.hasPrefix("#") || link.hasPrefix("/") && !link.hasPrefix("//")
        if !isPlain { problems.append("link \(link)") }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
