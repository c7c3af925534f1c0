import Metadata

/// The order in which one save of records of one object happens, top to bottom.
///
/// Every decision about order is in `save`. The order follows "Triggers and Order of Execution" in
/// Salesforce's Apex Developer Guide; decision 0005 says where it differs. All of it runs in one
/// store transaction: the rows and what follows from them are kept together or not at all.
struct SaveOrder {
    let writer: RecordWriter
    let object: ObjectDefinition
    let operation: SaveOperation
    let options: SaveOptions

    /// Saves those records that can be; errors stay with their records.
    ///
    /// A record that fails after it was written leaves its row behind: the caller undoes all.
    func save(_ batch: inout SaveBatch) throws {
        run(.decode, &batch, decode)
        try run(.findParents, &batch, findParents)
        try run(.identify, &batch, identify)
        try run(.loadStored, &batch, loadStored)
        run(.authorizeObject, &batch, authorizeObject)
        run(.restrict, &batch, restrict)
        run(.authorizeFields, &batch, authorizeFields)
        try run(.authorizeRows, &batch, authorizeRows)
        run(.refuseFixedFields, &batch, refuseFixedFields)
        run(.refuseIfModified, &batch, refuseIfModified)
        try run(.refuseLocked, &batch, refuseLocked)
        run(.authorizeAssignment, &batch, authorizeAssignment)

        run(.merge, &batch, merge)
        try run(.defaultFormulas, &batch, applyDefaultFormulas)
        try run(.recordTypes, &batch, applyRecordTypes)
        run(.derive, &batch, derive)
        try run(.beforeSaveFlows, &batch, runBeforeSaveFlows)
        try run(.deriveSharing, &batch, deriveSharing)
        try run(.validate, &batch, validate)
        try run(.validationRules, &batch, checkValidationRules)
        try run(.findDuplicates, &batch, findDuplicates)
        if options.allOrNone && batch.hasFailures { return }

        try run(.number, &batch, number)
        if object.isEvent { return try run(.publish, &batch, publish) }
        try run(.write, &batch, write)
        try run(.assignmentRules, &batch, runAssignmentRules)
        try run(.autoResponseRules, &batch, runAutoResponseRules)
        try run(.escalationRules, &batch, runEscalationRules)
        try run(.afterSaveFlows, &batch, runAfterSaveFlows)
        try run(.entitlements, &batch, followEntitlements)
        try run(.keepDecisions, &batch, keepDecisions)
        try run(.rollUp, &batch, rollUp)
        try run(.shareRows, &batch, shareRows)
        try run(.changeEvents, &batch, stageChangeEvents)
        try run(.followUp, &batch, followUp)
        try run(.reportDuplicates, &batch, reportDuplicates)
        try run(.keepMatchKeys, &batch, keepMatchKeys)
        try run(.noteHistory, &batch, noteHistory)
    }

    /// One step on all records of the batch; each step passes over records that have failed.
    private func run(
        _ step: SaveStep,
        _ batch: inout SaveBatch,
        _ body: (inout SaveBatch) throws -> Void
    ) rethrows {
        writer.trace?.note(step, of: object, depth: writer.chain.depth)
        try body(&batch)
    }

    var access: CallerAccess { writer.access }
    var tx: any WriteTransaction { writer.writeTransaction }
}

/// The steps of a save, by the names that a trace gives them.
enum SaveStep: String, Sendable, CaseIterable {
    case decode, findParents, identify, loadStored
    case authorizeObject, restrict, authorizeFields, authorizeRows, refuseFixedFields,
        refuseIfModified
    case refuseLocked, authorizeAssignment
    case merge, defaultFormulas, recordTypes, derive
    case beforeSaveFlows, deriveSharing
    case validate, validationRules, findDuplicates
    case number, publish, write
    case assignmentRules, autoResponseRules, escalationRules, afterSaveFlows, entitlements
    case keepDecisions, rollUp, shareRows
    case changeEvents
    case followUp
    case reportDuplicates, keepMatchKeys, noteHistory
}
