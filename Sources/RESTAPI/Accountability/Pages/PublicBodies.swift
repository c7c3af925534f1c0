import Accountability
import Metadata

/// The same as the pages show, for programs.
enum PublicBodies {
    static func declarations(
        _ view: PublicView,
        _ filter: DirectoryFilter,
        page number: Int
    ) -> JSONObject {
        let page = PageOf(
            ShownDeclaration.all(view.record).filter { filter.takes($0) },
            number: number
        )
        return listed(page, view, "declarations") { shown in
            let declaration = shown.declaration
            return [
                "id": .string(declaration.id), "org": .text(shown.org),
                "product": .text(declaration.product), "category": .text(declaration.category),
                "publicity": .string(declaration.publicity.rawValue),
                "publicBody": .bool(shown.isPublicBody), "state": .string(shown.state),
                "reattestDue": .moment(declaration.reattestDue),
                "versions": .array(declaration.versions.map { .object(facts($0, view)) }),
            ]
        }
    }

    /// The register of all orgs as it was published last, and the roots of the last days.
    static func register(_ view: PublicView) -> JSONObject {
        let roots = view.record.notables("snapshot-root").reversed().prefix(31).map { root in
            JSONValue.object([
                "index": .count(root.index), "day": .text(root.values["day"]),
                "root": .text(root.values["root"]),
            ])
        }
        var body = headed(view, "roots", .array(Array(roots)))
        let published = view.record.register
        for (name, json) in [
            ("register", published?.register.json), ("coverage", published?.coverage?.json),
        ] {
            let text = json.flatMap { try? $0.bytes() }.map { String(decoding: $0, as: UTF8.self) }
            let value = text.flatMap { try? JSONParser.parse($0) } ?? .null
            body.members.append(JSONObject.Member(name: name, value: value))
        }
        return body
    }

    static func policy(_ view: PublicView) -> JSONObject {
        let documents = view.record.policies.sorted { $0.key < $1.key }
        var body = headed(
            view,
            "documents",
            .array(
                documents.map { document, versions in
                    .object([
                        "document": .string(document),
                        "inForce": .text(view.record.policy(document, at: view.now)?.version),
                        "versions": .array(versions.map { .object(policyVersion($0)) }),
                    ])
                }
            )
        )
        let proposals = PolicyProposal.open(view).map { JSONValue.object(proposal($0)) }
        body.members.append(JSONObject.Member(name: "proposals", value: .array(proposals)))
        return body
    }

    static func proposal(_ proposal: PolicyProposal) -> JSONObject {
        [
            "document": .string(proposal.document.key), "version": .string(proposal.version.name),
            "title": .string(proposal.document.title), "text": .string(proposal.version.text),
            "rules": .texts(proposal.version.rules.map(\.description)),
            "commentUntil": .moment(proposal.version.calendar.commentUntil),
            "reason": .string(proposal.version.reason),
            "proposedBy": .string(proposal.version.proposedBy),
        ]
    }

    static func policyVersion(_ version: PublicPolicy) -> JSONObject {
        [
            "index": .count(version.index), "document": .string(version.document),
            "version": .string(version.version), "title": .string(version.title),
            "digest": .string(version.digest), "rules": .texts(version.rules),
            "publishedAt": .moment(version.publishedAt),
            "commentUntil": .moment(version.commentUntil),
            "effectiveFrom": .moment(version.effectiveFrom),
            "approvals": .texts(version.approvals), "reason": .text(version.reason),
        ]
    }

    static func decisions(_ view: PublicView, page number: Int) -> JSONObject {
        var body = listed(
            PageOf(view.record.decisionsInOrder, number: number),
            view,
            "decisions"
        ) { facts($0.current, view) }
        let reviews = view.record.reviews.values.sorted { $0.opened.index > $1.opened.index }
        let list = JSONValue.array(reviews.prefix(200).map { .object(review($0, view)) })
        body.members.append(JSONObject.Member(name: "reviews", value: list))
        return body
    }

