import Metadata
private import Synchronization

/// What business hours have answered before: one save asks the same of every record in it.
///
/// Answers are a pure function of the hours, so that two equal hours may remember different ones.
final class KnownHours: Sendable {
    struct Question: Hashable {
        let milliseconds: Int64
        let start: Int64
    }

    private struct Answers {
        var windows: [Int: [BusinessHours.Window]] = [:]
        var moments: [Question: Instant?] = [:]
    }

    private static let windowsMax = 1_024
    private static let momentsMax = 256

    private let answers = Mutex(Answers())

    func windows(_ day: Int, _ work: () -> [BusinessHours.Window]) -> [BusinessHours.Window] {
        if let known = answers.withLock({ $0.windows[day] }) { return known }
        let found = work()
        answers.withLock { answers in
            if answers.windows.count >= KnownHours.windowsMax { answers.windows = [:] }
            answers.windows[day] = found
        }
        return found
    }

    func moment(_ question: Question, _ work: () -> Instant?) -> Instant? {
        if let known = answers.withLock({ $0.moments[question] }) { return known }
        let found = work()
        answers.withLock { answers in
            if answers.moments.count >= KnownHours.momentsMax { answers.moments = [:] }
            answers.moments[question] = .some(found)
        }
        return found
    }
}

extension KnownHours: Hashable {
    static func == (first: KnownHours, second: KnownHours) -> Bool { true }

    func hash(into hasher: inout Hasher) {}
}
