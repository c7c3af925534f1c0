import Metadata

extension SaveOrder {
    /// Answers new records by mail, as the object's rule says; the first entry that matches decides.
    func runAutoResponseRules(_ batch: inout SaveBatch) throws {
        guard let rule = writer.schema.automation.service.activeAutoResponse(of: object.name) else {
            return
        }
        let changes = batch.sound.filter(\.isCreated).compactMap(\.change)
            .filter { !$0.isBroughtIn(object, at: writer.now) }
        guard !changes.isEmpty else { return }
        let first = try RuleMatching(reader: writer, object: object)
            .firstMatches(rule.entries.map(\.criteria), for: changes)
        for (change, place) in zip(changes, first) {
            batch.decisions.append(
                RuleDecision(
                    .autoResponse,
                    of: change.after.id,
                    rule: rule.name,
                    entry: place.map { $0 + 1 },
                    criteria: place.map { rule.entries[$0].criteria },
                    outcome: try respond(to: change.after, place.map { rule.entries[$0] }, rule)
                )
            )
        }
    }

    /// - Returns: what was done, or why nothing.
    private func respond(
        to record: StoredRecord,
        _ entry: AutoResponseRule.Entry?,
        _ rule: AutoResponseRule
    ) throws -> String {
        guard let entry else { return "no entry matches; no answer is sent" }
        let mail = RuleMail(
            writer: writer.asSystem(because: "the auto-response rule \(rule.name)"),
            object: object
        )
        let found = try rule.recipientFields.lazy
            .map { try mail.addresses(of: [$0], about: record) }
            .first { !$0.isEmpty }
        guard let address = found?.first else { return "no answer is sent: no address is given" }
        if let reason = try AnswerGuard(writer: writer).reason(not: address) {
            return "no answer is sent: \(reason)"
        }
        let isSent = try mail.send(
            entry.template,
            about: record.id,
            to: [address],
            sender: MailSender(
                name: entry.senderName,
                email: entry.senderEmail,
                replyTo: entry.replyToEmail
            ),
            because: "auto-response rule \(rule.name)"
        )
        return isSent ? "answered with \(entry.template)" : "the template is gone"
    }
}

/// Keeps two machines from answering each other for ever.
struct AnswerGuard {
    let writer: RecordWriter

    /// Answers that one address gets within a day.
    static let perDayMax = 10
    private static let document = "auto-response"

    /// Why an address gets no answer now; `nil`, and it is counted, where it gets one.
    func reason(not address: String) throws -> String? {
        let address = address.lowercased()
        if try isOwn(address) { return "\(address) is one of the org's own addresses" }
        let key = address
        let day = writer.now.milliseconds - CivilDate.millisecondsPerDay
        let text = try writer.writeTransaction.document(kind: AnswerGuard.document, key: key) ?? ""
        let recent = text.split(separator: " ").compactMap { Int64($0) }.filter { $0 > day }
        guard recent.count < AnswerGuard.perDayMax else {
            return "\(address) has had \(AnswerGuard.perDayMax) answers within a day"
        }
        try writer.writeTransaction.putDocument(
            kind: AnswerGuard.document,
            key: key,
            text: (recent + [writer.now.milliseconds]).map(String.init).joined(separator: " ")
        )
        return nil
    }

    /// Whether mail to the address comes back as a record: a queue's, or a sender of the rules.
    private func isOwn(_ address: String) throws -> Bool {
        let senders = writer.schema.automation.service.autoResponses.flatMap(\.entries)
            .flatMap { [$0.senderEmail, $0.replyToEmail] }.compactMap { $0?.lowercased() }
        if senders.contains(address) { return true }
        return try !writer.ownRows(
            "SELECT Id FROM Group WHERE Type = 'Queue' "
                + "AND Email = \(RuleAssignees.quoted(address)) LIMIT 1"
        ).isEmpty
    }
}
