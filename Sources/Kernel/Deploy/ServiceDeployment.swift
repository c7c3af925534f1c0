internal import Metadata

/// Turns declared business hours and rules into the records by which the API knows them.
///
/// What they do is read from the metadata; the records are there to be pointed to and looked up.
struct ServiceDeployment {
    let records: RightsDeployment

    private var writer: RecordWriter { records.writer }
    private var rules: ServiceRules { writer.schema.automation.service }

    func apply() throws {
        for hours in rules.businessHours { try apply(hours) }
        for type in rules.milestoneTypes { try apply(type) }
        for process in rules.entitlementProcesses { try apply(process) }
        for rule in rules.assignments { try apply(rule) }
        for process in rules.approvals { try apply(process) }
    }

    private func has(_ object: APIName) -> Bool { writer.schema.object(object) != nil }

    private func named(_ object: String, _ name: String) throws -> RecordID? {
        try records.id("SELECT Id FROM \(object) WHERE Name = \(records.quoted(name)) ORDER BY Id")
    }
}

// MARK: - Business hours

extension ServiceDeployment {
    private func apply(_ definition: BusinessHoursDefinition) throws {
        guard has("BusinessHours") else { return }
        var values: [(String, JSONValue)] = [
            ("Name", .string(definition.name)), ("IsActive", .bool(definition.isActive)),
            ("IsDefault", .bool(definition.isDefault)),
            ("TimeZoneSidKey", .string(definition.timeZone)),
        ]
        for name in BusinessHoursDefinition.weekdays {
            let day = definition.days.first { $0.name == name }
            for (end, text) in [("Start", day?.start), ("End", day?.end)] {
                let time = text.flatMap(BusinessHoursDefinition.time)
                values.append(("\(name)\(end)Time", records.value(time)))
            }
        }
        let id = try records.put(
            "BusinessHours",
            try named("BusinessHours", definition.name),
            values
        )
        try replaceSlots(of: id, definition)
        for holiday in definition.holidays { try apply(holiday, to: id) }
    }

    private func replaceSlots(of id: RecordID, _ definition: BusinessHoursDefinition) throws {
        let rows = try writer.rows(
            "SELECT Id, DayOfWeek, StartTime, EndTime, EffectiveStartDate, EffectiveEndDate "
                + "FROM BusinessHoursSlot WHERE BusinessHoursId = '\(id)'"
        )
        let wanted = definition.slots.flatMap { slot in
            slot.days.map { day -> [FieldValue] in
                let times = [slot.start, slot.end].map { text -> FieldValue in
                    let time = BusinessHoursDefinition.time(text)
                    return time.flatMap { CivilText.millisecondsOfDay($0) }.map { .time($0) }
                        ?? .null
                }
                let dates = [slot.firstDate, slot.lastDate].map { text -> FieldValue in
                    text.flatMap { CivilText.daysSinceEpoch($0) }.map { .date($0) } ?? .null
                }
                return [.text(day)] + times + dates
            }
        }
        if Set(rows.map { Array($0.dropFirst()) }) == Set(wanted), rows.count == wanted.count {
            return
        }
        if !rows.isEmpty { _ = try writer.delete(rows.compactMap { $0[0].id?.description }) }
        let drafts = definition.slots.flatMap { slot in
            slot.days.map { day in
                RecordDraft(
                    object: "BusinessHoursSlot",
                    values: JSONObject(pairs: [
                        ("BusinessHoursId", .string(id.description)), ("DayOfWeek", .string(day)),
                        ("StartTime", .text(BusinessHoursDefinition.time(slot.start))),
                        ("EndTime", .text(BusinessHoursDefinition.time(slot.end))),
                        ("EffectiveStartDate", .text(slot.firstDate)),
                        ("EffectiveEndDate", .text(slot.lastDate)),
                    ])
                )
            }
        }
        try writer.saveOwn(drafts, .create)
    }

