import Kernel
import Metadata

/// Turns the rows of an upload into records to save, by the columns of its header.
struct IngestRows {
    /// What a column says.
    private enum Column {
        case id
        case field(String)
        /// `Account.Ext__c`, `Owner:User.Ext__c`: a parent by an external id.
        case parent(name: String, type: String?, field: String)
    }

    let header: [String]
    private let columns: [Column]
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

    private static func column(_ name: String, _ job: BulkJob) throws -> Column {
        let name = name.trimmed
        guard !name.isEmpty else {
            throw BulkFailure(message: "InvalidBatch : A column of the header has no name")
        }
        let isUpsertByID = job.operation == .upsert && job.externalIDField?.lowercased() == "id"
        if name.lowercased() == "id" && !isUpsertByID { return .id }
        let sides = name.split(separator: ".", maxSplits: 1).map(String.init)
        guard sides.count == 2 else { return .field(name) }
        let parent = sides[0].split(separator: ":", maxSplits: 1).map(String.init)
        guard let relationship = parent.first else { return .field(name) }
        return .parent(
            name: relationship,
            type: parent.count == 2 ? parent[1] : nil,
            field: sides[1]
        )
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
            let text = row[index]
            let value: JSONValue = text == "#N/A" ? .null : .string(text)
            switch column {
            case .id: id = text
            case .field(let name): members.append(.init(name: name, value: value))
            case .parent(let name, let type, let field):
                var inner: JSONObject = [field: value]
                if let type { inner = inner.adding("attributes", ["type": .string(type)]) }
                members.append(.init(name: name, value: .object(inner)))
            }
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
