package import Metadata

/// Something that happened to a record, as far as the promises about it are concerned.
package struct EntitlementEvent: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The record entered the process; `since` is the moment from which times count.
        case started(since: Instant)
        /// A milestone's criteria became true, or false again.
        case applied(APIName)
        case ceased(APIName)
        /// The record itself says that a milestone is completed.
        case completed(APIName)
        /// Another record, or a person, has completed it: that cannot be taken back.
        case answered(APIName)
        /// What completed a milestone no longer holds.
        case revoked(APIName)
        case paused
        case resumed
        case left
        case returned
        /// Other business hours count from now on.
        case rescheduled(RecordID?)
    }

    package let at: Instant
    package let kind: Kind

    package init(at: Instant, _ kind: Kind) {
        self.at = at
        self.kind = kind
    }
}

/// What a process says about one of its milestones.
package struct MilestonePolicy: Hashable, Sendable {
    package let name: APIName
    package let recurrence: MilestoneType.Recurrence
    package let targetMilliseconds: Int64
    package let usesCriteriaStartTime: Bool

    package init(
        name: APIName,
        recurrence: MilestoneType.Recurrence,
        targetMilliseconds: Int64,
        usesCriteriaStartTime: Bool
    ) {
        self.name = name
        self.recurrence = recurrence
        self.targetMilliseconds = targetMilliseconds
        self.usesCriteriaStartTime = usesCriteriaStartTime
    }
}

/// One promise about one record: when its clock ran, and how it ended.
package struct MilestoneRun: Hashable, Sendable {
    /// Time in which the clock ran, and by which hours.
    package struct Stretch: Hashable, Sendable {
        package let start: Instant
        /// `nil` while it runs.
        package var end: Instant?
        /// The business hours in force; `nil` for those of the process.
        package let hours: RecordID?
    }

    package let milestone: APIName
    /// 1 for the record's first of this milestone.
    package let number: Int
    package let start: Instant
    package let targetMilliseconds: Int64
    package var stretches: [Stretch] = []
    package var completedAt: Instant?
    /// When it was given up, because its criteria no longer held or everything began anew.
    package var endedAt: Instant?

    package var isRunning: Bool { stretches.last.map { $0.end == nil } ?? false }
    package var isOpen: Bool { completedAt == nil && endedAt == nil }
}

/// The state of all promises about a record: a pure function of what happened and of the policy.
///
/// What is stored beside the record is this function's result; asking it again must give the same.
package struct MilestoneClock: Hashable, Sendable {
    private let policies: [MilestonePolicy]
    private let reopen: EntitlementProcess.ReopenPolicy

    package private(set) var runs: [MilestoneRun] = []
    /// From when times count; `nil` before the record enters.
    package private(set) var since: Instant?
    package private(set) var isPaused = false
    package private(set) var isOutside = false
    /// The milestones whose criteria hold.
    package private(set) var applying: Set<APIName> = []
    package private(set) var hours: RecordID?

    package init(
        _ policies: [MilestonePolicy],
        reopen: EntitlementProcess.ReopenPolicy,
        events: some Sequence<EntitlementEvent> = []
    ) {
        self.policies = policies
        self.reopen = reopen
        for event in events { take(event) }
    }

    package mutating func take(_ event: EntitlementEvent) {
        switch event.kind {
        case .started(let since): self.since = since
        case .applied(let name): apply(name, at: event.at)
        case .ceased(let name): cease(name, at: event.at)
        case .completed(let name), .answered(let name): complete(name, at: event.at)
        case .revoked(let name): revoke(name, at: event.at)
        case .paused:
            stop(at: event.at)
            isPaused = true
        case .resumed:
            isPaused = false
            go(at: event.at)
        case .left:
            stop(at: event.at)
            isOutside = true
        case .returned: comeBack(at: event.at)
        case .rescheduled(let hours):
            stop(at: event.at)
            self.hours = hours
            go(at: event.at)
        }
    }

    private var isStopped: Bool { isPaused || isOutside }

    private func policy(_ name: APIName) -> MilestonePolicy? {
        policies.first { $0.name == name }
    }
}

// MARK: - What an event does

extension MilestoneClock {
    private mutating func apply(_ name: APIName, at moment: Instant) {
        guard let policy = policy(name), applying.insert(name).inserted else { return }
        let last = runs.lastIndex { $0.milestone == name }
        switch policy.recurrence {
        case .none:
            guard let last else { return begin(policy, at: moment) }
            runs[last].endedAt = runs[last].completedAt == nil ? nil : runs[last].endedAt
        case .independent: begin(policy, at: moment)
        case .chained:
            if last.map({ runs[$0].isOpen }) != true { begin(policy, at: moment) }
        }
        go(at: moment)
    }

