import Metadata

/// Does what rules say to do with a record.
struct RuleActions {
    /// With every right.
    let writer: RecordWriter
    let object: ObjectDefinition

    /// Runs actions in their order: first the field updates, in one save, then the mails and flows.
    ///
    /// - Throws: `RecordError` where the record cannot be saved with its new values.
    func run(_ actions: [RuleAction], for record: RecordID, because reason: String) throws {
        try updateFields(actions.filter { $0.type == .fieldUpdate }, record, reason)
        for action in actions {
            switch action.type {
            case .fieldUpdate: continue
            case .alert: try alert(action, record, reason)
            case .flow: continue
            }
        }
    }

    private func updateFields(
        _ actions: [RuleAction],
        _ record: RecordID,
        _ reason: String
    ) throws {
        guard !actions.isEmpty else { return }
        let values = actions.compactMap { action in
            action.field.map { ($0.text, JSONValue.text(action.literalValue)) }
        }
        let draft = RecordDraft(
            object: object.name.text,
            id: record.description,
            values: JSONObject(pairs: values)
        )
        let result = try writer.save([draft], .update)[0]
        if let error = result.errors.first {
            throw RecordError(
                error.code,
                "\(reason) cannot change the \(object.label): \(error.message)",
                fields: error.fields
            )
        }
    }

    private func alert(_ action: RuleAction, _ record: RecordID, _ reason: String) throws {
        guard let template = action.template else { return }
        let mail = RuleMail(writer: writer, object: object)
        try mail.send(
            template,
            about: record,
            to: try mail.addresses(of: action.recipients, about: record),
            because: reason
        )
    }
}
