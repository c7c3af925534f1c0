package import Metadata
import UseMeter

/// A mail to be sent once the transaction that asks for it is on disk.
package struct OutgoingMail: Sendable, Hashable {
    /// The sender's address; the deployment's own where it is missing.
    package var from: String?
    package var fromName: String?
    package var to: [String]
    package var cc: [String]
    package var bcc: [String]
    package var replyTo: String?
    package var subject: String
    package var textBody: String
    package var htmlBody: String?
    /// The record that it is about.
    package var relatedTo: RecordID?
    /// What sends it, where no person does.
    package var stream: RestrictedUse.Sending

    package init(
        from: String? = nil,
        fromName: String? = nil,
        to: [String],
        cc: [String] = [],
        bcc: [String] = [],
        replyTo: String? = nil,
        subject: String,
        textBody: String,
        htmlBody: String? = nil,
        relatedTo: RecordID? = nil,
        stream: RestrictedUse.Sending = RestrictedUse.Sending()
    ) {
        self.from = from
        self.fromName = fromName
        self.to = to
        self.cc = cc
        self.bcc = bcc
        self.replyTo = replyTo
        self.subject = subject
        self.textBody = textBody
        self.htmlBody = htmlBody
        self.relatedTo = relatedTo
        self.stream = stream
    }

    package var recipients: [String] { to + cc + bcc }
}

extension RecordReader {
    /// Under what a mail counts: what sends it, or what it is about; the mail itself is not looked at.
    fileprivate func useSubject(of mail: OutgoingMail) -> UseSubject {
        let subjects = snapshot.useSubjects
        if let template = mail.stream.template { return subjects.emailTemplate(template, schema) }
        if let flow = mail.stream.flow { return subjects.flow(flow) }
        return mail.relatedTo.flatMap { schema.object(withPrefix: $0.prefix) }
            .map(subjects.object) ?? UseSubjects.nothing
    }
}

/// Who carries mails out of the deployment.
package protocol Mailer: Sendable {
    /// Sends a mail.
    ///
    /// - Parameter id: the same for each attempt at the same mail, so that one which is sent twice
    ///   can be told: what stands before the `@` of its `Message-ID`.
    func send(_ mail: OutgoingMail, id: String) async throws
}

extension RecordWriter {
    /// Has a mail sent.
    ///
    /// - Throws: `RecordError` where there is no recipient, too many, or an address that is none.
    package func send(_ mail: OutgoingMail) throws {
        guard !mail.recipients.isEmpty else {
            throw RecordError(.invalidEmailAddress, "a mail needs a recipient")
        }
        guard mail.recipients.count <= Limits.mailRecipientsMax else {
            throw RecordError(
                .limitExceeded,
                "a mail has \(Limits.mailRecipientsMax) recipients at most"
            )
        }
        for address in mail.recipients + [mail.from, mail.replyTo].compactMap({ $0 })
        where !OutgoingMail.isAddress(address) {
            throw RecordError(
                .invalidEmailAddress,
                "invalid email address: \(address.prefix(80))"
            )
        }
        try enqueue(NewJob(kind: MailDelivery.kind, payload: mail.payload, priority: .high))
    }
}

/// Sends the mails that transactions have asked for.
package struct MailDelivery: Sendable {
    package static let kind = "mail.send"

    private let mailer: any Mailer

    package init(_ mailer: any Mailer) {
        self.mailer = mailer
    }

    /// Puts itself among those who do work.
    package func join(_ handlers: inout JobHandlers) {
        handlers.add(MailDelivery.kind, leaseSeconds: 120) { context in
            guard let mail = OutgoingMail(context.job.payload) else {
                throw JobFailure.permanent("the job holds no mail")
            }
            let caller = context.caller
            let subject = try await context.records.read(as: caller, isBrief: true) { reader in
                try reader.holdIfWithheld(.mail, mail.stream)
                return reader.useSubject(of: mail)
            }
            try await mailer.send(mail, id: "\(context.job.id).\(context.org)")
            context.count(.mail, of: subject, records: mail.recipients.count, by: .mail)
            return nil
        }
    }
}

// MARK: - As a payload

extension OutgoingMail {
    /// Whether a text can stand as an address in a mail's head: one `@` between two parts, nothing
    /// that would end the line or the address.
    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && text.utf8.count <= 254
            && parts.allSatisfy { !$0.isEmpty }
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.value > 0x20 && scalar.value != 0x7F
                    && !"<>(),;:\\\"[]".unicodeScalars.contains(scalar)
            }
    }

    var payload: JSONObject {
        func texts(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
        func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        return [
            "from": text(from), "fromName": text(fromName), "to": texts(to), "cc": texts(cc),
            "bcc": texts(bcc), "replyTo": text(replyTo), "subject": .string(subject),
            "textBody": .string(textBody), "htmlBody": text(htmlBody),
            "relatedTo": text(relatedTo?.description), "flow": text(stream.flow?.text),
            "template": text(stream.template?.text),
        ]
    }

    init?(_ payload: JSONObject) {
        guard let subject = payload["subject"]?.string, let body = payload["textBody"]?.string
        else {
            return nil
        }
        func texts(_ name: String) -> [String] {
            (payload[name]?.array ?? []).compactMap(\.string)
        }
        self.init(
            from: payload["from"]?.string,
            fromName: payload["fromName"]?.string,
            to: texts("to"),
            cc: texts("cc"),
            bcc: texts("bcc"),
            replyTo: payload["replyTo"]?.string,
            subject: subject,
            textBody: body,
            htmlBody: payload["htmlBody"]?.string,
            relatedTo: payload["relatedTo"]?.string.flatMap { try? RecordID($0) },
            stream: RestrictedUse.Sending(
                flow: payload["flow"]?.string.map { APIName($0) },
                template: payload["template"]?.string.map { APIName($0) }
            )
        )
        guard !recipients.isEmpty else { return nil }
    }
}