    /// - Parameter moment: when the milestone's own time begins, where it counts for itself.
    private mutating func begin(_ policy: MilestonePolicy, at moment: Instant) {
        let number = runs.count { $0.milestone == policy.name } + 1
        let countsForItself = policy.usesCriteriaStartTime || number > 1
        let start = countsForItself ? moment : since ?? moment
        runs.append(
            MilestoneRun(
                milestone: policy.name,
                number: number,
                start: start,
                targetMilliseconds: policy.targetMilliseconds,
                stretches: isStopped && start >= moment
                    ? []
                    : [
                        MilestoneRun.Stretch(
                            start: start,
                            end: isStopped ? moment : nil,
                            hours: hours
                        )
                    ]
            )
        )
    }

    private mutating func cease(_ name: APIName, at moment: Instant) {
        guard applying.remove(name) != nil else { return }
        for index in runs.indices where runs[index].milestone == name && runs[index].isOpen {
            stop(index, at: moment)
            runs[index].endedAt = moment
        }
    }

    private mutating func complete(_ name: APIName, at moment: Instant) {
        guard
            let index = runs.firstIndex(where: { $0.milestone == name && $0.isOpen })
        else { return }
        stop(index, at: moment)
        runs[index].completedAt = moment
        if let policy = policy(name), policy.recurrence == .chained, applying.contains(name) {
            begin(policy, at: moment)
        }
    }

    private mutating func revoke(_ name: APIName, at moment: Instant) {
        guard
            let index = runs.lastIndex(where: { $0.milestone == name && $0.completedAt != nil }),
            !runs[index...].contains(where: { $0.milestone == name && $0.isOpen })
        else { return }
        runs[index].completedAt = nil
        go(at: moment)
    }

    private mutating func comeBack(at moment: Instant) {
        switch reopen {
        case .none: return
        case .resume:
            isOutside = false
            go(at: moment)
        case .restart:
            isOutside = false
            since = moment
            for index in runs.indices where runs[index].isOpen { runs[index].endedAt = moment }
            for policy in policies where applying.contains(policy.name) {
                begin(policy, at: moment)
            }
        }
    }

    private mutating func stop(at moment: Instant) {
        for index in runs.indices { stop(index, at: moment) }
    }

    private mutating func stop(_ index: Int, at moment: Instant) {
        guard runs[index].isRunning, let last = runs[index].stretches.indices.last else { return }
        runs[index].stretches[last].end = max(moment, runs[index].stretches[last].start)
    }

    /// Lets every clock run that may.
    private mutating func go(at moment: Instant) {
        guard !isStopped else { return }
        for index in runs.indices
        where runs[index].isOpen && !runs[index].isRunning
            && applying.contains(runs[index].milestone)
        {
            runs[index].stretches.append(
                MilestoneRun.Stretch(start: moment, end: nil, hours: hours)
            )
        }
    }
}

// MARK: - What a run amounts to

extension MilestoneRun {
    /// Business time that has passed on its clock.
    package func elapsed(
        at now: Instant,
        _ hours: (RecordID?) -> BusinessHours
    ) -> Int64 {
        stretches.reduce(0) { total, stretch in
            total + hours(stretch.hours).openTime(from: stretch.start, to: stretch.end ?? now)
        }
    }

    /// All time from its start to its end, whether or not its clock ran.
    package func actualElapsed(at now: Instant) -> Int64 {
        max(0, (completedAt ?? endedAt ?? now).milliseconds - start.milliseconds)
    }

    /// The moment by which so much business time has passed on its clock.
    ///
    /// - Returns: `nil` where its clock stands still before then.
    package func moment(
        of milliseconds: Int64,
        _ hours: (RecordID?) -> BusinessHours
    ) -> Instant? {
        var left = milliseconds
        for stretch in stretches {
            let hours = hours(stretch.hours)
            guard let end = stretch.end else {
                return hours.moment(after: left, from: stretch.start)
            }
            let open = hours.openTime(from: stretch.start, to: end)
            if open >= left { return hours.moment(after: left, from: stretch.start) }
            left -= open
        }
        return nil
    }

    /// When it is, or was, to be completed; `nil` while its clock stands still.
    package func target(_ hours: (RecordID?) -> BusinessHours) -> Instant? {
        moment(of: targetMilliseconds, hours)
    }

    /// Whether the target passed before it was completed: at the target itself it is still kept by
    /// what completes it, and missed by what does not.
    package func isViolated(at now: Instant, _ hours: (RecordID?) -> BusinessHours) -> Bool {
        guard let target = target(hours) else { return false }
        if let end = completedAt ?? endedAt { return end > target }
        return now >= target
    }
}
