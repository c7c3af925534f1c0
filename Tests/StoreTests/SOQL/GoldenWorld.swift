import Foundation
import Language
import Metadata
import Store
import TestSupport

@testable import Kernel

/// A small town's service desk, the same in every store, with a name for each of its records.
struct GoldenWorld: Sendable {
    let org: TestOrg
    let callers: [String: Caller]
    /// Such as `@agent`, `@streets` and `@pothole`.
    private(set) var names: [RecordID: String] = [:]

    private static let worlds = [
        StoreKind.reference: Task { try await GoldenWorld(.reference) },
        .sqlite: Task { try await GoldenWorld(.sqlite) },
    ]

    /// The world in a store, made once.
    static func shared(_ kind: StoreKind) async throws -> GoldenWorld {
        guard let world = worlds[kind] else { return try await GoldenWorld(kind) }
        return try await world.value
    }

    private init(_ kind: StoreKind) async throws {
        org = try await TestOrg(on: kind, clock: TestClock("2026-01-05T08:00:00Z"))
        let agent = "Support Agent"
        let ana = try await org.user(
            "Ana",
            profile: agent,
            role: "Streets_Agent",
            timeZone: "Europe/Berlin"
        )
        let ben = try await org.user("Ben", profile: agent, role: "Sanitation_Agent")
        let mia = try await org.user(
            "Mia",
            profile: "Support Manager",
            timeZone: "America/Chicago"
        )
        let rea = try await org.user(
            "Rea",
            profile: "Read Only",
            role: "Streets_Supervisor",
            permissionSets: ["Support_Readonly"]
        )
        callers = [
            "admin": org.administrator, "agent": ana, "colleague": ben, "supervisor": mia,
            "reader": rea,
        ]
        for (name, caller) in callers { names[caller.user] = "@\(name)" }
        names[try await org.queue("Streets_Queue")] = "@streets"
        names[try await org.queue("Sanitation_Queue")] = "@sanitation"
        try await addPeople()
        try await addCases()
        try await addActivities()
        org.clock.set("2026-03-10T09:30:00Z")
    }

    private mutating func add(
        _ name: String,
        _ object: String,
        at moment: String,
        as caller: String,
        _ values: JSONObject
    ) async throws {
        org.clock.set(moment)
        let id = try await org.create(object, values, as: callers[caller] ?? org.administrator)
        names[id] = "@\(name)"
    }

    private func id(_ name: String) -> JSONValue {
        let id = names.first { $0.value == "@\(name)" }?.key
        return id.map { .id($0) } ?? .null
    }
}

// MARK: - Records

extension GoldenWorld {
    private mutating func addPeople() async throws {
        let start = "2026-02-01T12:00:00Z"
        try await add(
            "hall",
            "Account",
            at: start,
            as: "agent",
            [
                "Name": "Town Hall", "Industry": "Government", "AnnualRevenue": 1_000_000,
                "BillingCity": "Springfield", "BillingLatitude": "39.78",
                "BillingLongitude": "-89.65",
            ]
        )
        try await add(
            "mart",
            "Account",
            at: start,
            as: "supervisor",
            ["Name": "Quick Mart", "Industry": "Retail", "NumberOfEmployees": 7]
        )
        try await add(
            "strasse",
            "Account",
            at: start,
            as: "supervisor",
            ["Name": "Straße GmbH", "Industry": "retail", "AnnualRevenue": 250_000]
        )
        for (name, first, last, account) in [
            ("grace", "Grace", "Hopper", "hall"), ("jane", "Jane", "Doe", "mart"),
            ("jonas", "Jonas", "Müller", "strasse"),
        ] {
            try await add(
                name,
                "Contact",
                at: start,
                as: "supervisor",
                [
                    "FirstName": .string(first), "LastName": .string(last),
                    "AccountId": id(account),
                    "Email": .string("\(name)@example.org"),
                ]
            )
        }
        try await add(
            "nobody",
            "Contact",
            at: start,
            as: "supervisor",
            ["LastName": "Nobody", "Birthdate": "1990-02-28"]
        )
    }

