import Metadata

/// Mails that rules send about a record: rendered as they are asked for, sent after the commit.
struct RuleMail {
    let writer: RecordWriter
    let object: ObjectDefinition

    /// Has a template's mail about a record sent, once the transaction is on disk.
    ///
    /// - Returns: whether there was anyone to write to.
    @discardableResult
    func send(
        _ template: APIName,
        about record: RecordID,
        to addresses: [String],
        sender: MailSender = MailSender(),
        because reason: String
    ) throws -> Bool {
        // An address that is none is not written to; what follows goes on without it.
        let addresses = addresses.filter(OutgoingMail.isAddress)
        guard !addresses.isEmpty,
            let template = writer.schema.automation.service.emailTemplate(template),
            let stored = try writer.writeTransaction.load(object, [record]).first
        else { return false }
        let rendering = TemplateRendering(reader: writer, object: object)
        try writer.within(reason) {
            try writer.send(
                OutgoingMail(
                    from: sender.email,
                    fromName: sender.name,
                    to: addresses,
                    replyTo: sender.replyTo,
                    subject: try rendering.line(template.subject, of: stored),
                    textBody: try rendering.text(template.textBody, of: stored),
                    htmlBody: try template.htmlBody.map { try rendering.html($0, of: stored) },
                    relatedTo: record,
                    stream: RestrictedUse.Sending(template: template.name)
                )
            )
        }
        return true
    }
}

/// Who a rule's mail comes from; the org's own address where nothing is said.
struct MailSender {
    var name: String?
    var email: String?
    var replyTo: String?
}

// MARK: - To whom

extension RuleMail {
    /// The addresses that recipients stand for: `Owner`, a field path to a user, a contact, a queue
    /// or an address, or an address itself; each once.
    func addresses(of recipients: [String], about record: RecordID) throws -> [String] {
        guard let stored = try writer.writeTransaction.load(object, [record]).first else {
            return []
        }
        return try addresses(of: recipients, about: stored)
    }

    /// The same for a record that has just been read.
    func addresses(of recipients: [String], about stored: StoredRecord) throws -> [String] {
        var found: [String] = []
        for recipient in recipients {
            for address in try addresses(of: recipient, stored)
            where !found.contains(where: { $0.lowercased() == address.lowercased() }) {
                found.append(address)
            }
        }
        return found
    }

    private func addresses(of recipient: String, _ record: StoredRecord) throws -> [String] {
        if recipient.contains("@") { return [recipient] }
        let text = recipient == "Owner" ? "OwnerId" : recipient
        guard let path = try? RecordPath(text, on: object, in: writer.schema) else { return [] }
        var paths = RecordPaths(reader: writer, object: object, records: [record])
        switch try paths.values(path).first {
        case .text(let address)?: return [address]
        case .id(let id)?: return try addresses(of: id)
        default: return []
        }
    }

    /// Where a mail to a user, a contact or a queue goes.
    private func addresses(of id: RecordID) throws -> [String] {
        guard let object = writer.schema.object(withPrefix: id.prefix),
            let email = object.field("Email"),
            let record = try writer.writeTransaction.load(object, [id]).first,
            let address = record[email].text
        else { return [] }
        if let active = object.field("IsActive"), record[active] == .boolean(false) { return [] }
        return [address]
    }
}

/// Fills a template's gaps with a record's values.
struct TemplateRendering {
    let reader: RecordReader
    let object: ObjectDefinition

    /// A subject: one line, whatever the values hold.
    func line(_ template: String, of record: StoredRecord) throws -> String {
        try fill(template, record) { $0 }
            .split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    func text(_ template: String, of record: StoredRecord) throws -> String {
        try fill(template, record) { $0 }
    }

    /// Values are written so that they are text and never markup.
    func html(_ template: String, of record: StoredRecord) throws -> String {
        try fill(template, record) { value in
            value.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
                .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
                .replacing("'", with: "&#39;").replacing("\n", with: "<br>")
        }
    }

    private func fill(
        _ template: String,
        _ record: StoredRecord,
        _ escape: (String) -> String
    ) throws -> String {
        var paths = RecordPaths(reader: reader, object: object, records: [record])
        return try (EmailTemplate.pieces(of: template) ?? []).map { piece in
            switch piece {
            case .text(let text): return text
            case .gap(let name, _):
                let path: RecordPath
                do throws(RecordPath.Failure) {
                    path = try TemplateRendering.path(name, on: object, in: reader.schema)
                } catch {
                    throw RecordError(.invalidOperation, "a template's gap: \(error.message)")
                }
                let value = try paths.values(path).first ?? .null
                return escape(text(of: value, path.definition))
            }
        }.joined()
    }

    /// The path that a gap names.
    static func path(
        _ gap: String,
        on object: ObjectDefinition,
        in schema: OrgSchema
    ) throws(RecordPath.Failure) -> RecordPath {
        try RecordPath(gap.filter { !$0.isWhitespace }, on: object, in: schema)
    }

    /// A value as a person reads it, in the org's time zone.
    private func text(of value: FieldValue, _ field: FieldDefinition) -> String {
        switch value {
        case .null, .blob: return ""
        case .text(let text):
            guard let picklist = field.picklist else { return text }
            return text.split(separator: ";").map { name in
                picklist.value(named: String(name))?.label ?? String(name)
            }.joined(separator: ", ")
        case .boolean(let value): return value ? "yes" : "no"
        case .number(let number): return number.description
        case .date(let days): return written { $0.appendDate(daysSinceEpoch: days) }
        case .dateTime(let moment):
            let zone = ZoneOffsets(identifier: reader.snapshot.organization.timeZone)
            let local = moment.milliseconds + zone.offset(at: moment.milliseconds)
            let text = written { $0.appendDatetime(millisecondsSinceEpoch: local, zone: .zulu) }
            return String(text.prefix(16)).replacing("T", with: " ")
        case .time(let milliseconds):
            return String(written { $0.appendTime(millisecondsOfDay: milliseconds) }.prefix(5))
        case .id(let id): return id.description
        case .coordinate(let degrees): return "\(degrees)"
        }
    }

    private func written(_ append: (inout [UInt8]) -> Bool) -> String {
        var bytes: [UInt8] = []
        return append(&bytes) ? String(decoding: bytes, as: UTF8.self) : ""
    }
}
