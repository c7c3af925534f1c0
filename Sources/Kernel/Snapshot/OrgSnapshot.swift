package import Language
package import Metadata
private import Synchronization

/// An org's definitions, roles and groups at one moment; immutable but for what it remembers.
///
/// A change of metadata, of permissions, roles, groups or users makes the next one. Work in flight
/// keeps the one it started with.
package final class OrgSnapshot: Sendable {
    package let org: OrgID
    package let schema: OrgSchema
    package let organization: OrganizationSettings
    package let roles: RoleHierarchy
    package let groups: GroupMembership
    let users: UserDirectory
    /// The sharing rules that are in force, with what they compile to.
    let sharing: SharingInForce
    /// What is withheld from the org.
    let restrictions: RestrictionsInForce
    /// Tells this snapshot from all others of the process.
    package let number: Int
    let rollUps: RollUps
    let useSubjects: UseSubjects
    /// Formulas of this snapshot's schema, each compiled once.
    package let formulas: FormulaCache

    private let accesses = Mutex<[RecordID: CallerAccess]>([:])
    private let plans = Mutex(PlanCache())
    private let knownRecordTypes = Mutex<RecordTypeRegister?>(nil)
    private let knownCalendars = Mutex<BusinessCalendars?>(nil)
    private let ownPlans = Mutex<[String: AuthorizedRead]>([:])

    init(
        org: OrgID,
        schema: OrgSchema,
        organization: OrganizationSettings,
        roles: RoleHierarchy,
        groups: GroupMembership,
        users: UserDirectory = UserDirectory(),
        sharing: SharingInForce = SharingInForce(),
        restrictions: RestrictionsInForce = RestrictionsInForce(),
        number: Int
    ) {
        self.org = org
        self.schema = schema
        self.organization = organization
        self.roles = roles
        self.groups = groups
        self.users = users
        self.sharing = sharing
        self.restrictions = restrictions
        self.number = number
        rollUps = RollUps(schema)
        useSubjects = schema.made { UseSubjects($0) }
        formulas = FormulaCache(schema: schema)
    }

    package var version: Int { schema.version }

    /// What a user may do, worked out once for each snapshot.
    func access(
        of user: RecordID,
        _ work: () throws -> CallerAccess
    ) rethrows -> CallerAccess {
        if let known = accesses.withLock({ $0[user] }) { return known }
        let access = try work()
        accesses.withLock { $0[user] = access }
        return access
    }

    func knownAccess(of user: RecordID) -> CallerAccess? {
        accesses.withLock { $0[user] }
    }

    /// The org's business hours, once they have been read.
    var calendars: BusinessCalendars? { knownCalendars.withLock { $0 } }

    func keep(_ calendars: BusinessCalendars) { knownCalendars.withLock { $0 = calendars } }

    /// The org's record types, once they have been read.
    var recordTypes: RecordTypeRegister? { knownRecordTypes.withLock { $0 } }

    func keep(_ types: RecordTypeRegister) { knownRecordTypes.withLock { $0 = types } }

    /// The plan of one of the kernel's own questions, made once; there are as many as there are
    /// texts in its source.
    func ownPlan(
        _ text: StaticString,
        _ work: (String) throws -> AuthorizedRead?
    ) rethrows -> AuthorizedRead? {
        let text = text.description
        if let known = ownPlans.withLock({ $0[text] }) { return known }
        guard let plan = try work(text) else { return nil }
        ownPlans.withLock { $0[text] = plan }
        return plan
    }

    /// The plan of a query text for a caller, made once.
    func plan(
        _ key: PlanCache.Key,
        _ work: () throws -> AuthorizedRead
    ) rethrows -> AuthorizedRead {
        if let known = plans.withLock({ $0.plan(key) }) { return known }
        let plan = try work()
        plans.withLock { $0.keep(plan, key) }
        return plan
    }
}

/// What an org's own row says about how it counts and shows.
package struct OrganizationSettings: Sendable, Hashable {
    package var name: String
    package var isSandbox: Bool
    package var timeZone: String
    package var locale: String
    package var language: String
    package var calendar: CalendarSettings

    package init(
        name: String = "",
        isSandbox: Bool = false,
        timeZone: String = "UTC",
        locale: String = "en_US",
        language: String = "en_US",
        calendar: CalendarSettings = CalendarSettings()
    ) {
        self.name = name
        self.isSandbox = isSandbox
        self.timeZone = timeZone
        self.locale = locale
        self.language = language
        self.calendar = calendar
    }
}

/// Compiled plans, the longest unused given up first.
struct PlanCache {
    /// What is asked for.
    enum Question: Hashable {
        case soql(String)
        /// All that the caller may read of an object's records.
        case wholeRecords(APIName)
    }

    struct Key: Hashable {
        let question: Question
        let includesDeleted: Bool
        let caller: Caller
    }

    private var plans: [Key: (plan: AuthorizedRead, used: UInt64)] = [:]
    private var clock: UInt64 = 0

    mutating func plan(_ key: Key) -> AuthorizedRead? {
        guard let known = plans[key] else { return nil }
        clock += 1
        plans[key]?.used = clock
        return known.plan
    }

    mutating func keep(_ plan: AuthorizedRead, _ key: Key) {
        clock += 1
        if plans.count >= Limits.plansMax {
            let cutoff = plans.values.map(\.used).sorted()[plans.count / 2]
            plans = plans.filter { $0.value.used > cutoff }
        }
        plans[key] = (plan, clock)
    }
}
