import Gateway
import Kernel
import Metadata

/// What the headers of a request say about a save.
extension APICall {
    /// Options from the conditions of HTTP, `Sforce-Auto-Assign` and `Sforce-Duplicate-Rule-Header`.
    func saveOptions(allOrNone: Bool = false) throws -> SaveOptions {
        var options = SaveOptions()
        options.allOrNone = allOrNone
        options.conditions = EditConditions(
            unmodifiedSince: request.header("if-unmodified-since").flatMap(HTTPDate.parse),
            modifiedSince: request.header("if-modified-since").flatMap(HTTPDate.parse),
            states: request.header("if-match").flatMap(EntityTag.states)
        )
        options.assignment = assignment
        options.duplicates = duplicates
        return options
    }

    /// `TRUE`, `FALSE`, or a rule's id; without the header new records go by the active rule.
    private var assignment: RuleChoice {
        switch request.header("sforce-auto-assign")?.trimmed {
        case nil, "": .automatic
        case let text? where text.lowercased() == "true": .automatic
        case let text? where text.lowercased() == "false": .none
        case let text?: .rule(text)
        }
    }

    /// Without the header alerts are passed over, since there is nobody to alert; what a rule blocks
    /// stays blocked.
    private var duplicates: DuplicateOptions {
        let given = headerOptions("sforce-duplicate-rule-header")
        return DuplicateOptions(
            allowSave: given["allowsave"].map { Self.isTrue($0) } ?? true,
            includesRecordDetails: Self.isTrue(given["includerecorddetails"]),
            runsAsCurrentUser: Self.isTrue(given["runascurrentuser"])
        )
    }

    /// Puts what was saved into the caller's recent records, where `Sforce-Mru` asks for it.
    func markRecent(_ results: [SaveResult], _ writer: RecordWriter) throws {
        guard Self.isTrue(headerOptions("sforce-mru")["updatemru"]) else { return }
        try writer.markRecent(results.compactMap(\.id))
    }
}

extension JSONObject {
    /// The members that are fields: all but `attributes`.
    var fieldValues: JSONObject {
        JSONObject(members.filter { $0.name.lowercased() != "attributes" })
    }

    /// Without the members of that name, in any letter case.
    func without(_ name: String) -> JSONObject {
        let folded = name.lowercased()
        return JSONObject(members.filter { $0.name.lowercased() != folded })
    }

    /// Whether there is a member of that name, in any letter case.
    func has(_ name: String) -> Bool { self[ignoringCase: name] != nil }

    /// With one more member.
    func adding(_ name: String, _ value: JSONValue) -> JSONObject {
        JSONObject(members + [Member(name: name, value: value)])
    }
}

extension SaveResult {
    /// The id of what was saved, or the errors as one refusal.
    func get() throws -> (id: RecordID, isCreated: Bool) {
        switch self {
        case .success(let id, let isCreated): return (id, isCreated)
        case .failure(let errors): throw SaveRefusal(errors: errors)
        }
    }

    /// `{id, success, errors, created?}`, or without the id `{success, errors}`.
    func write(to writer: inout JSONWriter, saysCreated: Bool = false) {
        writer.beginObject()
        switch self {
        case .success(let id, let isCreated):
            writer.member("id", id.description)
            writer.member("success", true)
            writer.emptyList("errors")
            if saysCreated { writer.member("created", isCreated) }
        case .failure(let errors):
            writer.member("success", false)
            writer.key("errors")
            writer.beginArray()
            for error in errors { writer.resultError(error) }
            writer.endArray()
            if saysCreated { writer.member("created", false) }
        }
        writer.endObject()
    }
}

/// A single save that was refused, so that what it began is undone.
struct SaveRefusal: Error {
    let errors: [RecordError]

    /// The same, as it is told where the record stood in the path.
    var inPath: SaveRefusal {
        SaveRefusal(
            errors: errors.map { error in
                error.code == .invalidCrossReferenceKey && error.fields.isEmpty
                    ? .noSuchResource : error
            }
        )
    }
}

extension APIResponse {
    /// The answer to whatever went wrong while a request was handled.
    static func failure(_ error: any Error) -> APIResponse {
        if let refusal = error as? SaveRefusal { return ErrorResponses.response(refusal.errors) }
        return ErrorResponses.response(error)
    }
}
