import Glibc

/// Repeats a piece of work, and tells how much of a processor one repetition takes.
///
/// Processor time, not the clock's: what else runs on the machine disturbs it least. A run repeats
/// the work for some milliseconds; of all runs the median counts.
struct Stopwatch {
    private let wanted: String?
    private let runs = 15
    private let runSeconds = 0.02

    /// A stopwatch for the work whose name has a text in it; for all without one.
    init(only wanted: String?) {
        self.wanted = wanted
    }

    /// Measures work that is done at once.
    ///
    /// `count`: how many things each repetition handles; the figures are for one of them.
    func measure(_ name: String, per count: Int = 1, _ work: () throws -> Void) rethrows {
        guard isWanted(name) else { return }
        try work()
        var repetitions = 1
        while try seconds(repetitions, work) < runSeconds { repetitions *= 2 }
        var times: [Double] = []
        for _ in 0..<runs { times.append(try seconds(repetitions, work)) }
        show(name, times, repetitions * count)
    }

    /// Measures work that waits, as a save does.
    func measure(
        _ name: String,
        per count: Int = 1,
        _ work: () async throws -> Void
    ) async rethrows {
        guard isWanted(name) else { return }
        try await work()
        var repetitions = 1
        while try await seconds(repetitions, work) < runSeconds { repetitions *= 2 }
        var times: [Double] = []
        for _ in 0..<runs { times.append(try await seconds(repetitions, work)) }
        show(name, times, repetitions * count)
    }

    /// Whether work of that name is measured.
    func isWanted(_ name: String) -> Bool {
        wanted.map { name.lowercased().contains($0.lowercased()) } ?? true
    }

    private func seconds(_ repetitions: Int, _ work: () throws -> Void) rethrows -> Double {
        let start = Stopwatch.processorSeconds
        for _ in 0..<repetitions { try work() }
        return Stopwatch.processorSeconds - start
    }

    private func seconds(
        _ repetitions: Int,
        _ work: () async throws -> Void
    ) async rethrows -> Double {
        let start = Stopwatch.processorSeconds
        for _ in 0..<repetitions { try await work() }
        return Stopwatch.processorSeconds - start
    }

    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private func show(_ name: String, _ times: [Double], _ count: Int) {
        let each = times.sorted().map { $0 / Double(count) * 1e6 }
        let label = name.padding(to: 40)
        print("\(label) \(text(each[each.count / 2])) µs, least \(text(each[0]))")
    }

    private func text(_ microseconds: Double) -> String {
        let hundredths = Int((microseconds * 100).rounded())
        let decimals = hundredths % 100
        let number = "\(hundredths / 100).\(decimals < 10 ? "0" : "")\(decimals)"
        return String(repeating: " ", count: max(0, 10 - number.count)) + number
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
