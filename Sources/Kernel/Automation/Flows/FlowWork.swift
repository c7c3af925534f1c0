import Metadata

/// The numbers that bound what flows may do in one transaction, under the names of the platform's
/// own where it has them.
package enum FlowLimits {
    /// Queries of all flows.
    package static let queriesMax = 100
    /// Rows that these queries give.
    package static let queryRowsMax = 50_000
    /// Saves and deletes that flows ask for.
    package static let savesMax = 150
    /// Records in them.
    package static let savedRowsMax = 10_000
    /// Elements that one interview runs.
    package static let elementsMax = 20_000
    /// Saves that start flows whose saves start flows, and so on; sub-flows count too.
    package static let depthMax = 16
    /// How long all flows may take.
    package static let seconds = 10
    /// Records that start one run.
    package static let batchMax = 200
    /// Names in one reference.
    package static let pathLengthMax = 7
    /// Items of one collection.
    package static let collectionMax = 50_000
    /// Entries of one trace.
    package static let traceEntriesMax = 500
}

/// What the flows of one transaction have used, and which of them are running.
package final class FlowWork {
    private(set) var queries = 0
    private(set) var queryRows = 0
    private(set) var saves = 0
    private(set) var savedRows = 0
    private(set) var depth = 0
    private var began: ContinuousClock.Instant?
    /// Flows that are running, with the records they run for.
    private var running: [Running] = []
    /// Runs of which a trace is to be kept.
    var traces: [FlowTrace] = []
    /// The writer with the rights of whoever began the transaction.
    weak var origin: RecordWriter?

    private struct Running {
        let flow: APIName
        let records: Set<RecordID>
    }

    package init() {}

    func noteQuery(rows: Int) throws {
        queries += 1
        queryRows += rows
        guard queries <= FlowLimits.queriesMax else {
            throw exceeded("\(FlowLimits.queriesMax) queries")
        }
        guard queryRows <= FlowLimits.queryRowsMax else {
            throw exceeded("\(FlowLimits.queryRowsMax) rows of queries")
        }
    }

    var rowsLeft: Int { max(0, FlowLimits.queryRowsMax - queryRows) }

    func noteSave(rows: Int) throws {
        saves += 1
        savedRows += rows
        guard saves <= FlowLimits.savesMax else {
            throw exceeded("\(FlowLimits.savesMax) saves")
        }
        guard savedRows <= FlowLimits.savedRowsMax else {
            throw exceeded("\(FlowLimits.savedRowsMax) saved records")
        }
    }

    func checkTime(_ clock: ContinuousClock = ContinuousClock()) throws {
        let now = clock.now
        guard let began else {
            self.began = now
            return
        }
        guard now - began <= .seconds(FlowLimits.seconds) else {
            throw exceeded("\(FlowLimits.seconds) seconds")
        }
    }

    private func exceeded(_ what: String) -> FlowLimitReached {
        FlowLimitReached(
            error: RecordError(
                .limitExceeded,
                "the flows of one transaction may use \(what), and no more"
            )
        )
    }

    /// Runs a flow for some records, one level deeper.
    func running<Result>(
        _ flow: APIName,
        for records: Set<RecordID>,
        _ body: () throws -> Result
    ) throws -> Result {
        guard depth < FlowLimits.depthMax else {
            throw FlowLimitReached(
                error: RecordError(
                    .limitExceeded,
                    "flows start each other more than \(FlowLimits.depthMax) levels deep: "
                        + running.suffix(4).map(\.flow.text).joined(separator: " → ")
                        + " → \(flow)"
                )
            )
        }
        depth += 1
        running.append(Running(flow: flow, records: records))
        defer {
            depth -= 1
            running.removeLast()
        }
        return try body()
    }

    /// The flow that is running, the innermost of several.
    var current: APIName? { running.last?.flow }

    /// Whether the flow is running for the record: what it saves of it does not start it again.
    func isRunning(_ flow: APIName, for record: RecordID) -> Bool {
        running.contains { $0.flow == flow && $0.records.contains(record) }
    }
}

/// A limit was reached: no fault path catches that.
struct FlowLimitReached: Error {
    let error: RecordError
}
