package import Metadata

/// Something that is owed by a day, and whether it was done by what the log tells.
package struct Clock: Hashable, Sendable {
    /// What is owed.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case acknowledgeConcern, triageConcern, answerReporter
        case hearOrg, decideReview, noticeBeforeEffect
        case restrictionEnds, emergencyEnds, exportOpen
        case appealOpen, decideAppeal
        case answerLetter, minutesOfMeeting, reattestUse, commitment, breakGlassReport
        case report, witnessQuorum
    }

    package enum State: Hashable, Sendable {
        /// Not done, and not late.
        case running
        /// Not done, and late by so many days, the begun one counted.
        case late(days: Int)
        case done
        /// Done, and so many days late.
        case doneLate(days: Int)
    }

    package let kind: Kind
    /// What it is about: `C-00012`.
    package let subject: String
    package let startedAt: Instant
    /// The first moment at which it is late.
    package let dueAt: Instant
    /// When it was done, by what the log tells at the time asked about.
    package let doneAt: Instant?
    /// The time asked about.
    package let now: Instant

    package var state: State {
        guard let doneAt else {
            return now < dueAt
                ? .running : .late(days: LogCalendar.daysBegun(from: dueAt, to: now))
        }
        return doneAt < dueAt
            ? .done : .doneLate(days: LogCalendar.daysBegun(from: dueAt, to: doneAt))
    }

    /// Late now; what was done late is not any more.
    package var isLate: Bool { if case .late = state { true } else { false } }

    /// Late now, or done too late.
    package var isMissed: Bool {
        switch state {
        case .late, .doneLate: true
        case .running, .done: false
        }
    }

    /// By how many days it is or was late; 0 where it is not.
    package var daysLate: Int {
        switch state {
        case .late(let days), .doneLate(let days): days
        case .running, .done: 0
        }
    }
}

extension Clock {
    /// How long things may take; what the log says may shorten them and never lengthen them.
    package enum Limits {
        package static let acknowledgeDays = 7
        package static let triageDays = 14
        package static let answerMonths = 3
        package static let heardDays = 14
        package static let heardAfterEmergencyHours = 72
        package static let reviewDays = 90
        package static let restrictionDays = 180
        package static let emergencyHours = 72
        package static let extensionDays = 14
        package static let appealOpenMonths = 6
        package static let appealDays = 30
        package static let exportDays = 30
        package static let letterDays = 30
        package static let minutesDays = 5
        package static let breakGlassReportDays = 5
        package static let reattestMonths = 12
        package static let reportMonths = 6
        package static let quorumHours = 48

        /// Days from the notice to the beginning.
        static func noticeDays(_ urgency: String) -> Int {
            switch urgency {
            case "emergency": 0
            case "grave": 7
            default: 30
            }
        }

        /// The latest end that an order may name.
        static func end(of restriction: PublicRestriction, isExtension: Bool = false) -> Instant {
            guard restriction.isEmergency else {
                return LogCalendar.adding(days: restrictionDays, to: restriction.startsAt)
            }
            return isExtension
                ? LogCalendar.adding(days: extensionDays, to: restriction.startsAt)
                : LogCalendar.adding(hours: emergencyHours, to: restriction.startsAt)
        }

        static func earliestStart(of restriction: PublicRestriction) -> Instant {
            LogCalendar.adding(
                days: noticeDays(restriction.urgency),
                to: restriction.noticedAt
            )
        }
    }
}

extension Clock.Kind {
    /// What is owed, in a few words.
    package var label: String {
        switch self {
        case .acknowledgeConcern: "Concern acknowledged"
        case .triageConcern: "Concern triaged"
        case .answerReporter: "Answer to whoever raised a concern"
        case .hearOrg: "Org heard before the decision"
        case .decideReview: "Review decided"
        case .noticeBeforeEffect: "Notice before a restriction begins"
        case .restrictionEnds: "Restriction ends by itself"
        case .emergencyEnds: "Emergency restriction ends by itself"
        case .exportOpen: "Time to take all data along"
        case .appealOpen: "Time to appeal"
        case .decideAppeal: "Appeal decided"
        case .answerLetter: "Open letter answered"
        case .minutesOfMeeting: "Minutes of a meeting"
        case .reattestUse: "Declared use attested again"
        case .commitment: "Commitment kept"
        case .breakGlassReport: "Report on an opening of data"
        case .report: "Transparency report"
        case .witnessQuorum: "Checkpoint vouched for by enough witnesses"
        }
    }

    /// How long it may take, and what follows when it takes longer.
    package var rule: String {
        switch self {
        case .acknowledgeConcern: "7 days"
        case .triageConcern: "14 days; then it goes to the chair of the panel"
        case .answerReporter: "3 months; the report names each miss"
        case .hearOrg: "14 days before the decision; 72 hours after it in an emergency"
        case .decideReview: "90 days; the reason for more is published"
        case .noticeBeforeEffect: "30 days, 7 where the harm is grave and goes on"
        case .restrictionEnds: "180 days; then it ends, and more needs a new decision"
        case .emergencyEnds: "72 hours; then it ends, and can be extended once by 14 days"
        case .exportOpen: "30 days at least"
        case .appealOpen: "6 months from the notice"
        case .decideAppeal: "30 days; then the effect is stayed"
        case .answerLetter: "30 days from the threshold"
        case .minutesOfMeeting: "5 days"
        case .reattestUse: "12 months, 6 where reviews are heightened; a finding, no restriction"
        case .commitment: "The day that was promised first"
        case .breakGlassReport: "5 days from the end"
        case .report: "6 months"
        case .witnessQuorum: "48 hours"
        }
    }
}
