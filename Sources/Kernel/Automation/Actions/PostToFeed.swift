import Metadata

/// `chatterPost`: a post in a record's feed, as a record of `FeedItem`.
struct PostToFeed: InvocableAction {
    let name = "chatterPost"
    let label = "Post to Chatter"
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
