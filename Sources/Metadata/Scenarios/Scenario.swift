/// What must hold in an app, written beside it: given this, when that, then so.
///
/// A scenario is run by the app's tests; it changes nothing in an org that has the app.
package struct Scenario: Sendable {
    /// Something that is done.
    package enum Step: Sendable {
        /// A user is made, to be called by this name.
        case user(Person)
        /// A record is made, to be called by this name.
        case create(name: String, object: APIName, values: [ShapedMap.Value], by: String?)
        case update(name: String, values: [ShapedMap.Value], by: String?)
        case delete(name: String, by: String?)
        /// The clock goes on by so many seconds, and what falls due is done.
        case after(seconds: Int64)
        /// The clock is set: `2026-03-10T09:00:00Z`.
        case at(String)
        case submit(name: String, process: String?, by: String?)
        case answer(Answer, name: String, by: String?)
    }

    package struct Person: Sendable {
        package let name: String
        package let profile: String?
        package let role: String?
        package let permissionSets: [String]
        /// Who stands above them, by name.
        package let manager: String?
    }

    package enum Answer: String, Sendable, CaseIterable {
        case approve, reject, recall
    }

    /// Something that must hold.
    package enum Claim: Sendable {
        /// The last step was refused with the error, about the field.
        case refused(code: String, field: String?)
        /// A record has these values; `owner` is a user's name or a queue's developer name.
        case record(name: String, owner: String?, values: [ShapedMap.Value])
        case milestone(Milestone)
        /// A mail went out.
        case mail(to: String, about: String?, contains: String?)
        case noMail(to: String)
        /// A rule has decided so about a record.
        case decision(kind: String, of: String, entry: Int?, contains: String?)
        /// Who sees a record, and who does not.
        case sees(name: String, by: String)
        case cannotSee(name: String, by: String)
        /// A query finds so many records.
        case count(Int, soql: String)
    }

    package struct Milestone: Sendable {
        /// The milestone type's name.
        package let type: String
        package let record: String
        package let isCompleted: Bool?
        package let isViolated: Bool?
        /// `2026-03-10T13:00:00Z`.
        package let target: String?
        package let elapsedMinutes: Int?
        /// How many there are of this type.
        package let count: Int?
    }

    /// A step or a claim, with its place for messages.
    package struct Placed<Content: Sendable>: Sendable {
        package let content: Content
        package let source: ShapedMap

        package var place: String { "\(source.file):\(source.line)" }
    }

    package let title: String
    package let file: String
    /// The moment at which it begins; the tests' own where it is missing.
    package let clock: String?
    package let given: [Placed<Step>]
    package let when: [Placed<Step>]
    package let then: [Placed<Claim>]
}