    private mutating func addCases() async throws {
        try await add(
            "pothole",
            "Case",
            at: "2026-02-28T23:30:00Z",
            as: "agent",
            [
                "Subject": "Pothole on Main Street", "AccountId": id("hall"),
                "ContactId": id("grace"),
                "Priority": "High", "Department__c": "Streets", "Service_Type__c": "Pothole",
                "Tags__c": "School nearby;Safety hazard", "Hours_Spent__c": "1.5",
                "Location__Latitude__s": "39.78", "Location__Longitude__s": "-89.65",
            ]
        )
        try await add(
            "light",
            "Case",
            at: "2026-03-09T10:00:00Z",
            as: "supervisor",
            [
                "Subject": "Street light out", "OwnerId": id("streets"), "AccountId": id("mart"),
                "ContactId": id("jane"), "Department__c": "Streets", "Origin": "Phone",
                "Location__Latitude__s": "39.8", "Location__Longitude__s": "-89.6",
            ]
        )
        try await add(
            "waste",
            "Case",
            at: "2026-02-15T09:00:00Z",
            as: "colleague",
            ["Subject": "Missed collection", "Department__c": "Sanitation", "Origin": "Email"]
        )
        try await add(
            "school",
            "Case",
            at: "2026-03-10T05:30:00Z",
            as: "agent",
            [
                "Subject": "pothole at the school", "ParentId": id("pothole"), "Status": "Working",
                "Department__c": "Streets", "Tags__c": "School nearby", "Hours_Spent__c": "0.25",
            ]
        )
        try await add(
            "fee",
            "Case",
            at: "2025-12-31T23:59:59Z",
            as: "supervisor",
            [
                "Subject": "Fee for a permit", "AccountId": id("strasse"), "ContactId": id("jonas"),
                "Priority": "Low", "Status": "Closed", "Estimated_Cost__c": 75,
                "Resolution__c": "Paid.",
            ]
        )
        try await add(
            "blank",
            "Case",
            at: "2026-03-02T12:00:00Z",
            as: "colleague",
            ["Priority": .null]
        )
        try await add(
            "spam",
            "Case",
            at: "2026-03-03T12:00:00Z",
            as: "supervisor",
            ["Subject": "Spam"]
        )
        if let spam = names.first(where: { $0.value == "@spam" })?.key {
            try await org.delete(spam, as: org.administrator)
        }
        if let waste = names.first(where: { $0.value == "@waste" })?.key {
            try await org.update(
                "Case",
                waste,
                ["Status": "Closed", "Estimated_Cost__c": "120.5"],
                as: org.administrator
            )
        }
        for (name, parent, text, day) in [
            ("first", "pothole", "Crew ordered.", "01"),
            ("second", "pothole", "Road closed.", "04"),
            ("third", "waste", "Collected.", "05"), ("fourth", "light", "On the list.", "09"),
        ] {
            try await add(
                name,
                "CaseComment",
                at: "2026-03-\(day)T12:00:00Z",
                as: "admin",
                ["ParentId": id(parent), "CommentBody": .string(text)]
            )
        }
    }

    private mutating func addActivities() async throws {
        let start = "2026-03-08T12:00:00Z"
        try await add(
            "call",
            "Task",
            at: start,
            as: "agent",
            [
                "Subject": "Call Grace", "WhoId": id("grace"), "WhatId": id("hall"),
                "ActivityDate": "2026-03-10", "Priority": "High", "CallDurationInSeconds": 90,
            ]
        )
        try await add(
            "inspect",
            "Task",
            at: start,
            as: "agent",
            ["Subject": "Inspect", "WhatId": id("pothole"), "ActivityDate": "2026-03-31"]
        )
        try await add(
            "invoice",
            "Task",
            at: start,
            as: "supervisor",
            ["Subject": "Invoice", "WhatId": id("strasse"), "Status": "Completed"]
        )
        try await add(
            "visit",
            "Event",
            at: start,
            as: "agent",
            [
                "Subject": "Site visit", "WhatId": id("pothole"),
                "StartDateTime": "2026-03-12T08:00:00Z", "EndDateTime": "2026-03-12T09:00:00Z",
            ]
        )
    }
}
