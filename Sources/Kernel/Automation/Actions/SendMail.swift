import Metadata

/// `emailSimple`: a mail that leaves when the save is on disk.
struct SendMail: InvocableAction {
    let name = "emailSimple"
    let label = "Send Email"
    let summary = "Sends a mail, after the save."
    let needs: [APIName] = []
    let inputs = [
        ActionParameter("emailAddresses", .text, "Addresses, separated by commas."),
        ActionParameter("emailAddressesArray", .collection(.text), "Addresses."),
        ActionParameter("emailSubject", .text, required: true, "The subject."),
        ActionParameter("emailBody", .text, required: true, "The text."),
        ActionParameter("senderAddress", .text, "Whom an answer goes to."),
        ActionParameter("relatedRecordId", .id, "The record it is about."),
    ]
    let outputs: [ActionParameter] = []
    let permission: UserPermission? = .emailSingle

    /// Addresses of one mail.
    private static let addressesMax = 150

    func run(_ calls: [ActionCall], by writer: RecordWriter) throws -> [ActionOutcome] {
        try calls.map { call in
            do {
                try writer.send(try mail(call, by: writer))
                return .success([:])
            } catch let error as RecordError {
                return .failure(error)
            }
        }
    }

    private func mail(_ call: ActionCall, by writer: RecordWriter) throws -> OutgoingMail {
        let given =
            (call.text("emailAddresses") ?? "").split(separator: ",").map(String.init)
            + (call.input("emailAddressesArray")?.items ?? [])
            .compactMap { FlowConversion.text($0.value) }
        let addresses = given.map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
        guard !addresses.isEmpty else {
            throw RecordError(.missingArgument, "the mail has no address to go to")
        }
        guard addresses.count <= SendMail.addressesMax else {
            throw RecordError(
                .limitExceeded,
                "a mail goes to at most \(SendMail.addressesMax) addresses"
            )
        }
        // One line, whatever the values hold.
        let subject = (call.text("emailSubject") ?? "").split(whereSeparator: \.isNewline)
            .joined(separator: " ")
        return OutgoingMail(
            to: addresses,
            replyTo: call.text("senderAddress"),
            subject: subject,
            textBody: call.text("emailBody") ?? "",
            relatedTo: call.id("relatedRecordId") ?? call.record,
            stream: RestrictedUse.Sending(flow: writer.flowWork.current)
        )
    }
}
