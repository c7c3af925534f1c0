import Metadata

/// Which records an approval process keeps from being changed.
struct RecordLocks {
    let reader: RecordReader
    let object: ObjectDefinition

    /// Those of some records that the caller may not change now, with the reason.
    func refusals(of ids: [RecordID]) throws -> [RecordID: RecordError] {
        let rules = reader.schema.automation.service
        guard !ids.isEmpty, !reader.access.isSystem, !reader.access.modifiesAll(object),
            rules.approvals.contains(where: { $0.object == object.name })
        else { return [:] }
        let rows = try reader.ownRows(
            "SELECT Id, TargetObjectId, Status, ProcessDefinition.DeveloperName "
                + "FROM ProcessInstance WHERE TargetObjectId IN (\(RecordWriter.list(ids))) "
                + "ORDER BY Id"
        )
        var latest: [RecordID: (instance: RecordID, status: String, process: ApprovalProcess)] = [:]
        for row in rows {
            guard let instance = row[0].id, let record = row[1].id, let name = row[3].text,
                let process = rules.approvals.first(where: {
                    $0.object == object.name && $0.name == APIName(name)
                })
            else { continue }
            latest[record] = (instance, row[2].text ?? "", process)
        }
        var refused: [RecordID: RecordError] = [:]
        for (record, found) in latest {
            guard try isLocked(found.instance, found.status, found.process) else { continue }
            refused[record] = RecordError(
                .entityIsLocked,
                "the \(object.label) is locked by the approval process \(found.process.label)"
            )
        }
        return refused
    }

    private func isLocked(
        _ instance: RecordID,
        _ status: String,
        _ process: ApprovalProcess
    ) throws -> Bool {
        switch status {
        case "Pending":
            guard process.editability == .administratorsAndApprovers else { return true }
            let actors = try reader.ownRows(
                "SELECT Id, ActorId FROM ProcessInstanceWorkitem "
                    + "WHERE ProcessInstanceId = '\(instance)'"
            ).compactMap { $0[1].id }
            return !actors.contains { actor in
                actor == reader.caller.user || reader.access.queues.contains(actor)
            }
        case "Approved": return process.locksWhenApproved
        case "Rejected": return process.locksWhenRejected
        default: return false
        }
    }
}

extension SaveOrder {
    /// Refuses changes of records that wait for an approval, or whose approval has fixed them.
    func refuseLocked(_ batch: inout SaveBatch) throws {
        let ids = batch.sound.compactMap(\.stored?.id)
        let refused = try RecordLocks(reader: writer, object: object).refusals(of: ids)
        guard !refused.isEmpty else { return }
        for index in batch.entries.indices where batch.entries[index].isSound {
            if let id = batch.entries[index].stored?.id, let error = refused[id] {
                batch.entries[index].errors.append(error)
            }
        }
    }
}
