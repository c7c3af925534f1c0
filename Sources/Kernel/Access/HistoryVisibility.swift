import Metadata

/// Which rows of a history a caller may see: those about fields that the caller may read.
struct HistoryVisibility {
    let access: CallerAccess
    let schema: OrgSchema

    func rows(of history: ObjectDefinition, about object: ObjectDefinition) -> RowPredicate {
        guard let field = history.field("Field") else { return .nothing }
        // What is no longer tracked, or no longer there, is for those who see every field.
        let names = object.fields.filter { isReadable($0, of: object) }.map(\.historyName.text)
        return .textIn(RowPredicate.FieldKey(field), (["created"] + names).sorted())
    }

    /// A lookup's history has names of records in it, so it is for those who may read such records.
    private func isReadable(_ field: FieldDefinition, of object: ObjectDefinition) -> Bool {
        guard access.mayRead(field, of: object) else { return false }
        guard let reference = field.reference, !field.isSystem else { return true }
        return reference.targets.allSatisfy { target in
            schema.object(target).map(access.mayRead) ?? true
        }
    }
}
