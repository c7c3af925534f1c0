import Kernel
import Metadata

/// An org that exists to be looked at: who works there, what comes in, and where it happens.
///
/// Everything in it is made up. Names are common first and last names put together by chance; phone
/// numbers have an area code and email addresses a domain that belong to nobody.
struct DemoOrg: Sendable {
    let slug: String
    let label: String
    let timeZone: String
    /// Local time less UTC, daylight saving left out: it decides only at which hours people write.
    let hoursFromUTC: Int64
    let administrator: DemoUser
    let users: [DemoUser]
    let teams: [DemoTeam]
    let matters: [DemoMatter]
    let neighborhoods: [DemoNeighborhood]
    let phrases: DemoPhrases
    /// Kinds of accounts, by how many of a hundred they make up.
    let accountKinds: [DemoAccountKind]
    let city: String
    /// The domain of the residents' mailboxes.
    let mailDomain: String
    /// What numbers of other systems begin with.
    let referencePrefix: String
    /// How many there are unless another number of cases is asked for.
    let usualCounts: Counts

    struct Counts: Sendable {
        let cases: Int
        let contacts: Int
        let accounts: Int
    }
}

extension DemoOrg {
    /// All orgs of the demo; the first is the one to look at.
    static let all = [DemoOrg.harborview, .larkspur]

    /// What it takes to make the org, with the files of `platform` and of `service-desk`.
    func newOrg(
        _ id: OrgID,
        idBase: Int64,
        packages: [[MetadataPackage.File]]
    ) -> NewOrg {
        NewOrg(
            id: id,
            idBase: idBase,
            name: label,
            timeZone: timeZone,
            administrator: NewOrg.Administrator(
                username: administrator.username,
                firstName: administrator.firstName,
                lastName: administrator.lastName,
                email: administrator.username
            ),
            packages: packages
        )
    }
}

/// Someone who works in a demo org; the username is an email address as well.
struct DemoUser: Sendable {
    let username: String
    let firstName: String
    let lastName: String
    let title: String
    /// The label of the profile.
    let profile: String
    /// The developer name of the role.
    var role: String?
    /// The names of permission sets.
    var permissionSets: [String] = []
    /// Works on the cases of the team of this name.
    var team: String?
    /// Looks after the team instead, and takes what escalates.
    var isSupervisor = false
}

/// Those who work on the cases of some departments.
struct DemoTeam: Sendable {
    let name: String
    /// Values of `Case.Department__c`.
    let departments: [String]
    /// The developer name of the queue in which new cases wait.
    ///
    /// Without one the supervisor has them.
    let queue: String?
}

/// A part of town.
struct DemoNeighborhood: Sendable {
    let name: String
    /// How much comes in from here, compared with the others.
    let weight: Int
    /// Millionths of a degree.
    let latitude: Int64
    let longitude: Int64
    let postalCode: String
    let streets: [String]
    let landmarks: [String]
}

/// A kind of account and what such accounts are called.
struct DemoAccountKind: Sendable {
    let share: Int
    let type: String
    let industry: String
    let ownership: String
    /// `{area}`, `{word}`, `{street}` and `{trade}` are filled in.
    let names: [String]
    let trades: [String]
    let employees: ClosedRange<Int>?
    /// Thousands of dollars a year.
    let revenue: ClosedRange<Int>?
    /// What its contacts are there; empty where they are simply residents.
    let titles: [String]
}

/// Sentences that fit many cases.
struct DemoPhrases: Sendable {
    /// What `{word}` stands for in names of accounts.
    let words: [String]
    /// What people add to what happened.
    let circumstances: [String]
    let wishes: [String]
    /// What agents write to the person who asked.
    let answers: [String]
    /// The last of these, once the work is done.
    let farewells: [String]
    /// What agents write to each other.
    let remarks: [String]
    /// What they write to either where there is no place to go to.
    let deskAnswers: [String]
    let deskRemarks: [String]
    /// How a case ends when there was nothing to do.
    let unfounded: [String]
    let calls: [String]
    let errands: [String]
    let appointments: [String]
}
