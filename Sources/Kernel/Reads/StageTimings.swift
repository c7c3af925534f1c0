/// How long each stage of a caller's reads and saves took, summed over the request.
package struct StageTimings: Sendable {
    /// The stages, in the order in which a query meets them.
    package enum Stage: Int, Sendable, CaseIterable {
        case parse, resolve, authorize, store, save
    }

    private var durations: [Duration?] = Array(repeating: nil, count: Stage.allCases.count)

    /// Runs a stage and adds what it took.
    mutating func measure<Result>(
        _ stage: Stage,
        _ body: () throws -> Result
    ) rethrows -> Result {
        let start = ContinuousClock.now
        defer { add(ContinuousClock.now - start, to: stage) }
        return try body()
    }

    mutating func add(_ duration: Duration, to stage: Stage) {
        durations[stage.rawValue] = (durations[stage.rawValue] ?? .zero) + duration
    }

    /// The stages met, with their names.
    ///
    /// A query whose plan was remembered met the first three in
    /// no time.
    package var entries: [(stage: String, duration: Duration)] {
        let isRead = durations[Stage.store.rawValue] != nil
        return Stage.allCases.compactMap { stage in
            let known = durations[stage.rawValue]
            guard let duration = known ?? (isRead && stage != .save ? .zero : nil) else {
                return nil
            }
            return (String(describing: stage), duration)
        }
    }
}
