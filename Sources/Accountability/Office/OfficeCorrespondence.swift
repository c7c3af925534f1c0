import Kernel
package import Metadata

/// What an org says to the office about itself: replies, appeals, answers to findings.
///
/// It is written by the platform in the org's name: the org's users have no login in the office, and
/// see no more of it than what is about their own org.
package struct OfficeCorrespondence: Sendable {
    private let office: AccountabilityOffice
    private let about: OrgID

    package init(_ office: AccountabilityOffice, about org: OrgID) {
        self.office = office
        about = org
    }

    /// Appeals against a decision that is public.
    ///
    /// - Parameters:
    ///   - decision: its number: `D-0007`.
    ///   - newFacts: what was not known then.
    /// - Returns: the appeal's number.
    /// - Throws: `RecordError` `NOT_FOUND` where there is no such decision about the org.
    package func appeal(
        against decision: String,
        grounds: String,
        newFacts: String?
    ) async throws -> String {
        let about = about
        return try await office.writing(because: "an org appeals") { writer in
            let id = try OfficeCorrespondence.find("Decision", decision, about, writer)
            var values: JSONObject = [
                "AgainstId": .string(id.description),
                "Appellant": "Org", "Grounds": .string(grounds),
            ]
            if let newFacts {
                values.members.append(.init(name: "NewFacts", value: .string(newFacts)))
            }
            let appeal = try writer.add("Appeal", values)
            return try OfficeCorrespondence.name(of: appeal, "Appeal", writer)
        }
    }

    /// Puts the org's own words under a decision that is proposed.
    ///
    /// - Throws: `RecordError` `NOT_FOUND` where none is proposed to it by that number.
    package func respond(to decision: String, statement: String) async throws {
        let about = about
        let today = office.records.clock.now()
        try await office.writing(because: "an org is heard") { writer in
            let id = try OfficeCorrespondence.find(
                "Decision",
                decision,
                about,
                writer,
                where: "Status = 'Proposed'"
            )
            try writer.change(
                "Decision",
                id,
                [
                    "OrgStatement": .string(statement), "Status": "Org responded",
                    "OrgHeardOn": .string(String(today.text.prefix(10))),
                ]
            )
        }
    }

    /// Answers what the register found.
    package func reply(to finding: String, _ text: String) async throws {
        let about = about
        let today = office.records.clock.now()
        try await office.writing(because: "an org answers a finding") { writer in
            let id = try OfficeCorrespondence.find("UseFinding", finding, about, writer)
            try writer.change(
                "UseFinding",
                id,
                [
                    "OrgReply": .string(text), "Status": "Answered",
                    "RepliedOn": .string(String(today.text.prefix(10))),
                ]
            )
        }
    }

    /// What the office holds that is about the org and shown to it, newest first.
    package func matters() async throws -> OrgMatters {
        let about = about
        let caller = try await office.caller(because: "an org asks what is about it")
        return try await office.records.read(as: caller) { reader in
            func rows(
                _ fields: String,
                _ object: String,
                _ condition: String = ""
            ) throws
                -> [[String]]
            {
                try reader.rows(
                    "SELECT \(fields) FROM \(object) WHERE OrgKey = '\(about)'\(condition) "
                        + "ORDER BY CreatedDate DESC LIMIT 200"
                ).map { $0.map { $0.text ?? "" } }
            }
            return OrgMatters(
                findings: try rows(
                    "Name, Kind, Product, RegisterRule, Status, Features, Question, OrgReply, Reasons",
                    "UseFinding"
                ),
                // A draft is not yet anything that was said to anybody.
                decisions: try rows(
                    "Name, Status, Outcome, Rule, RestrictionKind, Facts, Ground, OrgStatement",
                    "Decision",
                    " AND Status NOT IN ('Draft', 'Withdrawn')"
                ),
                appeals: try rows("Name, Decision, Status, Outcome, Grounds, Reasons", "Appeal")
            )
        }
    }
}

/// What the office holds about one org, as tables of texts.
package struct OrgMatters: Sendable {
    package static let findingColumns = [
        "name", "kind", "product", "registerRule", "status", "features", "question", "reply",
        "reasons",
    ]
    package static let decisionColumns = [
        "name", "status", "outcome", "rule", "restrictionKind", "facts", "ground", "statement",
    ]
    package static let appealColumns = [
        "name", "decision", "status", "outcome", "grounds", "reasons",
    ]

    package let findings: [[String]]
    package let decisions: [[String]]
    package let appeals: [[String]]
}

extension OfficeCorrespondence {
    private static func find(
        _ object: String,
        _ name: String,
        _ org: OrgID,
        _ reader: RecordReader,
        where condition: String? = nil
    ) throws -> RecordID {
        let more = " AND OrgKey = '\(org)'" + (condition.map { " AND \($0)" } ?? "")
        let found = try reader.row("Id", of: object, numbered: name, where: more)
        guard let id = found?.first?.id else {
            throw RecordError(
                .notFound,
                "there is no such \(object.lowercased()) `\(name.prefix(40))` about this org"
            )
        }
        return id
    }

    private static func name(
        of id: RecordID,
        _ object: String,
        _ reader: RecordReader
    ) throws -> String {
        try reader.rows("SELECT Name FROM \(object) WHERE Id = '\(id)'").first?.first?.text
            ?? id.description
    }
}

extension AccountabilityOffice {
    /// Runs saves in the office for somebody who has no login there.
    ///
    /// - Parameter moment: what is written down as the time, where the clock's would tell too much.
    func writing<Result: Sendable>(
        because reason: String,
        at moment: Instant? = nil,
        _ body: @escaping @Sendable (RecordWriter) throws -> Result
    ) async throws -> Result {
        try await records.write(as: caller(because: reason), at: moment, body)
    }
}
