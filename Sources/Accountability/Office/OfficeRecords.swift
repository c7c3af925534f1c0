import Kernel
import Metadata

// Single records of the office, as its desks find and save them.

extension RecordReader {
    /// The fields of the record that has a number: `C-00012`.
    ///
    /// - Parameter more: a further condition.
    /// - Returns: `nil` where there is none, as for a text that is no number.
    func row(
        _ fields: String,
        of object: String,
        numbered number: String,
        where more: String = ""
    ) throws -> [FieldValue]? {
        // A number has no other characters, so that none of it means anything in a query.
        let isNumber =
            !number.isEmpty
            && number.utf8.allSatisfy { 65...90 ~= $0 || 48...57 ~= $0 || $0 == 0x2d }
        guard isNumber else { return nil }
        return try rows("SELECT \(fields) FROM \(object) WHERE Name = '\(number)'\(more)").first
    }
}

extension RecordWriter {
    /// Saves one new record, or throws what is wrong with it.
    func add(_ object: String, _ values: JSONObject) throws -> RecordID {
        let results = try save([RecordDraft(object: object, values: values)], .create)
        guard let result = results.first, let id = result.id, result.errors.isEmpty else {
            throw results.first?.errors.first
                ?? RecordError(.unknownException, "the record was not saved")
        }
        return id
    }

    /// Saves one record's new values, or throws what is wrong with them.
    func change(_ object: String, _ id: RecordID, _ values: JSONObject) throws {
        let draft = RecordDraft(object: object, id: id.description, values: values)
        if let error = try save([draft], .update).first?.errors.first { throw error }
    }
}
