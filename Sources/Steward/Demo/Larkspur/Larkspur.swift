// The Larkspur Housing Office: a small org beside the large one, which must never see it.
extension DemoOrg {
    static let larkspur = DemoOrg(
        slug: "larkspur",
        label: "Larkspur Housing Office",
        timeZone: "America/Denver",
        hoursFromUTC: -7,
        administrator: DemoUser(
            username: "admin@larkspur.example",
            firstName: "Rowan",
            lastName: "Finch",
            title: "Administrator",
            profile: "System Administrator"
        ),
        users: [
            DemoUser(
                username: "greta.sorrel@larkspur.example",
                firstName: "Greta",
                lastName: "Sorrel",
                title: "Housing Manager",
                profile: "Support Manager",
                role: "Service_Director",
                team: "Housing",
                isSupervisor: true
            ),
            DemoUser(
                username: "ned.harrow@larkspur.example",
                firstName: "Ned",
                lastName: "Harrow",
                title: "Caretaker",
                profile: "Support Agent",
                team: "Housing"
            ),
        ],
        teams: [
            DemoTeam(
                name: "Housing",
                departments: ["Front Office", "Water", "Parks"],
                queue: nil
            )
        ],
        matters: larkspurMatters,
        neighborhoods: larkspurNeighborhoods,
        phrases: larkspurPhrases,
        accountKinds: larkspurAccountKinds,
        city: "Larkspur",
        mailDomain: "tenants.example",
        referencePrefix: "LHO",
        usualCounts: Counts(cases: 40, contacts: 30, accounts: 8)
    )

    private static let larkspurAccountKinds = [
        DemoAccountKind(
            share: 60,
            type: "Other",
            industry: "Not For Profit",
            ownership: "Other",
            names: ["{area} Households", "{area} Tenants' Meeting", "{street} Households"],
            trades: [],
            employees: nil,
            revenue: nil,
            titles: []
        ),
        DemoAccountKind(
            share: 40,
            type: "Technology Partner",
            industry: "Construction",
            ownership: "Private",
            names: ["{word} {trade}"],
            trades: ["Plumbing", "Heating", "Elevators", "Gardening"],
            employees: 3...30,
            revenue: 200...3_000,
            titles: ["Foreman", "Dispatcher"]
        ),
    ]
}