    private static func review(_ review: PublicReview, _ view: PublicView) -> JSONObject {
        [
            "opened": .object(facts(review.opened, view)),
            "delays": .array(review.delays.map { .object(facts($0, view)) }),
            "closed": review.closed.map { .object(facts($0, view)) } ?? .null,
        ]
    }

    static func decision(_ decision: PublicDecision, _ view: PublicView) -> JSONObject {
        let orders = view.record.restrictionsInOrder.filter { $0.decision == decision.id }
        let appeals = view.record.appeals.values
            .filter { $0.filed.text("Decision") == decision.id }
            .sorted { $0.filed.index < $1.filed.index }
        return [
            "id": .string(decision.id), "org": .text(decision.org),
            "automatedDecision": "NOT_AUTOMATED",
            "versions": .array(decision.versions.map { .object(facts($0, view)) }),
            "redactions": .array(
                view.record.redactions(of: decision.current).map {
                    .object([
                        "part": .string($0.part), "reason": .string($0.reason),
                        "at": .moment($0.at),
                    ])
                }
            ),
            "precedents": .array(
                view.record.precedents(of: decision).map {
                    .object([
                        "decision": .string($0.decision.id),
                        "outcome": .string($0.decision.outcome),
                        "alike": .texts($0.alike), "different": .texts($0.different),
                    ])
                }
            ),
            "restrictions": .array(orders.map { .object(restriction($0, view)) }),
            "appeals": .array(appeals.map { .object(appeal($0, view)) }),
        ]
    }

    private static func appeal(_ appeal: PublicAppeal, _ view: PublicView) -> JSONObject {
        [
            "filed": .object(facts(appeal.filed, view)),
            "decided": appeal.decided.map { .object(facts($0, view)) } ?? .null,
        ]
    }

    static func restrictions(_ view: PublicView, page number: Int) -> JSONObject {
        listed(PageOf(view.record.restrictionsInOrder, number: number), view, "restrictions") {
            restriction($0, view)
        }
    }

    private static func restriction(
        _ restriction: PublicRestriction,
        _ view: PublicView
    ) -> JSONObject {
        let reasons = restriction.reasons
        return [
            "index": .count(restriction.index), "id": .string(restriction.id),
            "org": .string(restriction.org), "decision": .string(restriction.decision),
            "rule": .string(restriction.rule), "kind": .string(restriction.kind),
            "target": .string(restriction.target), "urgency": .string(restriction.urgency),
            "noticedAt": .moment(restriction.noticedAt), "startsAt": .moment(restriction.startsAt),
            "endsAt": .moment(restriction.endsAt), "endedAt": .moment(restriction.endedAt),
            "state": .string(restriction.state(at: view.now).rawValue),
            "reasons": .object([
                "facts": .text(reasons.facts), "ground": .text(reasons.ground),
                "aim": .text(reasons.aim), "lesserSteps": .texts(reasons.lesserSteps),
                "thirdParties": .text(reasons.thirdParties), "reversal": .text(reasons.reversal),
                "imminentHarm": .text(reasons.imminentHarm),
            ]),
            "lift": restriction.lift.map { lift in
                .object([
                    "index": .count(lift.index), "at": .moment(lift.at),
                    "decision": .text(lift.decision), "reasons": .text(lift.reasons),
                ])
            } ?? .null,
        ]
    }

    static func letters(_ view: PublicView, page number: Int) -> JSONObject {
        let all = view.record.letters.values.sorted { $0.frozen.index > $1.frozen.index }
        return listed(PageOf(all, number: number), view, "letters") { letter in
            [
                "id": .string(letter.id), "title": .text(view.record.shown(letter.frozen)["Title"]),
                "entitled": .count(letter.entitled), "answered": .bool(letter.answered != nil),
                "thresholdReachedAt": .moment(letter.thresholdReachedAt),
            ]
        }
    }

