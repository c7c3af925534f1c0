package import Kernel
package import Metadata

extension LogEntry {
    /// The entry that a transaction has staged.
    ///
    /// - Throws: `LogFormatError`.
    package init(staged payload: JSONObject) throws {
        guard let kind = payload["kind"]?.string, LogEntry.isKind(kind),
            let content = payload["content"]?.object
        else { throw LogFormatError("staged entry", "kind", "is missing, or its content is") }
        var commitments: [String: Commitment] = [:]
        for member in payload["private"]?.object?.members ?? [] {
            commitments[member.name] = try Commitment(member.value.string ?? "")
        }
        self.init(
            kind: kind,
            content: CanonicalJSON.members(content),
            commitments: commitments
        )
    }

    /// What makes the entry one of a kind; `nil` for those that are so by what they tell.
    package var uniqueID: String? {
        if case .string(let text) = content["entry"] { text } else { nil }
    }
}

/// Whoever appends to the deployment's log.
package protocol LogWriting: Sendable {
    /// Appends an entry.
    ///
    /// - Parameter mayBeThere: an earlier attempt may have appended it: it is looked for first.
    /// - Returns: its index.
    func append(_ entry: LogEntry, mayBeThere: Bool) async throws -> Int
}

/// The deployment has no log yet; what is staged waits until it has one.
package struct NoLogYet: Error {
    package init() {}
}

/// Appends what orgs have staged.
package struct LogAppending: Sendable {
    /// What the operator's customers may tell the log of, in their own name.
    package static let kindsOfEveryOrg: Set<String> = [
        "use-declared", "use-withdrawn", "policy-accepted",
    ]
    /// How many entries an org other than the operator's own may append in a day.
    package static let entriesPerDayMax = 500

    /// How long what is staged waits for a log that is not there.
    private static let waitSeconds: Int64 = 600

    private let log: any LogWriting
    private let office: @Sendable () async throws -> OrgID?
    private let counts = Locked<[Count: Int]>([:])

    private struct Count: Hashable {
        let org: OrgID
        let day: Int32
    }

    package init(_ log: any LogWriting, office: @escaping @Sendable () async throws -> OrgID?) {
        self.log = log
        self.office = office
    }

    /// Puts itself among those who do work.
    package func join(_ handlers: inout JobHandlers) {
        handlers.add(
            LogStaging.jobKind,
            retry: RetryPolicy(attemptsMax: 100, firstSeconds: 2, mostSeconds: 600),
            leaseSeconds: 60
        ) { try await append($0) }
    }

    private func append(_ context: JobContext) async throws -> JobEnding? {
        let entry: LogEntry
        do {
            entry = try LogEntry(staged: context.job.payload)
            _ = try entry.bytes()
        } catch {
            throw JobFailure.permanent("\(error)")
        }
        let isOffice = try await office() == context.org
        if !isOffice { try admit(entry, context) }
        do {
            _ = try await log.append(entry, mayBeThere: context.job.attempts > 1)
        } catch is NoLogYet {
            throw JobFailure.postponed(
                until: context.now.adding(seconds: LogAppending.waitSeconds),
                "the deployment has no transparency log yet; `steward log create` begins one"
            )
        }
        if !isOffice {
            let count = Count(org: context.org, day: context.now.useDay)
            counts.withLock { $0[count, default: 0] += 1 }
        }
        return nil
    }

    /// An org speaks for itself alone, of what orgs speak of, and not without end.
    private func admit(_ entry: LogEntry, _ context: JobContext) throws {
        guard LogAppending.kindsOfEveryOrg.contains(entry.kind) else {
            throw JobFailure.permanent("an org cannot tell the log of `\(entry.kind)`")
        }
        guard entry.content["org"] == .string(context.org.description) else {
            throw JobFailure.permanent("org: an org tells the log of itself alone")
        }
        let day = context.now.useDay
        let count = counts.withLock { counts in
            counts = counts.filter { $0.key.day == day }
            return counts[Count(org: context.org, day: day)] ?? 0
        }
        guard count < LogAppending.entriesPerDayMax else {
            throw JobFailure.postponed(
                until: Instant(milliseconds: (Int64(day) + 1) * 86_400_000),
                "an org has \(LogAppending.entriesPerDayMax) entries a day"
            )
        }
    }
}
