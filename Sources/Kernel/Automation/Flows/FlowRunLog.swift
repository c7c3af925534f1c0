import Metadata

// Traces that are kept, as records that administrators query.
extension FlowRun {
    /// Keeps the traces that the flow declares.
    func keepTraces(onlyFailed: Bool = false) {
        for interview in interviews where isKept(interview, onlyFailed) {
            work.traces.append(interview.trace)
        }
    }

    private func isKept(_ interview: FlowInterview, _ onlyFailed: Bool) -> Bool {
        let isFailed = interview.trace.outcome == .failed
        if onlyFailed && !isFailed { return false }
        switch plan.definition.trace {
        case .none: return false
        case .failed: return isFailed
        case .all: return true
        case .sampled:
            // The same record is sampled every time, so that its story is whole.
            return isFailed || (interview.trace.record?.sequence ?? 0) % 100 == 0
        }
    }
}

extension RecordWriter {
    private static let logObject: APIName = "FlowInterviewLog"

    /// Writes the traces that were kept in this transaction.
    func flushTraces() throws {
        let traces = flowWork.traces
        flowWork.traces = []
        try keep(traces)
    }

    func keep(_ traces: [FlowTrace]) throws {
        guard !traces.isEmpty, schema.object(RecordWriter.logObject) != nil else { return }
        let drafts = traces.map { trace in
            let days = schema.automation.flows.first { $0.name == trace.flow }?.traceDays
            let end = trace.startedAt.adding(
                seconds: Int64(days ?? FlowDefinition.traceDaysDefault) * 86_400
            )
            return RecordDraft(
                object: RecordWriter.logObject.text,
                values: [
                    "FlowDeveloperName": .string(trace.flow.text),
                    "FlowLabel": .string(String(trace.label.prefix(255))),
                    "InterviewStatus": .string(trace.outcome.rawValue),
                    "RelatedRecordId": trace.record.map { .string($0.description) } ?? .null,
                    "InterviewStartTimestamp": FlowConversion.json(.dateTime(trace.startedAt)),
                    "ErrorMessage": trace.error.map { .string(String($0.prefix(4_000))) } ?? .null,
                    "Trace": .string(String(trace.text.prefix(32_000))),
                    "ExpirationTimestamp": FlowConversion.json(.dateTime(end)),
                ]
            )
        }
        let system = asSystem(because: "what flows did is kept")
        for start in stride(from: 0, to: drafts.count, by: Limits.saveBatchMax) {
            let part = drafts[start..<min(start + Limits.saveBatchMax, drafts.count)]
            let results = try system.save(Array(part), .create, options: .own)
            if let error = results.lazy.compactMap(\.errors.first).first { throw error }
        }
    }

    /// Removes traces whose time is over, at most so many.
    ///
    /// - Returns: how many are gone.
    func purgeTraces(limit: Int) throws -> Int {
        guard let object = schema.object(RecordWriter.logObject) else { return 0 }
        let system = asSystem(because: "traces of flows are kept for a time only")
        let moment = FlowConversion.text(.dateTime(now)) ?? ""
        let ids = try system.rows(
            "SELECT Id FROM \(object.name) WHERE ExpirationTimestamp < \(moment) "
                + "ORDER BY ExpirationTimestamp LIMIT \(limit)"
        ).compactMap { $0.first?.id?.description }
        guard !ids.isEmpty else { return 0 }
        _ = try system.purge(ids, options: SaveOptions(batchSizeMax: limit))
        return ids.count
    }
}
