import Accountability
import Metadata

/// What a public page is made from; the same gives the same page.
struct PublicView: Sendable {
    let record: PublicRecord
    let now: Instant
    let clocks: Clocks
    /// The signed checkpoint that the record was read by.
    let checkpoint: String
    /// The log's verifier key.
    let key: String
    let witnessing: Witnessing?
    /// The policies as the deployment's files have them; `nil` where it has none.
    let policies: PolicyLibrary?

    init(
        record: PublicRecord,
        now: Instant,
        checkpoint: String,
        key: String,
        witnessing: Witnessing? = nil,
        policies: PolicyLibrary? = nil
    ) {
        self.record = record
        self.now = now
        clocks = Clocks(record, at: now, witnessing: witnessing)
        self.checkpoint = checkpoint
        self.key = key
        self.witnessing = witnessing
        self.policies = policies
    }
}

/// A public page, before it is put in its frame.
struct PublicPage: Sendable, Equatable {
    let title: String
    /// Which part of the pages it belongs to: `decisions`; empty for the overview.
    let section: String
    let body: HTML
    /// Whether all that it says is in the log; what is for one reader alone is not.
    var isFromLog = true
}

extension PublicPage {
    /// The parts, in the order of the navigation.
    static let sections: [(path: String, label: String)] = [
        ("", "Overview"), ("declarations", "Declared uses"), ("register", "Register"),
        ("policy", "Policy"), ("decisions", "Decisions"), ("restrictions", "Restrictions"),
        ("letters", "Letters"), ("meetings", "Meetings"), ("commitments", "Commitments"),
        ("report", "Report"), ("log", "Log"),
        ("concerns/new", "Raise a concern"), ("mailbox", "Mailbox"),
    ]

    static func path(_ rest: String) -> String {
        rest.isEmpty ? "/accountability" : "/accountability/\(rest)"
    }

    /// The path of one thing: a name can hold anything.
    static func path(_ section: String, _ name: String) -> String {
        path("\(section)/\(encoded(name))")
    }

    /// Percent-encoded, so that it stays one part of a path or one value of a query.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || byte == 45 || byte == 95
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain
                ? String(UnicodeScalar(byte)) : "%" + (digits.utf8.count < 2 ? "0" : "") + digits
        }.joined()
    }

    /// What stands above and below each page.
    var framed: HTML {
        let links = PublicPage.sections.map { item in
            HTML(
                "li",
                [],
                HTML(
                    "a",
                    [
                        ("href", PublicPage.path(item.path)),
                        ("aria-current", item.path == section ? "page" : nil),
                    ],
                    HTML(item.label)
                )
            )
        }
        return HTML("a", [("class", "skip"), ("href", "#content")], HTML("Skip to the content"))
            + HTML("nav", [("aria-label", "Accountability")], HTML("ul", [], of: links))
            + HTML("main", [("id", "content")], HTML.heading(1, title), body)
            + (isFromLog ? PublicPage.footer : .empty)
    }

    private static var footer: HTML {
        HTML(
            "footer",
            [],
            HTML(
                "p",
                [],
                HTML("All of this is computed from the transparency log and the time. "),
                .link(PublicPage.path("log"), "Check it yourself.")
            )
        )
    }

    /// Light or dark as the reader has it, and no larger than a screen.
    static let style = """
        :root{color-scheme:light dark;--line:#8a8f98;--bad:#b3261e}
        @media (prefers-color-scheme:dark){:root{--bad:#ff8a80}}
        body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:64rem;padding:0 1rem}
        .skip{position:absolute;left:-99rem}.skip:focus{position:static}
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0}
        nav [aria-current]{font-weight:700}
        .scroll{overflow-x:auto;margin:1rem 0}
        table{border-collapse:collapse}
        caption{text-align:start;font-weight:700;padding:.5rem 0}
        th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:start;\
        vertical-align:top;overflow-wrap:anywhere;min-width:4rem}
        dt{font-weight:700;margin-top:.5rem}dd{margin:0;overflow-wrap:anywhere}
        .late{border-inline-start:.3rem solid var(--bad);padding-inline-start:.75rem}
        pre{overflow-x:auto;border:1px solid var(--line);padding:.75rem;white-space:pre-wrap;\
        overflow-wrap:anywhere}
        blockquote{margin:.5rem 0;padding-inline-start:.75rem;\
        border-inline-start:.2rem solid var(--line)}
        label{display:inline-block;margin-inline-end:1rem}
        input,button{font:inherit}
        .field label{display:block}
        .field textarea,.field input:not([type]),.field select{font:inherit;width:100%;\
        max-width:40rem;box-sizing:border-box}
        thead th{overflow-wrap:normal}
        .receipt{font-size:2rem;letter-spacing:.1em}
        footer{margin:2rem 0;border-top:1px solid var(--line)}
        """
}

/// A stretch of a long list, by the parameter `page`.
struct PageOf<Item> {
    static var sizeMax: Int { 50 }

    let items: [Item]
    let number: Int
    let count: Int

    init(_ all: [Item], number: Int) {
        count = max(1, (all.count + Self.sizeMax - 1) / Self.sizeMax)
        self.number = min(max(number, 1), count)
        items = Array(all.dropFirst((self.number - 1) * Self.sizeMax).prefix(Self.sizeMax))
    }

    /// Links to the pages around, with the other parameters kept.
    func links(_ path: String, keeping parameters: [(name: String, value: String)]) -> HTML {
        guard count > 1 else { return .empty }
        func address(_ number: Int) -> String {
            let all = parameters + [("page", String(number))]
            let query = all.map { "\($0.name)=\(PublicPage.encoded($0.value))" }
            return "\(path)?\(query.joined(separator: "&"))"
        }
        var items = [HTML("Page \(number) of \(count)")]
        if number > 1 { items.append(.link(address(number - 1), "Page before")) }
        if number < count { items.append(.link(address(number + 1), "Next page")) }
        return HTML("nav", [("aria-label", "Pages")], .list(items))
    }
}
