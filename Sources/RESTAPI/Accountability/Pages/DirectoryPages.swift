import Accountability
import Metadata

/// What may be shown of a declaration: the org's choice, but for public bodies.
struct ShownDeclaration {
    let declaration: PublicDeclaration
    let isPublicBody: Bool

    /// All declarations, by product, category and name.
    static func all(_ record: PublicRecord) -> [ShownDeclaration] {
        let bodies = Set(record.declarations.values.lazy.filter(\.saysPublicBody).map(\.org))
        return record.declarations.values.map {
            ShownDeclaration(declaration: $0, isPublicBody: bodies.contains($0.org))
        }.sorted {
            ($0.product, $0.category, $0.declaration.org, $0.declaration.id)
                < ($1.product, $1.category, $1.declaration.org, $1.declaration.id)
        }
    }

    var product: String { declaration.product ?? "not told" }

    var category: String {
        if let category = declaration.category { return category }
        return isPublicBody ? "not told, though a public body has to" : "sealed"
    }

    /// The org's id, where it is not the org's wish to stay unnamed.
    var org: String? {
        declaration.publicity == .open || isPublicBody ? declaration.org : nil
    }

    var state: String {
        declaration.withdrawn == nil ? "declared" : "withdrawn"
    }
}

/// Which declarations are asked for.
struct DirectoryFilter {
    var org: String?
    var product: String?
    var category: String?

    func takes(_ shown: ShownDeclaration) -> Bool {
        (org.map { shown.org == $0 } ?? true)
            && (product.map { shown.product.lowercased() == $0.lowercased() } ?? true)
            && (category.map { shown.category.lowercased() == $0.lowercased() } ?? true)
    }

    var parameters: [(name: String, value: String)] {
        [("org", org), ("product", product), ("category", category)].compactMap { name, value in
            value.map { (name, $0) }
        }
    }
}

/// Who uses which product for what, and what everybody can see of that from outside.
enum DirectoryPages {
    static func declarations(
        _ view: PublicView,
        _ filter: DirectoryFilter = DirectoryFilter(),
        page number: Int = 1
    ) -> PublicPage {
        let found = ShownDeclaration.all(view.record).filter { filter.takes($0) }
        let page = PageOf(found, number: number)
        let path = PublicPage.path("declarations")
        return PublicPage(
            title: "Declared uses",
            section: "declarations",
            body: form(path, filter)
                + .table(
                    "What orgs say they use the platform for",
                    ["Use", "Org", "Product", "Category", "Statement", "State", "Version", "Due"],
                    page.items.map { row($0, view) },
                    none: "No declaration is as asked for."
                ) + page.links(path, keeping: filter.parameters)
        )
    }

    private static func form(_ path: String, _ filter: DirectoryFilter) -> HTML {
        func field(_ name: String, _ label: String, _ value: String?) -> HTML {
            HTML(
                "label",
                [],
                HTML(label + " "),
                HTML.input(name: name, value: value ?? "")
            )
        }
        return HTML(
            "form",
            [("action", path), ("method", "get"), ("role", "search")],
            field("product", "Product", filter.product),
            field("category", "Category", filter.category),
            field("org", "Org", filter.org),
            HTML("button", [("type", "submit")], HTML("Show"))
        )
    }

    private static func row(_ shown: ShownDeclaration, _ view: PublicView) -> [HTML] {
        let declaration = shown.declaration
        let fields = view.record.shown(declaration.current)
        return [
            HTML(declaration.id), HTML(shown.org ?? "not named"), HTML(shown.product),
            HTML(shown.category), HTML(fields["Statement"] ?? "sealed"), HTML(shown.state),
            HTML(fields["Version"] ?? "–"),
            HTML(
                declaration.withdrawn == nil
                    ? LogCalendar.dayText(
                        of: LogCalendar.adding(milliseconds: -1, to: declaration.reattestDue)
                    ) : "–"
            ),
        ]
    }

    /// What is counted without reading anything: by product, and never of fewer than ten orgs.
    static func register(_ view: PublicView) -> PublicPage {
        let report = TransparencyReport(
            on: view.record,
            from: view.record.firstMoment ?? view.now,
            to: LogCalendar.adding(milliseconds: 1, to: view.now)
        )
        let coverage = report.tables.first { $0.key == "coverage" }
        let roots = view.record.notables("snapshot-root").reversed().prefix(31)
        return PublicPage(
            title: "Use register",
            section: "register",
            body: .paragraph(
                "The register is compiled each day from metadata. Nobody reads records for it. Each "
                    + "org sees its own snapshot first; of all orgs together only bands are told."
            )
                + (coverage.map { ReportPage.table($0) } ?? .empty)
                + grid(view.record.register)
                + .table(
                    "Daily roots over all snapshots, the latest first",
                    ["Day", "Orgs", "Root"],
                    roots.map { root in
                        [
                            HTML(root.values["day"] ?? LogCalendar.dayText(of: root.at)),
                            HTML(root.values["orgs"] ?? "not told"),
                            HTML("code", [], HTML(root.values["root"] ?? "–")),
                        ]
                    }
                )
        )
    }

