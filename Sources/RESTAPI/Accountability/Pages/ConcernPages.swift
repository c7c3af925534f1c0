import Accountability
import Metadata

/// To raise a concern, and to read what comes of it, without a login and without scripts.
enum ConcernPages {
    private static let path = PublicPage.path("concerns/new")
    private static let kinds = [
        "Public", "Employee", "Affected person", "Group", "Journalist", "Regulator",
        "Staff of an org",
    ]
    private static let wishes = [
        ("Anonymous", "Nobody is to know who I am"),
        ("Confidential", "Only the identity custodian may know who I am"),
        ("Named", "I give my name"),
    ]

    /// - Parameter typed: what was typed before, so that a mistake costs nobody their words.
    static func form(_ typed: ConcernForm? = nil, mistake: String? = nil) -> PublicPage {
        page(
            "Raise a concern",
            "concerns/new",
            body: notice(mistake)
                + .paragraph(
                    "Tell us which use of this platform does harm, to whom, and how you know. You "
                        + "need no account. No address, no program and no hour is kept with it."
                )
                + .paragraph(
                    "What you write is encrypted when it arrives here, to those who read concerns; "
                        + "whoever controls this machine at that moment could read it. Do not write "
                        + "from your employer's network or device. How you write, and what only you "
                        + "can know, may tell who you are."
                )
                + HTML(
                    "form",
                    [
                        ("method", "post"), ("action", path), ("enctype", "multipart/form-data"),
                        ("autocomplete", "off"),
                    ],
                    field("org", "Which organisation uses the platform so", typed?["org"]),
                    field("product", "Which product, if you know", typed?["product"]),
                    labelled(
                        "What happens",
                        HTML(
                            "textarea",
                            [
                                ("name", "text"), ("rows", "12"), ("required", "required"),
                                ("maxlength", "30000"), ("dir", "auto"),
                            ],
                            HTML(typed?["text"] ?? "")
                        )
                    ),
                    choice("reporterKind", "You are", kinds.map { ($0, $0) }, typed),
                    choice("wish", "How you wish to be treated", wishes, typed),
                    field(
                        "identity",
                        "Who you are and how to reach you; leave it empty to be anonymous",
                        typed?["identity"]
                    ),
                    field("language", "The language of the answer", typed?["language"]),
                    labelled(
                        "Pictures or plain texts; what their makers' machines wrote into them is "
                            + "taken out, what they show is not",
                        HTML.void(
                            "input",
                            [
                                ("type", "file"), ("name", "files"), ("multiple", "multiple"),
                                ("accept", "image/jpeg,image/png,text/plain"),
                            ]
                        )
                    ),
                    HTML(
                        "p",
                        [],
                        HTML(
                            "label",
                            [],
                            HTML.void(
                                "input",
                                [
                                    ("type", "checkbox"), ("name", "wantsMeeting"),
                                    ("value", "true"),
                                ]
                            ),
                            HTML(" I ask for a meeting.")
                        )
                    ),
                    HTML("p", [], HTML("button", [("type", "submit")], HTML("Send")))
                ) + HTML("p", [], .link(PublicPage.path("mailbox"), "Open a mailbox"))
        )
    }

    static func raised(_ raised: RaisedConcern) -> PublicPage {
        let body: HTML =
            switch raised {
            case .kept(let receipt):
                .paragraph("It is kept. This is your receipt; it is shown this once:")
                    + HTML(
                        "p",
                        [("class", "receipt")],
                        HTML("strong", [], HTML(receipt?.text ?? "the one you made"))
                    )
                    + .paragraph(
                        "Write it down. With it you read our answers and can write more. Within 7 "
                            + "days it is acknowledged, within 14 judged, within 3 months answered; "
                            + "where we are late, everybody can see it."
                    )
                    + HTML("p", [], .link(PublicPage.path("mailbox"), "Open the mailbox"))
            case .counted(let first):
                .paragraph(
                    "Many have said the same. It is looked into once, as concern \(first), whatever "
                        + "their number; yours was counted, and nothing else of it is kept."
                )
                    + .paragraph(
                        "If you know something that the others do not, say that in words of your own."
                    )
                    + HTML("p", [], .link(path, "Raise a concern of its own"))
            }
        return page("Thank you", "concerns/new", body: body)
    }