    static func letter(_ letter: PublicLetter, _ view: PublicView) -> JSONObject {
        [
            "id": .string(letter.id), "frozen": .object(facts(letter.frozen, view)),
            "keys": .texts(letter.keys), "named": .texts(letter.named),
            "verified": .count(letter.verified), "entitled": .count(letter.entitled),
            "supporters": .texts(letter.supporterBands),
            "thresholdReachedAt": .moment(letter.thresholdReachedAt),
            "batches": .array(
                letter.batches.map { batch in
                    .object([
                        "index": .count(batch.index), "batch": .string(batch.number),
                        "at": .moment(batch.at), "named": .texts(batch.named),
                        "verified": .count(batch.verified), "supporters": .text(batch.supporters),
                        "nullifiers": .texts(batch.nullifiers),
                    ])
                }
            ),
            "answer": letter.answered.map { .object(facts($0, view)) } ?? .null,
        ]
    }

    static func meetings(_ view: PublicView, page number: Int) -> JSONObject {
        let all = view.record.meetings.values.sorted { $0.current.index > $1.current.index }
        return listed(PageOf(all, number: number), view, "meetings") { facts($0.current, view) }
    }

    static func commitments(_ view: PublicView, page number: Int) -> JSONObject {
        let all = view.record.commitments.values.sorted { $0.made.index > $1.made.index }
        return listed(PageOf(all, number: number), view, "commitments") { commitment in
            [
                "made": .object(facts(commitment.made, view)),
                "moves": .array(commitment.moves.map { .object(facts($0, view)) }),
                "done": commitment.done.map { .object(facts($0, view)) } ?? .null,
                "slips": .count(commitment.slips),
            ]
        }
    }

    static func clocks(_ view: PublicView) -> JSONObject {
        headed(
            view,
            "clocks",
            .array(
                view.clocks.all.map { clock in
                    .object([
                        "kind": .string(clock.kind.rawValue), "subject": .string(clock.subject),
                        "startedAt": .moment(clock.startedAt), "dueAt": .moment(clock.dueAt),
                        "doneAt": .moment(clock.doneAt), "state": .string(name(of: clock.state)),
                        "daysLate": .count(clock.daysLate),
                    ])
                }
            )
        )
    }

    private static func name(of state: Clock.State) -> String {
        switch state {
        case .running: "running"
        case .late: "late"
        case .done: "done"
        case .doneLate: "doneLate"
        }
    }
}

extension PublicBodies {
    private static func facts(_ facts: PublicFacts, _ view: PublicView) -> JSONObject {
        let shown = view.record.shown(facts).sorted { $0.key < $1.key }
        return [
            "index": .count(facts.index), "id": .string(facts.id), "at": .moment(facts.at),
            "fields": .object(
                JSONObject(
                    shown.map { JSONObject.Member(name: $0.key, value: .string($0.value)) }
                )
            ),
            "sealed": .texts(facts.sealed.sorted()),
        ]
    }

    private static func headed(_ view: PublicView, _ name: String, _ value: JSONValue) -> JSONObject
    {
        var body: JSONObject = [
            "logSize": .count(view.record.size), "now": .moment(view.now),
        ]
        body.members.append(JSONObject.Member(name: name, value: value))
        return body
    }

    private static func listed<Item>(
        _ page: PageOf<Item>,
        _ view: PublicView,
        _ name: String,
        _ body: (Item) -> JSONObject
    ) -> JSONObject {
        var whole = headed(view, name, .array(page.items.map { .object(body($0)) }))
        whole.members.append(JSONObject.Member(name: "page", value: .count(page.number)))
        whole.members.append(JSONObject.Member(name: "pages", value: .count(page.count)))
        return whole
    }
}

extension JSONValue {
    fileprivate static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    fileprivate static func texts(_ texts: [String]) -> JSONValue {
        .array(texts.map { .string($0) })
    }

    fileprivate static func count(_ count: Int) -> JSONValue { .number(JSONNumber(Int64(count))) }

    fileprivate static func moment(_ moment: Instant?) -> JSONValue {
        moment.map { .string(LogCalendar.text(of: $0)) } ?? .null
    }
}
