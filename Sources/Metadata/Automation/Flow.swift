/// What is to happen step by step: on a save, at a time, on an event, or when it is called.
///
/// The names are those of the Metadata API's `Flow`. Steps stand in blocks, in the order in which
/// they run, so that a flow reads from top to bottom; a decision or a loop holds its own steps.
package struct FlowDefinition: Sendable {
    package enum Status: String, Sendable, CaseIterable {
        case active = "Active"
        /// Checked when it is deployed, and never started by itself.
        case draft = "Draft"
    }

    /// With whose rights it reads and writes.
    package enum RunMode: Sendable, Hashable {
        /// Those of the user whose save, job or call started it.
        case user
        /// Every right, for a reason that is kept.
        case system(because: String)
    }

    /// Of which of its runs a trace is kept.
    package enum Trace: String, Sendable, CaseIterable {
        case none = "None"
        case failed = "Failed"
        /// Failed runs, and one in a hundred of the others.
        case sampled = "Sampled"
        case all = "All"
    }

    package let name: APIName
    package let label: String
    package let description: String?
    package let status: Status
    package let start: FlowStart
    package let runMode: RunMode
    /// Among the flows that a save starts: lower numbers first, then by name.
    package let triggerOrder: Int
    package let trace: Trace
    package let traceDays: Int
    package let variables: [FlowVariable]
    package let formulas: [FlowFormula]
    package let textTemplates: [FlowTextTemplate]
    package let steps: [FlowStep]
    package let map: ShapedMap

    package static let traceDaysDefault = 30
    package static let triggerOrderDefault = 1_000
}

/// What starts a flow.
package struct FlowStart: Sendable {
    package enum Trigger: String, Sendable, CaseIterable {
        /// Nothing: other flows and clients call it by name.
        case none = "None"
        case recordBeforeSave = "RecordBeforeSave"
        case recordAfterSave = "RecordAfterSave"
        case recordBeforeDelete = "RecordBeforeDelete"
        case scheduled = "Scheduled"
        case platformEvent = "PlatformEvent"

        /// Whether a save or a delete starts it, and `$Record` is the record.
        package var isOfRecord: Bool {
            switch self {
            case .recordBeforeSave, .recordAfterSave, .recordBeforeDelete: true
            case .none, .scheduled, .platformEvent: false
            }
        }
    }

    /// On which saves a record-triggered flow runs.
    package enum Change: String, Sendable, CaseIterable {
        case create = "Create"
        case update = "Update"
        case createAndUpdate = "CreateAndUpdate"
        case delete = "Delete"
    }

    package let trigger: Trigger
    package let object: APIName?
    package let change: Change
    package let conditions: FlowConditions
    /// On an update, only when the record did not meet the conditions before.
    package let requiresChange: Bool
    package let schedule: FlowSchedule?
    package let scheduledPaths: [FlowScheduledPath]
    package let map: ShapedMap?

    /// What a flow has that nothing starts by itself.
    package static let none = FlowStart(
        trigger: .none,
        object: nil,
        change: .createAndUpdate,
        conditions: FlowConditions(),
        requiresChange: false,
        schedule: nil,
        scheduledPaths: [],
        map: nil
    )
}

/// When a scheduled flow runs, on the clock of the org.
package struct FlowSchedule: Sendable, Hashable {
    package enum Frequency: String, Sendable, CaseIterable {
        case once = "Once"
        case hourly = "Hourly"
        case daily = "Daily"
        case weekly = "Weekly"
        case monthly = "Monthly"
    }

    package let frequency: Frequency
    /// Days since 1970-01-01.
    package let startDate: Int
    /// Milliseconds since midnight.
    package let startTime: Int
}

/// Steps that run later than the save that started the flow, in a transaction of their own.
package struct FlowScheduledPath: Sendable {
    package enum Unit: String, Sendable, CaseIterable {
        case minutes = "Minutes"
        case hours = "Hours"
        case days = "Days"
        case months = "Months"
    }

    package enum Moment: Sendable, Hashable {
        /// As soon as the save is on disk.
        case afterCommit
        /// So long after the save; before it makes no sense.
        case trigger(offset: Int, Unit)
        /// So long after the moment in a field of the record, or before it with a negative offset.
        case field(APIName, offset: Int, Unit)
    }

    package let name: APIName
    package let label: String
    package let moment: Moment
    package let steps: [FlowStep]
    package let map: ShapedMap
}

/// What a variable or a formula of a flow holds.
package enum FlowDataType: String, Sendable, CaseIterable {
    case string = "String"
    case number = "Number"
    case currency = "Currency"
    case boolean = "Boolean"
    case date = "Date"
    case dateTime = "DateTime"
    case time = "Time"
    case picklist = "Picklist"
    case multipicklist = "Multipicklist"
    /// A record of one object.
    case record = "SObject"
}

/// A named place for a value, a record, or a list of either.
package struct FlowVariable: Sendable {
    package let name: APIName
    package let dataType: FlowDataType
    package let objectType: APIName?
    package let isCollection: Bool
    package let isInput: Bool
    package let isOutput: Bool
    /// What it holds at first.
    package let value: FlowSource
    package let map: ShapedMap
}

/// A value worked out anew whenever it is asked for.
package struct FlowFormula: Sendable {
    package let name: APIName
    package let dataType: FlowDataType
    package let expression: String
    package let map: ShapedMap
}

/// Text with places that values fill: `Dear {!$Record.Contact.Name}`.
package struct FlowTextTemplate: Sendable {
    package let name: APIName
    package let text: String
    package let map: ShapedMap
}

/// Where a value comes from: it is written there, held by something, or worked out.
package struct FlowSource: Sendable {
    package enum Content: Sendable, Hashable {
        case none
        /// As written; places like `{!name}` are filled.
        case literal(String)
        /// `$Record.AccountId`, `Open_Tasks`.
        case reference(String)
        case formula(String)
    }

    package let content: Content
    /// The mapping in which it is written, and the key there.
    package let map: ShapedMap
    package let key: String?

    package init(content: Content, map: ShapedMap, key: String?) {
        self.content = content
        self.map = map
        self.key = key
    }
}

/// When something holds: a formula, or conditions that a logic joins; nothing at all always holds.
package struct FlowConditions: Sendable {
    package enum Operator: String, Sendable, CaseIterable {
        case equalTo = "EqualTo"
        case notEqualTo = "NotEqualTo"
        case lessThan = "LessThan"
        case lessThanOrEqualTo = "LessThanOrEqualTo"
        case greaterThan = "GreaterThan"
        case greaterThanOrEqualTo = "GreaterThanOrEqualTo"
        case startsWith = "StartsWith"
        case endsWith = "EndsWith"
        case contains = "Contains"
        case isNull = "IsNull"
        case isChanged = "IsChanged"
        case isIn = "In"
        case isNotIn = "NotIn"
    }

    package struct Item: Sendable {
        /// A field, or a reference to what is compared.
        package let left: String
        package let `operator`: Operator
        package let right: FlowSource
        package let map: ShapedMap
    }

    package let formula: FlowSource?
    package let items: [Item]
    /// `and`, `or`, `1 AND (2 OR 3)`; all of them where it is missing.
    package let logic: String?
    package let map: ShapedMap?

    package init(
        formula: FlowSource? = nil,
        items: [Item] = [],
        logic: String? = nil,
        map: ShapedMap? = nil
    ) {
        self.formula = formula
        self.items = items
        self.logic = logic
        self.map = map
    }

    package var isEmpty: Bool { formula == nil && items.isEmpty }
}
