import Kernel
import Metadata

/// The records of a demo org: for a seed and a moment always the same, to the last byte.
///
/// Each record is drawn on its own, from the seed, its object and its position, so that records can
/// be made in batches and in any order; nothing is kept. What refers to other records is given
/// their ids.
struct DemoData: Sendable {
    let org: DemoOrg
    let caseCount: Int
    let contactCount: Int
    let accountCount: Int
    let now: Int64
    let calendar: DemoCalendar
    private let seed: UInt64
    /// The matters' shares by month; in the second half on the days of storms.
    private let matters: [DemoWeights]
    private let neighborhoods: DemoWeights
    private let accountKinds: DemoWeights
    /// The positions in `org.users` of each team's agents and of who looks after it.
    let agents: [[Int]]
    let supervisors: [Int?]
    private let teamOfDepartment: [String: Int]

    /// How many cases are made at a time; a case refers only to cases of earlier batches.
    static let batchSize = 200

    /// The data of an org.
    ///
    /// It ends at the moment `now`; only appointments lie beyond it. Contacts and accounts keep
    /// their proportion to the number of cases.
    init(_ org: DemoOrg = .harborview, seed: UInt64, now: Instant, caseCount: Int? = nil) {
        self.org = org
        // The orgs of one seed have nothing in common.
        let seed = org.slug.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        self.seed = seed
        self.now = now.milliseconds
        let usual = org.usualCounts
        let count = max(0, caseCount ?? usual.cases)
        self.caseCount = count
        contactCount = max(10, usual.contacts * count / max(1, usual.cases))
        accountCount = max(5, usual.accounts * count / max(1, usual.cases))
        calendar = DemoCalendar(
            now: now,
            hoursFromUTC: org.hoursFromUTC,
            random: DemoData.random(seed, .calendar, 0)
        )
        matters = [false, true].flatMap { isStormy in
            (0..<12).map { month in
                DemoWeights(
                    org.matters.map {
                        $0.weight * $0.months[month] * (isStormy ? $0.stormFactor : 1)
                    }
                )
            }
        }
        neighborhoods = DemoWeights(org.neighborhoods.map(\.weight))
        accountKinds = DemoWeights(org.accountKinds.map(\.share))
        agents = org.teams.map { team in
            org.users.indices.filter {
                org.users[$0].team == team.name && !org.users[$0].isSupervisor
            }
        }
        supervisors = org.teams.map { team in
            org.users.firstIndex { $0.team == team.name && $0.isSupervisor }
        }
        teamOfDepartment = Dictionary(
            org.teams.enumerated().flatMap { team in
                team.element.departments.map { ($0, team.offset) }
            },
            uniquingKeysWith: { first, _ in first }
        )
    }
}

// MARK: - Chance

extension DemoData {
    /// What a stretch of chance is for, so that no two share one.
    enum Purpose: UInt64 {
        case calendar
        case account
        case contact
        case caseFacts
        case subject
        case caseText
        case comment
        case activity
    }

    func random(_ purpose: Purpose, _ index: Int) -> SeededRandom {
        DemoData.random(seed, purpose, index)
    }

    /// Chance of its own for each record.
    ///
    /// The seed is stirred, since the sequences of seeds a fixed distance apart overlap.
    private static func random(_ seed: UInt64, _ purpose: Purpose, _ index: Int) -> SeededRandom {
        var outer = SeededRandom(seed: seed)
        var inner = SeededRandom(
            seed: outer.next() ^ (purpose.rawValue << 48) ^ UInt64(truncatingIfNeeded: index)
        )
        return SeededRandom(seed: inner.next())
    }

    func matter(at moment: Int64, _ random: inout SeededRandom) -> Int {
        let table = calendar.month(moment) + (calendar.isStormy(moment) ? 12 : 0)
        return matters[table].draw(&random)
    }

    func neighborhood(_ random: inout SeededRandom) -> Int { neighborhoods.draw(&random) }

    func accountKind(at index: Int) -> Int {
        // Spread evenly rather than drawn: a small org has some of every kind, too.
        accountKinds.position(of: (index * 37 + 11) % max(1, accountKinds.total))
    }

    func team(of department: String) -> Int { teamOfDepartment[department] ?? 0 }

    func place(in neighborhood: Int, _ random: inout SeededRandom) -> DemoPlace {
        let streets = org.neighborhoods[neighborhood].streets
        let street = random.below(streets.count)
        let corner = (street + 1 + random.below(max(1, streets.count - 1))) % max(1, streets.count)
        return DemoPlace(
            area: org.neighborhoods[neighborhood].name,
            street: streets[street],
            corner: streets[corner],
            number: 1 + random.skewed(below: 320),
            landmark: random.pick(org.neighborhoods[neighborhood].landmarks),
            days: random.pick(DemoText.counts),
            count: random.pick(DemoText.counts),
            weekday: random.pick(DemoText.weekdays)
        )
    }

    /// An area code that is nobody's.
    static func phone(_ random: inout SeededRandom) -> String {
        let exchange = 200 + random.below(800)
        let line = 10_000 + random.below(10_000)
        return "(555) \(exchange)-\(String(line).dropFirst())"
    }
}

// MARK: - Users

extension DemoData {
    /// The users, in the order of `org.users`, given the ids of profiles by label and of roles by
    /// developer name.
    func users(profiles: [String: String], roles: [String: String]) -> [RecordDraft] {
        let began = calendar.start - 400 * DemoCalendar.day
        return org.users.enumerated().map { index, user in
            var fields = DemoFields(capacity: 14)
            fields.set("Username", user.username)
            fields.set("Email", user.username)
            fields.set("FirstName", user.firstName)
            fields.set("LastName", user.lastName)
            fields.set(
                "Alias",
                String((user.firstName.prefix(1) + user.lastName.prefix(7)).lowercased())
            )
            fields.set("CommunityNickname", "\(user.firstName) \(user.lastName.prefix(1)).")
            fields.set("Title", user.title)
            fields.set("Department", user.team)
            fields.set("CompanyName", org.label)
            fields.set("TimeZoneSidKey", org.timeZone)
            fields.set("ProfileId", profiles[user.profile])
            fields.set("UserRoleId", user.role.flatMap { roles[$0] })
            fields.set("CreatedDate", moment: began + Int64(index) * DemoCalendar.hour)
            return fields.draft(of: "User")
        }
    }
}