    static func receiptForm(mistake: String? = nil) -> PublicPage {
        page(
            "Open a mailbox",
            "mailbox",
            body: notice(mistake)
                + HTML(
                    "form",
                    [
                        ("method", "post"), ("action", PublicPage.path("mailbox")),
                        ("autocomplete", "off"),
                    ],
                    labelled(
                        "The sixteen digits of your receipt",
                        HTML.void(
                            "input",
                            [
                                ("name", "receipt"), ("inputmode", "numeric"),
                                ("required", "required"), ("maxlength", "40"),
                            ]
                        )
                    ),
                    HTML("p", [], HTML("button", [("type", "submit")], HTML("Open")))
                )
        )
    }

    static func mailbox(_ content: MailboxContent, _ receipt: Receipt) -> PublicPage {
        page(
            "Concern \(content.number)",
            "mailbox",
            body: .facts([
                ("Stage", HTML(content.stage)), ("Received", HTML(content.received)),
                ("Outcome", content.outcome.isEmpty ? nil : HTML(content.outcome)),
                ("Reasons", content.reasons.isEmpty ? nil : .prose(content.reasons)),
                ("Referred to", content.referredTo.isEmpty ? nil : HTML(content.referredTo)),
            ])
                + .table(
                    "What we owe you",
                    ["Step", "By"],
                    content.due.map { [HTML($0.step), HTML($0.day)] }
                ) + .heading(2, "Messages") + .all(content.messages.map(message))
                + openings(content)
                + HTML(
                    "form",
                    [("method", "post"), ("action", PublicPage.path("mailbox"))],
                    hidden("receipt", receipt.digits),
                    hidden("step", "write"),
                    labelled(
                        "Write to us",
                        HTML(
                            "textarea",
                            [
                                ("name", "text"), ("rows", "6"), ("required", "required"),
                                ("maxlength", "30000"), ("dir", "auto"),
                            ]
                        )
                    ),
                    HTML("p", [], HTML("button", [("type", "submit")], HTML("Send")))
                ) + again(content, receipt)
        )
    }

    private static func page(_ title: String, _ section: String, body: HTML) -> PublicPage {
        PublicPage(title: title, section: section, body: body, isFromLog: false)
    }

    private static func message(_ message: MailboxContent.Message) -> HTML {
        let words =
            message.text.map { HTML.prose($0) }
            ?? .paragraph(
                message.sealed == nil ? "It was erased." : "It is sealed to others than you."
            )
        let by = message.direction == "To reporter" ? "From us" : "From you"
        return HTML("section", [], .heading(3, "\(by), \(message.day)"), words)
    }

    private static func openings(_ content: MailboxContent) -> HTML {
        guard !content.openings.isEmpty else { return .empty }
        return .table(
            "When it was looked up who you are",
            ["Day", "Reason"],
            content.openings.map { [HTML($0.day), HTML($0.reason)] }
        )
    }

    private static func again(_ content: MailboxContent, _ receipt: Receipt) -> HTML {
        guard content.canAskAgain else { return .empty }
        return HTML(
            "form",
            [("method", "post"), ("action", PublicPage.path("mailbox"))],
            hidden("receipt", receipt.digits),
            hidden("step", "again"),
            .paragraph("You can ask, once, that somebody else looks at it again."),
            HTML("p", [], HTML("button", [("type", "submit")], HTML("Ask for another look")))
        )
    }

    private static func notice(_ mistake: String?) -> HTML {
        guard let mistake else { return .empty }
        return HTML("p", [("class", "late"), ("role", "alert")], HTML(mistake))
    }

    private static func labelled(_ label: String, _ control: HTML) -> HTML {
        HTML(
            "p",
            [("class", "field")],
            HTML("label", [], HTML(label), HTML.void("br", []), control)
        )
    }

    private static func field(_ name: String, _ label: String, _ value: String?) -> HTML {
        labelled(
            label,
            HTML.void("input", [("name", name), ("value", value ?? ""), ("maxlength", "4000")])
        )
    }

    private static func hidden(_ name: String, _ value: String) -> HTML {
        HTML.void("input", [("type", "hidden"), ("name", name), ("value", value)])
    }

    private static func choice(
        _ name: String,
        _ label: String,
        _ options: [(value: String, label: String)],
        _ typed: ConcernForm?
    ) -> HTML {
        let chosen = typed?[name]
        return labelled(
            label,
            HTML(
                "select",
                [("name", name)],
                of: options.map { option in
                    HTML(
                        "option",
                        [
                            ("value", option.value),
                            ("selected", option.value == chosen ? "selected" : nil),
                        ],
                        HTML(option.label)
                    )
                }
            )
        )
    }
}
