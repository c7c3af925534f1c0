import Metadata

/// The actions that every org has.
enum KernelActions {
    static let all: [any InvocableAction] = [SendMail(), PostToFeed(), CopyRecord()]
}

/// `emailSimple`: a mail that leaves when the save is on disk.
struct SendMail: InvocableAction {
    let name = "emailSimple"
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

/// `chatterPost`: a post in a record's feed, as a record of `FeedItem`.
struct PostToFeed: InvocableAction {
    let name = "chatterPost"
    let summary = "Posts to the feed of a record."
    let needs: [APIName] = ["FeedItem"]
    let inputs = [
        ActionParameter("text", .text, required: true, "What it says."),
        ActionParameter("subjectNameOrId", .id, required: true, "The record."),
    ]
    let outputs = [ActionParameter("feedItemId", .id, "The post.")]

    func run(_ calls: [ActionCall], by writer: RecordWriter) throws -> [ActionOutcome] {
        let drafts = calls.map { call in
            RecordDraft(
                object: "FeedItem",
                values: [
                    "ParentId": call.id("subjectNameOrId").map { .string($0.description) } ?? .null,
                    "Body": call.text("text").map { .string($0) } ?? .null,
                ]
            )
        }
        return try writer.save(drafts, .create).map { result in
            if let id = result.id { return .success(["feedItemId": .value(.id(id))]) }
            return .failure(
                result.errors.first ?? RecordError(.unknownException, "the post was not saved")
            )
        }
    }
}

/// `copyRecord`: a new record with the values of another, such as one kept as a template.
struct CopyRecord: InvocableAction {
    let name = "copyRecord"
    let summary = "Creates a record with the values of another."
    let needs: [APIName] = []
    let inputs = [
        ActionParameter("recordId", .id, required: true, "The record to copy."),
        ActionParameter("fields", .text, "Which fields, separated by commas; all if missing."),
    ]
    let outputs = [ActionParameter("recordId", .id, "The new record.")]

    func run(_ calls: [ActionCall], by writer: RecordWriter) throws -> [ActionOutcome] {
        var outcomes: [ActionOutcome?] = Array(repeating: nil, count: calls.count)
        let wanted = calls.map { $0.id("recordId") }
        var groups: [KeyPrefix: [Int]] = [:]
        for (place, id) in wanted.enumerated() {
            if let id { groups[id.prefix, default: []].append(place) }
        }
        for (prefix, places) in groups.sorted(by: { $0.key.number < $1.key.number }) {
            guard let object = writer.schema.object(withPrefix: prefix),
                writer.access.mayRead(object)
            else { continue }
            try copy(places, calls, wanted, object, writer, into: &outcomes)
        }
        return outcomes.map {
            $0 ?? .failure(RecordError(.invalidCrossReferenceKey, "invalid cross reference id"))
        }
    }

    private func copy(
        _ places: [Int],
        _ calls: [ActionCall],
        _ wanted: [RecordID?],
        _ object: ObjectDefinition,
        _ writer: RecordWriter,
        into outcomes: inout [ActionOutcome?]
    ) throws {
        let fields = object.fields.filter { field in
            field.isStored && FlowType(field) != nil && field.writing != .never && !field.isUnique
                && !field.isSystem && field.derivation == nil
                && writer.access.mayRead(field, of: object)
                && writer.access.mayEdit(field, of: object)
        }
        let ids = Array(Set(places.compactMap { wanted[$0] })).sorted()
        let page = try writer.retrieve(ids, of: object, fields: ["Id"] + fields.map(\.name.text)) {
            TableSink($0)
        }
        let rows = Dictionary(
            page.sink.rows.compactMap { row in row.first?.id.map { ($0, row) } },
            uniquingKeysWith: { first, _ in first }
        )
        var drafts: [RecordDraft] = []
        var owners: [Int] = []
        for place in places {
            guard let id = wanted[place], let row = rows[id] else { continue }
            let names = calls[place].text("fields").map { text in
                Set(text.split(separator: ",").map { APIName($0.filter { !$0.isWhitespace }) })
            }
            var values = JSONObject()
            for (field, value) in zip(fields, row.dropFirst()) {
                guard names?.contains(field.name) ?? true, !value.isNull else { continue }
                values.members.append(
                    JSONObject.Member(name: field.name.text, value: FlowConversion.json(value))
                )
            }
            drafts.append(RecordDraft(object: object.name.text, values: values))
            owners.append(place)
        }
        for (place, result) in zip(owners, try writer.save(drafts, .create)) {
            outcomes[place] =
                if let id = result.id {
                    .success(["recordId": .value(.id(id))])
                } else {
                    .failure(
                        result.errors.first
                            ?? RecordError(.unknownException, "the copy was not saved")
                    )
                }
        }
    }
}
