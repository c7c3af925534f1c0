// The City of Harborview: an agency that answers for streets, waste, parks and water.
extension DemoOrg {
    static let harborview = DemoOrg(
        slug: "harborview",
        label: "City of Harborview",
        timeZone: "America/New_York",
        hoursFromUTC: -5,
        administrator: DemoUser(
            username: "admin@harborview.example",
            firstName: "Avery",
            lastName: "Stone",
            title: "Systems Administrator",
            profile: "System Administrator"
        ),
        users: harborviewUsers,
        teams: [
            DemoTeam(name: "Streets", departments: ["Streets", "Water"], queue: "Streets_Queue"),
            DemoTeam(
                name: "Sanitation",
                departments: ["Sanitation", "Parks", "Front Office"],
                queue: "Sanitation_Queue"
            ),
        ],
        matters: harborviewStreets + harborviewSanitation + harborviewParksAndWater
            + harborviewFrontOffice,
        neighborhoods: harborviewNeighborhoods,
        phrases: harborviewPhrases,
        accountKinds: harborviewAccountKinds,
        city: "Harborview",
        mailDomain: "mailbox.example",
        referencePrefix: "HV",
        usualCounts: Counts(cases: 5_000, contacts: 800, accounts: 120)
    )

    private static let harborviewUsers = [
        DemoUser(
            username: "miriam.osgood@harborview.example",
            firstName: "Miriam",
            lastName: "Osgood",
            title: "City Manager",
            profile: "Support Manager",
            role: "City_Manager"
        ),
        DemoUser(
            username: "tobias.renner@harborview.example",
            firstName: "Tobias",
            lastName: "Renner",
            title: "Service Director",
            profile: "Support Manager",
            role: "Service_Director"
        ),
        supervisor("Dolores", "Whitcombe", of: "Streets"),
        supervisor("Hakim", "Bellamy", of: "Sanitation"),
        agent("Carla", "Jensen", of: "Streets", permissionSets: ["Support_Manager"]),
        agent("Ben", "Okafor", of: "Streets"),
        agent("Priya", "Nair", of: "Streets"),
        agent("Lucas", "Grove", of: "Streets"),
        agent("Wanda", "Pike", of: "Streets"),
        agent("Sean", "Marlow", of: "Streets"),
        agent("Ana", "Fuentes", of: "Sanitation", permissionSets: ["Support_Manager"]),
        agent("George", "Tilden", of: "Sanitation"),
        agent("Mei", "Tanaka", of: "Sanitation"),
        agent("Rosa", "Quill", of: "Sanitation"),
        agent("Omar", "Haddad", of: "Sanitation"),
        agent("Ida", "Lindqvist", of: "Sanitation"),
        DemoUser(
            username: "felix.arden@harborview.example",
            firstName: "Felix",
            lastName: "Arden",
            title: "Press Officer",
            profile: "Minimum Access",
            permissionSets: ["Support_Readonly"]
        ),
    ]

    private static func supervisor(_ first: String, _ last: String, of team: String) -> DemoUser {
        DemoUser(
            username: "\(first).\(last)@harborview.example".lowercased(),
            firstName: first,
            lastName: last,
            title: "\(team) Supervisor",
            profile: "Support Manager",
            role: "\(team)_Supervisor",
            team: team,
            isSupervisor: true
        )
    }

    private static func agent(
        _ first: String,
        _ last: String,
        of team: String,
        permissionSets: [String] = []
    ) -> DemoUser {
        DemoUser(
            username: "\(first).\(last)@harborview.example".lowercased(),
            firstName: first,
            lastName: last,
            title: "Service Agent",
            profile: "Support Agent",
            role: "\(team)_Agent",
            permissionSets: permissionSets,
            team: team
        )
    }

    private static let harborviewAccountKinds = [
        DemoAccountKind(
            share: 34,
            type: "Other",
            industry: "Not For Profit",
            ownership: "Other",
            names: [
                "{area} Residents' Association", "Friends of {area}", "{street} Neighbors",
                "{area} Tenants' Union", "{area} Community Council", "{street} Block Club",
            ],
            trades: [],
            employees: nil,
            revenue: nil,
            titles: []
        ),
        DemoAccountKind(
            share: 30,
            type: "Customer - Direct",
            industry: "Retail",
            ownership: "Private",
            names: ["{word} {trade}", "{area} {trade}", "{word} & Daughters {trade}"],
            trades: [
                "Bakery", "Hardware", "Grocery", "Bicycles", "Pharmacy", "Books", "Coffee House",
                "Printing", "Laundry", "Auto Repair", "Fish Market", "Garden Center",
            ],
            employees: 2...60,
            revenue: 120...4_500,
            titles: ["Owner", "Manager", "Shift Lead", "Bookkeeper"]
        ),
        DemoAccountKind(
            share: 12,
            type: "Other",
            industry: "Education",
            ownership: "Public",
            names: [
                "{area} Elementary School", "{area} Middle School", "{word} Street Kindergarten",
            ],
            trades: [],
            employees: 14...120,
            revenue: nil,
            titles: ["Principal", "Caretaker", "School Secretary", "Parents' Representative"]
        ),
        DemoAccountKind(
            share: 14,
            type: "Customer - Direct",
            industry: "Other",
            ownership: "Private",
            names: ["{word} Properties", "{area} Homes", "{word} Property Management"],
            trades: [],
            employees: 3...45,
            revenue: 400...12_000,
            titles: ["Property Manager", "Caretaker", "Owner", "Accounts Clerk"]
        ),
        DemoAccountKind(
            share: 10,
            type: "Other",
            industry: "Government",
            ownership: "Public",
            names: [
                "Harborview {trade} Department", "Harborview {trade} Department, {area} Depot",
            ],
            trades: ["Parks", "Water", "Transit", "Fire", "Building", "Health"],
            employees: 20...260,
            revenue: nil,
            titles: ["Liaison Officer", "Crew Chief", "Planner", "Duty Officer"]
        ),
    ]
}
