import Accountability
import Foundation
import Gateway
import Kernel
import Metadata

/// What everybody can read: pages for people, and the same as JSON for programs.
enum PublicRoutes {
    static let all = pages + bodies

    private static let pages: [Route] = [
        page("", "What is late, and what there is.") { OverviewPage.page($1) },
        page("declarations", "What orgs use the platform for.") { call, view in
            DirectoryPages.declarations(view, filter(call), page: try number(call))
        },
        page("register", "What is counted without reading.") { DirectoryPages.register($1) },
        page("policy", "The policy's documents and their versions.") { DirectoryPages.policy($1) },
        page("policy/:document/:edition", "One version of a document.") { call, view in
            if let open = proposal(call, view) { return DirectoryPages.policy(open) }
            return DirectoryPages.policy(try policyVersion(call, view), view)
        },
        page("decisions", "Decisions and reviews.") {
            CaseworkPages.decisions($1, page: try number($0))
        },
        page("decisions/:id", "A statement of reasons.") { call, view in
            CaseworkPages.decision(try found(view.record.decisions[call["id"]]), view)
        },
        page("appeals/new", "How to appeal.") { call, view in
            AppealPage.page(call.request.parameter("decision"), view)
        },
        page("restrictions", "What is withheld, and was.") {
            CaseworkPages.restrictions($1, page: try number($0))
        },
        page("letters", "Open letters.") { VoicePages.letters($1, page: try number($0)) },
        page("letters/:id", "An open letter.") { call, view in
            VoicePages.letter(try found(view.record.letters[call["id"]]), view)
        },
        page("meetings", "Meetings and their minutes.") {
            VoicePages.meetings($1, page: try number($0))
        },
        page("commitments", "What was promised.") {
            VoicePages.commitments($1, page: try number($0))
        },
        page("report", "The transparency report.") { ReportPage.page($1, try report($0, $1)) },
        page("log", "The transparency log, and how to check it.") { ReportPage.log($1) },
    ]

    private static let bodies: [Route] = [
        body("declarations", "What orgs use the platform for.") { call, view in
            PublicBodies.declarations(view, filter(call), page: try number(call))
        },
        body("register", "Numbers of orgs, in one fixed grid.") { PublicBodies.register($1) },
        body("policy", "The policy's documents and versions.") { PublicBodies.policy($1) },
        body("policy/:document/:edition", "One version of a document.") { call, view in
            if let open = proposal(call, view) { return PublicBodies.proposal(open) }
            return PublicBodies.policyVersion(try policyVersion(call, view))
        },
        body("restrictions", "What is withheld, and was.") {
            PublicBodies.restrictions($1, page: try number($0))
        },
        body("decisions", "Decisions and reviews.") {
            PublicBodies.decisions($1, page: try number($0))
        },
        body("decisions/:id", "A statement of reasons.") { call, view in
            PublicBodies.decision(try found(view.record.decisions[call["id"]]), view)
        },
        body("letters", "Open letters.") { PublicBodies.letters($1, page: try number($0)) },
        body("letters/:id", "An open letter.") { call, view in
            PublicBodies.letter(try found(view.record.letters[call["id"]]), view)
        },
        body("meetings", "Meetings.") { PublicBodies.meetings($1, page: try number($0)) },
        body("commitments", "What was promised.") {
            PublicBodies.commitments($1, page: try number($0))
        },
        body("clocks", "What is owed by when.") { PublicBodies.clocks($1) },
        Routes.anyone(
            .get,
            AccountabilityRoutes.v1("report"),
            reportBody,
            "The transparency report, as JSON or text, or as statements for the DSA database."
        ),
    ]

    private static func page(
        _ path: String,
        _ summary: String,
        _ make: @escaping @Sendable (APICall, PublicView) throws -> PublicPage
    ) -> Route {
        Routes.anyone(
            .get,
            PublicPage.path(path),
            { call in
                let view = try await call.office().publicView()
                return try make(call, view).response
            },
            summary
        )
    }

    private static func body(
        _ path: String,
        _ summary: String,
        _ make: @escaping @Sendable (APICall, PublicView) throws -> JSONObject
    ) -> Route {
        Routes.anyone(
            .get,
            AccountabilityRoutes.v1(path),
            { call in
                let view = try await call.office().publicView()
                return json(.object(try make(call, view)))
            },
            summary
        )
    }

    private static func json(_ value: JSONValue) -> APIResponse {
        var response = APIResponse.json { $0.value(value) }
        response.headers.append(("access-control-allow-origin", "*"))
        return response
    }

    /// `GET report`: of the last whole half-year, or from a day `from` until before a day `to`.
    @Sendable private static func reportBody(_ call: APICall) async throws -> APIResponse {
        let view = try await call.office().publicView()
        switch call.request.parameter("format") {
        case nil, "json": return json(.object(try report(call, view).json))
        case "markdown":
            return APIResponse(
                contentType: "text/markdown;charset=UTF-8",
                body: Array(try report(call, view).markdown.utf8)
            )
        case "dsa":
            let report = try report(call, view)
            let statements = view.record.dsaStatements(categories: categories(view)).filter {
                statement in
                guard let decision = view.record.decisions[statement.decision] else { return false }
                return report.from <= decision.first.at && decision.first.at < report.to
            }
            let list = statements.map { JSONValue.object($0.members) }
            return json(["statements": .array(list)])
        default:
            throw RecordError(
                .illegalQueryParameterValue,
                "format must be json, markdown or dsa"
            )
        }
    }

    /// The database's categories by the rules' ids.
    private static func categories(_ view: PublicView) -> [String: String] {
        Dictionary(
            (view.policies?.rules ?? []).compactMap { rule in
                rule.dsaCategory.map { (rule.reference.id, $0) }
            },
            uniquingKeysWith: { _, last in last }
        )
    }

    private static func report(_ call: APICall, _ view: PublicView) throws -> TransparencyReport {
        func day(_ name: String) throws -> Instant? {
            guard let text = call.request.parameter(name), !text.isEmpty else { return nil }
            guard let day = CivilText.daysSinceEpoch(text) else {
                throw RecordError(.illegalQueryParameterValue, "\(name) must be a day: 2026-01-01")
            }
            return LogCalendar.start(of: day)
        }
        let half = TransparencyReport.lastHalfYear(before: view.now)
        guard let from = try day("from") ?? half?.from, let to = try day("to") ?? half?.to,
            from < to
        else { throw RecordError(.illegalQueryParameterValue, "from must be before to") }
        return TransparencyReport(on: view.record, from: from, to: to)
    }

    private static func filter(_ call: APICall) -> DirectoryFilter {
        func text(_ name: String) -> String? {
            call.request.parameter(name).map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
        }
        return DirectoryFilter(
            org: text("org"),
            product: text("product"),
            category: text("category")
        )
    }

    private static func number(_ call: APICall) throws -> Int {
        try call.number("page", default: 1, in: 1...1_000_000)
    }

    private static func policyVersion(
        _ call: APICall,
        _ view: PublicView
    ) throws -> PublicPolicy {
        try found(
            view.record.policies[call["document"]]?.last { $0.version == call["edition"] }
        )
    }

    /// What the path names where it is open for comments and not in the log.
    private static func proposal(_ call: APICall, _ view: PublicView) -> PolicyProposal? {
        PolicyProposal.open(view).first {
            $0.document.key == call["document"] && $0.version.name == call["edition"]
        }
    }

    private static func found<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw RecordError.noSuchResource }
        return value
    }
}