    /// How many orgs there are in each cell of the grid; what few orgs share is not told.
    private static func grid(_ published: PublishedRegister?) -> HTML {
        guard let register = published?.register else { return .empty }
        guard !register.cells.isEmpty else {
            return .paragraph(
                "Of fewer than \(PublicRegister.orgsOfGridMin) orgs nothing more is told than how "
                    + "many there are: \(register.orgs.map(String.init) ?? "not told")."
            )
        }
        return .all(
            RegisterGrid.tables.map { table in
                HTML.table(
                    "Orgs by \(table.name), on \(LogCalendar.dayText(Int(register.day)))",
                    ["Line", "Orgs, rounded to tens"],
                    table.lines.compactMap { line in
                        let cell = PublicRegister.Cell(table: table.name, line: line)
                        return register.cells[cell].map { [HTML(line), HTML(String($0))] }
                    },
                    none: "Of fewer than ten orgs nothing is told."
                )
            }
        )
    }

    /// The policy's documents, each version with its rules and who approved it.
    static func policy(_ view: PublicView) -> PublicPage {
        let documents = view.record.policies.sorted { $0.key < $1.key }
        return PublicPage(
            title: "Policy",
            section: "policy",
            body: documents.isEmpty
                ? .paragraph("No policy has been published.")
                : .all(
                    documents.map { document, versions in
                        let inForce = view.record.policy(document, at: view.now)
                        return HTML.table(
                            versions.last?.title ?? document,
                            ["Version", "Effective from", "Comments until", "Rules", "State"],
                            versions.reversed().map { row($0, inForce: inForce, view) }
                        )
                    }
                ) + proposals(view)
        )
    }

    /// What is proposed, and can still be changed.
    private static func proposals(_ view: PublicView) -> HTML {
        let open = PolicyProposal.open(view)
        guard !open.isEmpty else { return .empty }
        return .table(
            "Open for comments",
            ["Document", "Version", "Until", "Why", "Proposed by"],
            open.map { proposal in
                [
                    HTML(proposal.document.title),
                    .link(
                        PublicPage.path("policy", proposal.document.key) + "/"
                            + PublicPage.encoded(proposal.version.name),
                        proposal.version.name
                    ),
                    HTML(proposal.until), HTML(proposal.version.reason),
                    HTML(proposal.version.proposedBy),
                ]
            }
        )
    }

    /// A version on which everybody can say what they think; it is not in the log yet.
    static func policy(_ proposal: PolicyProposal) -> PublicPage {
        PublicPage(
            title: "\(proposal.document.title), version \(proposal.version.name), proposed",
            section: "policy",
            body: .paragraph("This version binds nobody. It is open for comments.")
                + .facts([
                    ("Comments until", HTML(proposal.until)),
                    ("Reason", HTML(proposal.version.reason)),
                    ("Proposed by", HTML(proposal.version.proposedBy)),
                    (
                        "Rules",
                        HTML(proposal.version.rules.map(\.description).joined(separator: ", "))
                    ),
                ]) + HTML("pre", [("dir", "auto")], HTML(proposal.version.text))
        )
    }

    private static func row(
        _ version: PublicPolicy,
        inForce: PublicPolicy?,
        _ view: PublicView
    ) -> [HTML] {
        let state =
            version == inForce
            ? "in force" : version.effectiveFrom > view.now ? "announced" : "replaced"
        let path =
            PublicPage.path("policy", version.document) + "/"
            + PublicPage.encoded(version.version)
        return [
            .link(path, version.version), HTML(LogCalendar.dayText(of: version.effectiveFrom)),
            HTML(version.commentUntil.map { LogCalendar.dayText(of: $0) } ?? "–"),
            HTML(version.rules.joined(separator: ", ")), HTML(state),
        ]
    }

    /// One version, with its text where this deployment has the one that the log's digest is of.
    static func policy(_ version: PublicPolicy, _ view: PublicView) -> PublicPage {
        let file = view.policies?.document(version.document)?.version(version.version)
        // Another text than the one that was published is no text of this version.
        let text = file.flatMap { $0.digest == version.digest ? $0.text : nil }
        return PublicPage(
            title: "\(version.title), version \(version.version)",
            section: "policy",
            body: .facts([
                ("Published", HTML(LogCalendar.dayText(of: version.publishedAt))),
                ("Effective from", HTML(LogCalendar.dayText(of: version.effectiveFrom))),
                ("Comments until", version.commentUntil.map { HTML(LogCalendar.dayText(of: $0)) }),
                ("Reason", version.reason.map { HTML($0) }),
                ("Approved by", HTML(version.approvals.joined(separator: ", "))),
                ("SHA-256 of the text", HTML("code", [], HTML(version.digest))),
                ("Entry in the log", HTML(String(version.index))),
            ])
                + (text.map { HTML("pre", [("dir", "auto")], HTML($0)) }
                    ?? .paragraph("The text is not kept here."))
        )
    }
}

extension HTML {
    /// A field for a word; the one element without an end tag.
    static func input(name: String, value: String) -> HTML {
        HTML.void("input", [("name", name), ("value", value)])
    }
}

/// A version of a document that is open for comments.
struct PolicyProposal {
    let document: PolicyDocument
    let version: PolicyVersion

    /// The last day on which it can be commented on; a dash where none is named.
    var until: String {
        version.calendar.commentUntil.map { LogCalendar.dayText(of: $0) } ?? "–"
    }

    static func open(_ view: PublicView) -> [PolicyProposal] {
        (view.policies?.documents ?? []).flatMap { document in
            document.versions
                .filter { document.state(of: $0, at: view.now) == .comment }
                .map { PolicyProposal(document: document, version: $0) }
        }
    }
}
