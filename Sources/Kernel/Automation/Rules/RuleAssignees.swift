import Metadata

/// Finds the users and queues that rules name, once for each batch.
struct RuleAssignees {
    /// What a name has led to.
    enum Finding {
        /// - Parameter address: where a mail to it goes.
        case owner(RecordID, label: String, address: String?)
        case nobody(reason: String)
    }

    let reader: RecordReader
    let object: ObjectDefinition
    private var known: [RuleAssignee: Finding] = [:]

    init(reader: RecordReader, object: ObjectDefinition) {
        self.reader = reader
        self.object = object
    }

    mutating func find(_ assignee: RuleAssignee) throws -> Finding {
        if let known = known[assignee] { return known }
        let finding =
            switch assignee.type {
            case .queue: try queue(assignee.name)
            case .user: try user(assignee.name)
            }
        known[assignee] = finding
        return finding
    }

    private func queue(_ name: String) throws -> Finding {
        let row = try reader.ownRows(
            "SELECT Id, Name, Email FROM Group WHERE Type = 'Queue' "
                + "AND DeveloperName = \(RuleAssignees.quoted(name)) ORDER BY Id"
        ).first
        guard let row, let id = row[0].id else {
            return .nobody(reason: "there is no queue \(name)")
        }
        let takes = try reader.ownRows(
            "SELECT Id FROM QueueSobject WHERE QueueId = '\(id)' "
                + "AND SobjectType = \(RuleAssignees.quoted(object.name.text))"
        )
        if takes.isEmpty {
            return .nobody(reason: "the queue \(name) does not take \(object.pluralLabel)")
        }
        if try !reader.hasMembers(queue: id) {
            return .nobody(reason: "nobody is in the queue \(name)")
        }
        return .owner(id, label: "queue \(row[1].text ?? name)", address: row[2].text)
    }

    private func user(_ name: String) throws -> Finding {
        let row = try reader.ownRows(
            "SELECT Id, Name, Email, IsActive FROM User "
                + "WHERE Username = \(RuleAssignees.quoted(name))"
        ).first
        guard let row, let id = row[0].id else {
            return .nobody(reason: "there is no user \(name)")
        }
        guard row[3].boolean == true else {
            return .nobody(reason: "the user \(name) is not active")
        }
        return .owner(id, label: "user \(row[1].text ?? name)", address: row[2].text)
    }

    /// A text within a query.
    static func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}

extension RecordReader {
    /// Whether anyone could ever take a record from the queue.
    func hasMembers(queue: RecordID) throws -> Bool {
        try !ownRows("SELECT Id FROM GroupMember WHERE GroupId = '\(queue)' LIMIT 1").isEmpty
    }
}
