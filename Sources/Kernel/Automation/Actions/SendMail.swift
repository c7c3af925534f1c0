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
                try writer.enqueue(
                    NewJob(kind: "mail.send", payload: try mail(call), priority: .high)
                )
                return .success([:])
            } catch let error as RecordError {
                return .failure(error)
            }
        }
    }

    private func mail(_ call: ActionCall) throws -> JSONObject {
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
        let isSound = addresses.allSatisfy { address in
            let parts = address.split(separator: "@", omittingEmptySubsequences: false)
            return parts.count == 2 && !parts.contains("")
        }
        guard isSound else {
            throw RecordError(.invalidEmailAddress, "a mail goes to addresses such as a@b.example")
        }
        // One line, whatever the values hold.
        let subject = (call.text("emailSubject") ?? "").split(whereSeparator: \.isNewline)
            .joined(separator: " ")
        var members = [
            JSONObject.Member(name: "to", value: .array(addresses.map { .string($0) })),
            JSONObject.Member(name: "subject", value: .string(subject)),
            JSONObject.Member(name: "text", value: .string(call.text("emailBody") ?? "")),
            JSONObject.Member(name: "because", value: .string("a flow sends it")),
            JSONObject.Member(name: "autoSubmitted", value: .string("auto-generated")),
        ]
        if let sender = call.text("senderAddress") {
            members.append(JSONObject.Member(name: "replyTo", value: .string(sender)))
        }
        if let record = call.id("relatedRecordId") ?? call.record {
            members.append(JSONObject.Member(name: "about", value: .string(record.description)))
        }
        return JSONObject(members)
    }
}
