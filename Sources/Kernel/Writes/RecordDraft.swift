package import Metadata

/// What a client asks to be saved, before any of it is checked.
package struct RecordDraft: Sendable {
    /// The object, as the client spelt it.
    package let object: String
    /// The record to change; `nil` to create one.
    package let id: String?
    /// Field names and values as they came; a nested object names a parent by an external id.
    package let values: JSONObject

    package init(object: String, id: String? = nil, values: JSONObject) {
        self.object = object
        self.id = id
        self.values = values
    }
}

package enum SaveOperation: Sendable, Hashable {
    case create
    case update
    /// Changes the record whose field has the draft's value for it, else creates one.
    case upsert(field: String)
}

/// How a save is to be done.
package struct SaveOptions: Sendable {
    /// Nothing is saved unless everything can be.
    package var allOrNone: Bool
    /// What must be true of a record before it is changed.
    package var conditions: EditConditions
    /// Records of one save.
    package var batchSizeMax: Int
    /// An upsert only changes, and never creates.
    package var updateOnly: Bool
    /// Which assignment rule decides on owners.
    package var assignment: RuleChoice
    /// What is done about records that are there already.
    package var duplicates: DuplicateOptions
    /// A merge moves records from one parent to another: a detail may change its master then, and
    /// what people must enter is not asked again.
    var movesReferences = false
    /// Rows that the platform keeps for itself: they follow from what was allowed.
    var isOwn = false

    package init(
        allOrNone: Bool = false,
        conditions: EditConditions = EditConditions(),
        batchSizeMax: Int = Limits.saveBatchMax,
        updateOnly: Bool = false,
        assignment: RuleChoice = .automatic,
        duplicates: DuplicateOptions = DuplicateOptions()
    ) {
        self.allOrNone = allOrNone
        self.conditions = conditions
        self.batchSizeMax = batchSizeMax
        self.updateOnly = updateOnly
        self.assignment = assignment
        self.duplicates = duplicates
    }

    /// For rows that the platform keeps for itself.
    static var own: SaveOptions {
        var options = SaveOptions()
        options.isOwn = true
        return options
    }
}

/// What became of one record of a save.
package enum SaveResult: Sendable, Hashable {
    case success(id: RecordID, isCreated: Bool)
    case failure([RecordError])

    package var id: RecordID? {
        if case .success(let id, _) = self { id } else { nil }
    }

    package var errors: [RecordError] {
        if case .failure(let errors) = self { errors } else { [] }
    }

    package static func failure(
        _ code: RecordError.Code,
        _ message: String,
        fields: [APIName] = []
    ) -> SaveResult {
        .failure([RecordError(code, message, fields: fields)])
    }
}
