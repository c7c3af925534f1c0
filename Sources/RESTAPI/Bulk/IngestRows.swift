import Kernel
import Metadata

/// Turns the rows of an upload into records to save, by the columns of its header.
struct IngestRows {
    let header: [String]
    private let columns: [CSVColumn]
    private let object: String
    private let operation: BulkJob.Operation

    init(header: [String], job: BulkJob) throws {
        guard !header.isEmpty else {
            throw BulkFailure(message: "InvalidBatch : The upload has no header row")
        }
        var seen: Set<String> = []
        for name in header where !seen.insert(name.lowercased()).inserted {
            throw BulkFailure(message: "InvalidBatch : Field name duplicated : \(name.prefix(80))")
        }
        self.header = header
        object = job.object
        operation = job.operation
        columns = try header.map { try Self.column($0, job) }
        let needsID = [.update, .delete, .hardDelete].contains(job.operation)
        let hasID = columns.contains { if case .id = $0 { true } else { false } }
        if needsID && !hasID {
            throw BulkFailure(message: "InvalidBatch : The column Id is missing")
        }
    }

    private static func column(_ name: String, _ job: BulkJob) throws -> CSVColumn {
        guard let column = CSVColumn(name) else {
            throw BulkFailure(message: "InvalidBatch : A column of the header has no name")
        }
        let isUpsertByID = job.operation == .upsert && job.externalIDField?.lowercased() == "id"
        return column == .id && isUpsertByID ? .field(name.trimmed) : column
    }

    /// Refuses a header with columns that the object does not have.
    func check(_ object: ObjectDefinition, _ access: CallerAccess) throws {
        for (column, name) in zip(columns, header) {
            let field: FieldDefinition? =
                switch column {
                case .id: object.field("Id")
                case .field(let name): object.field(APIName(name))
                case .parent(let relationship, _, _): object.parentField(APIName(relationship))
                }
            guard let field, access.mayRead(field, of: object) else {
                throw BulkFailure(message: "InvalidBatch : Field name not found : \(name)")
            }
        }
    }

    /// One row as a record to save; an empty cell says nothing, `#N/A` clears the field.
    func draft(_ row: CSVRow) -> RecordDraft {
        var id: String?
        var members: [JSONObject.Member] = []
        for (index, column) in columns.enumerated() where index < row.count {
            guard !row.isEmpty(at: index) else { continue }
            if case .id = column { id = row[index] }
            if let member = column.member(row[index]) { members.append(member) }
        }
        if operation == .insert { id = nil }
        return RecordDraft(object: object, id: id, values: JSONObject(members))
    }

    /// What a row says its record's id is.
    func id(_ row: CSVRow) -> String {
        for (index, column) in columns.enumerated() where index < row.count {
            if case .id = column { return row[index] }
        }
        return ""
    }
}
