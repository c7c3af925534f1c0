/// What cases of one kind are about, and how they are told.
///
/// In all texts `{street}`, `{corner}` (another street), `{number}`, `{landmark}` and `{area}`
/// stand for the place of the case, `{days}` and `{count}` for small numbers, `{weekday}` for a
/// day.
struct DemoMatter: Sendable {
    enum Urgency: Sendable {
        case low
        case medium
        case high
    }

    /// Values of `Case.Department__c` under which the service type is offered.
    let departments: [String]
    /// A value of `Case.Service_Type__c`.
    let serviceType: String
    /// The developer name of a record type.
    var recordType = "Request"
    /// How many of these come in, compared with the others.
    let weight: Int
    /// Percent of that in each month, January first.
    var months = DemoMatter.allYear
    /// How many times as many come in on the day of a storm.
    var stormFactor = 1
    var urgency = Urgency.medium
    /// Values of `Case.Type` and `Case.Reason`.
    var type: String?
    var reason: String?
    /// How long it takes as a rule.
    let days: Int
    /// In quarters of an hour.
    var quarterHours: ClosedRange<Int>?
    /// In dollars.
    var cost: ClosedRange<Int>?
    /// Whether there is a place to go to.
    var isOnSite = true
    let stories: [DemoStory]
    /// What agents write to each other about it.
    var notes: [String] = []

    static let allYear = [100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100]
    static let winter = [260, 220, 120, 20, 0, 0, 0, 0, 0, 5, 60, 210]
    static let thaw = [110, 160, 260, 220, 140, 80, 60, 50, 50, 60, 70, 80]
    static let summer = [20, 25, 60, 120, 170, 190, 190, 170, 130, 80, 40, 20]
    static let autumn = [60, 50, 70, 90, 90, 90, 80, 80, 110, 190, 210, 100]
    static let darkMonths = [150, 130, 100, 80, 65, 55, 60, 75, 100, 130, 155, 160]
}

/// One course that a matter takes: any subject, opening, detail and resolution of it fit together.
struct DemoStory: Sendable {
    let subjects: [String]
    let openings: [String]
    var details: [String] = []
    let resolutions: [String]
}