    private func apply(_ holiday: BusinessHoursDefinition.Holiday, to hours: RecordID) throws {
        let linked = try writer.rows(
            "SELECT Id, HolidayId FROM BusinessHoursHoliday "
                + "WHERE BusinessHoursId = '\(hours)' "
                + "AND HolidayId IN (SELECT Id FROM Holiday "
                + "WHERE Name = \(records.quoted(holiday.name)))"
        ).first?[1].id
        let isPart = holiday.values.contains { $0.field.hasSuffix("InMinutes") }
        let values =
            [("Name", JSONValue.string(holiday.name)), ("IsAllDay", JSONValue.bool(!isPart))]
            + holiday.values.map { ($0.field, JSONValue.string($0.value)) }
        let id = try records.put("Holiday", linked, values)
        guard linked == nil else { return }
        try records.put(
            "BusinessHoursHoliday",
            nil,
            [
                ("BusinessHoursId", .string(hours.description)),
                ("HolidayId", .string(id.description)),
            ]
        )
    }
}

// MARK: - Rules and processes

extension ServiceDeployment {
    private func apply(_ type: MilestoneType) throws {
        guard has("MilestoneType") else { return }
        try records.put(
            "MilestoneType",
            try named("MilestoneType", type.name.text),
            [
                ("Name", .string(type.name.text)),
                ("Description", records.value(type.description)),
                ("RecurrenceType", .string(type.recurrence.rawValue)),
            ]
        )
    }

    private func apply(_ process: EntitlementProcess) throws {
        guard has("SlaProcess") else { return }
        let known = try records.id(
            "SELECT Id FROM SlaProcess WHERE NameNorm = \(records.quoted(process.name.folded)) "
                + "AND VersionNumber = \(process.version)"
        )
        let hours = try process.businessHours.map { name in
            guard let id = try named("BusinessHours", name) else {
                throw RecordError(
                    .invalidInput,
                    "the entitlement process \(process.name) counts in `\(name)`, which are no "
                        + "business hours of the org"
                )
            }
            return id.description
        }
        try records.put(
            "SlaProcess",
            known,
            [
                ("Name", .string(process.label)), ("NameNorm", .string(process.name.folded)),
                ("Description", records.value(process.description)),
                ("IsActive", .bool(process.isActive)),
                ("SobjectType", .string(process.object.text)),
                ("StartDateField", .string((process.startDateField ?? "CreatedDate").text)),
                ("BusinessHoursId", records.value(hours)),
                ("IsVersionDefault", .bool(process.isDefaultVersion)),
                ("VersionMaster", .string(process.name.folded)),
                ("VersionNotes", records.value(process.versionNotes)),
                ("VersionNumber", .string(String(process.version))),
            ]
        )
    }

    private func apply(_ rule: AssignmentRule) throws {
        guard has("AssignmentRule") else { return }
        let known = try records.id(
            "SELECT Id FROM AssignmentRule WHERE DeveloperName = \(records.quoted(rule.name.text)) "
                + "AND SobjectType = \(records.quoted(rule.object.text))"
        )
        try records.put(
            "AssignmentRule",
            known,
            [
                ("Name", .string(rule.label)), ("DeveloperName", .string(rule.name.text)),
                ("SobjectType", .string(rule.object.text)), ("Active", .bool(rule.isActive)),
            ]
        )
    }

    private func apply(_ process: ApprovalProcess) throws {
        guard has("ProcessDefinition") else { return }
        let known = try records.id(
            "SELECT Id FROM ProcessDefinition "
                + "WHERE DeveloperName = \(records.quoted(process.name.text)) "
                + "AND TableEnumOrId = \(records.quoted(process.object.text))"
        )
        let id = try records.put(
            "ProcessDefinition",
            known,
            [
                ("Name", .string(process.label)), ("DeveloperName", .string(process.name.text)),
                ("Description", records.value(process.description)), ("Type", .string("Approval")),
                ("TableEnumOrId", .string(process.object.text)),
                (
                    "LockType",
                    .string(process.editability == .administrators ? "Admin" : "Workitem")
                ), ("State", .string(process.isActive ? "Active" : "Inactive")),
            ]
        )
        for step in process.steps {
            let node = try records.id(
                "SELECT Id FROM ProcessNode WHERE ProcessDefinitionId = '\(id)' "
                    + "AND DeveloperName = \(records.quoted(step.name.text))"
            )
            try records.put(
                "ProcessNode",
                node,
                [
                    ("Name", .string(step.label)), ("DeveloperName", .string(step.name.text)),
                    ("ProcessDefinitionId", .string(id.description)),
                ]
            )
        }
    }
}
